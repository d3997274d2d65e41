-- The rows that findings of a round before may be about: in the same file, of that name or at that place.
select distinct r.file, r.sheet, r.row, r.name, r.unit, r.kind, r.year
from rows r
join asked a on a.file = r.file
            and ((a.name <> '' and a.name = r.name) or (a.sheet = r.sheet and a.row = r.row))
where r.unit <> ''
order by r.file, r.sheet, r.row, r.kind
