-- Pairs of ID numbers that may be one person. Compared only where something is wholly alike: the same
-- name with the same birth date, phone or one of four pieces of the number (three slips leave one
-- intact); names that sound or look alike with one intact half of the number. Never merged.
with people as (
    select distinct r.number as id_no, n.name, n.sound, n.shape, r.phone,
           substr(r.number, 7, 8) as birth,
           substr(r.number, 1, 8) as front, substr(r.number, 9, 9) as back,
           substr(r.number, 1, 6) as piece_1, substr(r.number, 7, 5) as piece_2,
           substr(r.number, 12, 2) as piece_3, substr(r.number, 14, 4) as piece_4
    from rows r
    join names n on n.folded = lower(r.name)
    where r.fate in ('counted', 'merged') and length(r.number) = 18
),
named as (   -- only names that several numbers bear
    select p.* from people p
    join (select name from people group by name having min(id_no) <> max(id_no)) s on s.name = p.name
),
met as (
    select a.id_no as id_a, b.id_no as id_b, a.name as name_a, b.name as name_b, a.sound as sound_a,
           b.sound as sound_b, a.phone as phone_a, b.phone as phone_b
    from named a join named b on a.name = b.name and a.birth = b.birth and a.id_no < b.id_no
    union all
    select a.id_no, b.id_no, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from named a join named b on a.name = b.name and a.phone = b.phone and a.id_no < b.id_no
    where a.phone <> ''
    union all
    select a.id_no, b.id_no, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from named a join named b on a.name = b.name and a.piece_1 = b.piece_1 and a.id_no < b.id_no
    union all
    select a.id_no, b.id_no, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from named a join named b on a.name = b.name and a.piece_2 = b.piece_2 and a.id_no < b.id_no
    union all
    select a.id_no, b.id_no, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from named a join named b on a.name = b.name and a.piece_3 = b.piece_3 and a.id_no < b.id_no
    union all
    select a.id_no, b.id_no, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from named a join named b on a.name = b.name and a.piece_4 = b.piece_4 and a.id_no < b.id_no
    union all
    select a.id_no, b.id_no, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from people a join people b on a.sound = b.sound and a.front = b.front and a.id_no < b.id_no
    where a.name <> b.name
    union all
    select a.id_no, b.id_no, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from people a join people b on a.sound = b.sound and a.back = b.back and a.id_no < b.id_no
    where a.name <> b.name
    union all
    select a.id_no, b.id_no, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from people a join people b on a.shape = b.shape and a.front = b.front and a.id_no < b.id_no
    where a.name <> b.name
    union all
    select a.id_no, b.id_no, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from people a join people b on a.shape = b.shape and a.back = b.back and a.id_no < b.id_no
    where a.name <> b.name
),
pairs as (
    select id_a, id_b,
           max(case when name_a = name_b then 1 else 0 end) as same_name,
           max(case when sound_a = sound_b then 1 else 0 end) as same_sound,
           max(case when phone_a <> '' and phone_a = phone_b then 1 else 0 end) as same_phone
    from met
    group by id_a, id_b
),
compared as (
    select id_a, id_b, same_name, same_sound, same_phone,
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
)
select id_a, id_b, same_name, same_sound, same_phone, same_birth, slips
from compared
where (same_name = 1 and (same_birth = 1 or slips <= 3 or same_phone = 1)) or slips <= 2
order by id_a, id_b
