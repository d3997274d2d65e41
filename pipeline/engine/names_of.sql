-- The name of each number asked for; of several spellings, one and always the same.
select r.id_no, max(r.name) as name
from records r join asked a on r.id_no = a.id_no
group by r.id_no
order by r.id_no
