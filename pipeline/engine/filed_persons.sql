-- For each self-reported total how many distinct persons stand in the returns of its unit: in those of
-- its own period alone, and in those up to it. A row without any number is one person.
select w.n, count(distinct case when r.period = w.period then
                  case when r.person = '' then cast(r.place as varchar) else r.person end end) as alone,
       count(distinct case when r.person = '' then cast(r.place as varchar) else r.person end) as so_far
from wanted w
join rows r on r.entity = w.entity and r.indicator = w.indicator
where r.fate <> 'superseded' and substr(r.period, 1, 4) = substr(w.period, 1, 4)
  and r.period <= w.until
group by w.n
order by w.n
