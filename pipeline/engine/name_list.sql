-- Who is counted in the year asked for, by the unit she counts for and her number.
select *, row_number() over () as list_seq
from (
    select r.*, coalesce(u.unit_name, r.counted_for) as list_unit_name,
           coalesce(u.prefecture_name, '') as list_prefecture_name
    from records r
    join asked a on r.indicator = a.indicator and r.year = a.year
    left join units u on u.code = r.counted_for
    where r.fate = 'counted'
    order by r.counted_for, r.id_no, r.file, r.sheet, r.row
)
