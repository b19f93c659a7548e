# Time
time-minutes = { $n } min
time-hours = { $n } h
time-since = since { $day }
time-until = until { $day }
time-days = { $n } d
error-date-empty = Enter a date.
error-date-ambiguous = This date can be read in two ways: { $one } or { $other }. Choose one of them, or write year, month and day in this order.
error-date-no-year = The year is missing: write year, month and day, as in “5 March 2016”.
error-date-none = There is no such day. Check the month and the day.
error-time-none = There is no such time. Hours are 0 to 23, minutes 0 to 59.
error-date-range = The year must be from 1900 to 2200.
