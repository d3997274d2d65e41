-- By unit: the persons who count in the year, and how many of them a warning speaks of or an open question
-- of who is who; of each indicator she is one person more.
with warned as (
    select distinct i.file, i.sheet, i.row
    from issues i join about a on i.severity = a.severity where i.row > 0
),
asked as (
    select id_a as number from pairs union select id_b as number from pairs
),
counted as (
    select r.keeper, case when w.file is not null or q.number is not null then 1 else 0 end as doubtful
    from rows r
    join about a on r.begun = a.year
    left join warned w on w.file = r.file and w.sheet = r.sheet and w.row = r.row
    left join asked q on q.number = r.number
    where r.fate = 'counted'
)
select keeper as entity, count(*) as persons, cast(sum(doubtful) as bigint) as doubtful
from counted
group by keeper
order by keeper
