-- Which of these persons stand in a standing return.
select distinct r.person
from rows r
join asked a on a.person = r.person
where r.fate <> 'superseded' and r.unit <> ''
order by r.person
