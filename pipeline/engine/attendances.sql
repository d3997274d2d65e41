-- 人次: the same activity of the same person filed twice is one. It belongs to the unit that filed
-- it; filed by several, to the unit for which the person counts, else to the lower code.
with filed as (
    select a.indicator, a.year, a.person, a.start, a.activity, a.unit,
           row_number() over (
               partition by a.indicator, a.year, a.person, a.start, a.activity
               order by case when a.entity = a.keeper then 0 else 1 end, a.unit
           ) as place
    from attended a
)
select indicator, year, unit, count(*) as attendances
from filed
where place = 1
group by indicator, year, unit
order by indicator, year, unit
