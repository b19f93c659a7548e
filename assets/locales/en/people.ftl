# Accounts, signing in, administration

# roles
role-compiler = Compiler
role-approver = Approver
role-manager = Manager
role-admin = Administrator
role-auditor = Auditor
role-liaison = Liaison
role-compiler-hint = Drafts leads and dossiers, sends them, records what comes of them.
role-approver-hint = Reviews and approves dossiers, but never their own work. Needs a second factor.
role-manager-hint = Reads all leads, transfers, cases and figures, exports the annual report, reads the audit log. Assigns leads, sends dossiers, records progress and outcomes (also, with a second look, for agencies without accounts), deals with forwards, messages and longer time limits, runs operations, confirms agencies’ keys. Neither composes nor approves dossiers.
role-admin-hint = Accounts, agencies, mail, settings; this role sees no case content.
role-auditor-hint = Reads everything and the audit log, changes nothing; cannot be combined with another role.
role-liaison-hint = For one agency; sees only what was sent to it. Needs a second factor.
people-side = Side
people-side-platform = Platform
people-side-agency = Agency
people-side-auditor = Audit

# fields
people-field-username = Username
people-field-password = Password
people-field-new-password = New password
people-field-old = Present password
people-field-repeat = Password again
people-field-code = Code
people-field-name = Name
people-field-email = E-mail
people-field-language = Language
people-field-roles = Roles
people-field-agency = Agency
people-field-q = Username, name or e-mail
people-field-kind = Kind of job
people-field-state = State
people-field-role = Role
people-field-side = Side
people-field-template = Kind of mail
people-email-hint = For notices that something is waiting; case content is never sent by mail.
people-username-rules = 3 to 32 lower-case letters, digits, dots, underscores and hyphens; the first must be a letter or digit.
people-password-rules = { $min ->
    [one] At least { $min } character; no common password, and nothing based on your name, username or address. Several unrelated words work well.
   *[other] At least { $min } characters; no common password, and nothing based on your name, username or address. Several unrelated words work well.
}

# signing in
people-login-title = Sign in
people-login-help = Accounts are opened by an administrator’s invitation. If you forgot your password or can’t sign in, ask your administrator.
people-wait-title = Too many attempts
people-wait-text = To protect the account, attempts are suspended. Please try again in { $wait }.
people-wait-seconds = { $s ->
    [one] { $s } second
   *[other] { $s } seconds
}
people-wait-minutes = { $m ->
    [one] { $m } minute
   *[other] { $m } minutes
}
people-wait-both = { $m ->
    [one] { $m } minute
   *[other] { $m } minutes
} { $s ->
    [one] { $s } second
   *[other] { $s } seconds
}
people-to-login = Go to the sign-in page
error-login-wrong = Username or password is wrong; please check both and try again.
error-code-wrong = The code is wrong or has expired; please enter the one that the app shows now.
error-code-used = This code has just been used; please wait for the next one. This does not count as a failed attempt.
error-code-wait = Too many attempts. Please try again in { $wait }.
flash-logged-out = You are signed out.

# second factor
people-factor-title = Second factor
people-factor-hint = The six digits from your authenticator app, or one of your recovery codes.
people-factor-first-hint = The six digits that the app shows now.
people-factor-leave = Sign in with another account
people-factor-on = Set up
people-factor-off = Not set up
people-factor-set-up-title = Set up the second factor
people-factor-obliged = Your role requires a second factor before you can go on.
people-factor-step-one = First: add it to your authenticator app
people-factor-step-two = Second: confirm with a code
people-factor-scan = Scan this with an authenticator app (any that knows TOTP):
people-factor-picture = QR code for the authenticator app; if you can’t scan it, use the secret below.
people-factor-open-app = Open in an authenticator app on this device
people-factor-type = Or type this secret into the app:
people-factor-known = Besides the password, signing in takes a code from your authenticator app.
people-factor-remove = Remove the second factor
people-factor-remove-title = Replace or remove
people-factor-remove-text = Without it the password alone is enough, and your API tokens end. For a new phone, remove it and set it up again.
people-factor-remove-obliged = You will have to set it up again at once before you can go on; your API tokens end.
people-codes-title = Recovery codes
people-codes-left = { $n ->
    [one] One recovery code is left. It stands in once for a code when your phone is not at hand.
   *[other] { $n } recovery codes are left. Each stands in once for a code when your phone is not at hand.
}
people-codes-renew = Make new recovery codes
people-codes-keep = Keep these recovery codes now
people-codes-once = They are shown this once, and each works once. Print or write them down, and keep them apart from the password.
people-codes-kept = I have kept them
flash-factor-set-up = The second factor is set up.
flash-factor-removed = The second factor was removed.
flash-codes-shown = Recovery codes are shown once and can’t be shown again. If you did not keep them, make new ones here; the old ones then stop working.
conflict-factor-known = The second factor is set up already. To replace it, remove it first.

# account
people-account = Account
people-profile = Profile
people-security = Security
people-manage = Manage
people-password-title = Change the password
people-password-obliged = Please choose a new password before you go on.
people-password-ends = Sessions on other devices end with it.
error-password-short = { $min ->
    [one] Too short: at least { $min } character.
   *[other] Too short: at least { $min } characters.
}
error-password-common = Too easy to guess; try several unrelated words.
error-password-wrong = This is not the present password; please try again.
error-password-same = The new password is the present one; please choose another.
error-username = A username has 3 to 32 lower-case letters, digits, “.”, “_” and “-”, and begins with a letter or digit.
error-username-taken = This username is taken; please choose another.
error-email-taken = This address belongs to another account; an address can have one account only.
error-email-not-free = This address can’t be used here. Please use another one, or ask the administrator.
conflict-email-taken = This address belongs to an account by now; it needs no invitation.
people-sessions = Where you are signed in
people-session-this = this device
people-session-since = since
people-session-end = End
people-sessions-end = End all others
people-last-used = last used
people-device-unknown = Unknown device
flash-account-saved = Your profile is saved.
flash-password-changed = The password is changed; sessions on other devices have ended.
flash-session-ended = That session has ended.
flash-sessions-ended = All other sessions have ended.
people-activity-title = My activity
people-activity-text = What your account did, as the audit log has it. If something was not you, change your password at once and tell an administrator.
people-activity-none = Nothing yet. Signing in, changing and looking at things is listed here.
people-act = Act
people-acts = Acts
people-done = done
people-refused = refused
people-by-token = by API token
people-never = never

# tokens
people-tokens-title = API tokens
people-tokens-text = A token lets a program call the API in your name, with your own roles and no more. Keep it like a password, and revoke it when it is no longer used.
people-tokens-none = No tokens yet
people-tokens-none-text = Create one below.
people-tokens-need-factor = API tokens need a second factor.
people-token-new = New token
people-token-make = Create the token
people-token-name = Name
people-token-name-hint = Where it is used, so that you recognise it, e.g. “sync script”.
people-token-scopes = Scopes
people-token-days = Valid for
people-token-expires = Expires
people-token-endless = never
people-token-live = valid
people-token-over = no longer valid
people-token-revoke = Revoke
people-token-once = Copy the token now; it is shown this once
people-scope-read = read
people-scope-write = write
people-scope-read-hint = Look things up
people-scope-write-hint = Create and change things
flash-token-revoked = The token is revoked.
conflict-no-tokens-liaison = This is a liaison’s account, and liaisons can’t have API tokens.
conflict-no-tokens-factor = This account can’t have API tokens yet: set up its second factor first.
error-token-scope = The token lacks the scope that this call needs (read or write).
error-idempotency-reused = This Idempotency-Key came with another request before; use a new one.
conflict-idempotency = A request with this Idempotency-Key is under way; try again shortly.

# invitations
people-invitation-title = Set up your account
people-invitation-text = You are invited to Lead Handoff as: { $roles }. Please choose a username and a password.
people-reset-title = Choose a new password
people-reset-text = A new password for the account { $username }. The old one and all sessions end with it.
people-invitation-over-title = This link is no longer valid
people-invitation-over-text = It was used, has expired or was revoked. Ask the administrator who sent it for a new one.
people-invite-title = Invite somebody
people-invite-text = A link that works once goes to the address; it is valid for 7 days, and they choose their own username and password.
people-invite-send = Send the invitation
people-roles-hint = The platform’s roles can be combined; auditor and liaison can’t be combined with any other role.
people-agency-hint = For liaisons only. Find the agency by name, pinyin or its initials and choose, or write its code: guangzhou jingzhen, gzjz.
people-invitation-sent = Invited
people-invitation-until = Valid until
people-invitation-open = waiting
people-invitation-expired = expired
people-invitation-resend = Send again
people-invitation-revoke = Revoke
people-invitations-none = No open invitations
people-invitations-none-text = People who accept appear among the accounts.
flash-invitation-sent = The invitation is on its way.
flash-invitation-written = The person is invited. No mail server is set up: the message is written to a file and not sent.
flash-invitation-rewritten = The invitation was written to a new file and not sent; the earlier link no longer works.
flash-invitation-resent = The invitation was sent again; the earlier link no longer works.
flash-invitation-revoked = The invitation was revoked.
conflict-invitation-over = This invitation was used or revoked.
error-two-sides = Roles of different sides can’t be combined: platform roles, auditor, or liaison.
error-liaison-agency = A liaison needs an agency; other roles have none.

# accounts
people-tab-accounts = Accounts
people-tab-invitations = Open invitations
people-last-login = Last sign-in
people-state-active = active
people-name-closed = { $name } (closed)
people-state-disabled = closed
people-disable = Close the account
people-own-roles = Nobody changes their own roles; another administrator does it.
people-disable-hint = Its sessions and tokens end at once and it can’t sign in; what it did stays. It can be opened again.
people-disabled-text = The account is closed and can’t sign in.
people-enable = Open the account again
people-reset-password = Send a link for a new password
people-reset-password-hint = It goes to their own address and is valid for 24 hours; the old password works until then. The API tokens of the account end at once.
people-reset-factor = Reset the second factor
people-reset-factor-hint = For those who lost phone and recovery codes. Make sure who is asking; their sessions and tokens end, and their passkeys are removed.
flash-person-roles-set = The roles are saved.
flash-person-disabled = The account is closed.
flash-person-enabled = The account is open again.
flash-person-reset-sent = A link for a new password was sent to their address.
flash-person-reset-written = No mail server is set up: the message with the link for a new password is written to a file and not sent.
flash-person-factor-reset = The second factor was reset.
conflict-job-under-way = The same work has been queued again already.
conflict-oneself = You can’t close your own account or change your own roles; ask another administrator.
conflict-last-admin = This is the last administrator. Appoint another one first.
conflict-person-disabled = This account is closed.
conflict-person-enabled = This account is open already.

# mail, jobs, system
people-mail-template = Kind
people-mail-to = To
people-mail-sent-at = Sent at
people-mail-none = No mail yet. Invitations, transfers and reminders will appear here.
people-mail-queued = waiting
people-mail-sent = sent
people-mail-written = written to file
people-mail-written-at = Written at
people-mail-file = File
people-mail-failed = failed
people-mail-folder = No mail server is set up: mail is not sent but written to the folder { $folder }.
people-mail-server = sent by the SMTP server
conflict-mail-sent = This message was sent, or written to its file, already.
flash-mail-retried = It is queued again and will be dealt with shortly.
people-jobs-none = No jobs. Sealing a dossier, for example, adds one here.
people-job-queued = waiting
people-job-running = running
people-job-done = done
people-job-failed = failed
people-progress = Progress
people-attempts = Attempts
people-finished = Finished
people-retry = Try again
flash-job-retried = The job is queued again.
job-mail-send = Send a message
job-mail-write = Write a message to a file
people-system-version = Version
people-system-database = Database
people-system-migrations = Number of schema changes
people-system-migrations-applied = Schema changes applied
people-system-demo = Demonstration data
people-settings-text = A flag takes precedence over an environment variable, that over lead-handoff.toml in the data folder, and that over the default. Passwords are not shown.
people-setting = Setting
people-value = Value
people-whence = Set by
people-whence-flag = flag
people-whence-environment = environment
people-whence-file = settings file
people-whence-default = default

# notices
notice-invitation = Invitation
notice-password-reset = Password reset
notice-transfer-sent = Transfer sent
notice-transfer-forwarded = Forwarded to an agency
notice-supplement-asked = Supplement requested
notice-supplement-answered = Supplement sent
notice-deadline-soon = Due soon
notice-deadline-passed = Overdue
notice-message-received = New message
notice-dossier-returned = Returned
notice-approval-waiting = Waiting for review
notice-transfer-moved = Progress on a transfer
notice-forward-waiting = Forward waiting
notice-outcome-to-confirm = Outcome to confirm

# what is on record
verb-session-open = Signed in
verb-session-strengthen = Entered the second factor
verb-session-end = Ended a session
verb-session-end-others = Ended all other sessions
verb-second-factor-set-up = Set up a second factor
verb-second-factor-renew-codes = Generated new recovery codes
verb-second-factor-remove = Removed a second factor
verb-person-create = Created an account
verb-person-change = Changed the profile
verb-person-set-password = Set a password
verb-person-set-roles = Set roles
verb-person-disable = Closed an account
verb-person-enable = Opened an account again
verb-person-reset-password = Sent a link for a new password
verb-token-create = Created an API token
verb-token-revoke = Revoked an API token
verb-invitation-create = Invited somebody
verb-invitation-resend = Sent an invitation again
verb-invitation-revoke = Revoked an invitation
verb-invitation-accept = Accepted an invitation
verb-mail-retry = Retried a mail
verb-mail-fail = Mail could not be sent
verb-job-retry = Retried a job
verb-page-view = Opened a page
verb-page-act = Attempted an act
people-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
error-invited-already = An invitation to this address is still open; send it again or revoke it on the page of invitations.
job-deadline-remind = Remind of time limits
job-dossier-freeze = Freeze a dossier
job-dossier-seal = Seal a dossier
job-dossier-package = Write a dossier’s package

# A form that was posted without being signed in
people-signed-out-title = You are signed out
people-signed-out-text = You were no longer signed in when you sent this, and nothing was done. What you typed is kept on this page: sign in using a new tab, then come back here and send it again.
people-signed-out-log-in = Sign in (opens a new tab)
people-half-in-title = Signing in is not complete
people-half-in-text = A step of signing in was missing when you sent this, and nothing was done. What you typed is kept on this page: finish signing in using a new tab, then come back here and send it again.
people-half-in-complete = Finish signing in (opens a new tab)
people-signed-out-kept = What is kept
people-signed-out-kept-text = The texts are shown below and can be changed; everything else is sent again as it was. What is on this page is gone when you close it; what was saved automatically before is found under “Unsent entries” once you are signed in.
people-signed-out-named = Kept ({ $n }): { $fields }.
people-signed-out-unseen = Not shown below, and sent again as they were: { $fields }.
people-signed-out-anew = Passwords, codes and files are not kept. Please enter or choose them again.
people-signed-out-files = Files chosen before: { $files }
people-signed-out-field = Text
people-signed-out-again = Send again
people-signed-out-not-kept = It is not certain that this came from one of our own pages, so what was typed is not kept. Please sign in and start again.
