-- For each reference list and indicator: the persons counted this year by a row found sound on it.
select m.list_nth, r.indicator, count(distinct r.person) as persons
from matches m
join rows r on r.place = m.place
join about a on a.year = r.begun
where m.doubtful = 0 and r.fate = 'counted'
group by m.list_nth, r.indicator
order by m.list_nth, r.indicator
