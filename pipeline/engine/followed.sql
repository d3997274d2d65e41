-- Each row of a person held against her row in the return before, of units and kinds with more returns
-- than one. Her rows in one return are told apart by their order in time; where there are more or fewer
-- than before, only what is her own (alike = 0) can be compared.
with several as (
    select entity, kind from editions where edition > 0 group by entity, kind
    having min(span) <> max(span) or min(edition) <> max(edition)
),
lines as (
    select r.place, coalesce(l.linked, r.person) as person, r.entity, r.kind, r.span, r.edition, r.start
    from rows r
    join several s on s.entity = r.entity and s.kind = r.kind
    left join links l on l.person = r.person
    where r.person <> '' and r.unit <> '' and r.edition > 0
),
ordered as (
    select *, row_number() over (
                  partition by person, entity, kind, span, edition order by start, place
              ) as nth,
           count(*) over (partition by person, entity, kind, span, edition) as many
    from lines
),
paired as (
    select place, person, span, many,
           lag(place) over (partition by person, entity, kind, nth order by span, edition)
               as was_place,
           lag(many) over (partition by person, entity, kind, nth order by span, edition)
               as was_many,
           lag(span) over (partition by person, entity, kind, nth order by span, edition)
               as was_span
    from ordered
)
select p.place, p.was_place, p.person,
       case when p.span = p.was_span and p.many = p.was_many then 1 else 0 end as alike,
       n.file, n.sheet, n.table as "table", n.row as "row", n.entity, n.kind, n.period,
       o.file as was_file, o.sheet as was_sheet, o.table as was_table, o.row as was_row,
       o.period as was_period
from paired p
join rows n on n.place = p.place
join rows o on o.place = p.was_place
