-- Of the first return of each kind that a unit filed in the period: its rows, and those without an error.
with firsts as (
    select r.entity, r.kind, min(r.edition) as edition
    from rows r
    join about a on r.period = a.period
    where r.unit <> '' and r.edition > 0
    group by r.entity, r.kind
),
faulty as (
    select distinct i.file, i.sheet, i.table, i.row from issues i where i.severity = 'error' and i.row > 0
),
judged as (
    select r.place, r.entity, max(case when i.row is null then 0 else 1 end) as fault
    from rows r
    join about a on r.period = a.period
    join firsts f on f.entity = r.entity and f.kind = r.kind and f.edition = r.edition
    left join faulty i
      on i.file = r.file and i.sheet = r.sheet and i.row = r.row and (i.table = 0 or i.table = r.table)
    group by r.place, r.entity
)
select entity, count(*) as lines, sum(1 - fault) as sound
from judged
group by entity
order by entity
