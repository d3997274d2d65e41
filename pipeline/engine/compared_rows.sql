-- The rows of the returns that are held against each other (compared: series, side), with who each is.
with mended as (   -- beside what was mended stands what was not, of the same files
    select distinct file, entity, kind, period from rows where edition = 0 and unit <> ''
),
sided as (
    select entity, kind, year, period, edition, place, file, sheet, row, person, name, unit from rows
    union all
    select r.entity, r.kind, r.year, r.period, 0 as edition, r.place, r.file, r.sheet, r.row, r.person,
           r.name, r.unit
    from rows r
    join mended m
      on m.file = r.file and m.entity = r.entity and m.kind = r.kind and m.period = r.period
    where r.edition > 0
)
select c.series, c.side, r.place, r.file, r.sheet, r.row as "row",
       case when r.person <> '' then r.person else r.name end as who, r.name
from compared c
join sided r
  on r.entity = c.entity and r.kind = c.kind and r.year = c.year and r.period = c.period
 and r.edition = c.edition
where r.unit <> ''
