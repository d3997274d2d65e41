-- The rows that a reference list gives reason to look into.
select m.list_nth, m.meaning, m.since, r.file, r.sheet, r.table as "table", r.row as "row", r.unit,
       r.kind, r.number_at, r.certificate_at
from matches m
join rows r on r.place = m.place
where m.doubtful = 1
order by m.list_nth, r.place
