-- Each sound standing row against each reference list: the newest line on it under her number, or
-- under the first eighteen characters of her certificate. What befell her after the course or the start
-- of work touches neither: it is no reason to doubt.
with lines as (
    select s.nth as list_nth, l.key, l.meaning, l.since, l.row as line
    from reference_lines l
    join lists s on s.file = l.file and s.sheet = l.sheet and s.name = l.name
),
keys as (
    select place, number as key from rows where fate in ('counted', 'merged') and number <> ''
    union
    select place, substr(certificate, 1, 18) as key from rows
    where fate in ('counted', 'merged') and certificate <> ''
),
found as (
    select k.place, l.list_nth, l.meaning, l.since,
           row_number() over (
               partition by k.place, l.list_nth order by l.since desc, l.line desc
           ) as nth
    from keys k join lines l on k.key = l.key
)
select r.place, r.person, r.entity, f.list_nth, s.file as list, s.name as reference,
       coalesce(m.label, s.label) as label, f.meaning, f.since,
       case when coalesce(m.rule, '') <> ''
             and (f.since = '' or f.since <= case when r.finish <> '' then r.finish else r.start end)
            then 1 else 0 end as doubtful
from found f
join rows r on r.place = f.place
join lists s on s.nth = f.list_nth
left join meanings m on m.nth = f.list_nth and m.meaning = f.meaning
where f.nth = 1
order by r.place, f.list_nth
