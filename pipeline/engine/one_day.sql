-- Rows of one unit that begin and end on one day, of one activity; where an indicator has no end, that
-- begin on one day, where they are so large a share of the unit's list.
with listed as (
    select r.place, r.entity, r.indicator, r.person, r.start,
           case when r.finish = '' then '' else r.activity end as activity, r.finish
    from rows r join about a on r.year = a.year
    where r.fate <> 'superseded' and r.unit <> '' and r.person <> '' and r.start <> ''
),
lists as (
    select entity, indicator, count(distinct person) as whole from listed group by entity, indicator
),
days as (
    select l.entity, l.indicator, l.start, l.finish, l.activity, count(distinct l.person) as persons,
           min(s.whole) as whole
    from listed l join lists s on s.entity = l.entity and s.indicator = l.indicator
    where l.finish = '' or l.finish = l.start
    group by l.entity, l.indicator, l.start, l.finish, l.activity
)
select l.place, d.entity || ' ' || d.indicator || ' ' || d.start || ' ' || d.activity as cluster,
       case when d.finish = '' then d.start else d.start || ' ' || d.finish end as value, d.persons, d.whole
from listed l
join days d
  on d.entity = l.entity and d.indicator = l.indicator and d.start = l.start and d.finish = l.finish
 and d.activity = l.activity
join about a
  on d.persons >= a.least and (d.finish <> '' or d.persons * 100 >= d.whole * a.share)
order by l.place
