-- How many persons each sort of reference list names as sound, of lists that are of one unit alone.
select s.unit, l.name, count(distinct l.key) as persons
from reference_lines l
join sheets s on s.file = l.file and s.sheet = l.sheet
join sound m on m.name = l.name and m.meaning = l.meaning
group by s.unit, l.name
order by s.unit, l.name
