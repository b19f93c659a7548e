# 期限的显示
deadline-title = 期限
deadline-left-days = 剩 { $n } 天
deadline-left-hours = 剩 { $n } 小时
deadline-left-minutes = 剩 { $n } 分钟
deadline-late-days = 逾期 { $n } 天
deadline-late-hours = 逾期 { $n } 小时
deadline-late-minutes = 逾期 { $n } 分钟
deadline-kept = 按期完成
deadline-missed = 逾期完成
deadline-provisional = 暂定
deadline-side-agency = 承办单位
deadline-side-platform = 平台
deadline-agreed = 约定期限
