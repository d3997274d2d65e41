-- For each pair of parts of a kind: how many persons each lists, and how many both do.
with wanted as (
    select file_a as file, unit_a as unit, kind from pairs
    union
    select file_b as file, unit_b as unit, kind from pairs
),
persons as (
    select distinct r.file, r.unit, r.kind, r.filed_as as person
    from rows r
    join wanted w on r.file = w.file and r.unit = w.unit and r.kind = w.kind
    where r.filed_as <> ''
),
sizes as (
    select file, unit, kind, count(*) as persons from persons group by file, unit, kind
),
shared as (
    select p.n, count(*) as shared
    from pairs p
    join persons a on a.file = p.file_a and a.unit = p.unit_a and a.kind = p.kind
    join persons b on b.file = p.file_b and b.unit = p.unit_b and b.kind = p.kind
                  and a.person = b.person
    group by p.n
)
select p.n, s.shared, a.persons as persons_a, b.persons as persons_b
from pairs p
join shared s on s.n = p.n
join sizes a on a.file = p.file_a and a.unit = p.unit_a and a.kind = p.kind
join sizes b on b.file = p.file_b and b.unit = p.unit_b and b.kind = p.kind
order by p.n
