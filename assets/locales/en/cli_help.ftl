# The help of the command line: the texts as the commands are declared, and the words of clap
help-cli-demo = Loads the 2016 sample into a folder of its own and serves it.
help-cli-serve = Runs the web app and its background work.
help-cli-lead = Leads, many at once.
help-cli-report = The annual report of a year.
help-cli-user = Accounts, from the machine itself.
help-cli-token = API tokens, from the machine itself.
help-cli-verify = Checks a sealed package offline.
help-cli-key = The key that seals and log heads are signed with, and the master key that wraps every other one.
help-cli-evidence = Where evidence is kept.
help-cli-agency = Agencies from a file.
help-cli-region = Regions from a file.
help-cli-calendar = Working days from a file.
help-cli-backup = Writes everything but the master key into a folder, while the servers run.
help-cli-restore = Puts a backup into an empty installation.
help-cli-check = Hashes every stored file anew; checks the audit log, references and counters.
help-cli-generate = Synthetic leads with all that comes of them, for load tests.
help-cli-lead-import = Takes leads in from a file, all of them or none.
help-cli-arg-data = Data folder.
help-cli-arg-database-url = Database URL (default: SQLite in the data folder).
help-cli-arg-base-url = How others reach the program.
help-cli-arg-evidence-url = Where evidence is kept: `s3://bucket/prefix` (default: a folder in the data folder).
help-cli-arg-master-key = What wraps every other key: `file:…`, `env:…` or `command:…`.
help-cli-arg-smtp-url = Mail server; others on this machine can read a password that stands here.
help-cli-arg-mail-from = Sender of mail.
help-cli-arg-time-zone = Zone for showing times and for a year's figures.
help-cli-arg-organisation = The sender on letters.
help-cli-arg-log = What goes into the log: `warn`, `lead_handoff=debug` …, as in `RUST_LOG`.
help-cli-arg-log-format = Form of the log: `text` or `json`.
help-cli-demo-data = Data folder of the demo (default: ./demo-data).
help-cli-demo-database-url = Database URL (default: SQLite in the data folder). Must be empty.
help-cli-arg-listen = Address and port to listen on.
help-cli-demo-reset = Remakes the folder but for its settings, and empties the database where it is a demo's.
help-cli-demo-no-serve = Loads the sample and ends.
help-cli-lead-import-file = JSONL, CSV or XLSX.
help-cli-lead-import-owner = Account of the compiler who will own the leads (default: the oldest compiler's).
help-cli-lead-import-again = Imports a file that was imported before once more.
help-cli-report-year = The year.
help-cli-report-as-at = As the ledger was at this time (default: now): 2026-01-31 (the end of that day) or 2026-01-31T18:00, both in the configured zone, or RFC 3339.
help-cli-report-lang = Language of CSV, XLSX and PDF: zh or en.
help-cli-report-output = Writes into a file instead of the standard output.
help-cli-user-add = Makes an account with a password for one login, alone on the last line.
help-cli-user-list = Lists the accounts: username, roles, state, name.
help-cli-user-disable = Closes an account; its sessions and tokens end.
help-cli-user-reset-password = Sets a password for one login, alone on the last line.
help-cli-user-reset-second-factor = Takes the second factor of somebody who lost it.
help-cli-arg-username = Name of the account, with or without `--username`.
help-cli-user-add-roles = compiler, approver, manager, admin, auditor or liaison; may be repeated.
help-cli-user-add-agency = Code of the agency, for a liaison.
help-cli-user-add-language = zh-CN or en.
help-cli-token-create = Makes a token for an account with a second factor; it is shown once, alone on the last line.
help-cli-token-create-user = The account in whose name the token acts.
help-cli-token-create-scopes = read or write; may be repeated.
help-cli-token-create-name = What it is called in the account's list.
help-cli-token-create-days = Days that it holds; without it, until it is revoked.
help-cli-verify-file = The package.
help-cli-verify-json = One JSON object instead of text.
help-cli-verify-report = Writes the check as a paper to sign (PDF) into this file, which must not be there yet.
help-cli-verify-public-key = File with the sender's public key (name+id+base64, as `lead-handoff key show` prints it, or PEM). Replaces pinned keys. An earlier key is as good where the package says how the later one follows from it.
help-cli-verify-timestamp-ca = File with the root certificates (PEM) that the authorities of time stamps must lead to. Replaces that of the settings.
help-cli-verify-witness = Key of a witness of the sender's audit log (name+id+base64, as `lead-handoff key witness` prints it there); may be given several times. It is said which of them cosigned the head of the log, and when.
help-cli-verify-receipt = The receipt of the package (receipt.json), to be checked against it by the same key.
help-cli-verify-receipt-signature = Its signature; by default the file beside it that ends in .sig.
help-cli-verify-receipt-key = The passkey that the recipient is known to have: a file with its public key (PEM), or its fingerprint (64 hex digits).
help-cli-verify-approver-key = The passkey that the approver is known to have: a file with its public key (PEM), or its fingerprint (64 hex digits). Without it a passkey that signed the approval is told with its fingerprint, and whose it is is not authenticated.
help-cli-verify-sha256-only = Hashes the files by SHA-256 alone, which is several times faster. It finds every changed byte; the SM3 values of the evidence list are not computed again, and the report says so.
help-cli-verify-note-1 = Exit codes: 0, whole and signed by a key that you gave or pinned; 1, not as it was sealed, or not authenticated; 2, nothing can be said: the package, a key or the receipt can't be read, or the report can't be written, as where there is such a file already: what was found is printed all the same, unless that file was there before. With --receipt 0 only where both are proved.
help-cli-verify-lang = zh or en; by default as the locale says (LC_ALL, LC_MESSAGES, LANG), else en.
help-cli-key-show = Prints the public key, as `verify --public-key` takes it; after a rotation below it the ones that went before, the last first, so that older packages are recognised too.
help-cli-key-show-pem = As PEM, for other programs.
help-cli-key-show-all = Former keys too, oldest first, each with the statement by which the one before vouches for it.
help-cli-key-rotate = Makes a new key, signed by the old one. Restart the servers afterwards.
help-cli-key-witness = Prints the public key by which this program cosigns the heads of other logs as their witness, for the settings of those logs (LEAD_HANDOFF_WITNESSES) and for `verify --witness`; makes it where there is none yet. After a restore it is another one.
help-cli-key-make = Makes a master key in a file that is not there yet; nothing is wrapped by it until `key rewrap`.
help-cli-key-make-file = The file; only its owner may read it.
help-cli-key-rewrap = Changes the master key while the servers run: whatever the one before wraps is wrapped by the new one. No stored file is touched. Stopped on its way, it goes on when it is run again.
help-cli-key-rewrap-new = The new key: `file:…`, `env:…` or `command:…` (default: LEAD_HANDOFF_MASTER_KEY, with the one before it in LEAD_HANDOFF_MASTER_KEY_PREVIOUS).
help-cli-evidence-migrate = Copies every stored file from one store into another while the servers run; nothing is taken out of the first.
help-cli-evidence-migrate-from = The store that is left.
help-cli-evidence-migrate-to = The store that is moved into.
help-cli-evidence-migrate-deep = Also reads, decrypts and compares what was in TO before.
help-cli-evidence-stamp = Asks for the time stamps over stored files and seals that were there before an authority was configured.
help-cli-agency-import = Adds and changes agencies by their code; columns that the file leaves out stay as they are.
help-cli-region-import = Adds regions and their new names; a code keeps its earlier names until the new one begins, and nothing that is on file is overwritten.
help-cli-calendar-import = Takes in the State Council's notice for a year: it replaces that year, and puts days of the years beside it to what is there. Running deadlines that waited for the notice are reckoned anew.
help-cli-calendar-import-year = The year of the notice (default: the one that most days of the file are of).
help-cli-calendar-import-force = Writes a year also when its number of working days is hard to believe.
help-cli-arg-file = CSV, UTF-8 or GB 18030.
help-cli-arg-dry-run = Checks everything, writes nothing.
help-cli-backup-folder = A folder that is empty or not there yet.
help-cli-restore-folder = A folder that `backup` wrote.
help-cli-check-tidy = Removes what interrupted uploads have left in the evidence store, once nothing else is wrong.
help-cli-generate-leads = How many leads.
help-cli-generate-seed = What the data are drawn from.
help-cli-generate-yes-mix-with-real-data = Generates beside real data, into their annual reports. Make a backup first.
help-cli-arg-help = Print help
help-cli-arg-version = Print version
help-cli-help = Print this message or the help of the given subcommand(s)
help-cli-lead-help = Print this message or the help of the given subcommand(s)
help-cli-user-help = Print this message or the help of the given subcommand(s)
help-cli-token-help = Print this message or the help of the given subcommand(s)
help-cli-key-help = Print this message or the help of the given subcommand(s)
help-cli-evidence-help = Print this message or the help of the given subcommand(s)
help-cli-agency-help = Print this message or the help of the given subcommand(s)
help-cli-region-help = Print this message or the help of the given subcommand(s)
help-cli-calendar-help = Print this message or the help of the given subcommand(s)
help-cli-word-usage = Usage:
help-cli-word-commands = Commands:
help-cli-word-arguments = Arguments:
help-cli-word-options = Options:
help-cli-word-settings = Settings:
help-cli-word-example = Example:
help-cli-word-default = { "[" }default:
help-cli-word-values = { "[" }possible values:
help-cli-agency-import-help = Print help (see more with '--help')
help-cli-word-columns = Columns:

# What stands below the options
help-cli-key-rotate-note-1 = While the master key is being changed, every server that runs has to know the new one first (LEAD_HANDOFF_MASTER_KEY_PREVIOUS): else this is refused, and nothing is changed.
help-cli-key-rewrap-note-1 =
    How a master key is changed:
      1. Make the new one: lead-handoff key make /etc/lead-handoff/master-2017.key
      2. Set LEAD_HANDOFF_MASTER_KEY to it (file:/etc/lead-handoff/master-2017.key) and LEAD_HANDOFF_MASTER_KEY_PREVIOUS to what stood there before; restart every server. Of several servers each first gets the new one as LEAD_HANDOFF_MASTER_KEY_PREVIOUS, so that none meets what it can't open.
      3. lead-handoff key rewrap
      4. Take LEAD_HANDOFF_MASTER_KEY_PREVIOUS out, and restart. Keep the old key as long as there are backups that were made with it.
help-cli-evidence-migrate-note-1 = FROM and TO are each a folder, file:///… or s3://bucket/prefix; buckets are opened with the AWS_… variables. Each file is read back from TO, decrypted, and compared with its registered SHA-256, SM3 and size. What has arrived of files that are still on their way goes along. Into a bucket one move goes at a time. Stopped on its way, the command goes on when it is run again: what is in TO already is passed over.
help-cli-evidence-migrate-note-2 =
    How to switch:
      1. Run it, as long as it takes; the servers go on.
      2. Set LEAD_HANDOFF_EVIDENCE_URL to TO and LEAD_HANDOFF_EVIDENCE_FALLBACK_URL to FROM, and restart every server: what is not in TO yet is read from FROM.
      3. Run it once more: it brings what came meanwhile.
      4. Take LEAD_HANDOFF_EVIDENCE_FALLBACK_URL out and restart.
help-cli-evidence-migrate-note-3 = Ends with 0 when everything is in TO, 1 when something is not (each file named, or what stopped it), 2 when it can't begin.
help-cli-evidence-stamp-note-1 = Each file and seal is asked for once by each authority of LEAD_HANDOFF_TIMESTAMP_URL; what was asked for before is passed over, so that the command can be stopped and run again. The servers that run ask the authorities, one stamp every five seconds.
help-cli-evidence-stamp-note-2 = Ends with 0, or with 2 when it can't be done.
help-cli-agency-import-note-2 = Of an agency on record, columns that are left out and empty cells keep what is there.
help-cli-calendar-import-note-1 = Columns: date, kind (holiday: a Monday to Friday that is off; workday: a Saturday or Sunday that is worked), name
help-cli-lead-import-note-1 = A JSONL file has one object a line, as POST /api/v1/leads takes it. The first line of a CSV file or sheet names the fields: title, summary, region, charges, brands, occurred_from, occurred_to, value, qualifier, basis, source, sender_role, subjects[0].kind, sites[0].address … Several charges or brands are set apart by semicolons.
help-cli-report-note-1 =
    Without --as-at the figures are those of now, and "as at" in the report is the moment of the last act that changed one
    of them: as long as none changes, the same report comes out.
    --as-at asks for what was on record then, not for what had happened by then. The rows of a demo happened in 2016 and
    were recorded when it was loaded: ask for a moment after that, as above. A moment
    before it, such as 2016-12-31, knows of none of them, and every figure is 0.
help-cli-backup-note-1 =
    The master key is not in a backup: keep it elsewhere; without it a backup can't be read.
    For PostgreSQL the program pg_dump must be there.
help-cli-restore-note-1 = The data folder may hold nothing but lead-handoff.toml and the master key of the backup (master.key, unless LEAD_HANDOFF_MASTER_KEY says otherwise). For PostgreSQL the program pg_restore must be there.
help-cli-check-note-1 = Ends with 0 when everything is in order, 1 with each fault named, 2 when it can't be checked.
help-cli-generate-note-1 = Makes leads of 2019 to 2025 with subjects, sites, listings, evidence, dossiers, approvals, transfers, cases and outcomes. Every row is marked synthetic; nothing is mailed.
help-cli-generate-note-2 = The same --seed and --leads give the same data: ids, texts, dates, states, links and amounts. Not the same are the folder's own things: accounts, agencies, keys and what they sign, entries of the audit log; and the numbers of leads, transfers and dossiers, which go on from those that the folder has.
help-cli-generate-note-3 = Evidence is a handful of files that all leads share. Dossiers have their hashes, approvals and seals, but no papers; their packages are one empty archive, which `verify` refuses.
help-cli-generate-note-4 = A folder in which nobody has an account yet becomes a demo's: it gets agencies and an account of every role, whose passwords are printed. A demo's folder is filled further. Any other is refused: the leads would enter its annual reports.
help-cli-about = lead dossiers from a platform's governance team to the authorities, with proof

# What is wrong with a command line
cli-fault-unknown-argument = Error: there is no argument “{ $name }”.
cli-fault-unknown-command = Error: there is no command “{ $name }”.
cli-fault-missing-argument = Error: an argument that is needed is missing: { $name }
cli-fault-missing-value = Error: “{ $name }” needs a value.
cli-fault-invalid-value = Error: “{ $value }” can’t be the value of “{ $name }”.
cli-fault-not-a-number = Error: “{ $name }” takes a whole number, not “{ $value }”.
cli-fault-conflict = Error: “{ $name }” can’t be used together with “{ $other }”.
cli-fault-twice = Error: “{ $name }” can be given once only.
cli-fault-values = Possible values: { $known }
cli-fault-suggested = Did you mean “{ $known }”?
cli-fault-help = For more, use --help.
