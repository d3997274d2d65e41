-- Every row read, under its place (the number of its table, then its row), with the return it is part
-- of and what became of it. The unit that keeps her is given under the code under which it filed her:
-- a county that changed its code within the year stands under that of its own standing row, of several
-- the lowest, whatever the superseded returns were filed under.
with placed as (
    select h.nth * 4294967296 + r.row as place, r.file, r.sheet, r.table as nth_table, r.row as line,
           r.unit, r.entity, r.kind, r.indicator, r.period, r.year, r.begun, r.filed_on, r.number,
           coalesce(p.person, case when r.number <> '' then r.number else r.filed_as end) as person,
           r.name, r.certificate, r.phone, r.start, r.finish, r.activity,
           case when h.person_at <> '' then h.person_at else h.certificate_at end as number_at,
           case when h.name_at <> '' then h.name_at else h.certificate_at end as name_at,
           h.certificate_at, h.start_at,
           d.span, case when o.file is null then d.edition else 0 end as edition,
           d.filed_on as edition_on,
           case when o.file is null then coalesce(d.stands, 0) else 0 end as stands
    from rows r
    join sheets h on h.file = r.file and h.sheet = r.sheet and h.table = r.table
    left join editions d on d.file = r.file and d.entity = r.entity and d.kind = r.kind
    left join overtaken o
      on o.file = r.file and o.sheet = r.sheet and o.table = r.table and o.row = r.row
    left join same p on p.id_no = r.number
),
fated as (
    select p.*, c.keeper, c.reason, c.claimants,
           case when p.stands = 0 and p.unit <> '' then 'superseded'
                when c.place is null then 'returned'
                when c.nth = 1 then 'counted'
                else 'merged' end as fate,
           case when c.place is not null then c.span
                when p.stands = 0 and p.unit <> '' then p.begun
                else p.year end as begun_in
    from placed p
    left join (select * from counted where span <> 'cumulative') c on c.place = p.place
),
codes as (
    select f.indicator, f.begun_in, f.person, f.entity, min(f.unit) as unit
    from fated f
    join renamed n on n.entity = f.entity
    where f.fate <> 'superseded'
    group by f.indicator, f.begun_in, f.person, f.entity
)
select f.place, f.file, f.sheet, f.nth_table as "table", f.line as "row", f.unit, f.entity, f.kind,
       f.indicator, f.period, f.year, f.begun_in as begun, f.filed_on, f.number, f.person, f.name,
       f.certificate, f.phone, f.start, f.finish, f.activity, f.number_at, f.name_at,
       f.certificate_at, f.start_at,
       coalesce(f.span, '') as span, coalesce(f.edition, 0) as edition,
       coalesce(f.edition_on, '') as edition_on, f.stands, f.fate,
       coalesce(c.unit, f.keeper, '') as counted_for, coalesce(f.keeper, '') as keeper,
       coalesce(f.reason, '') as reason, coalesce(f.claimants, 0) as claimants
from fated f
left join codes c
  on c.indicator = f.indicator and c.begun_in = f.begun_in and c.person = f.person
 and c.entity = f.keeper
order by f.place
