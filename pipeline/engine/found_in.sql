-- The rows with findings of the returns that are held against each other (see compared_rows).
select c.series, c.side, c.file, c.sheet, c.row as "row", c.who, c.name
from compared_rows c
join (select distinct file, sheet, row as line from issues where row > 0) i
  on i.file = c.file and i.sheet = c.sheet and i.line = c.row
order by c.series, c.side, c.place
