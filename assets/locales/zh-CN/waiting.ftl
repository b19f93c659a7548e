# 待办清单：筛选条件
field-returned = 退回修改
lead-list-returned = 退回修改
audit-fact-returned = 退回修改
transfer-turn-platform-passing-sealing = 为{ $agency }编制的卷宗已批准，正在封存。封存后即可送交。
transfer-turn-platform-passing-closed = { $agency }已撤销或更名，不能再向其移送。请登记不再送交；需要移送承继单位的，另行编制卷宗移送。
review-duplicates-none = 没有需要核对的线索
review-duplicates-none-text = 目前没有与本线索相同的线索，可直接提交审核。
transfer-section-target = 受转送单位
transfer-section-reason = 转送理由
transfer-section-case = 案件信息
transfer-section-join = 并入已有案件
transfer-section-paper = 依据的文书
