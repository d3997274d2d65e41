-- 人次: the same activity of the same person filed twice is one. It belongs to the unit that filed
-- it; filed by several, to the unit for which the person counts, else to the lower code. A row that says
-- no person is an attendance of its own.
with attended as (
    select indicator, begun as year,
           coalesce(min(case when entity = keeper then unit end), min(unit)) as unit
    from rows
    where fate in ('counted', 'merged')
    group by indicator, begun, person, start, activity, case when person = '' then place else 0 end
)
select indicator, year, unit, count(*) as attendances
from attended
group by indicator, year, unit
order by indicator, year, unit
