-- The findings that concern the period, once each, in the order of files, sheets and cells; but for those
-- at a row of a file that stands on, where a later file says that row again.
with standing_files as (
    select distinct file from rows where stands = 1
),
gone as (
    select r.file, r.sheet, r.row as line
    from rows r
    join standing_files s on s.file = r.file
    group by r.file, r.sheet, r.row
    having max(case when r.fate = 'superseded' then 0 else 1 end) = 0
),
kept as (
    select i.rule, i.severity, i.message, i.file, i.sheet, i.column, i.field, i.unit, i.suggestion,
           i.suggested, i.waiver, i.table as nth_table, i.row as line, i.listed, min(i.n) as n
    from issues i
    left join current_files c on c.file = i.file
    left join gone g on g.file = i.file and g.sheet = i.sheet and g.line = i.row
    where i.listed and g.file is null and (i.file = '' or c.file is not null)
    group by i.rule, i.severity, i.message, i.file, i.sheet, i.column, i.field, i.unit, i.suggestion,
             i.suggested, i.waiver, i.table, i.row, i.listed
)
select k.rule, k.severity, k.message, k.file, k.sheet, k.column as "column", k.field, k.unit,
       k.suggestion, k.suggested, k.waiver, k.nth_table as "table", k.line as "row", k.listed
from kept k
order by k.file, k.sheet, k.line, length(k.column), k.column, k.rule, k.n
