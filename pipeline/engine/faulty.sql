-- How many rows of each file, unit and kind an error returns.
select file, entity, kind, count(*) as lines
from rows
where fault and unit <> ''
group by file, entity, kind
order by file, entity, kind
