-- What became of the rows of each file.
select file, fate, count(*) as lines from rows group by file, fate order by file, fate
