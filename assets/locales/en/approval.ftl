# Approval
review-list-title = Approvals
review-title = Review: { $title }
review-empty = Nothing to review
review-empty-text = Leads that compilers submit appear here, and you are told by e-mail.
review-state-waiting = Waiting
review-state-approved = Approved
review-state-returned = Returned
review-state-withdrawn = Withdrawn
review-state-void = Void
review-field-q = Number or title
review-field-by = Submitted by
review-field-acts = For me to act on
review-field-remark = Remark
review-field-reasons = Reasons
review-field-code = Code
review-fact-submitted = Submitted
review-fact-writers = Written by
review-fact-approved = Approved
review-fact-returned = Returned
review-fact-returned-before = Returned before
review-asked-due = answer due: { $time }
review-fact-asked = Supplement asked for
review-files = { $n ->
    [one] 1 item of evidence
   *[other] { $n } items of evidence
}
review-withheld = { $n } withheld
review-changes = Since the last version
review-first = The first for this agency: nothing to compare with.
review-since = Compared with version { $n }
review-unchanged = nothing has changed.
review-more = { $n ->
    [one] One more change is not listed; see the documents.
   *[other] { $n } more changes are not listed; see the documents.
}
review-kind = Change
review-place = What
review-content = Content
review-added = Added
review-removed = Removed
review-changed = Changed
review-approve = Approve
review-approve-text = Approves all dossiers above, bound to their manifest hashes. They are then signed and packed.
review-code-hint = Six digits from your authenticator app, or a recovery code.
review-approve-passkey = Approve with a passkey
review-approve-weaker = Approve with a code (weaker)
review-passkey-text = Your passkey signs this approval: everybody who has a package of it can check that offline.
review-code-text = No passkey can sign this (you have none, the address of this system knows none, or the dossier was frozen before there were any): you approve by the code of your second factor, the weaker kind, as only the server says that it was you.
review-fact-signed = Approved with
review-signed-passkey = Passkey { $fingerprint }
review-signed-code = Code of the second factor (the weaker kind)
review-return = Return
review-return-text = The lead goes back to its compiler, who composes a new version and submits it again.
review-withdraw = Take back the submission
review-withdraw-text = The lead becomes a draft again, to be changed and submitted once more. The lead itself is not withdrawn.
review-place-title = Title
review-place-summary = Summary
review-place-charges = Charges
review-place-region = Region
review-place-brands = Brands
review-place-occurred-from = Occurred from
review-place-occurred-to = Occurred to
review-place-estimated-value = Estimated value
review-place-subjects = Subjects
review-place-sites = Sites
review-place-listings = Listings
review-place-items = Evidence
review-place-withheld = Withheld
review-place-sender = Sender
review-place-addressee = Addressee
review-place-origin = Origin

conflict-review-waits = The lead was submitted and is in review; it needs no other submission.
conflict-review-approved = The lead is approved already and needs no submission. To change it, reopen it first.
conflict-review-no-dossier = There is no dossier yet; compose one first.
conflict-review-again = The newest version was submitted before; compose a new one to submit again.
conflict-review-stale = Since the newest version was made the lead, its evidence or what was delivered has changed. Compose a new version, then submit.
conflict-review-no-evidence = The dossier holds no evidence and no fact; add some and compose a new version.
conflict-review-decided = This submission has been decided or withdrawn; nothing more can be decided about it.
conflict-review-writer = You have written in this lead, so you may not review it. Ask another approver.
conflict-review-freezing = Not every dossier is frozen yet; try again in a moment.
conflict-review-changed = A hash is not the one that you saw; nothing was approved. Look again, then decide.
flash-review-submitted = Submitted for review. Until it is approved you can take the submission back.
flash-review-approved = Approved; it is being signed and packed.
flash-review-returned = Returned to its compiler.
flash-review-withdrawn = The submission is taken back; the lead is a draft again.
review-state-all = All
