-- How many rows of one year's standing returns took each step of the bridge, by the unit that filed them.
select r.entity, r.indicator, r.carried, r.step, r.detail, count(*) as lines
from bridge_rows r
join about a on a.year = r.year
group by r.entity, r.indicator, r.carried, r.step, r.detail
order by r.entity, r.indicator, r.carried, r.step, r.detail
