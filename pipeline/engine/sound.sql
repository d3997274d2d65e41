-- Every sound row of a standing return is a claim: of its person, or of nobody but itself where rows are
-- counted (by_row) or no number says who she is. `judged` is the unit that a judgement gives her to:
-- the one that says most of the question.
select h.nth * 4294967296 + r.row as place, r.indicator, r.begun_in as begun,
       case when b.indicator is not null or r.who = ''
            then concat('#', cast(h.nth * 4294967296 + r.row as varchar)) else r.who end as person,
       r.unit, r.entity, r.home, r.start,
       coalesce(j.keeper, k.keeper, l.keeper, '') as judged,
       case when r.begun_in <> r.year then 1 else 0 end as of_another_year
from (
    select r.*, coalesce(p.person, case when r.number <> '' then r.number else r.filed_as end) as who,
           case when e.file is not null and r.start <> '' then substr(r.start, 1, 4)
                when r.begun <> '' then r.begun
                else r.year end as begun_in
    from rows r
    join stands s on s.file = r.file and s.entity = r.entity and s.kind = r.kind
    left join excused e
      on e.file = r.file and e.sheet = r.sheet and e.table = r.table and e.row = r.row
    left join refused f
      on f.file = r.file and f.sheet = r.sheet and f.table = r.table and f.row = r.row
    left join overtaken o
      on o.file = r.file and o.sheet = r.sheet and o.table = r.table and o.row = r.row
    left join same p on p.id_no = r.number
    where r.unit <> '' and f.file is null and o.file is null and (not r.fault or e.file is not null)
) r
join sheets h on h.file = r.file and h.sheet = r.sheet and h.table = r.table
left join by_row b on b.indicator = r.indicator
left join judged j
  on j.person = r.who and j.indicator = r.indicator and j.year = r.begun_in
left join judged k on k.person = r.who and k.indicator = r.indicator and k.year = ''
left join judged l on l.person = r.who and l.indicator = '' and l.year = ''
