-- What the cells of those rows say where it is not their value: an unknown word, a date without its day.
select c.file, c.sheet, c.table as "table", c.row as "row", c.field, c.text
from cells c
join standing s on s.file = c.file and s.sheet = c.sheet and s.table = c.table and s.row = c.row
where c.text <> ''
order by c.file, c.sheet, c.table, c.row, c.field
