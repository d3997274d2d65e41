-- How many of those counted in the year began in each of its months, by unit.
select b.entity, r.indicator, substr(r.start, 6, 2) as month, count(*) as persons
from bridge_rows b
join rows r on r.place = b.place
join about a on b.year = a.year
where b.step = 'counted'
group by b.entity, r.indicator, substr(r.start, 6, 2)
order by b.entity, r.indicator, month
