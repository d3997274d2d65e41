-- The rows of the files of these pairs, with all their cells.
select distinct r.*
from rows r
join (
    select file_a as file, entity, kind from pairs
    union
    select file_b as file, entity, kind from pairs
) w on r.file = w.file and r.entity = w.entity and r.kind = w.kind
where r.unit <> ''
