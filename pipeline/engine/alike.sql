-- For each pair of files of one return: how many persons the earlier (a) lists, and how many of them the
-- later (b) lists too: alike by number, by certificate, or by name where not both have a sound number.
with wanted as (
    select file_a as file, entity, kind from pairs
    union
    select file_b as file, entity, kind from pairs
),
persons as (
    select r.file, r.entity, r.kind, case when r.filed_as <> '' then r.filed_as else r.name end as person,
           max(r.number) as number, max(substr(r.certificate, 1, 18)) as certificate,
           max(r.name) as name
    from rows r
    join wanted w on r.file = w.file and r.entity = w.entity and r.kind = w.kind
    group by r.file, r.entity, r.kind, case when r.filed_as <> '' then r.filed_as else r.name end
),
sizes as (
    select file, entity, kind, count(*) as persons from persons group by file, entity, kind
),
holders as (
    select distinct file, entity, kind, certificate from persons where certificate <> ''
),
named as (
    select distinct file, entity, kind, name, number = '' as numberless from persons where name <> ''
),
matched as (
    select p.n, a.person
    from pairs p
    join persons a on a.file = p.file_a and a.entity = p.entity and a.kind = p.kind
    join persons b on b.file = p.file_b and b.entity = p.entity and b.kind = p.kind
                  and b.person = a.person
    union
    select p.n, a.person
    from pairs p
    join persons a on a.file = p.file_a and a.entity = p.entity and a.kind = p.kind
    join holders b on b.file = p.file_b and b.entity = p.entity and b.kind = p.kind
                       and b.certificate = a.certificate
    union
    select p.n, a.person
    from pairs p
    join persons a on a.file = p.file_a and a.entity = p.entity and a.kind = p.kind
    join named b on b.file = p.file_b and b.entity = p.entity and b.kind = p.kind
                and b.name = a.name
    where a.number = '' or b.numberless
),
shared as (
    select n, count(*) as shared from matched group by n
)
select p.n, s.persons, coalesce(h.shared, 0) as shared
from pairs p
join sizes s on s.file = p.file_a and s.entity = p.entity and s.kind = p.kind
left join shared h on h.n = p.n
order by p.n
