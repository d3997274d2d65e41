-- For every person and indicator: her first activity among sound standing rows, the unit that counts
-- it, and how many there are. The same activity filed twice is one.
with once as (
    select distinct person, indicator, start, activity from sightings where sound = 1
),
times as (
    select person, indicator, count(*) as times from once group by person, indicator
),
firsts as (
    select person, indicator, start, counted_for,
           row_number() over (
               partition by person, indicator
               order by start, case when fate = 'counted' then 0 else 1 end, unit, file, sheet, row
           ) as place
    from sightings
    where sound = 1
)
select f.person, f.indicator, f.start, f.counted_for, t.times
from firsts f join times t on f.person = t.person and f.indicator = t.indicator
where f.place = 1
order by f.person, f.indicator
