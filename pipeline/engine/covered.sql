-- Which waivers speak of the row of each error, in their order, and whether they have run out by the
-- end of the row's period. A finding without a table number speaks of every row of its line.
select i.n, w.nth, case when e.last_day > w.until then 1 else 0 end as run_out
from issues i
join rows r on i.file = r.file and i.sheet = r.sheet and i.row = r.row
join waivers w on w.rule = i.rule
join ends e on e.period = r.period
where i.severity = 'error' and (i.table = 0 or i.table = r.table)
  and (w.unit = '' or w.unit = r.unit)
  and (w.period = '' or w.period = r.period)
  and (w.person = '' or w.person = r.number or w.person = r.filed_as
       or w.person = substr(r.certificate, 1, 18))
order by i.n, w.nth
