# Administration: the first-run guide, settings, the machine
nav-system = System
nav-setup = First-run guide
home-guide-steps = { $done } of { $all } steps are done
home-guide-text = What this installation needs before the first lead can be handled: name, address, mail, agencies, people, keys, backup.
setup-text = What an installation needs before the first lead can be handled. Each step is ticked automatically once it is really done; the order is a suggestion.
setup-progress = Steps done
setup-done = done
setup-open = open
setup-waits = under way
setup-put-away = Hide the guide
setup-is-away = The guide is hidden and no longer appears under “To do”. It remains available here.
setup-line-file = Add this line to { $file }, then restart the program:
setup-line-command = On this machine:
setup-organisation = Your organisation’s name
setup-organisation-text = It appears as the sender on letters, in mails and on every package. Until it is set, a generic name is used.
setup-example-organisation = Name of your organisation
setup-address = The address under which others reach it
setup-address-text = Links in mails begin with it. With https:// the session cookie is sent encrypted only.
setup-factor = Your second factor
setup-factor-text = An authenticator app on your phone gives six digits at sign-in, so that a stolen password opens nothing.
setup-mail = Mail
setup-mail-text = Invitations, time limits and transfers are announced by mail. Send a test to your own address; the step is done once your mail server has accepted it. Then check whether it arrived.
setup-mail-send = Send a test to me
setup-mail-waits = The test is being sent
setup-mail-folder = Without a server, mail is written to
setup-mail-test = Last test
flash-setup-mail-queued = The test was queued. Its state is shown below.
setup-agency = A first agency
setup-agency-text = Leads go to agencies of the directory. Enter one, or import all at once from a table.
setup-colleague = A first colleague
setup-colleague-text = Whoever compiles may not approve, and an administrator sees no cases. Invite a compiler, an approver and a manager.
setup-colleague-invited = An invitation is open
setup-key = The master key, kept elsewhere
setup-key-text = It encrypts every other key, and no backup contains it: without it, all evidence is lost. Put a copy in a safe place off this machine, then confirm it here.
setup-key-mark = Fingerprint of the key
setup-key-said = Confirmed
setup-key-confirm = I have put a copy in a safe place
flash-setup-key-said = Noted: a copy of the master key is kept elsewhere.
setup-backup = A first backup
setup-backup-text = One command copies database and evidence while the program runs. Make a backup now, and schedule one for every day.
flash-setup-away = The guide is hidden. You find it under Administration › First-run guide.
setup-mark-key = a copy of the master key is kept elsewhere
setup-mark-away = hidden
people-settings-file = Settings file
people-settings-file-there = found
people-settings-file-none = not found; create it to set something in it
people-settings-restart = Changes take effect at the next start.
people-settings-ways = How to set it
people-mail-answer = The server’s answer
people-next-try = Next try
people-retry-failed = { $n ->
    [one] Retry the failed one
   *[other] Retry all { $n } that failed
}
flash-mails-retried = The failed mails were queued again.
flash-jobs-retried = The failed jobs were queued again.
conflict-nothing-failed = Nothing failed, so there is nothing to retry.
people-system-all-up = Everything that the program depends on is available.
people-system-some-down = Not available: { $parts }.
people-system-up = available
people-system-down = not available
people-system-answer = Response time
people-system-took = { $ms } ms
people-system-kind = Kind
people-system-size = Size
people-system-folder = Folder
people-system-place = Place
people-system-fallback = What is not there is read from
people-system-room = Disk space
people-system-room-of = { $left } of { $whole } left
people-system-room-short = only { $left } of { $whole } left
people-system-evidence = Evidence store
people-system-work = Jobs and mail
people-system-jobs-queued = Jobs waiting
people-system-jobs-running = Jobs running
people-system-jobs-failed = Jobs failed
people-system-mail-queued = Mails waiting
people-system-mail-failed = Mails failed
people-system-mail-way = Mail
people-system-late = entries wait
people-system-waiting = Entries not yet placed in the log
people-system-oldest = Oldest of them
people-system-log-size = Entries under the signed head
people-system-head-root = Root hash of the head
people-system-head-at = Head signed
people-system-origin = Name of the log
people-system-keys = Keys and backup
people-system-signer = Fingerprint of the signing key
people-system-master = Fingerprint of the master key
people-system-master-previous = Previous master key
people-system-master-needed = { $n ->
    [one] { $n } secret still needs it: run lead-handoff key rewrap
   *[other] { $n } secrets still need it: run lead-handoff key rewrap
}
people-system-master-free = no longer needed; LEAD_HANDOFF_MASTER_KEY_PREVIOUS can be taken out
people-system-master-lost = a master key is missing
people-system-backup = Last backup
people-system-backup-old = no recent backup
people-system-program = Program
people-system-clock = Clock
people-system-apart = Difference from the database’s clock
people-system-seconds = { $seconds ->
    [one] { $seconds } second
   *[other] { $seconds } seconds
}
people-system-clock-apart = clocks differ
notice-mail-test = Test
mail-mail-test-subject = Test: mail of { $organisation } arrives
mail-mail-test-text = { $name }, this message was sent from the first-run guide to test whether mail arrives. It did. There is nothing else to do.
mail-mail-test-act = Back to the guide
verb-mail-test = Sent a test mail
verb-setup-mark = Marked a step of the first-run guide
object-setup = First-run guide
audit-fact-setup = Step
audit-fact-key = Fingerprint of the key
setting-data = Data folder: settings file, and by default database, evidence and keys.
setting-listen = Address and port on which the program answers; put a TLS proxy in front of it.
setting-base-url = Address under which others reach it; links in mails begin with it. https:// makes cookies Secure.
setting-database-url = PostgreSQL for several servers; without it SQLite in the data folder.
setting-time-zone = For showing times and for a year’s figures.
setting-smtp-url = Mail server; without it mail is written as files to the folder mail.
setting-evidence-url = Where evidence is kept; without it the folder evidence in the data folder.
setting-evidence-fallback-url = The former store, while evidence is being moved: what is not in the new one is read from it.
setting-trusted-proxies = Proxies whose X-Forwarded-For is trusted; without it the log shows the proxy’s address.
setting-metrics = Who may read /metrics: this machine only (loopback), or everybody (open).
setting-rust-log = What is written to the program’s own log.
setting-log-format = Form of that log: text for people, json for machines.
setting-contact-role = Title of the contact person on letters.
setting-contact-phone = Phone number printed on letters.
setting-contact-address = Address printed on letters.
setting-mail-from = Sender of mails.
setting-organisation = The sender on letters and packages.
setting-master-key = What encrypts every other key: a file, a variable or a command. Never in a backup.
setting-master-key-previous = The former master key, while it is being changed: it opens what it wrapped and wraps nothing more.
setting-trusted-keys = Files with public keys that the command verify trusts.
setting-aws-access-key-id = Name of the bucket’s access key.
setting-aws-secret-access-key = The bucket’s access key.
setting-aws-session-token = Temporary session token for the bucket.
setting-aws-region = The bucket’s region.
setting-aws-endpoint = Address of the bucket, for stores other than Amazon’s.
setting-aws-allow-http = Whether the bucket may be reached without encryption.
people-system-machines = For other programs:

# API tokens
people-token-today = ends within a day
people-token-soon = { $n ->
    [one] ends in { $n } day
   *[other] ends in { $n } days
}
people-token-from = from
people-token-try = A first call, with the token in the variable TOKEN:
people-system-log = Audit log
