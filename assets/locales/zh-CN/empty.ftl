# 空列表的提示
operation-cases-none = 还没有归入案件，可由编制人或管理者按案号归入。
operation-leads-none = 还没有归入线索，可由编制人或管理者按线索编号归入。
