-- The findings that concern the period, once each, in the order of files, sheets and cells.
with kept as (
    select i.rule, i.severity, i.message, i.file, i.sheet, i.column, i.field, i.unit, i.suggestion,
           i.suggested, i.waiver, i.table as nth_table, i.row as line, i.listed, min(i.n) as n
    from issues i
    left join current_files c on c.file = i.file
    where i.listed and (i.file = '' or c.file is not null)
    group by i.rule, i.severity, i.message, i.file, i.sheet, i.column, i.field, i.unit, i.suggestion,
             i.suggested, i.waiver, i.table, i.row, i.listed
)
select k.rule, k.severity, k.message, k.file, k.sheet, k.column as "column", k.field, k.unit,
       k.suggestion, k.suggested, k.waiver, k.nth_table as "table", k.line as "row", k.listed
from kept k
order by k.file, k.sheet, k.line, length(k.column), k.column, k.rule, k.n
