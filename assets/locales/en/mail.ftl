# Notices by e-mail (never with case content)

mail-hello = Hello,
mail-hello-name = Dear { $name },
mail-foot = This message was sent by Lead Handoff; please do not reply. For confidentiality it contains nothing about leads or cases: please sign in to see it.
mail-invitation-subject = { $organisation } invites you to Lead Handoff
mail-invitation-text = { $days ->
    [one] { $organisation } has opened an account for you in Lead Handoff. Your role: { $role }. Please follow the link within { $days } day and choose a username and a password. The link works once; do not pass it on.
   *[other] { $organisation } has opened an account for you in Lead Handoff. Your role: { $role }. Please follow the link within { $days } days and choose a username and a password. The link works once; do not pass it on.
}
mail-invitation-act = Set up my account
mail-password-reset-subject = Set a new password for Lead Handoff
mail-password-reset-text = { $hours ->
    [one] An administrator has started a password reset for you. Please follow the link within { $hours } hour and choose a new password. The link works once. If you did not ask for this, tell your administrator.
   *[other] An administrator has started a password reset for you. Please follow the link within { $hours } hours and choose a new password. The link works once. If you did not ask for this, tell your administrator.
}
mail-password-reset-act = Choose a new password
mail-transfer-sent-subject = New transfer: { $number }
mail-transfer-sent-text = { $organisation } has transferred a lead to your agency, transfer number { $number }. To do: { $asked }.
mail-transfer-sent-act = View and acknowledge
mail-transfer-forwarded-subject = Forwarded to you: { $number }
mail-transfer-forwarded-text = { $agency } has forwarded to your agency a lead that { $organisation } transferred, transfer number { $number }. To do: { $asked }.
mail-transfer-forwarded-act = View and handle it
mail-supplement-asked-subject = Supplement requested: { $number }
mail-supplement-asked-text = A supplement is requested on transfer { $number }. To do: { $asked }.
mail-supplement-asked-act = See what is requested
mail-supplement-answered-subject = Supplement sent: { $number }
mail-supplement-answered-text = { $organisation } has sent a supplement on transfer { $number }. To do: { $asked }.
mail-supplement-answered-act = View the supplement
mail-deadline-soon-subject = Due soon: { $number }
mail-deadline-soon-text = { $number }: the time limit for { $what } ends at { $due }.
mail-deadline-soon-act = Open the transfer
mail-deadline-passed-subject = Overdue: { $number }
mail-deadline-passed-text = { $number }: the time limit for { $what } ended at { $due }.
mail-deadline-passed-act = Open the transfer
mail-message-received-subject = New message: { $number }
mail-message-received-text = There is a new message on transfer { $number }. To do: answer it, or mark it as needing no answer.
mail-message-received-act = Read the message
mail-dossier-returned-subject = Returned: { $number }
mail-dossier-returned-text = { $number } was returned and has to be corrected and submitted again. Please sign in to see the reasons.
mail-dossier-returned-act = See the reasons
mail-approval-waiting-subject = Waiting for review: { $number }
mail-approval-waiting-text = Lead { $number } was submitted and is waiting for your review.
mail-approval-waiting-act = Review it
mail-outcome-to-confirm-subject = Outcome to confirm: { $number }
mail-outcome-to-confirm-text = An outcome on { $number } is waiting to be confirmed.
mail-outcome-to-confirm-act = Confirm it
mail-transfer-moved-subject = Transfer { $number } has moved on
mail-transfer-moved-text = The state of transfer { $number } has changed. To do: { $asked }.
mail-transfer-moved-act = View the transfer
mail-step-acknowledge = acknowledge it
mail-step-acknowledge-version = acknowledge the new version
mail-step-decide = decide whether to accept it
mail-step-filing = decide whether to file a case
mail-step-supplement = send the supplement
mail-step-mend = correct it and send it again
mail-step-note = read the reasons and decide whether to send it elsewhere
mail-step-remedy-ask = read the notice and decide whether to ask for reconsideration
mail-step-remedy-decide = decide the reconsideration
mail-step-remedy-record = record the decision on the review, once the next higher police have made it
mail-step-remedy-review = read the decision and decide whether to ask for a review by the next higher police
mail-step-remedy-anew = send a new version, so that a case can be filed
mail-step-remedy-decide-longer = nothing for now, as the time limit for deciding on the reconsideration was extended
mail-step-none = nothing, for your information
mail-forward-waiting-subject = A forward waits for you: { $number }
mail-forward-waiting-text = Transfer { $number } was forwarded to another agency, and you need to decide what happens with it. Please sign in to see it.
mail-forward-waiting-act = See what to do
