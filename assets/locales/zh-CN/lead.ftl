# 线索
lead-list-title = 线索
lead-new-title = 新建线索
lead-new-save = 建立草稿
lead-list-agencies = { $n } 家单位
lead-list-not-acknowledged = 待签收
lead-new-next = 建立后可继续登记涉案主体、地点、商品链接和证据。

# 状态与环节
lead-state-draft = 草稿
lead-state-in_review = 审核中
lead-state-approved = 已批准
lead-state-withdrawn = 已撤回
lead-state-trashed = 回收站

# 案源、发送身份、处罚类别
lead-source-risk_model = 风险模型
lead-source-brand_notice = 权利人通知
lead-source-complaint = 投诉举报
lead-source-test_purchase = 测试购买
lead-source-agency_request = 机关协查
lead-source-other = 其他
lead-role-reporter = 举报人
lead-role-accuser_joint = 控告人（会同权利人）
lead-role-assisting = 协助单位
lead-track-criminal = 刑事
lead-track-administrative = 行政

# 字段
lead-field-title = 标题
lead-field-summary = 线索摘要
lead-field-region = 地区
lead-field-occurred-from = 行为开始日期
lead-field-occurred-to = 行为结束日期
lead-field-estimated-value = 估计金额
lead-field-estimated-value-amount = 估计金额
lead-field-estimated-value-fen = 估计金额（分）
lead-field-estimated-value-qualifier = 确定程度
lead-field-estimated-value-basis = 金额口径
lead-field-source = 案源
lead-field-source-kind = 案源
lead-field-source-note = 案源说明
lead-field-sender-role = 本单位身份
lead-field-charge-q = 查找罪名或违法行为
lead-field-charges = 涉嫌罪名与违法行为
lead-field-brands = 品牌
lead-field-rights-holder = 权利人
lead-field-brand = 品牌名称
lead-field-reason = 撤回理由
lead-field-assignee = 经办人
lead-field-revision = 版本
lead-field-subjects-kind = 主体类别
lead-field-subjects-name = 名称或姓名
lead-field-subjects-identifier = 证照号、账号或号码
lead-field-subjects-region = 所在地区
lead-field-subjects-part = 在本线索中的作用
lead-field-subjects-note = 备注
lead-field-sites-address = 详细地址
lead-field-sites-region = 地区
lead-field-sites-role = 地点用途
lead-field-sites-note = 备注
lead-field-listings-url = 商品网址
lead-field-listings-title = 商品标题
lead-field-listings-item-number = 商品编号
lead-field-listings-shop = 店铺
lead-field-listings-price = 标价
lead-field-listings-sold = 已售数量
lead-field-listings-seen-on = 查看日期

# 填写说明
lead-hint-title = 一句话写明品牌、商品和行为，例如“某品牌运动鞋网店涉嫌销售假冒注册商标的商品”。
lead-hint-summary = 写明发现经过、涉嫌行为、主体之间的关系和判断依据。草稿可暂缺，提交审核前须填写。
lead-hint-source = 可写明模型名称、通知编号或协查函文号。
lead-hint-charges = 名称按行为发生时的法律列出。点开类别进行勾选，可多选。
lead-hint-brands = 多个品牌以顿号或逗号分开；没有登记过的品牌会自动建立。
lead-hint-rights-holder = 商标等权利的持有人全称。以“控告人（会同权利人）”身份移送时，至少一个品牌须写明权利人，移送函以其为控告人。再次添加同一品牌即可更改。
lead-brand-of = 权利人：{ $name }
error-lead-no-accuser = 以控告人身份移送，须写明权利人。请在“品牌”中为至少一个品牌填写权利人。
lead-hint-brand = 没有登记过的品牌会自动建立。

# 修改时的分栏
lead-tab-edit = 基本情况
lead-tab-charges = 罪名
lead-tab-brands = 品牌
lead-tab-subjects = 涉案主体
lead-tab-sites = 地点
lead-tab-listings = 商品链接
lead-unlisted = 尚未登记：{ $parts }。如有，请在编制卷宗前补充（已编制的须重新编制）；确无的可不登记，移送函和线索调查报告中不列。
lead-tab-evidence = 证据

# 主体、地点、商品链接
subject-add-title = 添加涉案主体
subject-edit-title = 更正涉案主体
subject-hint-identifier = 身份证件号、统一社会信用代码、账号、电话或车牌。填写后，系统能认出其他线索中的同一主体。
subject-hint-name = 按证件或页面所示填写，例如：张某、广州好运鞋业有限公司、店铺名称、账号昵称。
subject-hint-part = 例如：店铺经营者、货源供应人、仓库承租人。
site-add-title = 添加地点
site-edit-title = 更正地点
site-hint-address = 写到门牌或楼层房号，不必重复地区名称。
site-role-production = 生产
site-role-storage = 仓储
site-role-sale = 销售
listing-add-title = 添加商品链接
listing-hint-url = 完整网址，例如 https://shop.example/item?id=520013。
listing-hint-item-number = 平台的商品编号，例如 520013。
listing-hint-shop = 页面所示店铺名称，例如：好运鞋店。
listing-hint-sold = 页面所示销量，填整数，例如 1,024。
listing-edit-title = 更正商品链接
listing-price = 标价 { $amount }
listing-sold = 已售 { $n } 件
listing-seen = 查看于 { $date }

# 同时修改

# 办理
lead-act-trash = 移入回收站
lead-act-withdraw = 撤回线索
lead-trash-text = 草稿可随时从回收站恢复，编号不再另用。
lead-withdraw-title = 撤回线索
lead-withdraw-text = 撤回后线索不能提交审核，也不能移送；已封存的卷宗和已发出的移送不受影响，须另行处理。需要时可以重新打开。
lead-assign-title = 指定经办人
lead-assign-text = 经办人与建立人一样可以修改、提交和撤回这条线索。
lead-assign-nobody = 不另指定，由建立人办理
flash-lead-created = 草稿已建立。
flash-lead-saved = 已保存。
flash-lead-removed = 已移除。
flash-lead-withdrawn = 线索已撤回。
flash-lead-reopened = 线索已重新打开，可以修改。
flash-lead-trashed = 线索已移入回收站。
flash-lead-restored = 线索已恢复为草稿。
flash-lead-assigned = 经办人已更新。
flash-subject-found = 系统中已有同一主体，已与本线索关联。本线索按您填写的名称显示，其他线索中的名称不变。

# 错误
error-region-unknown = 没有找到这个地区。请填写六位代码，或“省市区”全称，例如：浙江省杭州市西湖区。
error-region-ambiguous = 可能是这些地区：{ $choices }。请选择一个，或者填写全称、代码。
error-region-date = 该地区在行为发生时不存在。请核对地区或日期。
error-one-brand = 请一次填写一个品牌。
error-rights-holder-of-several = 一栏中有多个品牌时无法确定权利人属于哪一个，请把品牌分开填写。
error-rights-holder-differs = 同一品牌填写了不同的权利人，请只保留一个。
error-charge-not-picked = 没有选中罪名：“{ $text }”。请在下面选择一个，或清空此框后再提交。
error-charge-not-found = 没有选中罪名：没有与“{ $text }”相符的罪名或违法行为。请改写，或清空此框后再提交。
error-brand-none = 没有找到这个品牌，请填写名称或其中的字词。
error-brand-ambiguous = 可能是这些品牌：{ $choices }。请填写其中一个的全称。
error-charge-unknown = 没有这个罪名或违法行为，请从列表中选择。
error-charge-ambiguous = 可能是这些罪名或违法行为：{ $choices }。请选择一个，或填写代码。
error-charge-date = 该罪名在行为发生时尚未施行或已经废止。请核对罪名或日期。
error-unknown-field = 没有这个字段，请核对名称。
conflict-lead-changed = 该线索在您打开之后已有修改（可能出自他人，也可能出自您的其他页面），请核对后再保存。
conflict-lead-not-yours = 只有该线索的建立人或经办人可以进行这项操作。请联系他们，或请管理者指定您为经办人。
conflict-lead-in-review = 线索正在审核，不能修改。请先撤回提交，或等待审核结果。
conflict-lead-approved = 线索已批准，不能直接修改。请先重新打开，修改后再次提交审核。
conflict-lead-withdrawn = 线索已撤回。请先重新打开。
conflict-lead-trashed = 线索在回收站中。请先恢复。
conflict-lead-not-draft = 只有草稿可以进行这项操作。
conflict-lead-not-in-review = 线索不在审核中。
conflict-lead-open = 线索没有撤回，也未批准，不必重新打开。
conflict-lead-not-trashed = 线索不在回收站中。
conflict-lead-exists = 线索已经建立。
conflict-lead-was-approved = 线索曾经批准，可能已经移送，不能移入回收站。可以撤回。

# 列表
lead-list-all = 全部
lead-list-mine = 我建立或经办的
lead-list-owner = 经办人
lead-list-q = 编号或标题
lead-list-charge = 涉嫌罪名
lead-list-from = 建立日期自
lead-list-to = 建立日期至
lead-list-min = 金额不少于
lead-list-value = 估计金额（元）
lead-list-region-code = 区划代码
lead-list-empty = 还没有线索
lead-list-empty-text = 从一条可疑商品、店铺或通知开始，先建立草稿，再补充主体、地点和证据。
lead-list-cut = 含有该关键词的线索较多，此处只对其中最新的 { $n } 条排序。请缩小范围、改按编号排序，或者导出：导出文件包含的结果多得多，未包含全部时会注明。
lead-list-hits = 检索结果
lead-list-hits-cut = 含有该关键词的线索较多，本文件只包含其中最新的 { $n } 条。如需其余线索，请缩小范围或改按编号排序。
lead-list-empty-reader = 编制人建立线索后会在这里显示。
error-not-json = 请求内容不是有效的 JSON 对象。
error-json-text = 须为文本，写在引号内。
error-json-number = 须为数字，不加引号。
error-json-list = 须为列表。
error-json-object = 须为对象。
error-json-text-or-object = 须为文本或对象。
error-json-text-or-number = 须为文本或数字。
error-line-not-json = 该行不是有效的 JSON 对象。
error-line-cells = 该行有 { $has } 列，首行为 { $wanted } 列，请核对。
lead-list-more = 更多条件
lead-list-synthetic = 合成数据
error-qualifier-contradicts = 金额中的用词与所选的确定程度不一致，请改为一致。
lead-list-state = 状态
lead-list-sort = 排序
lead-list-agency = 移送对象
lead-reopen-title = 重新打开线索
lead-reopen-confirm = 重新打开后，线索回到草稿，可以修改；再次移送须编制新一版卷宗并重新审核。已封存的卷宗、已发出的移送和已登记的战果不受影响。
lead-trash-confirm = 移入回收站后，这条线索不再出现在列表和统计中，编号不另用。可随时从回收站恢复为草稿。
