unsent-title = Unsent entries
unsent-text = What you have typed into forms and not sent yet. Nobody but you can see it. It goes when the form is sent, or after thirty days in which nothing was typed.
unsent-none = Nothing is waiting to be sent.
unsent-filled = You have unsent entries, saved { $time }; the form below is filled with them.
unsent-overtaken = Others saved these changes after you began. When you send yours, both are put together field by field, and nothing of theirs is written over:
unsent-more =
    { $n ->
        [one] { $n } more unsent version of this form
       *[other] { $n } more unsent versions of this form
    }
unsent-blank = Keep them and begin an empty form
unsent-discard = Discard these entries
unsent-open = Go on
unsent-keep = Save without sending
unsent-saved = Saved at
unsent-local = No connection; kept on this computer and saved as soon as the connection is back
unsent-ended = Your session has ended; kept on this computer. Sign in using a new tab to go on
unsent-refused = Not saved; what you typed is still on this page.
unsent-lost = No connection, and nothing can be kept here; what you typed is still on this page, do not close it
unsent-in-leads = Lead
unsent-in-evidence = Evidence
unsent-in-dossiers = Composing
unsent-in-approvals = Review
unsent-in-transfers = Transfer
unsent-in-cases = Case
unsent-in-outcomes = Outcome
unsent-in-operations = Operation
unsent-in-agencies = Agency
unsent-in-admin = Invitation
unsent-in-views = Saved filter
flash-unsent-kept = Saved, and not sent yet.
flash-unsent-discarded = The entries were discarded.
error-page-kept = What you typed has been kept. You find it under “Unsent entries”.
error-unsent-too-large = That is too much text to keep unsent (at most { $max } KB); it is still on your page: go back and send it.
error-unsent-too-many = You have as many unsent forms as can be kept; send or discard some of them first.
