-- The sound standing rows of the numbers of a question, with all their cells, in the order of place.
select f.*, r.number as asked_no
from filed f
join rows r on r.file = f.file and r.sheet = f.sheet and r.table = f.table and r.row = f.row and r.kind = f.kind
join asked a on a.id_no = r.number
where r.fate in ('counted', 'merged')
order by r.place
