-- Every name that a sound row gives, as names are compared.
select distinct lower(name) as name from rows where fate in ('counted', 'merged') order by name
