-- The rows of the year's standing returns whose phone is registered for so many persons or more, whoever
-- lists them.
with listed as (
    select r.place, r.phone, r.person
    from rows r join about a on r.year = a.year
    where r.fate <> 'superseded' and r.unit <> '' and r.person <> '' and r.phone <> ''
),
many as (
    select phone, count(distinct person) as persons
    from listed
    group by phone
    having count(distinct person) >= (select min(least) from about)
)
select l.place, m.phone as cluster, m.phone as value, m.persons, 0 as whole
from listed l join many m on m.phone = l.phone
order by l.place
