-- Who counts otherwise in one delivered month than in another of the same period: a line a person,
-- indicator and year ('' for all years together), with the unit before and after ('' where she does not
-- count), and what explains it.
--   cause   moved (why: the reason of the new keeper), redated (why: the year in which she counts now, or
--           counted), joined or parted (by a judgement that two numbers are one person, or are not),
--           returned or mended (why: the rule), superseded, listed or unlisted
--   file    the return that says so now; of one that is gone, the return that said so
--   old_file  where it was said otherwise: the row by which she counted, or was returned, before
-- Whoever has no number cannot be followed and is left out: the row is new or gone.
with was as (
    select indicator, begun as year, person, min(keeper) as unit, min(file) as file
    from old_rows where fate = 'counted' and person <> '' group by indicator, begun, person
    union all
    select r.indicator, '' as year, r.person, min(b.overall) as unit, min(r.file) as file
    from old_rows r join old_bridge b on b.place = r.place
    where b.overall <> '' and r.person <> '' group by r.indicator, r.person
),
now as (
    select indicator, begun as year, person, min(keeper) as unit, min(reason) as reason,
           min(file) as file
    from new_rows where fate = 'counted' and person <> '' group by indicator, begun, person
    union all
    select r.indicator, '' as year, r.person, min(b.overall) as unit, min(r.reason) as reason,
           min(r.file) as file
    from new_rows r join new_bridge b on b.place = r.place
    where b.overall <> '' and r.person <> '' group by r.indicator, r.person
),
returned_before as (
    select r.indicator, r.person, min(b.detail) as rule, min(r.file) as file
    from old_rows r join old_bridge b on b.place = r.place
    where b.step = 'returned' and r.person <> '' group by r.indicator, r.person
),
returned_now as (
    select r.indicator, r.person, min(b.detail) as rule, min(r.file) as file
    from new_rows r join new_bridge b on b.place = r.place
    where b.step = 'returned' and r.person <> '' group by r.indicator, r.person
),
replaced as (
    select indicator, person, max(file) as file
    from new_rows where fate = 'superseded' and person <> '' group by indicator, person
),
joined_before as (
    select indicator, number, min(person) as person
    from old_rows where fate in ('counted', 'merged') and number <> '' and number <> person
    group by indicator, number
),
joined_now as (
    select indicator, number, min(person) as person
    from new_rows where fate in ('counted', 'merged') and number <> '' and number <> person
    group by indicator, number
),
year_before as (
    select indicator, person, min(year) as year from was where year <> '' group by indicator, person
),
year_now as (
    select indicator, person, min(year) as year from now where year <> '' group by indicator, person
),
differing as (
    select coalesce(w.indicator, n.indicator) as indicator, coalesce(w.year, n.year) as year,
           coalesce(w.person, n.person) as person, coalesce(w.unit, '') as before,
           coalesce(n.unit, '') as after, coalesce(n.reason, '') as reason,
           coalesce(n.file, '') as file, coalesce(w.file, '') as old_file
    from was w
    full join now n on n.indicator = w.indicator and n.year = w.year and n.person = w.person
    where coalesce(w.unit, '') <> coalesce(n.unit, '')
),
explained as (
    select d.*, o.rule as old_rule, o.file as old_returned_file, r.rule as new_rule, r.file as returned_file, p.file as replaced_file,
           jb.person as parted, jn.person as joined, yb.year as old_year, yn.year as new_year,
           case when d.before <> '' and d.after <> '' then 'moved'
                when d.after <> '' and jb.person is not null then 'parted'
                when d.after <> '' and yb.year is not null then 'redated'
                when d.after <> '' and o.person is not null then 'mended'
                when d.after <> '' then 'listed'
                when jn.person is not null then 'joined'
                when yn.year is not null then 'redated'
                when r.person is not null then 'returned'
                when p.person is not null then 'superseded'
                else 'unlisted' end as cause
    from differing d
    left join returned_before o on o.indicator = d.indicator and o.person = d.person
    left join returned_now r on r.indicator = d.indicator and r.person = d.person
    left join replaced p on p.indicator = d.indicator and p.person = d.person
    left join joined_before jb on jb.indicator = d.indicator and jb.number = d.person
    left join joined_now jn on jn.indicator = d.indicator and jn.number = d.person
    left join year_before yb on yb.indicator = d.indicator and yb.person = d.person and yb.year <> d.year
                            and d.year <> ''
    left join year_now yn on yn.indicator = d.indicator and yn.person = d.person and yn.year <> d.year
                         and d.year <> ''
),
worded as (
    select indicator, year, before, after, cause,
           case cause when 'moved' then reason
                      when 'redated' then case when after <> '' then old_year else new_year end
                      when 'mended' then old_rule
                      when 'returned' then new_rule
                      else '' end as why,
           case cause when 'returned' then returned_file
                      when 'superseded' then replaced_file
                      when 'joined' then old_file
                      when 'redated' then case when after <> '' then file else old_file end
                      when 'unlisted' then old_file
                      else file end as file,
           case cause when 'mended' then old_returned_file else old_file end as old_file
    from explained
)
select indicator, year, before, after, cause, coalesce(why, '') as why, coalesce(file, '') as file,
       coalesce(old_file, '') as old_file, count(*) as persons
from worded
group by indicator, year, before, after, cause, why, file, old_file
order by indicator, year, before, after, cause, why, file, old_file
