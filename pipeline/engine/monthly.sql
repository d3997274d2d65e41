-- How many persons count for each unit: of a year and (year '') of all years together, by the month in
-- which what they count for began and the period whose return was the first to list them, of that year
-- or at all.
with of_year as (
    select indicator, person, substr(period, 1, 4) as year, min(period) as period
    from rows
    where person <> '' and unit <> ''
    group by indicator, person, substr(period, 1, 4)
),
ever as (
    select indicator, person, min(period) as period
    from of_year
    group by indicator, person
),
persons as (
    select r.entity, r.indicator, r.begun as year, substr(r.start, 1, 7) as began,
           coalesce(f.period, r.period) as listed
    from rows r
    left join of_year f
      on f.indicator = r.indicator and f.person = r.person and f.year = r.begun
    where r.fate = 'counted'
    union all
    select c.keeper as entity, c.indicator, '' as year, substr(r.start, 1, 7) as began,
           coalesce(e.period, r.period) as listed
    from counted c
    join rows r on r.place = c.place
    left join ever e on e.indicator = c.indicator and e.person = r.person
    where c.span = 'cumulative' and c.nth = 1
)
select entity, indicator, year, began, listed, count(*) as persons
from persons
group by entity, indicator, year, began, listed
order by entity, indicator, year, began, listed
