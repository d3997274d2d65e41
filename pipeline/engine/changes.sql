-- Rows of a person that differ from her row in the return before. Her rows in one return are told
-- apart by their order in time; where there are more or fewer than before, only what is her own
-- (alike = 0) can be compared. A column that a form does not have (null) is no change.
with lines as (
    select *,
           row_number() over (
               partition by person, entity, kind, span, edition order by start, file, sheet, row
           ) as nth,
           count(*) over (partition by person, entity, kind, span, edition) as many
    from sightings
),
paired as (
    select *,
           lag(sighting) over (partition by person, entity, kind, nth order by span, edition)
               as was_sighting,
           lag(many) over (partition by person, entity, kind, nth order by span, edition)
               as was_many,
           lag(span) over (partition by person, entity, kind, nth order by span, edition)
               as was_span,
           {lagged}
    from lines
)
select sighting, was_sighting, case when span = was_span and many = was_many then 1 else 0 end as alike
from paired
where was_sighting is not null and ({differs})
order by sighting
