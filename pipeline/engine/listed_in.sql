-- Of the persons asked about: the sides of a comparison that list them, and under which name last.
select c.series, c.side, case when r.person <> '' then r.person else r.name end as who, r.name
from compared c
join rows r
  on r.entity = c.entity and r.kind = c.kind and r.year = c.year and r.period = c.period
 and r.filed_on = c.filed_on and r.stands = c.stands
left join people p on p.series = c.series and p.who = case when r.person <> '' then r.person else r.name end
left join names n on n.series = c.series and n.name = r.name
where r.unit <> '' and (p.who is not null or n.name is not null)
order by c.series, c.side, r.place
