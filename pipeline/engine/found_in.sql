-- The rows with findings of the returns that are held against each other (compared: series, side).
select c.series, c.side, r.file, r.sheet, r.row as "row",
       case when r.person <> '' then r.person else r.name end as who, r.name
from compared c
join rows r
  on r.entity = c.entity and r.kind = c.kind and r.year = c.year and r.period = c.period
 and r.filed_on = c.filed_on and r.stands = c.stands
join (select distinct file, sheet, row as line from issues where row > 0) i
  on i.file = r.file and i.sheet = r.sheet and i.line = r.row
where r.unit <> ''
order by c.series, c.side, r.place
