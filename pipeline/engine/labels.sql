-- What one sort of reference list says of each person whom it names.
with ordered as (
    select m.person, m.label,
           row_number() over (partition by m.person order by m.place, m.list_nth) as nth
    from matches m
    join about a on a.name = m.reference
)
select person, label from ordered where nth = 1
