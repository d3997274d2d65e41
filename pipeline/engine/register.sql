-- One line a person: when she was first and last listed, and what her newest row says.
with lines as (
    select coalesce(l.linked, r.person) as person, r.name, r.unit, r.period, r.edition_on, r.stands,
           r.kind, r.place
    from rows r
    left join links l on l.person = r.person
    where r.person <> '' and r.unit <> ''
),
spans as (
    select person, min(period) as first_seen, max(period) as last_seen, count(*) as lines
    from lines
    group by person
),
ordered as (
    select l.person, l.name, l.unit,
           row_number() over (
               partition by l.person
               order by l.period desc, l.edition_on desc, l.stands desc, l.kind, l.place
           ) as nth
    from lines l
    join spans s on s.person = l.person
    where s.lines > 1
),
newest as (
    select person, name, unit from ordered where nth = 1
    union all
    select l.person, l.name, l.unit
    from lines l join spans s on s.person = l.person
    where s.lines = 1
)
select s.person as id_no, n.name, n.unit, s.first_seen, s.last_seen, s.lines
from spans s
join newest n on n.person = s.person
order by s.person
