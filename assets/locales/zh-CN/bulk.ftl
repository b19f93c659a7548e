# 列表中勾选的各行，以及批量办理
bulk-tick = 勾选
bulk-tick-row = 勾选 { $row }
bulk-page = 勾选本页
bulk-picked = 已选 { $n } 条
bulk-elsewhere = ，其中 { $n } 条在其他页
bulk-none-yet = 勾选后可批量办理。
bulk-most = 最多勾选 { $n } 条。
bulk-clear = 清空
bulk-go-on = 办理所选…
bulk-csv = 所选导出 CSV
bulk-xlsx = 所选导出 Excel
bulk-all = 办理当前筛选的全部…
bulk-previous = 上一页（保留勾选）
bulk-next = 下一页（保留勾选）
bulk-selected = 所选记录
bulk-back = 返回列表
bulk-each = 逐条检查、逐条办理。某一条不符合条件的，仅该条不予办理，并说明原因。
bulk-cut = 所选过多，此处为前 { $n } 条。
bulk-lost = 所选记录中有 { $n } 条不存在。
bulk-nothing = 没有勾选任何记录
bulk-nothing-text = 请在列表中勾选，或设好筛选条件后办理其全部结果。
bulk-none = 请至少勾选一条。
bulk-leads-title = { $n ->
    [0] 所选线索
   *[other] 所选线索（{ $n } 条）
}
bulk-assign = 指定所勾选线索的经办人
bulk-assign-owner = 不另指定，由各自的建立人办理
bulk-submit = 将所勾选的线索提交审核

# 办理结果
bulk-result-lead-assign = 批量指定经办人：办理结果
bulk-result-lead-submit = 批量提交审核：办理结果
bulk-done = { $n ->
    [0] 没有办理任何一条。
   *[other] 已办理 { $n } 条。
}
bulk-refused = { $n } 条未办理，保持原状。
bulk-same = { $n } 条原本如此，无需变更。
bulk-what = 结果
bulk-why = 原因
bulk-row-done = 已办理
bulk-row-same = 无需变更
bulk-row-refused = 未办理
bulk-unknown = （不存在）
bulk-not-found = 该记录不存在，或您无权查看。
bulk-again = 勾选未办理的各条
bulk-kept = 本页保留七天。

audit-page-selected = 所选记录
audit-page-result = 批量办理结果
field-pick = 所选记录

# 逐条查看
bulk-queue = 逐条查看
bulk-queue-at = 第 { $n } 条，共 { $of } 条
bulk-queue-previous = 上一条
bulk-queue-next = 下一条
bulk-queue-go = 逐条查看所选
bulk-queue-all = 逐条查看当前筛选的全部
audit-page-queue = 逐条查看
flash-review-approved-next = 上一条已批准，正在签名并封存。这是下一条。
flash-review-returned-next = 上一条已退回编制人。这是下一条。
flash-outcome-confirmed-next = 上一条已确认。这是下一条。
flash-outcome-rejected-next = 上一条已记录为不予确认。这是下一条。

# 移送
bulk-transfers-title = { $n ->
    [0] 所选移送
   *[other] 所选移送（{ $n } 条）
}
bulk-note = 将所勾选的标为已阅
bulk-note-text = 仅被退回、不予受理、不予立案或转送的移送可标为已阅，标记后不再列入待办。
bulk-result-transfer-take-note = 批量标为已阅：办理结果

# 指南
guide-all-rules-7 = 勾选各行（可跨页）后批量办理：逐条检查、逐条留痕，并列出每条的办理结果。须逐条审阅的，依次打开，不能一次决定。
