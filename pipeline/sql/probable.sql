-- Pairs that may be one person: equal name, and equal birth date or ID numbers at most three digits
-- apart in the first 17 (the check digit follows from them). Blocked on the name, never merged.
with pairs as (
    select a.id_no as id_a, b.id_no as id_b, a.name,
           substr(a.id_no, 7, 8) = substr(b.id_no, 7, 8) as same_birth,
           case when substr(a.id_no, 1, 1) <> substr(b.id_no, 1, 1) then 1 else 0 end
          + case when substr(a.id_no, 2, 1) <> substr(b.id_no, 2, 1) then 1 else 0 end
          + case when substr(a.id_no, 3, 1) <> substr(b.id_no, 3, 1) then 1 else 0 end
          + case when substr(a.id_no, 4, 1) <> substr(b.id_no, 4, 1) then 1 else 0 end
          + case when substr(a.id_no, 5, 1) <> substr(b.id_no, 5, 1) then 1 else 0 end
          + case when substr(a.id_no, 6, 1) <> substr(b.id_no, 6, 1) then 1 else 0 end
          + case when substr(a.id_no, 7, 1) <> substr(b.id_no, 7, 1) then 1 else 0 end
          + case when substr(a.id_no, 8, 1) <> substr(b.id_no, 8, 1) then 1 else 0 end
          + case when substr(a.id_no, 9, 1) <> substr(b.id_no, 9, 1) then 1 else 0 end
          + case when substr(a.id_no, 10, 1) <> substr(b.id_no, 10, 1) then 1 else 0 end
          + case when substr(a.id_no, 11, 1) <> substr(b.id_no, 11, 1) then 1 else 0 end
          + case when substr(a.id_no, 12, 1) <> substr(b.id_no, 12, 1) then 1 else 0 end
          + case when substr(a.id_no, 13, 1) <> substr(b.id_no, 13, 1) then 1 else 0 end
          + case when substr(a.id_no, 14, 1) <> substr(b.id_no, 14, 1) then 1 else 0 end
          + case when substr(a.id_no, 15, 1) <> substr(b.id_no, 15, 1) then 1 else 0 end
          + case when substr(a.id_no, 16, 1) <> substr(b.id_no, 16, 1) then 1 else 0 end
          + case when substr(a.id_no, 17, 1) <> substr(b.id_no, 17, 1) then 1 else 0 end as slips
    from names a join names b on a.name = b.name and a.id_no < b.id_no
)
select id_a, id_b, min(name) as name, max(cast(same_birth as integer)) as same_birth,
       min(slips) as slips
from pairs
where same_birth or slips <= 3
group by id_a, id_b
order by id_a, id_b
