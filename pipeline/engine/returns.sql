-- The returns of each unit, kind and year, with the unit's code as its first row gives it.
with grouped as (
    select entity, kind, year, period, filed_on, stands, min(place) as place
    from rows
    where unit <> ''
    group by entity, kind, year, period, filed_on, stands
)
select g.entity, g.kind, g.year, g.period, g.filed_on, g.stands, r.unit
from grouped g
join rows r on r.place = g.place
order by g.entity, g.kind, g.year, g.period, g.filed_on, g.stands
