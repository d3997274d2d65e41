-- How many are counted in the year asked for, by indicator.
select r.indicator, count(*) as persons
from records r
join asked a on r.indicator = a.indicator and r.year = a.year
where r.fate = 'counted'
group by r.indicator
order by r.indicator
