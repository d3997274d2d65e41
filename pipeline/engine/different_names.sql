-- The sound rows of each number that stands under different names.
with several as (
    select number from rows
    where fate in ('counted', 'merged') and number <> ''
    group by number
    having min(lower(name)) <> max(lower(name))
)
select r.number, lower(r.name) as folded, r.file, r.sheet, r.table as "table", r.row as "row", r.unit,
       r.kind, r.name_at as "column"
from rows r
join several s on s.number = r.number
where r.fate in ('counted', 'merged')
order by r.number, r.place
