-- Sound rows of those whom a list should name and does not: only of units it speaks for, which are those
-- of its title, else those of which it names anybody.
with listed as (
    select distinct list_nth, person from matches
),
spoken_for as (
    select nth as list_nth, entity from covered
    union
    select l.list_nth, r.entity
    from listed l
    join rows r on r.person = l.person and r.fate in ('counted', 'merged')
    left join covered c on c.nth = l.list_nth
    where c.nth is null
)
select s.list_nth, r.person, r.file, r.sheet, r.table as "table", r.row as "row", r.unit, r.kind,
       r.number_at, r.certificate_at
from spoken_for s
join complete k on k.nth = s.list_nth
join (select distinct list_nth from matches) a on a.list_nth = s.list_nth
join rows r on r.entity = s.entity and r.fate in ('counted', 'merged')
left join listed l on l.list_nth = s.list_nth and l.person = r.person
where l.person is null
order by s.list_nth, r.place
