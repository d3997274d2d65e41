-- What is to be looked at, ranked: by kind in the programme's order, the most persons first; each with its
-- rows, at the cell that was looked at.
with ranked as (
    select clue, cluster, row_number() over (order by clue, max(persons) desc, min(place), cluster) as rank
    from found
    group by clue, cluster
)
select k.rank, f.clue, f.value, f.persons, f.whole, r.unit, r.indicator, r.file, r.sheet, r.row as "row",
       coalesce(c.letters, r.number_at) as letters, r.place
from found f
join ranked k on k.clue = f.clue and k.cluster = f.cluster
join rows r on r.place = f.place
left join looked l on l.clue = f.clue and l.kind = r.kind
left join columns c
  on c.file = r.file and c.sheet = r.sheet and c.table = r.table and c.kind = r.kind and c.field = l.field
order by k.rank, r.place
