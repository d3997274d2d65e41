-- The rows of people.parquet, in its order, with what they count for: entity, the unit of the year's figure
-- ('' where they do not count in it); new: nobody listed her before in the year; overall, the unit of the
-- figure of all years together.
with first_listed as (
    select r.indicator, r.person, min(r.period) as period
    from rows r join about a on substr(r.period, 1, 4) = a.year
    where r.person <> '' and r.unit <> ''
    group by r.indicator, r.person
)
select r.place, r.indicator, r.person, r.start, r.finish,
       case when b.step = 'counted' and b.year = a.year then b.entity else '' end as entity,
       case when f.period is null or f.period = a.period then 1 else 0 end as new,
       coalesce(b.overall, '') as overall
from rows r
cross join about a
left join bridge_rows b on b.place = r.place
left join first_listed f on f.indicator = r.indicator and f.person = r.person
where r.fate in ('counted', 'merged')
order by r.place
