# 时间
time-minutes = { $n } 分钟
time-hours = { $n } 小时
time-since = { $day }起
time-until = { $day }止
time-days = { $n } 天
error-date-empty = 请填写日期。
error-date-ambiguous = 这个日期有两种读法：{ $one } 或 { $other }。请选定其一，或按年、月、日的顺序填写。
error-date-no-year = 缺少年份，请写明年、月、日，例如“2016年3月5日”。
error-date-none = 该日期不存在，请核对月份和日数。
error-time-none = 该时间不存在，请核对：小时为 0 至 23，分钟为 0 至 59。
error-date-range = 年份须在 1900 年至 2200 年之间。
