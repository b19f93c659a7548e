# 审核人所见的不重复说明
review-distinct = 已说明不重复的线索
audit-fact-submitted-by = 提交人
audit-fact-acts = 待我处理
