# Lists of what waits: what they are narrowed to
field-returned = Returned
lead-list-returned = Returned by an approver
audit-fact-returned = Returned
transfer-turn-platform-passing-sealing = The dossier for { $agency } is approved and being sealed. It can be sent once it is.
transfer-turn-platform-passing-closed = { $agency } was closed or renamed and can be sent nothing. Record that the forward is not sent on; where its successor is to have the lead, compose a dossier for that one.
review-duplicates-none = No lead looks like it
review-duplicates-none-text = Nothing has to be stated now; the lead can be submitted.
transfer-section-target = The other agency
transfer-section-reason = Why
transfer-section-case = The case
transfer-section-join = An existing case to join
transfer-section-paper = The document
