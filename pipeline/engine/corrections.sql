-- For each person gone from a return: who stands in it for the first time and shares her name or
-- certificate, with her first row there. Whether the two are one is weighed outside, number against number.
with groups as (
    select distinct entity, kind, span from departures
),
seen as (
    select r.entity, r.kind, r.span, r.edition, r.person, min(lower(r.name)) as name,
           min(substr(r.certificate, 1, 18)) as certificate, min(r.phone) as phone,
           min(r.place) as place
    from rows r
    join groups g on r.entity = g.entity and r.kind = g.kind and r.span = g.span
    where r.person <> '' and r.unit <> ''
    group by r.entity, r.kind, r.span, r.edition, r.person
),
arrived as (
    select entity, kind, span, person, min(edition) as edition
    from seen
    group by entity, kind, span, person
),
pairs as (
    select d.entity, d.kind, d.span, d.gone_in, d.person as old, a.person as new, n.place,
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
    where o.name = n.name or (o.certificate = n.certificate and o.certificate <> '')
)
select p.entity, p.kind, p.span, p.gone_in, p.old, p.new, p.same_certificate, p.same_name,
       p.same_phone, r.file as new_file, r.sheet as new_sheet, r.row as new_row,
       r.number_at as new_column
from pairs p
join rows r on r.place = p.place
order by p.entity, p.kind, p.span, p.gone_in, p.old, p.new
