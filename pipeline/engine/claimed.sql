-- The sound rows of persons claimed by several units, each to be told of it.
select r.file, r.sheet, r.table as "table", r.row as "row", r.unit, r.kind, r.indicator,
       r.begun as year, r.person, r.counted_for, r.number_at as "column"
from rows r
where r.claimants > 1 and r.fate in ('counted', 'merged')
order by r.place
