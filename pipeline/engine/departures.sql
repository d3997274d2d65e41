-- Who no longer stands in the return that follows the last one to list her: a gap that closes again
-- (back) or not; with her first row in the last return that listed her. `editions` numbers the returns
-- of a unit, kind and span from the oldest; a nil return is an edition without rows.
with newest as (
    select entity, kind, span, max(edition) as newest,
           min(case when stands = 1 then file end) as newest_file
    from editions
    group by entity, kind, span
    having max(edition) > 1
),
present as (
    select r.entity, r.kind, r.span, r.person, r.edition, min(r.place) as place
    from rows r
    join newest n on r.entity = n.entity and r.kind = n.kind and r.span = n.span
    where r.person <> '' and r.unit <> '' and r.edition > 0
    group by r.entity, r.kind, r.span, r.person, r.edition
),
sizes as (
    select entity, kind, span, edition, count(*) as persons
    from present
    group by entity, kind, span, edition
),
runs as (
    select entity, kind, span, person, edition, place,
           lead(edition) over (partition by entity, kind, span, person order by edition) as back
    from present
),
numbered as (
    select entity, kind, span, edition, min(period) as period
    from editions
    where edition > 0
    group by entity, kind, span, edition
),
gone as (
    select r.*, n.newest, n.newest_file
    from runs r
    join newest n on r.entity = n.entity and r.kind = n.kind and r.span = n.span
    where r.edition < n.newest and (r.back is null or r.back > r.edition + 1)
)
select g.entity, g.kind, g.span, g.person, g.edition as last_in, g.edition + 1 as gone_in,
       coalesce(g.back, 0) as back, g.newest, coalesce(g.newest_file, '') as newest_file,
       o.number as id_no, o.name, o.unit, o.indicator, o.file, o.sheet, o.row as "row",
       o.number_at as "column", o.period as last_period, s.persons as before, a.period as since,
       coalesce(b.period, '') as back_in
from gone g
join rows o on o.place = g.place
join sizes s
  on s.entity = g.entity and s.kind = g.kind and s.span = g.span and s.edition = g.edition
join numbered a
  on a.entity = g.entity and a.kind = g.kind and a.span = g.span and a.edition = g.edition + 1
left join numbered b
  on b.entity = g.entity and b.kind = g.kind and b.span = g.span and b.edition = g.back
order by g.entity, g.kind, g.span, g.person, g.edition
