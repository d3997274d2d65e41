-- Rows of standing returns of one year by the unit that filed them and what became of them.
select r.entity, r.indicator, r.fate, count(*) as lines
from rows r
join about a on a.year = r.begun
where r.fate <> 'superseded' and r.unit <> ''
group by r.entity, r.indicator, r.fate
order by r.entity, r.indicator, r.fate
