-- The findings (by number) of what stands: not of a file that another took the place of, nor of a row all
-- of whose records were superseded; what is said of a whole sheet, or of its header, goes with its rows.
with places as (
    select r.file, r.sheet, r.row as line, min(case when r.fate = 'superseded' then 1 else 0 end) as gone
    from rows r
    group by r.file, r.sheet, r.row
),
sheets as (
    select p.file, p.sheet, min(p.gone) as gone from places p group by p.file, p.sheet
)
select i.n
from issues i
left join gone g on g.file = i.file
left join places p on p.file = i.file and p.sheet = i.sheet and p.line = i.row
left join sheets s on s.file = i.file and s.sheet = i.sheet
where g.file is null and coalesce(p.gone, s.gone, 0) = 0
order by i.n
