# The first page: what waits
home-title = To do
home-nothing = Nothing to do
home-all = See all ({ $n })
home-first = { $n ->
    [one] Only the first is shown here.
   *[other] Only the first { $n } are shown here.
}
home-due-soon = Due soon
home-changed = changed { $date }
home-submitted = submitted { $date }
home-drafts = My drafts
home-returned = Returned to me
home-supplements = Supplements asked for
home-unsent = Approved, not sent yet
home-freezing = Dossiers being made
home-messages = Messages to answer
home-reviews = Reviews waiting
home-drafts-returned = { $n ->
    [one] One of them was returned and is listed above.
   *[other] { $n } of them were returned and are listed above.
}
home-reviews-own = { $n ->
    [one] One more that you worked on; another person must review it.
   *[other] { $n } more that you worked on; another person must review them.
}
home-overdue = Overdue transfers
home-asked = Waiting for our supplement
home-outcomes = Outcomes to confirm
home-own-outcomes = Outcomes of your leads to confirm
home-new = New, to be acknowledged
home-jobs = Failed jobs
home-mail = Failed mail
home-keys = Keys of agencies to confirm
home-key-since = Registered { $date }; compare the fingerprint with the agency, then confirm
home-invitations = Open invitations
home-refused = Latest refused attempts
home-begin = Before you begin
home-begin-agencies = Enter an agency
home-begin-agencies-text = Leads go to agencies of the directory. Enter one first; the others can follow at any time.
home-begin-import = Import agencies
home-begin-import-text = If you have a table of them already, import all at once from a CSV file.
home-begin-compiler = Invite a compiler
home-begin-compiler-text = Compilers make leads, register evidence and put dossiers together.
home-begin-approver = Invite an approver
home-begin-approver-text = A dossier is approved by somebody who did not write in it. Liaisons can be invited once their agency is in the directory.
home-dossier = { $number } version { $version } · { $agency }
home-dossier-ready = Sealed, ready to send
home-dossier-working = Being made or sealed
home-year = This year so far
home-log = Audit log
home-year-leads = Leads sent
home-year-sent = Transfers
home-year-received = Leads acknowledged
home-year-accepted = Leads accepted
home-year-filed = Cases filed
home-empty-compiler = Start a lead, add evidence, then compose a dossier.
home-empty-compiler-act = New lead
home-empty-approver = Leads submitted for review appear here, and you are told by e-mail.
home-empty-approver-act = See reviews
home-empty-manager = Nothing is overdue or to be confirmed. You can look at the annual report.
home-empty-manager-act = See reports
home-empty-liaison = New transfers appear here by due date, and you are told by e-mail.
home-empty-liaison-act = See the inbox
home-empty-admin = No job or mail has failed. Accounts are here.
home-empty-admin-act = Manage accounts
home-empty-auditor = No attempt was refused lately. Search the log.
home-empty-auditor-act = See the log
home-forwards = Forwarded: to be dealt with by the platform
home-versions = New versions to acknowledge
home-decide = To decide on acceptance
home-forward = To be forwarded: found not to be within your competence
home-filing = To decide on filing
home-handling = Filed, with a time limit running
home-back = Returned, refused, not filed or forwarded: to be dealt with
home-rejected-outcomes = Outcomes that were not confirmed
home-receipts = Sent by others: paper receipts for you to record
home-forward-to = to { $agency }
home-forward-in-hand = that agency has the lead in hand, transfer { $number }
home-forward-decided = that agency decided not to file, transfer { $number }
home-paper = Agencies without accounts: to be recorded from their documents
home-paper-second = For what you sent yourself, obtain the receipt or document and upload its scan; another colleague records the steps from the scans. Once its scan is on file, a receipt is on that colleague’s page.
home-not-filed = Decisions not to file: a notice to serve, a reconsideration to decide, or the decision on a review to record
home-remedy = Decisions not to file: a notice to be served, or time to ask for reconsideration or review
home-revoked = Decision not to file revoked: a new version is to be sent
home-case-papers = Cases of agencies without accounts: scans for you to record from
home-scan-taken-in = scan uploaded { $date }
