# Accounts: how times are written, notices, sessions, showing oneself again, closing

time-before-noon = { $time } am
time-after-noon = { $time } pm
people-field-days = Dates
people-field-clock = Time of day
account-days-page = words in text, figures in tables
account-days-words = 5 Mar 2016
account-days-figures = 2016-03-05
account-days-hint = On all pages. Files that you export keep 2016-03-05 and 24 hours.
account-clock-24 = 24 hours (14:05)
account-clock-12 = 12 hours (2:05 pm)

# sessions and recovery codes
account-place-server = the server’s own machine
account-place-internal = internal network, { $address }
account-place-address = address { $address }
account-place-unknown = place unknown
account-session-ends = Ends at { $time } unless it is used before then.
account-codes-left = { $n ->
    [0] No recovery code is left: make new ones before you need one.
    [one] { $n } recovery code is left: make new ones soon.
   *[other] { $n } recovery codes left
}
account-codes-of = Account { $username }, { $time }
account-codes-text = Each code can be used once in place of a code from the authenticator app. Keep this apart from your password.
account-codes-save = Save as a text file
account-codes-print = Print

# showing again who one is
account-proof-title = Please confirm that it is you
account-proof-act = Before you continue with “{ $act }”, please confirm who you are, so that nobody else can do this in a session that was left open. You will not be asked again for ten minutes. What you filled in is kept.
account-proof-fetch = Before this file is released, please confirm who you are, so that nobody else can do this in a session that was left open. You will not be asked again for ten minutes. What you filled in is kept.
flash-proof-shown = Thank you. You will not be asked again for ten minutes; please press the button once more.
people-field-proof = Code or password
verb-session-prove = Confirmed identity again
audit-method-password = Password

# notices
account-notices-title = Notices by e-mail
account-notices-text = Mail goes to { $email } and says only that something is waiting, and where. “To do” shows everything that is waiting in any case.
account-notices-always = Invitations and links for a new password are always sent at once.
account-notices-none = No notices for your roles
account-notices-none-text = No notices are sent for your roles.
account-way-at-once = at once
account-way-digest = in one mail at 8:30 on working days
account-way-none = not at all
account-event-new-transfer = New transfers
account-event-new-transfer-hint = A lead was transferred or forwarded.
account-event-new-transfer-duty-hint = A lead was transferred or forwarded to your agency. The time limit for acknowledging it runs from then, so these notices can be collected but not switched off.
account-event-progress = Progress of a transfer
account-event-progress-hint = A transfer was accepted, refused, withdrawn or otherwise moved on.
account-event-supplement = Supplements
account-event-supplement-hint = A supplement was requested, or sent.
account-event-message = Messages
account-event-message-hint = The other side wrote on a transfer.
account-event-deadline = Time limits
account-event-deadline-hint = A time limit ends soon, or has ended.
account-event-deadline-duty-hint = A time limit that your agency has to keep ends soon or has ended. It may end on a day off, so this notice always comes at once.
account-event-review = Reviews
account-event-review-hint = A lead is waiting for your review, or a lead of yours was returned.
account-event-outcome = Outcomes
account-event-outcome-hint = An outcome is waiting to be confirmed.
account-event-forward = Forwards
account-event-forward-hint = A forward is waiting for you to decide what happens with it.
account-event-mention = Mentions
account-event-mention-hint = A colleague mentions you in a comment on a lead.
flash-notices-chosen = Your choice is saved.
verb-person-choose-notices = Chose notice settings
audit-fact-notices = Notices
notice-digest = Collected notices
job-notice-digest = Write summary mails
mail-digest-subject = { $count ->
    [one] { $count } notice from Lead Handoff
   *[other] { $count } notices from Lead Handoff
}
mail-digest-text = The following has happened since the last summary. Please sign in to see it.
mail-digest-act = Sign in
mail-digest-choose = Choose which notices you receive, and how
mail-digest-new-transfer = New transfers: { $n }
mail-digest-progress = Progress of transfers: { $n }
mail-digest-supplement = Supplements requested or sent: { $n }
mail-digest-message = Messages: { $n }
mail-digest-deadline = Time limits that end soon or have ended: { $n }
mail-digest-review = Reviews: { $n }
mail-digest-outcome = Outcomes to confirm: { $n }
mail-digest-forward = Forwards waiting: { $n }
mail-digest-mention = Comments that mention you: { $n }

# the warning before a session ends
account-ending-title = Are you still there?
account-ending-text = You have not done anything for a long time. To protect the cases you will be signed out soon; what you typed stays on this page.
account-ending-last = You have been signed in for a week, and this session ends soon whatever you do. Please send or save what you typed, then sign in again.
account-ending-left = { $time } left
account-ending-stay = Stay signed in
account-ending-close = Back to the page
account-ending-failed = The server can’t be reached at the moment. Please try again.
account-ended-title = You are signed out
account-ended-text = What you typed stays on this page. Sign in using a new tab, then come back here and continue.

# one’s own acts
account-activity-about = About
account-activity-from = From
account-activity-more = Details

# an account whose owner leaves
account-left-title = Open work
account-left-nothing = No open work that somebody would have to take over.
account-left-drafts = { $n ->
    [one] { $n } draft
   *[other] { $n } drafts
}
account-left-in-review = { $n ->
    [one] { $n } lead in review
   *[other] { $n } leads in review
}
account-left-under-way = { $n ->
    [one] { $n } approved lead still under way
   *[other] { $n } approved leads still under way
}
account-left-last-approver = { $n ->
    [one] This is the last approver; { $n } review waits, and nobody else can decide it.
   *[other] This is the last approver; { $n } reviews wait, and nobody else can decide them.
}
account-left-last-liaison = Nobody else at the agency can sign in. Its transfers under way: { $n }. Invite somebody there, or continue on paper.
account-left-liaison = Transfers of the agency under way: { $n }. Others there who can sign in and see them all: { $others }.
account-left-heir-hint = These leads are assigned to them. You see how many there are, not what they are about.
account-left-nobody = Nobody yet; a manager assigns them later
people-field-heir = Who takes over the leads
verb-lead-hand-over = Handed over the leads of a closed account
