# Time
time-minutes = { $n } min
time-hours = { $n } h
time-days = { $n } d
error-date-empty = Enter a date.
error-date-ambiguous = Day and month can't be told apart. Write the date as 2016-12-09.
