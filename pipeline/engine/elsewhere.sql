-- The other units whose standing rosters of the same kind list each person that is gone.
select d.entity, d.kind, d.span, d.person, d.gone_in, r.entity as other, max(r.unit) as unit
from departures d
join rows r on r.kind = d.kind and r.person = d.person and r.entity <> d.entity
where r.fate <> 'superseded' and r.unit <> ''
group by d.entity, d.kind, d.span, d.person, d.gone_in, r.entity
order by d.entity, d.kind, d.span, d.person, d.gone_in, unit
