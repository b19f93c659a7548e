# 时间
time-minutes = { $n } 分钟
time-hours = { $n } 小时
time-days = { $n } 天
error-date-empty = 请填写日期。
error-date-ambiguous = 这个日期的日和月分不清。请按 2016-12-09 的写法填写。
