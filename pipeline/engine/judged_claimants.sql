-- By which units the numbers that judgements speak of are claimed in sound rows.
select distinct r.number as id_no, r.entity
from rows r
join asked a on a.id_no = r.number
join stands s on s.file = r.file and s.entity = r.entity and s.kind = r.kind
left join excused e on e.file = r.file and e.sheet = r.sheet and e.table = r.table and e.row = r.row
left join refused f on f.file = r.file and f.sheet = r.sheet and f.table = r.table and f.row = r.row
left join overtaken o on o.file = r.file and o.sheet = r.sheet and o.table = r.table and o.row = r.row
where r.number <> '' and f.file is null and o.file is null and (not r.fault or e.file is not null)
order by id_no, r.entity
