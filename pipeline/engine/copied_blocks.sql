-- Rows one after the other whose phones are, in the same order, those of rows one after the other somewhere
-- else, of other persons: each row is held against the row before it that bears the same phone.
with listed as (
    select r.place, cast(floor(r.place / 4294967296) as bigint) as list, r.person, r.phone
    from rows r join about a on r.year = a.year
    where r.fate <> 'superseded' and r.unit <> '' and r.person <> '' and r.phone <> ''
),
numbered as (
    select place, list, person, phone, row_number() over (partition by list order by place) as nth
    from listed
),
paired as (
    select place, list, nth, person, phone,
           lag(place) over (partition by phone order by place) as other,
           lag(list) over (partition by phone order by place) as other_list,
           lag(nth) over (partition by phone order by place) as other_nth,
           lag(person) over (partition by phone order by place) as other_person
    from numbered
),
copied as (
    select place, other, list, other_list, nth - other_nth as shift, phone,
           nth - row_number() over (partition by list, other_list, nth - other_nth order by nth) as block
    from paired
    where other is not null and person <> other_person
),
blocks as (
    select list, other_list, shift, block, min(place) as first, count(*) as persons
    from copied
    group by list, other_list, shift, block
    having count(distinct phone) >= (select min(least) from about)
),
both_sides as (
    select c.place, b.first, b.persons
    from copied c
    join blocks b on b.list = c.list and b.other_list = c.other_list and b.shift = c.shift and b.block = c.block
    union
    select c.other as place, b.first, b.persons
    from copied c
    join blocks b on b.list = c.list and b.other_list = c.other_list and b.shift = c.shift and b.block = c.block
)
select place, cast(first as varchar) as cluster, '' as value, persons, 0 as whole
from both_sides
order by place
