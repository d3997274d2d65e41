-- Rows of standing returns in which what a field says is said of so many persons of the return: the
-- rule's `most` or more. Judged the same, two numbers are one person.
with standing as (
    select r.file, r.sheet, r.table as nth_table, r.row as line, r.unit, r.entity, r.kind, r.year,
           r.period, v.value, coalesce(p.person, r.filed_as) as person
    from rows r
    join filled v
      on v.file = r.file and v.sheet = r.sheet and v.table = r.table and v.row = r.row
    join rule u on u.kind = r.kind
    left join stands s on s.file = r.file and s.entity = r.entity and s.kind = r.kind
    left join same p on p.id_no = r.filed_as
    left join overtaken o
      on o.file = r.file and o.sheet = r.sheet and o.table = r.table and o.row = r.row
    where v.value <> '' and o.file is null and (s.file is not null or r.unit = '')
),
often as (
    select unit, year, value from standing group by unit, year, value
    having count(*) >= (select min(most) from rule)
),
many as (
    select s.unit, s.year, s.value
    from standing s join often o on o.unit = s.unit and o.year = s.year and o.value = s.value
    group by s.unit, s.year, s.value
    having count(distinct s.person) >= (select min(most) from rule)
)
select s.file, s.sheet, s.nth_table as "table", s.line as "row", s.unit, s.value
from standing s
join many m on m.unit = s.unit and m.year = s.year and m.value = s.value
join in_force i on i.period = s.period
order by s.file, s.sheet, s.nth_table, s.line
