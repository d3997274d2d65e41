-- Where one field says other than in the return before, told once a return. A form that has no column
-- for it says nothing; what cannot be read is compared as typed; codes are compared as their words.
with told as (
    select v.file, v.sheet, v.table as nth_table, v.row as line,
           coalesce(l.label, case when v.value <> '' then v.value else trim(coalesce(c.text, '')) end)
               as said
    from filled v
    join columns h on h.file = v.file and h.sheet = v.sheet and h.table = v.table
    join about a on a.field = h.field
    left join labels l on l.code = v.value
    left join cells c
      on c.file = v.file and c.sheet = v.sheet and c.table = v.table and c.row = v.row
     and c.field = a.field
),
differing as (
    select p.place, p.person, p.entity, p.kind, a.field, o.said as before, n.said as after,
           p.was_period as from_period, p.period as to_period,
           row_number() over (
               partition by p.person, p.entity, p.kind, o.said, n.said, p.period order by p.place
           ) as nth
    from pairs p
    join told n on n.file = p.file and n.sheet = p.sheet and n.nth_table = p.table and n.line = p.row
    join told o
      on o.file = p.was_file and o.sheet = p.was_sheet and o.nth_table = p.was_table
     and o.line = p.was_row
    cross join about a
    where n.said <> o.said and (a.own = 1 or p.alike = 1)
)
select place, person, field, before, after, from_period, to_period
from differing
where nth = 1
order by place
