-- For every person, indicator and span (a year, or all years together): the unit she counts for,
-- why, and by which row. `claims` holds the sound rows of standing returns.
with spans as (
    select *, year as span from claims
    union all
    select *, 'cumulative' as span from claims
),
homes as (   -- the registered address decides only when every claim names the same unit
    select indicator, span, person,
           min(home) as home, count(distinct home) as homes,
           count(distinct entity) as claimants
    from spans
    group by indicator, span, person
),
ranked as (
    select s.*, h.claimants,
           case when s.judged = s.entity then 0 else 1 end as not_judged,
           case when h.homes = 1 and h.home = s.entity then 0 else 1 end as not_home
    from spans s join homes h
      on s.indicator = h.indicator and s.span = h.span and s.person = h.person
),
keepers as (
    select *, row_number() over (
        partition by indicator, span, person order by {trust}, file, sheet, row
    ) as place
    from ranked
),
kept as (
    select indicator, span, person, entity as keeper, not_judged, not_home, start as keeper_start
    from keepers where place = 1
),
rivals as (
    select r.indicator, r.span, r.person, min(r.start) as rival_start
    from ranked r join kept k
      on r.indicator = k.indicator and r.span = k.span and r.person = k.person
    where r.entity <> k.keeper
    group by r.indicator, r.span, r.person
)
select r.claim, r.indicator, r.span, r.person, r.unit, r.entity, k.keeper, r.claimants,
       case when r.claimants = 1 then ''
            when k.not_judged = 0 then 'judgement'
            when k.not_home = 0 then 'residence'
            when k.keeper_start < v.rival_start then 'start'
            else 'code' end as reason,
       row_number() over (
           partition by r.indicator, r.span, r.person
           order by case when r.entity = k.keeper then 0 else 1 end,
                    r.of_another_year, r.start, r.file, r.sheet, r.row
       ) as place
from ranked r
join kept k on r.indicator = k.indicator and r.span = k.span and r.person = k.person
left join rivals v on r.indicator = v.indicator and r.span = v.span and r.person = v.person
order by r.indicator, r.span, r.person, place
