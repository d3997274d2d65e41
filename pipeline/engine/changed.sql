-- Where a field says other than in the return before, told once a return. A form that has no column
-- for it says nothing; what cannot be read is compared as typed; codes are compared as their words.
with lines as (
    select file, sheet, "table" as nth_table, "row" as line from pairs
    union
    select was_file, was_sheet, was_table, was_row from pairs
),
asked as (
    select r.*
    from rows r
    semi join lines l
      on l.file = r.file and l.sheet = r.sheet and l.nth_table = r.table and l.line = r.row
),
filled as (
    select file, sheet, nth_table, line, field, value
    from (
        select file, sheet, "table" as nth_table, "row" as line, columns('^f_') from asked
    ) unpivot (value for field in (columns('^f_')))
),
told as (
    select v.file, v.sheet, v.nth_table, v.line, a.nth as nth_field, a.field, a.own,
           coalesce(l.label, case when v.value <> '' then v.value else trim(coalesce(c.text, '')) end)
               as said
    from filled v
    join about a on a.filled = v.field
    join columns h
      on h.file = v.file and h.sheet = v.sheet and h.table = v.nth_table and h.field = a.field
    left join labels l on l.field = a.field and l.code = v.value
    left join cells c
      on c.file = v.file and c.sheet = v.sheet and c.table = v.nth_table and c.row = v.line
     and c.field = a.field
),
differing as (
    select p.place, p.person, p.entity, p.kind, n.nth_field, n.field, o.said as before, n.said as after,
           p.was_period as from_period, p.period as to_period,
           row_number() over (
               partition by p.person, p.entity, p.kind, n.field, o.said, n.said, p.period
               order by p.place
           ) as nth
    from pairs p
    join told n on n.file = p.file and n.sheet = p.sheet and n.nth_table = p.table and n.line = p.row
    join told o
      on o.file = p.was_file and o.sheet = p.was_sheet and o.nth_table = p.was_table
     and o.line = p.was_row and o.field = n.field
    where n.said <> o.said and (n.own = 1 or p.alike = 1)
)
select place, person, field, before, after, from_period, to_period
from differing
where nth = 1
order by nth_field, place
