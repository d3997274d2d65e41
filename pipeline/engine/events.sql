-- One line for each thing that befell a person, at its source cell, in the order of time. `id_no` is who
-- she is now: a mended number is the same person under the new one (links).
with seen as (
    select r.*, coalesce(l.linked, r.person) as who,
           case when r.number_at = '' then '' else concat(r.number_at, cast(r.row as varchar)) end as cell
    from rows r
    left join links l on l.person = r.person
    where r.person <> '' and r.unit <> ''
),
firsts as (
    select *, row_number() over (
        partition by who, entity, kind order by period, edition_on, place
    ) as nth
    from seen
),
activities as (   -- in words: the course, or the employer; what could not be read as typed
    select s.*, coalesce(w.label, trim(c.text), s.activity) as words
    from seen s
    left join activity_words w on w.kind = s.kind and w.code = s.activity
    left join roles a on a.kind = s.kind and a.role = 'activity'
    left join cells c
      on c.file = s.file and c.sheet = s.sheet and c.table = s.table and c.row = s.row
     and c.field = a.field
    where s.fate in ('counted', 'merged')
),
begun as (
    select *, row_number() over (
        partition by who, entity, kind, start, words order by period, place
    ) as nth
    from activities
),
numbers as (
    select number, max(who) as who from seen where number <> '' group by number
),
listings as (
    select s.*, m.since, m.label, m.list, m.doubtful,
           row_number() over (partition by s.who, m.list order by m.place, m.list_nth) as nth
    from matches m join seen s on s.place = m.place
),
reasons as (
    select distinct indicator, year, id_no, reason from claims
),
happened as (
    select who as id_no, period, '' as on_day, 'seen' as event, unit, indicator, '' as year,
           '' as field, '' as before, '' as after, '' as other, '' as reason, '' as note,
           file, sheet, cast(row as bigint) as line, cell
    from firsts where nth = 1
    union all
    select who, period, start, 'began', unit, indicator, begun, '', '', '', '', '', words,
           file, sheet, row,
           case when start_at = '' then cell else concat(start_at, cast(row as varchar)) end
    from begun where nth = 1
    union all
    select s.who, s.period, '', 'changed', s.unit, s.indicator, '', c.field, c.before, c.after, '', '',
           c.from_period, s.file, s.sheet, s.row,
           case when coalesce(h.letters, '') = '' then s.cell
                else concat(h.letters, cast(s.row as varchar)) end
    from changed c
    join seen s on s.place = c.place
    left join columns h
      on h.file = s.file and h.sheet = s.sheet and h.table = s.table and h.field = c.field
    union all
    select d.who, d.since, '', d.event, d.unit, d.indicator, '', '', d.was, '', d.other, d.evidence,
           d.last_period, d.file, d.sheet, d.row,
           case when d.column = '' then '' else concat(d.column, cast(d.row as varchar)) end
    from left_events d
    union all
    select who, period, since, 'listed', unit, indicator, '', '', '', '', list,
           case when doubtful = 1 then 'doubtful' else '' end, label, file, sheet, row, cell
    from listings where nth = 1
    union all
    select n.who, j.period, '', 'judged', j.unit, j.indicator, j.year, '', '', '', j.other, j.reason,
           j.verdict, j.file, '', j.row, ''
    from judged_about j join numbers n on n.number = j.id_no
    union all
    select s.who, s.period, '', s.fate, s.unit, s.indicator, s.begun, '', '', '', s.counted_for,
           coalesce(r.reason, ''), '', s.file, s.sheet, s.row, s.cell
    from seen s
    left join reasons r on r.indicator = s.indicator and r.year = s.begun and r.id_no = s.number
    where s.fate <> 'superseded'
    union all
    select s.who, s.period, '', 'cumulative', s.unit, s.indicator, 'cumulative', '', '', '', c.unit,
           c.reason, '', s.file, s.sheet, s.row, s.cell
    from counted c join seen s on s.place = c.place
    where c.span = 'cumulative' and c.nth = 1 and c.claimants > 1
)
select h.id_no, h.period, h.on_day as "on", h.event, h.unit, h.indicator, h.year, h.field, h.before,
       h.after, h.other, h.reason, h.note, h.file, h.sheet, h.line as "row", h.cell
from happened h
join event_order o on o.event = h.event
order by h.id_no, h.period, o.nth, h.on_day, h.unit, h.indicator, h.field, h.file, h.sheet, h.line,
         h.year, h.other, h.note, h.before, h.after, h.reason
