# What was called by its key, by the word for many, or not at all
notice-comment-mention = Mentioned in a comment
transfer-items-partly = Evidence list ({ $given } provided, { $withheld } withheld)
transfer-paper-package-partly = Package (evidence: { $given } provided, { $withheld } withheld)
dossier-none-fits = No agency on file fits this lead’s charges and places. Please search below, or ask an administrator to add the agency.
account-codes-never = No recovery codes have been made yet: make some before you need one.
account-codes-make = Make recovery codes
conflict-lead-not-yours-title = Not your lead
conflict-transfer-not-yours-title = Not your lead
error-page-to-leads = Open the lead
error-page-to-transfers = Open the transfer
error-page-to-cases = Open the case
error-page-to-outcomes = Open the outcome
error-page-to-dossiers = Open the dossier
error-page-to-approvals = Open the review
error-page-to-evidence = Open the item of evidence
story-next-evidence-alone = Next: add evidence.
