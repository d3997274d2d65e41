-- For each line of the figures and each indicator: how many persons could still be added by rows that were
-- returned, of one year or ('') of all years together. Whoever counts for the line already adds nothing;
-- a row that says nobody's number is a person of its own.
with said as (
    select b.indicator, b.step, b.entity, b.overall, a.year,
           case when r.person = '' then concat('#', cast(r.place as varchar)) else r.person end as person
    from bridge_rows b
    join rows r on r.place = b.place
    cross join about a
    where a.year = '' or b.year = a.year
),
returned as (
    select distinct l.unit, l.level, s.indicator, s.person
    from said s join lines l on l.entity = s.entity
    where s.step = 'returned'
),
counted as (   -- of those alone who are among the returned
    select distinct l.unit, l.level, s.indicator, s.person
    from said s
    join (select distinct indicator, person from returned) r
      on r.indicator = s.indicator and r.person = s.person
    join lines l on l.entity = case when s.year = '' then s.overall
                                    when s.step = 'counted' then s.entity
                                    else '' end
)
select r.unit, r.level, r.indicator, count(*) as persons
from returned r
left join counted c
  on c.unit = r.unit and c.level = r.level and c.indicator = r.indicator and c.person = r.person
where c.person is null
group by r.unit, r.level, r.indicator
order by r.unit, r.level, r.indicator
