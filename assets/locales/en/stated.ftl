# What an approver sees of the statement that a lead is no duplicate
review-distinct = Leads stated to be no duplicates
audit-fact-submitted-by = Submitted by
audit-fact-acts = For one to act on
