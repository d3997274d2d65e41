-- What a field says as a number (years gone by at the end of the period, or an amount), and the band in which it
-- lies; nothing where it says no number. A birth that is typed without its day is held at the month.
with numbered as (
    select v.at,
           case a.by
               when 'years' then cast(substr(a.until, 1, 4) as double) - try_cast(substr(v.value, 1, 4) as double)
                   - case when substr(v.value, 6) > substr(a.until, 6, length(v.value) - 5) then 1 else 0 end
               else try_cast(regexp_extract(v.value, '^[0-9]+([.][0-9]+)?$') as double)  -- read as an amount
           end as n
    from valued v cross join about a
)
select n.n, coalesce(b.label, '') as word
from numbered n
left join bands b on n.n >= b.low and n.n < b.high
order by n.at
