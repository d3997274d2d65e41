-- The numbers of suspicions with each indicator and unit under which they stand, and their first name.
with lines as (
    select r.number as id_no, r.indicator, r.unit, r.name,
           row_number() over (partition by r.number, r.indicator, r.unit order by r.place) as nth,
           row_number() over (partition by r.number order by r.place) as first
    from rows r
    join asked a on a.id_no = r.number
    where r.fate in ('counted', 'merged')
)
select l.id_no, l.indicator, l.unit, f.name
from lines l
join (select id_no, name from lines where first = 1) f on f.id_no = l.id_no
where l.nth = 1
order by l.id_no, l.indicator, l.unit
