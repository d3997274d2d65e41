-- The rows of one unit whose numbers follow each other without a gap (about: of which number, the step that
-- is none, from how many persons on). Of an ID number the first 17 digits are looked at: women's are even.
with listed as (
    select r.place, r.entity,
           try_cast(case when a.number = 'id' then substr(r.number, 1, 17) else r.phone end as bigint) as digits,
           a.step
    from rows r join about a on r.year = a.year
    where r.fate <> 'superseded' and r.unit <> ''
      and length(case when a.number = 'id' then r.number else r.phone end) between 11 and 18
),
numbers as (
    select entity, digits, min(step) as step from listed where digits is not null group by entity, digits
),
broken as (
    select entity, digits,
           case when digits - lag(digits) over (partition by entity order by digits) <= step then 0
                else 1 end as begins
    from numbers
),
runs as (
    select entity, digits,
           sum(begins) over (partition by entity order by digits rows unbounded preceding) as run
    from broken
),
long as (
    select entity, run, min(digits) as first, count(*) as persons
    from runs
    group by entity, run
    having count(*) >= (select min(least) from about)
)
select l.place, g.entity || ' ' || cast(g.first as varchar) as cluster,
       cast(g.first as varchar) as value, g.persons, 0 as whole
from listed l
join runs r on r.entity = l.entity and r.digits = l.digits
join long g on g.entity = r.entity and g.run = r.run
order by l.place
