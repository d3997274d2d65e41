-- The rows of one unit and indicator that say one and the same amount (`filled`), where so many persons or
-- more say it, and so large a share of those who say any.
with listed as (
    select r.place, r.entity, r.indicator, r.person, f.value
    from rows r
    join about a on r.year = a.year
    join filled f on f.file = r.file and f.sheet = r.sheet and f.table = r.table and f.row = r.row
    where r.fate <> 'superseded' and r.unit <> '' and r.person <> '' and try_cast(f.value as double) > 0
),
lists as (
    select entity, indicator, count(distinct person) as whole from listed group by entity, indicator
),
equal as (
    select l.entity, l.indicator, l.value, count(distinct l.person) as persons, min(s.whole) as whole
    from listed l join lists s on s.entity = l.entity and s.indicator = l.indicator
    group by l.entity, l.indicator, l.value
)
select l.place, e.entity || ' ' || e.indicator || ' ' || e.value as cluster, e.value, e.persons, e.whole
from listed l
join equal e on e.entity = l.entity and e.indicator = l.indicator and e.value = l.value
join about a on e.persons >= a.least and e.persons * 100 >= e.whole * a.share
order by l.place
