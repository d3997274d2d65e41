-- For each reference list: the persons found on it, and those to be looked into.
select list_nth, count(distinct person) as matched,
       count(distinct case when doubtful = 1 then person end) as doubtful
from matches
group by list_nth
order by list_nth
