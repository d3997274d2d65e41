-- The amounts of a field over the rows that count, by line of the figures: how many say one, their mean,
-- quartiles and median.
with scoped as (
    select indicator, 'year' as scope, entity, n from divided where entity <> ''
    union all
    select indicator, 'new' as scope, entity, n from divided where entity <> '' and new = 1
    union all
    select indicator, 'cumulative' as scope, overall as entity, n from divided where overall <> ''
)
select l.unit, l.level, s.indicator, s.scope, count(*) as persons, avg(s.n) as mean,
       quantile_cont(s.n, 0.25) as first_quartile, quantile_cont(s.n, 0.5) as median,
       quantile_cont(s.n, 0.75) as third_quartile
from scoped s
join lines l on l.entity = s.entity
where s.n is not null
group by l.unit, l.level, s.indicator, s.scope
order by l.unit, l.level, s.indicator, s.scope
