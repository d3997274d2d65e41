-- Rows that are returned no longer: an error of theirs is waived, and no other remains.
select distinct r.file, r.sheet, r.table as "table", r.row as "row"
from issues i
join rows r on i.file = r.file and i.sheet = r.sheet and i.row = r.row
            and (i.table = 0 or i.table = r.table)
left join (select * from issues where severity = 'error') e
  on e.file = r.file and e.sheet = r.sheet and e.row = r.row and (e.table = 0 or e.table = r.table)
where i.waiver <> '' and r.unit <> '' and e.file is null
