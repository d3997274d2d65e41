-- Of files between which nothing but the path chose: the persons whom the other choice would add (come), with
-- the unit for which each counts now ('' for none), and those whom it would take away (leave).
with one as (
    select distinct p.entity, p.indicator, r.begun as year, r.person
    from pairs p
    join rows r on r.file = p.earlier and r.entity = p.entity and r.indicator = p.indicator
    where r.person <> ''
),
other as (
    select distinct p.entity, p.indicator, r.begun as year, r.person
    from pairs p
    join rows r on r.file = p.later and r.entity = p.entity and r.indicator = p.indicator
    where r.person <> '' and r.fate = 'counted'
),
counted as (
    select indicator, begun as year, person, min(keeper) as keeper
    from rows
    where fate = 'counted'
    group by indicator, begun, person
),
moving as (
    select o.entity, o.indicator, o.year, 'come' as moves, o.person, coalesce(c.keeper, '') as keeper
    from one o
    left join counted c on c.indicator = o.indicator and c.year = o.year and c.person = o.person
    where coalesce(c.keeper, '') <> o.entity
    union all
    select t.entity, t.indicator, t.year, 'leave' as moves, t.person, t.entity as keeper
    from other t
    left join one o
      on o.entity = t.entity and o.indicator = t.indicator and o.year = t.year and o.person = t.person
    where o.person is null
)
select entity, indicator, year, moves, person, keeper from moving order by entity, indicator, year, moves, person
