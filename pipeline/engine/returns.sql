-- The returns of each unit, kind and year, with the unit's code as its first row gives it. Edition 0 is
-- what was mended in a period while the rest of its return stood on.
with grouped as (
    select entity, kind, year, period, edition, min(place) as place
    from rows
    where unit <> ''
    group by entity, kind, year, period, edition
)
select g.entity, g.kind, g.year, g.period, g.edition, r.unit
from grouped g
join rows r on r.place = g.place
order by g.entity, g.kind, g.year, g.period, g.edition
