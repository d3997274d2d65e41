-- How many rows count for which unit under each word, in the year (and of these new) and over all years.
select indicator, word, entity, new, overall, count(*) as persons
from divided
where entity <> '' or overall <> ''
group by indicator, word, entity, new, overall
order by indicator, word, entity, new, overall
