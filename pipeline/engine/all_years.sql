-- Over all years together: how many count for each unit, everybody once.
select keeper as entity, indicator, count(*) as lines
from counted
where span = 'cumulative' and nth = 1
group by keeper, indicator
order by keeper, indicator
