-- The name on every row that a finding speaks of.
select r.file, r.sheet, r.row as "row", max(r.name) as name
from rows r
join (select distinct file, sheet, row as line from issues where row > 0) i
  on i.file = r.file and i.sheet = r.sheet and i.line = r.row
group by r.file, r.sheet, r.row
order by r.file, r.sheet, r.row
