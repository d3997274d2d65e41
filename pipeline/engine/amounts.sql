-- What a field adds up to over the rows that count, by unit and year; how many of them say the code
-- asked for, and how many say anything.
select r.entity, r.begun as year, sum(try_cast(v.value as decimal(18, 2))) as amount,
       count(case when v.value = a.code then 1 end) as of_code,
       count(case when v.value <> '' then 1 end) as answered
from rows r
join about a on a.indicator = r.indicator
join filled v on v.file = r.file and v.sheet = r.sheet and v.table = r.table and v.row = r.row
where r.fate = 'counted'
group by r.entity, r.begun
order by r.entity, r.begun
