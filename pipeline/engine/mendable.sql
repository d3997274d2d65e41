-- The returned rows of standing returns of the year, and whether their person counts anyway.
with counted_persons as (
    select distinct r.indicator, r.person
    from rows r join about a on a.year = r.begun
    where r.fate = 'counted'
)
select r.indicator, r.person, r.unit, r.file, r.sheet, r.row as "row",
       case when c.person is null then 0 else 1 end as counted_anyway
from rows r
join about a on a.year = r.year
left join counted_persons c on c.indicator = r.indicator and c.person = r.person
where r.fate = 'returned' and r.unit <> ''
order by r.place
