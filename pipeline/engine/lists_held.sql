-- How many lines each sheet of a reference list holds, and whether they all say the same.
select file, sheet, name, count(*) as lines, min(meaning) as least, max(meaning) as most
from reference_lines
group by file, sheet, name
