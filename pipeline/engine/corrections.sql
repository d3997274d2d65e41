-- For each person gone from a return: who stands in it for the first time and shares her name or
-- certificate. Whether the two are one is weighed outside, number against number.
with seen as (
    select entity, kind, span, edition, person,
           min(name) as name, min(certificate) as certificate, min(phone) as phone
    from sightings
    group by entity, kind, span, edition, person
),
arrived as (
    select entity, kind, span, person, min(edition) as edition
    from seen
    group by entity, kind, span, person
)
select d.entity, d.kind, d.span, d.gone_in, d.person as old, a.person as new,
       case when o.certificate <> '' and o.certificate = n.certificate then 1 else 0 end
           as same_certificate,
       case when o.name <> '' and o.name = n.name then 1 else 0 end as same_name,
       case when o.phone <> '' and o.phone = n.phone then 1 else 0 end as same_phone
from departures d
join seen o
  on o.entity = d.entity and o.kind = d.kind and o.span = d.span
 and o.edition = d.last_in and o.person = d.person
join arrived a
  on a.entity = d.entity and a.kind = d.kind and a.span = d.span and a.edition = d.gone_in
join seen n
  on n.entity = a.entity and n.kind = a.kind and n.span = a.span
 and n.edition = a.edition and n.person = a.person
where o.name = n.name or o.certificate = n.certificate
order by d.entity, d.kind, d.span, d.gone_in, old, new
