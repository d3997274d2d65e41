-- Every row of a standing return, and by which step of the bridge it leaves the figure or stays in it:
-- returned (detail: the rule), elsewhere (detail: the unit for which she counts), merged or counted.
-- carried: it stands in a return of an earlier period; overall: the unit for which it counts over all
-- years together, if it is the row that does.
with returned as (
    select r.place, min(i.rule) as rule
    from rows r
    join issues i
      on i.file = r.file and i.sheet = r.sheet and i.row = r.row and (i.table = 0 or i.table = r.table)
    where r.fate = 'returned' and i.severity = 'error'
    group by r.place
),
overall as (
    select place, keeper from counted where span = 'cumulative' and nth = 1
)
select r.place, r.file, r.sheet, r.table as "table", r.row as "row", r.number_at, r.entity, r.unit,
       r.indicator, r.begun as year,
       case when r.period = a.period then 0 else 1 end as carried,
       case when r.fate <> 'merged' then r.fate
            when r.keeper <> r.entity then 'elsewhere'
            else 'merged' end as step,
       case when r.fate = 'returned' then coalesce(b.rule, '')
            when r.fate = 'merged' and r.keeper <> r.entity then r.counted_for
            else '' end as detail,
       coalesce(o.keeper, '') as overall
from rows r
cross join about a
left join returned b on b.place = r.place
left join overall o on o.place = r.place
where r.fate <> 'superseded' and r.unit <> ''
order by r.place
