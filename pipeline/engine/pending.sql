-- Where the persons of open questions count: by the year's figure (entity) and that of all years (overall).
select r.person, b.indicator, case when b.step = 'counted' and b.year = y.year then b.entity else '' end as entity,
       b.overall
from bridge_rows b
join rows r on r.place = b.place
join asked a on a.person = r.person
cross join about y
where (b.step = 'counted' and b.year = y.year) or b.overall <> ''
order by b.place
