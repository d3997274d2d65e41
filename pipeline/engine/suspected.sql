-- Pairs of ID numbers that may be one person. Compared only within blocks: the same name; names that
-- sound or look alike together with one intact half of the number. Never merged.
with keyed as (
    select id_no, name, sound, shape, phone, 'n' || name as block from people
    union
    select id_no, name, sound, shape, phone, 's' || sound || '/' || substr(id_no, 1, 8) from people
    union
    select id_no, name, sound, shape, phone, 's' || sound || '/' || substr(id_no, 9, 9) from people
    union
    select id_no, name, sound, shape, phone, 'g' || shape || '/' || substr(id_no, 1, 8) from people
    union
    select id_no, name, sound, shape, phone, 'g' || shape || '/' || substr(id_no, 9, 9) from people
),
pairs as (
    select distinct a.id_no as id_a, b.id_no as id_b,
           case when a.name = b.name then 1 else 0 end as same_name,
           case when a.sound = b.sound then 1 else 0 end as same_sound,
           case when a.phone <> '' and a.phone = b.phone then 1 else 0 end as same_phone
    from keyed a join keyed b on a.block = b.block and a.id_no < b.id_no
),
compared as (
    select id_a, id_b, max(same_name) as same_name, max(same_sound) as same_sound,
           max(same_phone) as same_phone,
           case when substr(id_a, 7, 8) = substr(id_b, 7, 8) then 1 else 0 end as same_birth,
           case when substr(id_a, 1, 1) <> substr(id_b, 1, 1) then 1 else 0 end
          + case when substr(id_a, 2, 1) <> substr(id_b, 2, 1) then 1 else 0 end
          + case when substr(id_a, 3, 1) <> substr(id_b, 3, 1) then 1 else 0 end
          + case when substr(id_a, 4, 1) <> substr(id_b, 4, 1) then 1 else 0 end
          + case when substr(id_a, 5, 1) <> substr(id_b, 5, 1) then 1 else 0 end
          + case when substr(id_a, 6, 1) <> substr(id_b, 6, 1) then 1 else 0 end
          + case when substr(id_a, 7, 1) <> substr(id_b, 7, 1) then 1 else 0 end
          + case when substr(id_a, 8, 1) <> substr(id_b, 8, 1) then 1 else 0 end
          + case when substr(id_a, 9, 1) <> substr(id_b, 9, 1) then 1 else 0 end
          + case when substr(id_a, 10, 1) <> substr(id_b, 10, 1) then 1 else 0 end
          + case when substr(id_a, 11, 1) <> substr(id_b, 11, 1) then 1 else 0 end
          + case when substr(id_a, 12, 1) <> substr(id_b, 12, 1) then 1 else 0 end
          + case when substr(id_a, 13, 1) <> substr(id_b, 13, 1) then 1 else 0 end
          + case when substr(id_a, 14, 1) <> substr(id_b, 14, 1) then 1 else 0 end
          + case when substr(id_a, 15, 1) <> substr(id_b, 15, 1) then 1 else 0 end
          + case when substr(id_a, 16, 1) <> substr(id_b, 16, 1) then 1 else 0 end
          + case when substr(id_a, 17, 1) <> substr(id_b, 17, 1) then 1 else 0 end as slips
    from pairs
    group by id_a, id_b
)
select id_a, id_b, same_name, same_sound, same_phone, same_birth, slips
from compared
where (same_name = 1 and (same_birth = 1 or slips <= 3 or same_phone = 1)) or slips <= 2
order by id_a, id_b
