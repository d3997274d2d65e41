-- For each pair of files of one return: their rows and those an error returns, the persons that only one
-- lists or of whom they say different things, the persons who are sound in one alone, and, for whether
-- the one may be the other mended, how much was found in its rows (found), its rows in which nothing was
-- and which the other does not repeat (lost), or of whose person it says something else (contradicted),
-- how much was found of whom the other lists too, and its persons who are not in the other by number,
-- certificate or name (strangers).
with wanted as (
    select file_a as file, entity, kind from pairs
    union
    select file_b as file, entity, kind from pairs
),
filed as (
    select r.file, r.entity, r.kind, r.name, r.fault, substr(r.certificate, 1, 18) as certificate,
           case when r.filed_as <> '' then r.filed_as else r.name end as person,
           r.name || '|' || r.number || '|' || r.certificate || '|' || r.phone || '|' || r.home || '|'
               || r.start || '|' || r.finish || '|' || r.activity as said,
           coalesce(i.findings, 0) as findings
    from rows r
    join wanted w on r.file = w.file and r.entity = w.entity and r.kind = w.kind
    left join (
        select file, sheet, row, count(*) as findings
        from issues
        where severity in ('error', 'warning') and row > 0
        group by file, sheet, row
    ) i on i.file = r.file and i.sheet = r.sheet and i.row = r.row
    where r.unit <> ''
),
sides as (
    select p.n, 'a' as side, 'b' as other, f.*
    from pairs p
    join filed f on f.file = p.file_a and f.entity = p.entity and f.kind = p.kind
    union all
    select p.n, 'b' as side, 'a' as other, f.*
    from pairs p
    join filed f on f.file = p.file_b and f.entity = p.entity and f.kind = p.kind
),
persons as (
    select n, side, other, person, max(name) as name, max(certificate) as certificate,
           count(*) as lines, min(said) as first_said, max(said) as last_said,
           max(case when fault then 0 else 1 end) as sound
    from sides
    group by n, side, other, person
),
known as (
    select n, side, 'person' as by_what, person as word from persons
    union
    select n, side, 'name' as by_what, name as word from sides where name <> ''
    union
    select n, side, 'certificate' as by_what, certificate as word from sides where certificate <> ''
),
held as (
    select p.n, p.side,
           case when o.person is null then 1 else 0 end as alone,
           case when o.person is not null
                 and (o.lines <> p.lines or o.first_said <> p.first_said or o.last_said <> p.last_said)
                then 1 else 0 end as changed,
           case when p.sound = 1 and coalesce(o.sound, 0) = 0 then 1 else 0 end as sound_alone,
           case when o.person is null and a.word is null and c.word is null then 1 else 0 end as strange
    from persons p
    left join persons o on o.n = p.n and o.side = p.other and o.person = p.person
    left join known a
      on a.n = p.n and a.side = p.other and a.by_what = 'name' and a.word = p.name
    left join known c
      on c.n = p.n and c.side = p.other and c.by_what = 'certificate' and c.word = p.certificate
),
of_persons as (
    select n, side, sum(alone) as alone, sum(changed) as changed, sum(sound_alone) as sound_alone,
           sum(strange) as strangers
    from held
    group by n, side
),
texts as (
    select distinct n, side, said from sides
),
of_rows as (
    select s.n, s.side, count(*) as lines, sum(case when s.fault then 1 else 0 end) as faulty,
           sum(s.findings) as found,
           sum(case when s.findings = 0 and not s.fault and t.said is null then 1 else 0 end) as lost,
           sum(case when s.findings = 0 and not s.fault and t.said is null and o.person is not null
                    then 1 else 0 end) as contradicted,
           sum(case when o.person is not null or a.word is not null or c.word is not null
                    then s.findings else 0 end) as found_of_known
    from sides s
    left join texts t on t.n = s.n and t.side = s.other and t.said = s.said
    left join persons o on o.n = s.n and o.side = s.other and o.person = s.person
    left join known a
      on a.n = s.n and a.side = s.other and a.by_what = 'name' and a.word = s.name
    left join known c
      on c.n = s.n and c.side = s.other and c.by_what = 'certificate' and c.word = s.certificate
    group by s.n, s.side
)
select r.n, r.side, cast(r.lines as bigint) as lines, cast(r.faulty as bigint) as faulty,
       cast(r.found as bigint) as found,
       cast(r.lost as bigint) as lost, cast(r.contradicted as bigint) as contradicted,
       cast(r.found_of_known as bigint) as found_of_known, cast(p.alone as bigint) as alone,
       cast(p.changed as bigint) as changed, cast(p.sound_alone as bigint) as sound_alone,
       cast(p.strangers as bigint) as strangers
from of_rows r
join of_persons p on p.n = r.n and p.side = r.side
order by r.n, r.side
