# 账号：时间写法、通知、登录、操作确认、停用

time-before-noon = 上午{ $time }
time-after-noon = 下午{ $time }
people-field-days = 日期写法
people-field-clock = 时间写法
account-days-page = 按页面惯例（表格中用数字）
account-days-words = 2016年3月5日
account-days-figures = 2016-03-05
account-days-hint = 用于所有页面。导出的文件仍用 2016-03-05 和 24 小时制。
account-clock-24 = 24 小时制（14:05）
account-clock-12 = 12 小时制（下午2:05）

# 登录与恢复代码
account-place-server = 服务器本机
account-place-internal = 内部网络 { $address }
account-place-address = 地址 { $address }
account-place-unknown = 登录地点未知
account-session-ends = 如不再使用，将于 { $time } 自动退出。
account-codes-left = { $n ->
    [0] 恢复代码已用完，请尽快重新生成。
    [1] 只剩 1 个恢复代码，请尽快重新生成。
   *[other] 还有 { $n } 个恢复代码
}
account-codes-of = 账号 { $username }，{ $time }
account-codes-text = 每个代码可代替验证器的验证码使用一次。请妥善保管，不要与密码放在一起。
account-codes-save = 保存为文本文件
account-codes-print = 打印

# 再次确认身份
account-proof-title = 身份确认
account-proof-act = 继续“{ $act }”之前，请先确认身份，以免他人在您未退出的页面上操作；确认后十分钟内不再询问。已填写的内容会保留。
account-proof-fetch = 导出文件之前，请先确认身份，以免他人在您未退出的页面上操作；确认后十分钟内不再询问。已填写的内容会保留。
flash-proof-shown = 身份已确认，十分钟内不再询问。请再次点击刚才的操作。
people-field-proof = 验证码或密码
verb-session-prove = 再次确认身份
audit-method-password = 密码

# 通知
account-notices-title = 邮件通知
account-notices-text = 邮件发送到 { $email }，只说明有事项待办及所在页面。无论如何设置，“待办”中都会显示。
account-notices-always = 邀请、重置密码等与登录有关的邮件始终立即发送。
account-notices-none = 您的角色没有邮件通知
account-notices-none-text = 没有发给该角色的通知。
account-way-at-once = 立即发送
account-way-digest = 工作日 8:30 汇总发送
account-way-none = 不发送
account-event-new-transfer = 新的移送
account-event-new-transfer-hint = 收到移送或转送。
account-event-new-transfer-duty-hint = 贵单位收到移送或转送。签收期限自此起算，因此可以汇总发送，不能关闭。
account-event-progress = 移送进展
account-event-progress-hint = 移送被受理、不予受理、撤回或有其他进展。
account-event-supplement = 补充材料
account-event-supplement-hint = 收到补充材料的要求，或对方已补充材料。
account-event-message = 消息
account-event-message-hint = 对方在移送中发来消息。
account-event-deadline = 期限
account-event-deadline-hint = 期限将至或已过。
account-event-deadline-duty-hint = 贵单位的期限将至或已过。遵守期限是贵单位的职责，期限也可能在休息日届满，因此始终立即发送。
account-event-review = 审核
account-event-review-hint = 线索等待您审核，或您提交的线索被退回。
account-event-outcome = 战果
account-event-outcome-hint = 战果记录等待确认。
account-event-forward = 转送
account-event-forward-hint = 转送等待您处理。
account-event-mention = 评论提及
account-event-mention-hint = 同事在线索评论中提到您。
flash-notices-chosen = 通知设置已保存。
verb-person-choose-notices = 设置邮件通知
audit-fact-notices = 通知设置
notice-digest = 汇总通知
job-notice-digest = 编写汇总通知
mail-digest-subject = 线索移送系统：{ $count } 条通知
mail-digest-text = 上次汇总以来有以下事项，请登录系统查看。
mail-digest-act = 登录查看
mail-digest-choose = 设置接收哪些通知
mail-digest-new-transfer = 新的移送：{ $n }
mail-digest-progress = 移送进展：{ $n }
mail-digest-supplement = 补充材料：{ $n }
mail-digest-message = 新消息：{ $n }
mail-digest-deadline = 期限将至或已过：{ $n }
mail-digest-review = 审核：{ $n }
mail-digest-outcome = 待确认的战果：{ $n }
mail-digest-forward = 待处理的转送：{ $n }
mail-digest-mention = 提及您的评论：{ $n }

# 自动退出前的提醒
account-ending-title = 即将自动退出
account-ending-text = 长时间没有操作，为保护案件信息，即将自动退出。已填写的内容会保留在本页。
account-ending-last = 您已连续登录一周，即将退出，不能延长。请先提交或保存已填写的内容，再重新登录。
account-ending-left = 剩余 { $time }
account-ending-stay = 保持登录
account-ending-close = 返回页面
account-ending-failed = 暂时无法连接服务器，请重试。
account-ended-title = 您已退出登录
account-ended-text = 已填写的内容保留在本页。请在新标签页中登录，然后回到这里继续。

# 本人的操作
account-activity-about = 对象
account-activity-from = 来自
account-activity-more = 详情

# 离任人员的账号
account-left-title = 尚未办结
account-left-nothing = 没有需要他人接手的事项。
account-left-drafts = 草稿 { $n } 条
account-left-in-review = 审核中的线索 { $n } 条
account-left-under-way = 已批准、尚未办结的线索 { $n } 条
account-left-last-approver = 这是最后一名审核人，待审核 { $n } 件，停用后无人可以审核。
account-left-last-liaison = 该单位没有其他人可以登录，办理中的移送 { $n } 件。请邀请该单位其他人员，或改用纸质方式。
account-left-liaison = 该单位办理中的移送 { $n } 件，另有 { $others } 人可以登录并办理。
account-left-heir-hint = 由其担任这些线索的经办人。您只看到数量，看不到内容。
account-left-nobody = 暂不指定，由管理者另行指定
people-field-heir = 接手人
verb-lead-hand-over = 移交已停用账号的线索
