# 未阅的变化
changes-title = 未阅的变化
changes-what = 他人办理的事项
changes-since = 自 { $when } 起，他人办理的、与您有关的事项：您名下的线索、您审核的卷宗、移送给贵单位的事项，或者您的角色所管理的事项；最新的在前，不含您自己的操作。在您点击“全部标为已阅”之前，一直列在这里。
changes-none = 没有新的变化
changes-none-text = 他人办理了与您有关的事项（如签收、受理、退回、来信、登记战果、提交审核、变更账号），会列在这里。
changes-mark-seen = 全部标为已阅
changes-other-agency = 其他单位
changes-arrived = 其他单位转来
changes-all = 查看全部变化
flash-changes-seen = 已标为已阅；此后的变化会再次列出。
home-group-overdue = 已逾期
home-group-today = 今天到期
home-group-week = 七天内到期
home-group-later = 以后到期
home-group-open = 无期限
