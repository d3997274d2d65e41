-- The rows that stand behind one figure or were left out of it, in the order of files: each row of a
-- standing return with its step, what may be said of the person, and why she counts where she does.
-- attended: the row by which an attendance (the same activity of the same person) counts, and for whom.
with attended as (
    select min(place) as place,
           coalesce(min(case when entity = keeper then unit end), min(unit)) as unit
    from rows
    where fate in ('counted', 'merged')
    group by indicator, begun, person, start, activity, case when person = '' then place else 0 end
)
select b.place, b.file, b.sheet, b.table as "table", b.row as "row", b.number_at, b.entity, b.unit,
       b.indicator, b.year, b.carried, b.step, b.detail, b.overall, r.name, r.number, r.start, r.period,
       r.counted_for, r.reason, coalesce(a.unit, '') as attended_for
from bridge_rows b
join rows r on r.place = b.place
left join attended a on a.place = b.place
cross join about q
where (q.indicator = '' or b.indicator = q.indicator)
order by b.place
