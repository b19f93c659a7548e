# 页面框架与各页通用文字

colon = ：
layout-skip = 跳到正文
layout-menu = 菜单
layout-nav = 主导航
layout-search = 编号、标题或关键词
layout-other-language = English
layout-verify = 核验卷宗包
layout-demo = 演示环境 · 合成数据
layout-demo-text = 除注明公开来源的案件和数字外，线索、人员、证据和案件均为合成；公开案件未公布的日期也是合成的。
layout-demo-more = 说明
layout-script-late = 本页的脚本未能载入：搜索提示、逐个上传等功能暂不可用，表单仍可照常填写和提交。重新载入本页可再试一次。
layout-unreached = 连接不上系统，这次操作没有送出。请在网络恢复后再按一次。
layout-unreached-kept = 连接不上系统，这次操作没有送出。所填内容已保留，下次打开本页时也会填入；请在网络恢复后再按一次。

# 主导航（按线索流转的先后）
nav-home = 待办
nav-group-platform = 线索办理
nav-group-handover = 移送与案件
nav-group-results = 年报与日志
nav-group-directory = 名录
nav-group-admin = 系统管理
nav-leads = 线索
nav-approvals = 审批
nav-dossiers = 卷宗
nav-transfers = 移送
nav-inbox = 收件
nav-cases = 案件
nav-outcomes = 战果
nav-operations = 专项行动
nav-reports = 治理年报
nav-agencies = 单位
nav-brands = 品牌
nav-regions = 行政区划
nav-charges = 涉嫌罪名
nav-people = 账号
nav-audit = 审计日志
nav-jobs = 后台任务
nav-mail = 邮件
nav-settings = 设置
nav-trash = 回收站
nav-account = 我的账号
nav-api = 接口文档
nav-components = 页面组件

# 操作
action-save = 保存
action-cancel = 取消
action-back = 返回
action-edit = 修改
action-delete = 删除
action-remove = 移除
action-restore = 恢复
action-add = 添加
action-create = 新建
action-confirm = 确认
action-continue = 继续
action-search = 搜索
action-filter = 筛选
action-open = 查看
action-download = 下载
action-upload = 上传
action-copy = 复制
action-refresh = 刷新
action-close = 关闭
action-send = 发送
action-log-in = 登录
action-log-out = 退出
action-home = 返回待办

# 常用词
yes = 是
no = 否
required = 必填
optional = 选填
choose = 请选择
all = 全部
any = 不限
none = 无
not-given = 未填写
unknown = 不详
copied = 已复制
more = 更多
total = 合计
from = 自
to = 至
state = 状态
number = 编号
title = 标题
date = 日期
time = 时间
person = 人员
role = 角色
agency = 单位
region = 地区
amount = 金额
remark = 备注
reason = 理由
due = 期限
overdue = 已逾期
created = 建立时间
changed = 最近修改
prior-year = 上年
year-on-year = 同比
synthetic-days = 日期为合成
synthetic-days-note = 公开案件：事实和战果见所列公开来源。来源未给出的编制、审核、移送、签收、受理、立案日期为合成，办理经过中逐条注明。
public-source = 公开来源
synthetic = 合成

# 列表
filter-label = 筛选条件
filter-remove = （移除此条件）
filter-clear = 清除全部条件
pager-label = 翻页
pager-shown = 本页 { $n } 条
pager-previous = 上一页
pager-next = 下一页
tabs-label = 本页各部分
trail-label = 所在位置
list-empty = 没有符合条件的记录
list-empty-text = 请减少筛选条件，或更换关键词后重试。
file-size-exact = { $size }（{ $bytes } 字节）

# 线索流转
steps-label = 线索流转进度
step-done = 已完成
step-current = 进行中
step-todo = 未开始
step-partly = 部分完成
step-stopped = 到此终止
step-name-draft = 草稿
step-name-review = 审核
step-name-approved = 批准
step-name-sent = 移送
step-name-received = 签收
step-name-accepted = 受理
step-name-filed = 立案
step-name-outcome = 战果

# 表单
form-faulty = 有内容需要修改
form-changed = 已改动，提交时再检查
file-chosen = 已选文件：
file-drop = 将文件拖到此处，或点击选择文件。

# 填写提示（字段旁的错误信息，须说明如何改正）
error-required = 请填写此项。
error-choose = 请选择一项。
error-choose-many = 请至少选择一项。
error-too-long = 内容过长，最多 { $max } 个字符。
error-text-too-large = 填写的文字过长，未予接收。请缩短后重新提交，较长的材料请作为文件上传。
error-too-many = 数量过多，最多 { $max } 项。
error-not-understood = 无法识别，请核对。
error-unknown = 没有此项，请从列表中选择。
error-not-a-date = 日期无法识别，请按“2016-05-04”的格式填写。
error-not-a-time = 时间无法识别，请按“2016-05-04 09:30”的格式填写。
error-limit = 每页条数应在 1 至 200 之间。
error-not-a-number = 请填写数字（整数），例如 30。
error-not-an-integer = 请填写整数，不要小数。
error-not-whole = 请填写不小于 0 的整数，例如 1200 或 1,200。
error-not-negative = 不能为负数。
error-not-zero = 必须大于零。
error-too-large = 数值过大，最大为 { $max }。
error-date-order = 结束日期不能早于开始日期。
error-date-future = 日期不能晚于今天。
error-not-an-address = 电子邮件地址不正确，请检查后重填。
error-not-a-link = 网址不正确，请以 http:// 或 https:// 开头填写。
error-id-number-region = 这不是有效的居民身份证号码：开头的地区代码不存在，请核对。如为其他证件，请一并写明证件名称。
error-id-number-birthday = 这不是有效的居民身份证号码：其中的出生日期不存在，请核对。如为其他证件，请一并写明证件名称。
error-id-number-check = 这不是有效的居民身份证号码：末位校验码不符，请逐位核对。如为其他证件，请一并写明证件名称。
error-credit-code-check = 这不是有效的统一社会信用代码：校验码不符或含有不使用的字母（I、O、S、V、Z），请逐位核对。
error-not-a-phone = 电话号码不正确，只能包含数字、空格、加号和连字符。
error-not-a-code = 格式不正确，请按说明填写。
error-taken = 已被使用，请换一个。
error-mismatch = 两次输入不一致，请重新输入。
error-file-required = 请选择文件。
error-file-again = 请重新选择文件：{ $name }
error-file-name-unreadable = 文件名含有无法识别的字符，请更改文件名后重新上传。
error-file-empty = 文件为空，请重新选择。
error-withheld-unticked = 已填写不予披露的理由，但未标记不予披露。请标记；要披露的，请删去理由。
error-files-empty = 以下文件是空文件，请重新选择：{ $names }。其余文件未保存，请一并重新上传。
error-file-too-large = 文件过大，单个文件最大 { $max }。
error-control-characters = 含有不可显示的字符，请删除后重试。

# 错误页
flash-done-before = 该表单此前已提交并办理，未重复办理。这是办理结果。
error-page-reference = 如需协助，请将此编号告知管理员：
error-page-list = 前往“{ $name }”
error-page-status = 状态码 { $n }
error-page-400 = 请求无法识别
error-page-400-text = 提交的内容不完整或格式有误，请返回上一页重试。
error-page-403 = 请求被拒绝
error-page-403-text = 该请求不是由本系统的页面发出的，未作任何处理。请回到页面重新操作。
error-page-404 = 没有找到该页面
error-page-404-text = 地址可能有误，或该内容不在您的查看范围内。
error-page-405 = 不支持该操作
error-page-405-text = 请从页面上的按钮或链接进行操作。
error-page-409 = 当前状态下不能进行该操作
error-page-409-text = 在您打开页面之后，内容可能已被他人更改。请返回查看最新状态。
error-page-413 = 提交的内容过大
error-page-413-text = 请减小文件或分次上传。
error-page-429 = 操作过于频繁
error-page-429-text = 请在 { $n } 秒后重试。
error-page-500 = 系统出现错误
error-page-500-text = 本次操作没有完成，已录入的数据不受影响。错误已记录，请稍后重试。
error-page-507 = 存储空间不足
error-page-507-text = 本次提交未保存，此前的数据不受影响。请联系管理员清理或扩充存储空间后重试。
error-page-507-text-asked = 本次查看或下载未能完成，已有数据不受影响。请联系管理员清理或扩充存储空间后重试。
error-page-503 = 系统暂时不可用
error-page-503-text = 系统正在维护，或所依赖的服务暂时无法连接。请稍后重试。

# 列表导出
export-csv = 导出 CSV
export-xlsx = 导出 Excel
file-xlsx = Excel 工作簿（XLSX）
export-cut = 文件格式容纳不下更多行，其后的内容请用 CSV 导出。

# 页面组件示例页
components-facts = 基本情况
components-timeline = 办理经过
components-hint = 按实际情况填写，提交后可在经过中查看。
components-notice = 已保存。审核人将在待办中看到本线索，批准前仍可撤回提交并修改。
components-sealing = 正在封存卷宗
components-chart = 抓获人数与窝点数
