-- Of files that stand side by side in one return (kept: from the earliest), the rows that a later file
-- says again, or puts right: the same person with the same activity; and a faulty row of a person who
-- stands sound in the later file, known by her number, her certificate, or, where the number is damaged,
-- by a name that is borne once in either; and where the later file is marked as a correction and the
-- earlier is not (rank), the one row of a person with the same activity, whose days were put right.
with standing as (
    select r.file, r.sheet, r.table as nth_table, r.row as line, r.entity, r.kind, k.nth, k.rank, r.number,
           r.filed_as, substr(r.certificate, 1, 18) as certificate, r.name, r.start, r.activity,
           case when r.fault and e.file is null then 1 else 0 end as faulty
    from rows r
    join kept k on k.file = r.file and k.entity = r.entity and k.kind = r.kind
    left join excused e
      on e.file = r.file and e.sheet = r.sheet and e.table = r.table and e.row = r.row
    where r.unit <> ''
),
named_once as (
    select file, entity, kind, name
    from standing
    where name <> ''
    group by file, entity, kind, name
    having count(*) = 1
),
alone as (
    select s.* from standing s
    join named_once o
      on o.file = s.file and o.entity = s.entity and o.kind = s.kind and o.name = s.name
),
listed_once as (
    select file, entity, kind, filed_as
    from standing
    where filed_as <> ''
    group by file, entity, kind, filed_as
    having count(*) = 1
),
her_only as (
    select s.* from standing s
    join listed_once o
      on o.file = s.file and o.entity = s.entity and o.kind = s.kind and o.filed_as = s.filed_as
),
found as (
    select a.file, a.sheet, a.nth_table, a.line
    from standing a
    join standing b
      on b.entity = a.entity and b.kind = a.kind and b.filed_as = a.filed_as and b.nth > a.nth
    where a.filed_as <> ''
      and ((b.start = a.start and b.activity = a.activity) or (a.faulty = 1 and b.faulty = 0))
    union
    select a.file, a.sheet, a.nth_table, a.line
    from standing a
    join standing b
      on b.entity = a.entity and b.kind = a.kind and b.certificate = a.certificate and b.nth > a.nth
    where a.certificate <> '' and a.faulty = 1 and b.faulty = 0
    union
    select a.file, a.sheet, a.nth_table, a.line
    from alone a
    join alone b
      on b.entity = a.entity and b.kind = a.kind and b.name = a.name and b.nth > a.nth
    where a.number = '' and a.faulty = 1 and b.faulty = 0
    union
    select a.file, a.sheet, a.nth_table, a.line
    from her_only a
    join her_only b
      on b.entity = a.entity and b.kind = a.kind and b.filed_as = a.filed_as and b.nth > a.nth
    where b.rank > a.rank and b.activity = a.activity
)
select file, sheet, nth_table as "table", line as "row"
from found
order by file, sheet, nth_table, line
