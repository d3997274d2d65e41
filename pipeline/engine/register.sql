-- One line a person: when she was first and last listed, and what her newest row says.
with told as (
    select person, id_no, shown_name, unit, period,
           min(period) over (partition by person) as first_seen,
           max(period) over (partition by person) as last_seen,
           row_number() over (
               partition by person
               order by period desc, filed_on desc, stands desc, kind, file, sheet, row
           ) as place
    from sightings
)
select person, shown_name as name, unit, first_seen, last_seen
from told
where place = 1
order by person
