-- Of each person who counts in the first indicator: in how many days after its end she began in the other
-- (negative: only before it began; nothing: never), and whether in what she had been taught.
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
select d.entity, d.new, d.overall, d.same,
       case when d.began is not null then coalesce(b.label, '')
            when d.found > 0 then 'before' else 'none' end as word,
       count(*) as persons
from counted_days d
left join bands b on d.days >= b.low and d.days < b.high
group by d.entity, d.new, d.overall, d.same, 5
order by d.entity, d.new, d.overall, d.same, word
