-- Every claim of a person claimed by several units, once a number and unit: by the row that would count.
with claims as (
    select indicator, begun as year, number as id_no, unit, counted_for, reason, name, person,
           row_number() over (
               partition by indicator, begun, number, unit
               order by case when begun <> year then 1 else 0 end, start, place
           ) as nth
    from rows
    where claimants > 1 and fate in ('counted', 'merged')
)
select indicator, year, id_no, unit, counted_for, reason, name, person
from claims
where nth = 1
order by indicator, year, id_no, unit
