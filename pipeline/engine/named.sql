-- The name on every row that a finding speaks of; where there is none, the end of her number.
select r.file, r.sheet, r.row as "row", max(case when r.name <> '' then r.name
                                                      when length(r.number) = 18 then '证号尾号' || substr(r.number, 15, 4)
                                                      else '' end) as name
from rows r
join (select distinct file, sheet, row as line from issues where row > 0) i
  on i.file = r.file and i.sheet = r.sheet and i.line = r.row
group by r.file, r.sheet, r.row
order by r.file, r.sheet, r.row
