-- For each person gone from a return: who stands in it for the first time and shares her name or
-- certificate, with her first row there. Whether the two are one is weighed outside, number against number.
-- What more than 100 of those who came share tells nobody apart: such a name or certificate leads to no one.
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
arrivals as (
    select n.*
    from arrived a
    join seen n
      on n.entity = a.entity and n.kind = a.kind and n.span = a.span
     and n.edition = a.edition and n.person = a.person
),
by_name as (
    select entity, kind, span, edition, name from arrivals
    where name <> '' group by entity, kind, span, edition, name having count(*) <= 100
),
by_certificate as (
    select entity, kind, span, edition, certificate from arrivals
    where certificate <> '' group by entity, kind, span, edition, certificate having count(*) <= 100
),
gone as (
    select d.gone_in, o.*
    from departures d
    join seen o
      on o.entity = d.entity and o.kind = d.kind and o.span = d.span
     and o.edition = d.last_in and o.person = d.person
),
met (entity, kind, span, gone_in, old, new) as (
    select o.entity, o.kind, o.span, o.gone_in, o.person, n.person
    from gone o
    join by_name b
      on b.entity = o.entity and b.kind = o.kind and b.span = o.span and b.edition = o.gone_in
     and b.name = o.name
    join arrivals n
      on n.entity = o.entity and n.kind = o.kind and n.span = o.span and n.edition = o.gone_in
     and n.name = o.name
    union
    select o.entity, o.kind, o.span, o.gone_in, o.person, n.person
    from gone o
    join by_certificate b
      on b.entity = o.entity and b.kind = o.kind and b.span = o.span and b.edition = o.gone_in
     and b.certificate = o.certificate
    join arrivals n
      on n.entity = o.entity and n.kind = o.kind and n.span = o.span and n.edition = o.gone_in
     and n.certificate = o.certificate
),
pairs as (
    select m.entity, m.kind, m.span, m.gone_in, m.old, m.new, n.place,
           case when o.certificate <> '' and o.certificate = n.certificate then 1 else 0 end
               as same_certificate,
           case when o.name <> '' and o.name = n.name then 1 else 0 end as same_name,
           case when o.phone <> '' and o.phone = n.phone then 1 else 0 end as same_phone
    from met m
    join gone o
      on o.entity = m.entity and o.kind = m.kind and o.span = m.span and o.gone_in = m.gone_in
     and o.person = m.old
    join arrivals n
      on n.entity = m.entity and n.kind = m.kind and n.span = m.span and n.edition = m.gone_in
     and n.person = m.new
)
select p.entity, p.kind, p.span, p.gone_in, p.old, p.new, p.same_certificate, p.same_name,
       p.same_phone, r.file as new_file, r.sheet as new_sheet, r.row as new_row,
       r.number_at as new_column
from pairs p
join rows r on r.place = p.place
order by p.entity, p.kind, p.span, p.gone_in, p.old, p.new
