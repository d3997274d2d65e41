-- The amounts of a field a year before, by line of the figures: the median of those who counted then, and of
-- the persons who count and say one in both years how many there are and by how much it grew, in the median.
with said as (
    select d.indicator, d.person, d.n, b.entity, b.year
    from divided d
    join bridge_rows b on b.place = d.place
    where b.step = 'counted' and d.n is not null and d.person <> ''
),
was as (
    select s.* from said s join about a on s.year = a.before
),
then_lines as (
    select l.unit, l.level, w.indicator, quantile_cont(w.n, 0.5) as median
    from was w join lines l on l.entity = w.entity
    group by l.unit, l.level, w.indicator
),
now_lines as (
    select l.unit, l.level, s.indicator, count(*) as persons, quantile_cont(s.n - w.n, 0.5) as gain
    from said s
    join about a on s.year = a.year
    join was w on w.indicator = s.indicator and w.person = s.person
    join lines l on l.entity = s.entity
    group by l.unit, l.level, s.indicator
)
select t.unit, t.level, t.indicator, t.median as median_before,
       coalesce(n.persons, 0) as followed, n.gain as median_gain
from then_lines t
left join now_lines n on n.unit = t.unit and n.level = t.level and n.indicator = t.indicator
order by t.unit, t.level, t.indicator
