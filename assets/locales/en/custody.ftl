# Custody sheets
custody-sheet-title = Custody sheet
custody-sheet-pdf = Custody sheet (PDF)
custody-sheet-csv = Custody sheet (CSV)
custody-person-title = Evidence handled by one person
custody-person-link = Evidence handled by one person
custody-person-text = What one person had to do with any evidence in a period: viewing, previewing, downloading, composing, sending, checking and so on, each with its time, act, object and entry in the log. Each printing is itself on record.
custody-field-person = Person
custody-field-from = From
custody-field-to = To
custody-hint-person = A username, a name, or the id of an account
custody-lead = Lead
custody-item-name = Name
custody-period = Period
custody-lines = Lines
custody-made = Printed
custody-head = Head of the audit log
custody-head-text = Size { $size }, signed { $time }, root hash { $root }
custody-foot = Audit log, size { $size }, root hash { $root }
custody-missing = No font of this document has the following characters (or they are invisible controls); the text shows their Unicode numbers instead:
custody-note = Each line is an entry of the audit log. “Log entry” gives its place in the log and its leaf hash, by which it can be looked up and checked there.
custody-note-no-where = Each line is an entry of the audit log. “Log entry” gives its place in the log and its leaf hash, by which it can be looked up and checked there. From where people acted is shown to auditors only.
custody-no-lines = Nothing is on record for this period.
custody-column-n = No.
custody-column-time = Time
custody-column-person = Person
custody-column-role = Role
custody-column-from = From where
custody-column-act = Act
custody-column-about = About
custody-column-reason = Reason
custody-column-place = Place in the log
custody-column-leaf-hash = Leaf hash
custody-column-entry = Log entry
custody-by-token = { $name } (by API token)
custody-role-program = The program
custody-open-end = open
error-custody-too-many = More than { $max } are on record. Ask for a shorter period.
verb-evidence-custody = Custody sheet printed
verb-audit-custody = Evidence handled by one person printed
custody-evidence-custody = Custody sheet printed
custody-dossier-package = Packed with a dossier
custody-transfer-withdraw = Withdrawn with a dossier
custody-transfer-acknowledge = Receipt acknowledged by the agency
custody-evidence-move = Moved to another store
custody-evidence-checked = Read and hashed anew with all stored files
custody-check-faults = { $n ->
    [one] One of all stored files was faulty
   *[other] Of all stored files { $n } were faulty
}
custody-backup-create = Copied into a backup with all stored files
custody-backup-restore = Brought back from a backup
custody-evidence-migrated = All stored files moved to another store
custody-move-partial = Some files could not be moved
custody-scheduled = Scheduled re-reading
custody-scheduled-text = { $days ->
    [one] Every day while the system runs
   *[other] At least once in { $days } days while the system runs
}, and not while it is off; found as it was stored { $n ->
    [one] once
   *[other] { $n } times
}, last { $time }
