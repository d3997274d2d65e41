-- One line for each thing that befell a person, at its source cell, in the order of time. `id_no` is who
-- she is now: a mended number is the same person under the new one (links).
with seen as (
    select r.place, r.file, r.sheet, r.table as nth_table, r.row as line, r.unit, r.entity, r.kind,
           r.indicator, r.period, r.begun, r.edition_on, r.number, r.start, r.activity, r.start_at,
           r.fate, r.counted_for, coalesce(l.linked, r.person) as who, p.lines,
           r.number_at as cell_at
    from rows r
    left join links l on l.person = r.person
    join persons p on p.id_no = coalesce(l.linked, r.person)
    where r.person <> '' and r.unit <> ''
),
firsts as (
    select place, 1 as nth from seen where lines = 1
    union all
    select place, row_number() over (
        partition by who, entity, kind order by period, edition_on, place
    ) as nth
    from seen
    where lines > 1
),
activities as (   -- in words: the course, or the employer; what could not be read as typed
    select s.*, coalesce(w.label, trim(c.text), s.activity) as words
    from seen s
    left join activity_words w on w.kind = s.kind and w.code = s.activity
    left join roles a on a.kind = s.kind and a.role = 'activity'
    left join cells c
      on c.file = s.file and c.sheet = s.sheet and c.table = s.nth_table and c.row = s.line
     and c.field = a.field
    where s.fate in ('counted', 'merged')
),
begun as (
    select place, words, 1 as nth from activities where lines = 1
    union all
    select place, words, row_number() over (
        partition by who, entity, kind, start, words order by period, place
    ) as nth
    from activities
    where lines > 1
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
    select s.who as id_no, s.period, '' as on_day, 'seen' as event, s.unit, s.indicator, '' as year,
           '' as field, '' as before, '' as after, '' as other, '' as reason, '' as note, s.file, s.sheet,
           cast(s.line as bigint) as line, s.cell_at, s.place
    from firsts f join seen s on s.place = f.place
    where f.nth = 1
    union all
    select s.who, s.period, s.start, 'began', s.unit, s.indicator, s.begun, '', '', '', '', '', b.words,
           s.file, s.sheet, s.line,
           case when s.start_at = '' then s.cell_at else s.start_at end, s.place
    from begun b join seen s on s.place = b.place
    where b.nth = 1
    union all
    select s.who, s.period, '', 'changed', s.unit, s.indicator, '', c.field, c.before, c.after, '', '',
           c.from_period, s.file, s.sheet, s.line,
           case when coalesce(h.letters, '') = '' then s.cell_at else h.letters end, s.place
    from changed c
    join seen s on s.place = c.place
    left join columns h
      on h.file = s.file and h.sheet = s.sheet and h.table = s.nth_table and h.field = c.field
    union all
    select d.who, d.since, '', d.event, d.unit, d.indicator, '', '', d.was, '', d.other, d.evidence,
           d.last_period, d.file, d.sheet, d.row,
           d.column, d.row
    from left_events d
    union all
    select who, period, since, 'listed', unit, indicator, '', '', '', '', list,
           case when doubtful = 1 then 'doubtful' else '' end, label, file, sheet, line, cell_at, place
    from listings where nth = 1
    union all
    select n.who, j.period, '', 'judged', j.unit, j.indicator, j.year, '', '', '', j.other, j.reason,
           j.verdict, j.file, '', j.row, '', j.row
    from judged_about j join numbers n on n.number = j.id_no
    union all
    select s.who, s.period, '', s.fate, s.unit, s.indicator, s.begun, '', '', '', s.counted_for,
           coalesce(r.reason, ''), '', s.file, s.sheet, s.line, s.cell_at, s.place
    from seen s
    left join reasons r on r.indicator = s.indicator and r.year = s.begun and r.id_no = s.number
    where s.fate <> 'superseded'
    union all
    select s.who, s.period, '', 'cumulative', s.unit, s.indicator, 'cumulative', '', '', '', c.unit,
           c.reason, '', s.file, s.sheet, s.line, s.cell_at, s.place
    from counted c join seen s on s.place = c.place
    where c.span = 'cumulative' and c.nth = 1 and c.claimants > 1
)
select h.id_no, h.period, h.on_day as "on", h.event, h.unit, h.indicator, h.year, h.field, h.before,
       h.after, h.other, h.reason, h.note, h.file, h.sheet, h.line as "row",
       case when h.cell_at = '' then ''
            when h.cell_at like '%+%' or h.cell_at like '%-%'   -- D+2: two rows below hers
            then concat(regexp_extract(h.cell_at, '^([A-Z]+)', 1),
                        cast(h.line + cast(regexp_extract(h.cell_at, '([+-][0-9]+)$', 1) as bigint)
                             as varchar))
            else concat(h.cell_at, cast(h.line as varchar)) end as cell
from happened h
join event_order o on o.event = h.event
order by h.id_no, h.period, o.nth, h.on_day, h.unit, h.indicator, h.field, h.place, h.file, h.sheet,
         h.year, h.other, h.note, h.before
