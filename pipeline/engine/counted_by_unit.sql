-- How many persons of a year count for each unit.
select r.counted_for, r.indicator, count(*) as persons
from rows r join asked a on r.begun = a.year
where r.fate = 'counted'
group by r.counted_for, r.indicator
order by r.counted_for, r.indicator
