-- How many persons each sort of reference list names as sound in each unit: that of the list where it is of
-- one alone, else that of her line, '' where neither says. Each person by her last line, and only whose
-- seventeenth digit is asked for.
with lines as (
    select l.name, l.key, l.meaning, case when s.unit <> '' then s.unit else l.unit end as unit,
           row_number() over (
               partition by l.name, l.key order by l.since desc, l.file desc, l.sheet desc, l.row desc
           ) as nth
    from reference_lines l
    join sheets s on s.file = l.file and s.sheet = l.sheet and s.name = l.name
)
select l.name, l.unit, count(*) as persons
from lines l
join sound m on m.name = l.name and m.meaning = l.meaning
join digits d on d.digit = substr(l.key, 17, 1)
where l.nth = 1
group by l.name, l.unit
order by l.name, l.unit
