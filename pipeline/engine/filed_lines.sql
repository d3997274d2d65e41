-- How many rows each file lists of a unit and kind, and how many of them an error returns.
select file, entity, kind, count(*) as lines, cast(sum(case when fault then 1 else 0 end) as bigint) as faulty
from rows
where unit <> ''
group by file, entity, kind
order by file, entity, kind
