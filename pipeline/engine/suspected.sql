-- Pairs of ID numbers that may be one person. Compared only where something is wholly alike: the same
-- name (of a common one, with the same birth date, phone or one of four pieces of the number: three slips
-- leave one intact); names that sound or look alike with one intact half of the number, of the back half
-- one of three pieces (one slip, or two neighbours exchanged, leave one intact). Never merged.
-- A name that whole lists bear (dragged down a column: more than 50 born on one day, or 500 in one county)
-- says nobody is alike: its bearers are a chain, each paired with the next number alone, or pairs would grow
-- with the square of the list.
with people as (
    select distinct cast(substr(r.number, 1, 17) as bigint) as number, n.name, n.sound, n.shape, r.phone,
           cast(substr(r.number, 7, 8) as integer) as birth,
           cast(substr(r.number, 1, 8) as integer) as front,
           cast(substr(r.number, 9, 9) as integer) as back,
           cast(substr(r.number, 9, 3) as integer) as back_1,
           cast(substr(r.number, 12, 3) as integer) as back_2,
           cast(substr(r.number, 15, 3) as integer) as back_3,
           cast(substr(r.number, 1, 6) as integer) as piece_1,
           cast(substr(r.number, 7, 5) as integer) as piece_2,
           cast(substr(r.number, 12, 2) as integer) as piece_3,
           cast(substr(r.number, 14, 4) as integer) as piece_4
    from rows r
    join names n on n.folded = lower(r.name)
    where r.fate in ('counted', 'merged') and length(r.number) = 18
),
crowded as (
    select name from people group by name, birth having count(*) > 50
    union
    select name from people group by name, piece_1 having count(*) > 500
),
single as (
    select p.* from people p left join crowded c on c.name = p.name where c.name is null
),
chain as (
    select p.*, row_number() over (partition by p.name order by p.number, p.phone) as place
    from people p join crowded c on c.name = p.name
),
borne as (
    select name, count(*) as bearers from single group by name having min(number) <> max(number)
),
rare as (
    select p.* from single p join borne b on b.name = p.name where b.bearers <= 40
),
common as (
    select p.* from single p join borne b on b.name = p.name where b.bearers > 40
),
met (number_a, number_b, name_a, name_b, sound_a, sound_b, phone_a, phone_b) as (
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from rare a join rare b on a.name = b.name and a.number < b.number
    where a.birth = b.birth or (a.phone <> '' and a.phone = b.phone) or a.piece_1 = b.piece_1
       or a.piece_2 = b.piece_2 or a.piece_3 = b.piece_3 or a.piece_4 = b.piece_4
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from chain a join chain b on a.name = b.name and b.place = a.place + 1 and a.number < b.number
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from common a join common b on a.name = b.name and a.birth = b.birth and a.number < b.number
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from common a join common b on a.name = b.name and a.phone = b.phone and a.number < b.number
    where a.phone <> ''
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from common a join common b on a.name = b.name and a.piece_1 = b.piece_1 and a.number < b.number
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from common a join common b on a.name = b.name and a.piece_2 = b.piece_2 and a.number < b.number
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from common a join common b on a.name = b.name and a.piece_3 = b.piece_3 and a.number < b.number
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from common a join common b on a.name = b.name and a.piece_4 = b.piece_4 and a.number < b.number
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from single a join single b on a.sound = b.sound and a.front = b.front and a.back_1 = b.back_1 and a.number < b.number
    where a.name <> b.name
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from single a join single b on a.sound = b.sound and a.front = b.front and a.back_2 = b.back_2 and a.number < b.number
    where a.name <> b.name
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from single a join single b on a.sound = b.sound and a.front = b.front and a.back_3 = b.back_3 and a.number < b.number
    where a.name <> b.name
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from single a join single b on a.sound = b.sound and a.back = b.back and a.number < b.number
    where a.name <> b.name
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from single a join single b on a.shape = b.shape and a.front = b.front and a.back_1 = b.back_1 and a.number < b.number
    where a.name <> b.name
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from single a join single b on a.shape = b.shape and a.front = b.front and a.back_2 = b.back_2 and a.number < b.number
    where a.name <> b.name
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from single a join single b on a.shape = b.shape and a.front = b.front and a.back_3 = b.back_3 and a.number < b.number
    where a.name <> b.name
    union all
    select a.number, b.number, a.name, b.name, a.sound, b.sound, a.phone, b.phone
    from single a join single b on a.shape = b.shape and a.back = b.back and a.number < b.number
    where a.name <> b.name
),
pairs as (
    select number_a, number_b, cast(number_a as varchar) as digits_a, cast(number_b as varchar) as digits_b,
           max(case when name_a = name_b then 1 else 0 end) as same_name,
           max(case when sound_a = sound_b then 1 else 0 end) as same_sound,
           max(case when phone_a <> '' and phone_a = phone_b then 1 else 0 end) as same_phone
    from met
    group by number_a, number_b
),
compared as (
    select n.*,
           case when substr(n.digits_a, 7, 8) = substr(n.digits_b, 7, 8) then 1 else 0 end as same_birth,
              case when substr(n.digits_a, 1, 1) <> substr(n.digits_b, 1, 1) then 1 else 0 end +
              case when substr(n.digits_a, 2, 1) <> substr(n.digits_b, 2, 1) then 1 else 0 end +
              case when substr(n.digits_a, 3, 1) <> substr(n.digits_b, 3, 1) then 1 else 0 end +
              case when substr(n.digits_a, 4, 1) <> substr(n.digits_b, 4, 1) then 1 else 0 end +
              case when substr(n.digits_a, 5, 1) <> substr(n.digits_b, 5, 1) then 1 else 0 end +
              case when substr(n.digits_a, 6, 1) <> substr(n.digits_b, 6, 1) then 1 else 0 end +
              case when substr(n.digits_a, 7, 1) <> substr(n.digits_b, 7, 1) then 1 else 0 end +
              case when substr(n.digits_a, 8, 1) <> substr(n.digits_b, 8, 1) then 1 else 0 end +
              case when substr(n.digits_a, 9, 1) <> substr(n.digits_b, 9, 1) then 1 else 0 end +
              case when substr(n.digits_a, 10, 1) <> substr(n.digits_b, 10, 1) then 1 else 0 end +
              case when substr(n.digits_a, 11, 1) <> substr(n.digits_b, 11, 1) then 1 else 0 end +
              case when substr(n.digits_a, 12, 1) <> substr(n.digits_b, 12, 1) then 1 else 0 end +
              case when substr(n.digits_a, 13, 1) <> substr(n.digits_b, 13, 1) then 1 else 0 end +
              case when substr(n.digits_a, 14, 1) <> substr(n.digits_b, 14, 1) then 1 else 0 end +
              case when substr(n.digits_a, 15, 1) <> substr(n.digits_b, 15, 1) then 1 else 0 end +
              case when substr(n.digits_a, 16, 1) <> substr(n.digits_b, 16, 1) then 1 else 0 end +
              case when substr(n.digits_a, 17, 1) <> substr(n.digits_b, 17, 1) then 1 else 0 end as slips
    from pairs n
),
alike as (
    select * from compared
    where (same_name = 1 and (same_birth = 1 or slips <= 3 or same_phone = 1)) or slips <= 2
),
numbers as (
    select cast(substr(r.number, 1, 17) as bigint) as number, min(r.number) as id_no
    from rows r
    join (select number_a as number from alike union select number_b from alike) a
      on a.number = cast(substr(r.number, 1, 17) as bigint)
    where r.fate in ('counted', 'merged') and length(r.number) = 18
    group by cast(substr(r.number, 1, 17) as bigint)
)
select a.id_no as id_a, b.id_no as id_b, k.same_name, k.same_sound, k.same_phone, k.same_birth, k.slips
from alike k
join numbers a on a.number = k.number_a
join numbers b on b.number = k.number_b
order by id_a, id_b
