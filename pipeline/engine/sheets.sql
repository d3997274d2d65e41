-- Every table of every sheet with its number, in the order of files, sheets and tables, and the letters
-- of the columns that play a part. A person's number is looked up at her own number's column, else at
-- her certificate's.
with letters as (
    select c.file, c.sheet, c.table as nth_table,
           max(case when r.role = 'person' then c.letters else '' end) as person_at,
           max(case when r.role = 'certificate' then c.letters else '' end) as certificate_at,
           max(case when r.role = 'name' then c.letters else '' end) as name_at,
           max(case when r.role = 'start' then c.letters else '' end) as start_at
    from columns c
    left join roles r on r.kind = c.kind and r.field = c.field
    group by c.file, c.sheet, c.table
)
select row_number() over (order by file, sheet, nth_table) as nth, file, sheet,
       nth_table as "table", person_at, certificate_at, name_at, start_at
from letters
order by nth
