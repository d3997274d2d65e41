-- The rows of standing returns that may be the person of an inspection's result (by its number): hers by
-- name in that unit, indicator and year, whether the unit keeps her or filed her.
select i.n, r.place, r.number, r.person, r.name, r.fate, r.file, r.sheet, r.row as "row"
from results i
join rows r
  on r.indicator = i.indicator and r.begun = i.year and lower(r.name) = lower(i.name)
 and (r.entity = i.entity or r.keeper = i.entity)
where r.fate <> 'superseded'
order by i.n, case when r.fate = 'counted' then 0 else 1 end, r.place
