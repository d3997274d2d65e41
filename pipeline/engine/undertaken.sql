-- For every person of one indicator: her first activity among sound standing rows, the unit that counts
-- it, and how many there are. The same activity filed twice is one.
with sound as (
    select coalesce(l.linked, r.person) as person, r.start, r.activity, r.counted_for, r.fate, r.unit,
           r.place
    from rows r
    join about a on a.indicator = r.indicator
    left join links l on l.person = r.person
    where r.fate in ('counted', 'merged')
),
persons as (
    select person, count(*) as lines from sound group by person
),
times as (
    select s.person, count(*) as times
    from (select distinct s.person, s.start, s.activity
          from sound s join persons p on p.person = s.person where p.lines > 1) s
    group by s.person
),
firsts as (
    select s.person, s.start, s.counted_for,
           row_number() over (
               partition by s.person
               order by s.start, case when s.fate = 'counted' then 0 else 1 end, s.unit, s.place
           ) as nth
    from sound s join persons p on p.person = s.person
    where p.lines > 1
)
select f.person, f.start, f.counted_for, t.times
from firsts f join times t on f.person = t.person
where f.nth = 1
union all
select s.person, s.start, s.counted_for, cast(1 as bigint) as times
from sound s join persons p on p.person = s.person
where p.lines = 1
