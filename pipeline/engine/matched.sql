-- Each sound standing row against each reference list: the newest line on it under her number, or
-- under the first eighteen characters of her certificate.
with keys as (
    select sighting, id_no as key from rows where id_no <> ''
    union
    select sighting, certificate as key from rows where certificate <> ''
),
found as (
    select k.sighting, l.list, l.meaning, l.since, l.row,
           row_number() over (
               partition by k.sighting, l.list order by l.since desc, l.row desc
           ) as place
    from keys k join lines l on k.key = l.key
)
select sighting, list, meaning, since
from found
where place = 1
order by sighting, list
