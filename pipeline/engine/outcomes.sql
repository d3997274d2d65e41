-- Each person who counts in the first indicator: in how many days after its end (n) she began in the other,
-- the band of days, or that she had begun before it (before) or never (none); and whether in what she had
-- been taught (same, other; '' where she did not begin afterwards).
with taught as (
    select c.place, c.person, c.start, case when c.finish = '' then c.start else c.finish end as done,
           c.learned, c.entity, c.new, c.overall
    from counting c join about a on c.indicator = a.first
    where c.person <> '' and (c.entity <> '' or c.overall <> '')
),
worked as (
    select c.person, c.start, c.done as made
    from counting c join about a on c.indicator = a.then
    where c.start <> ''
),
followed as (
    select t.place, t.entity, t.new, t.overall, min(t.done) as done, count(w.start) as found,
           min(case when w.start >= t.start then w.start end) as began,
           max(case when w.start >= t.start and w.made <> '' and w.made = t.learned then 1 else 0 end)
               as same
    from taught t left join worked w on w.person = t.person
    group by t.place, t.entity, t.new, t.overall
),
counted_days as (
    select *, greatest(date_diff('day', try_cast(done as date), try_cast(began as date)), 0) as days
    from followed
)
select a.first as indicator, d.place, d.entity, d.new, d.overall,
       case when d.began is not null then cast(d.days as double) end as n,
       case when d.began is null then '' when d.same = 1 then 'same' else 'other' end as same,
       case when d.began is not null then coalesce(b.label, '')
            when d.found > 0 then 'before' else 'none' end as word
from counted_days d
cross join about a
left join bands b on d.days >= b.low and d.days < b.high
order by d.place
