-- Every row of what stands, as filed, with what became of it: what a unit's next form begins with.
select f.*, r.fate
from filed f
join rows r on r.file = f.file and r.sheet = f.sheet and r.table = f.table and r.row = f.row and r.kind = f.kind
where r.fate <> 'superseded' and r.unit <> ''
order by r.place
