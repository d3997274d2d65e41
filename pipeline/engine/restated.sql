-- Who counts otherwise in one delivered month than in another of the same period: a line a person,
-- indicator and year, with the unit before and after ('' where she does not count), and what explains it.
--   cause   moved (why: the reason of the new keeper), returned or mended (why: the rule), superseded,
--           listed or unlisted
-- Whoever has no number cannot be followed and is left out: the row is new or gone.
with was as (
    select indicator, begun as year, person, min(keeper) as unit
    from old_rows where fate = 'counted' and person <> '' group by indicator, begun, person
),
now as (
    select indicator, begun as year, person, min(keeper) as unit, min(reason) as reason,
           min(file) as file
    from new_rows where fate = 'counted' and person <> '' group by indicator, begun, person
),
returned_before as (
    select r.indicator, r.person, min(b.detail) as rule
    from old_rows r join old_bridge b on b.place = r.place
    where b.step = 'returned' and r.person <> '' group by r.indicator, r.person
),
returned_now as (
    select r.indicator, r.person, min(b.detail) as rule
    from new_rows r join new_bridge b on b.place = r.place
    where b.step = 'returned' and r.person <> '' group by r.indicator, r.person
),
replaced as (
    select indicator, person, max(file) as file
    from new_rows where fate = 'superseded' and person <> '' group by indicator, person
),
differing as (
    select coalesce(w.indicator, n.indicator) as indicator, coalesce(w.year, n.year) as year,
           coalesce(w.person, n.person) as person, coalesce(w.unit, '') as before,
           coalesce(n.unit, '') as after, coalesce(n.reason, '') as reason,
           coalesce(n.file, '') as file
    from was w
    full join now n on n.indicator = w.indicator and n.year = w.year and n.person = w.person
    where coalesce(w.unit, '') <> coalesce(n.unit, '')
)
select d.indicator, d.year, d.before, d.after,
       case when d.before <> '' and d.after <> '' then 'moved'
            when d.after <> '' and o.person is not null then 'mended'
            when d.after <> '' then 'listed'
            when r.person is not null then 'returned'
            when p.person is not null then 'superseded'
            else 'unlisted' end as cause,
       case when d.before <> '' and d.after <> '' then d.reason
            when d.after <> '' and o.person is not null then o.rule
            when d.after <> '' then d.file
            when r.person is not null then r.rule
            when p.person is not null then p.file
            else '' end as why,
       count(*) as persons
from differing d
left join returned_before o on o.indicator = d.indicator and o.person = d.person
left join returned_now r on r.indicator = d.indicator and r.person = d.person
left join replaced p on p.indicator = d.indicator and p.person = d.person
group by d.indicator, d.year, d.before, d.after, 5, 6
order by d.indicator, d.year, d.before, d.after, cause, why
