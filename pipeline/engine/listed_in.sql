-- Of the persons asked about: the sides of a comparison that list them, and under which name last.
select c.series, c.side, c.who, c.name
from compared_rows c
left join people p on p.series = c.series and p.who = c.who
left join names n on n.series = c.series and n.name = c.name
where p.who is not null or n.name is not null
order by c.series, c.side, c.place
