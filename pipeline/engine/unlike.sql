-- The pairs of which a row says anything else than the return before: a value, or the words in a cell
-- that no value came of. Most rows are filed again as they were.
with filled as (
    select file, sheet, "table", "row", hash(*columns('^f_')) as filled_in from rows
),
worded as (
    select distinct file, sheet, "table", "row" from cells where last = ''
)
select p.*
from pairs p
join filled n on n.file = p.file and n.sheet = p.sheet and n.table = p.table and n.row = p.row
join filled o
  on o.file = p.was_file and o.sheet = p.was_sheet and o.table = p.was_table and o.row = p.was_row
left join worded nw
  on nw.file = p.file and nw.sheet = p.sheet and nw.table = p.table and nw.row = p.row
left join worded ow
  on ow.file = p.was_file and ow.sheet = p.was_sheet and ow.table = p.was_table
 and ow.row = p.was_row
where n.filled_in <> o.filled_in or nw.file is not null or ow.file is not null
