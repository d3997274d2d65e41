-- For every person, indicator and span (a year, or all years together): the unit she counts for,
-- why, and by which row. `claims` holds the sound rows of standing returns; `trust` the order in which
-- judgement, residence, start and code decide. Whoever has one claim alone counts by it.
with spans as (
    select *, begun as span from claims
    union all
    select *, 'cumulative' as span from claims
),
persons as (   -- the registered address decides only when every claim names the same unit
    select indicator, span, person, count(*) as claims,
           min(home) as home, max(home) as last_home
    from spans
    group by indicator, span, person
),
ranked as (
    select s.*,
           case when s.judged = s.entity then '0' else '1' end as not_judged,
           case when p.home = p.last_home and p.home = s.entity then '0' else '1' end as not_home
    from spans s
    join persons p on s.indicator = p.indicator and s.span = p.span and s.person = p.person
    where p.claims > 1
),
claimants as (
    select indicator, span, person, count(distinct entity) as claimants
    from ranked
    group by indicator, span, person
),
keepers as (
    select r.indicator, r.span, r.person, r.entity, r.not_judged, r.not_home, r.start,
           row_number() over (
               partition by r.indicator, r.span, r.person
               order by case t.first when 'judgement' then r.not_judged when 'residence' then r.not_home
                                     when 'start' then r.start when 'code' then r.unit else '' end,
                        case t.second when 'judgement' then r.not_judged when 'residence' then r.not_home
                                      when 'start' then r.start when 'code' then r.unit else '' end,
                        case t.third when 'judgement' then r.not_judged when 'residence' then r.not_home
                                     when 'start' then r.start when 'code' then r.unit else '' end,
                        case t.fourth when 'judgement' then r.not_judged when 'residence' then r.not_home
                                      when 'start' then r.start when 'code' then r.unit else '' end,
                        r.place
           ) as nth
    from ranked r cross join trust t
),
kept as (
    select indicator, span, person, entity as keeper, not_judged, not_home, start as keeper_start
    from keepers where nth = 1
),
rivals as (
    select r.indicator, r.span, r.person, min(r.start) as rival_start
    from ranked r
    join kept k on r.indicator = k.indicator and r.span = k.span and r.person = k.person
    where r.entity <> k.keeper
    group by r.indicator, r.span, r.person
),
settled as (
    select r.place, r.indicator, r.span, r.person, r.unit, k.keeper, c.claimants,
           case when c.claimants = 1 then ''
                when k.not_judged = '0' then 'judgement'
                when k.not_home = '0' then 'residence'
                when k.keeper_start < v.rival_start then 'start'
                else 'code' end as reason,
           row_number() over (
               partition by r.indicator, r.span, r.person
               order by case when r.entity = k.keeper then 0 else 1 end,
                        r.of_another_year, r.start, r.place
           ) as nth
    from ranked r
    join kept k on r.indicator = k.indicator and r.span = k.span and r.person = k.person
    join claimants c on r.indicator = c.indicator and r.span = c.span and r.person = c.person
    left join rivals v on r.indicator = v.indicator and r.span = v.span and r.person = v.person
)
select s.place, s.indicator, s.span, s.person, s.unit, s.entity as keeper,
       cast(1 as bigint) as claimants, '' as reason, cast(1 as bigint) as nth
from spans s
join persons p on s.indicator = p.indicator and s.span = p.span and s.person = p.person
where p.claims = 1
union all
select place, indicator, span, person, unit, keeper, claimants, reason, nth from settled
