-- Who no longer stands in the return that follows the last one to list her: a gap that closes again
-- (back) or not. `editions` numbers the returns of a unit, kind and span from the oldest; a nil
-- return is an edition without sightings.
with present as (
    select distinct entity, kind, span, person, edition from sightings
),
runs as (
    select entity, kind, span, person, edition,
           lead(edition) over (partition by entity, kind, span, person order by edition) as back
    from present
),
newest as (
    select entity, kind, span, max(edition) as newest from editions group by entity, kind, span
)
select r.entity, r.kind, r.span, r.person, r.edition as last_in, r.edition + 1 as gone_in,
       coalesce(r.back, 0) as back, n.newest
from runs r
join newest n on r.entity = n.entity and r.kind = n.kind and r.span = n.span
where r.edition < n.newest and (r.back is null or r.back > r.edition + 1)
order by r.entity, r.kind, r.span, r.person, r.edition
