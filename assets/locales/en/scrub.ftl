# Reading stored files back, and alarms
alarm-title = Alarms about stored evidence
alarm-none = No alarm is open
alarm-none-text = Stored files are hashed anew one after the other, each within its period. Nothing is amiss.
alarm-text = These files are not as they were stored, are gone or cannot be read. Bring each back from a backup to the place shown, then press “Check again”: if the hashes agree, the alarm is over, on record. Until then no dossier that rests on them is composed, frozen or sealed.
alarm-path = Place in the store
alarm-holds = Evidence
alarm-held-none = No item has this file (it is a paper of a dossier, or of an item that was taken out)
alarm-held = Items: { $n }; compiled by { $names }
alarm-last = Last checked
alarm-check = Check again
alarm-bar-files = { $n ->
    [one] A stored file is not as it was stored, or cannot be read. See to it now.
   *[other] { $n } stored files are not as they were stored, or cannot be read. See to it now.
}
alarm-bar-items = { $n ->
    [one] The file of an item of your leads is not as it was stored, or cannot be read. Its dossiers cannot be composed or sealed for now.
   *[other] The files of { $n } items of your leads are not as they were stored, or cannot be read. Their dossiers cannot be composed or sealed for now.
}
flash-evidence-asked = It will be checked now. Reload in a moment to see what came of it.
evidence-fault-missing = The file is gone
evidence-fault-damaged = The file is damaged
evidence-fault-differs = It is not the file that was stored
evidence-fault-key = Its key cannot be opened
evidence-fault-unreadable = It could not be read however often it was tried
evidence-fault-whole = As it was stored
evidence-alarm-title = Alarm about this file
evidence-alarm-text = { $fault } (found { $time }). Until an administrator has brought the file back and had it checked again, no dossier with this item is composed, frozen or sealed.
evidence-never-read = Not hashed anew since it was stored
evidence-last-read = Last hashed anew
evidence-verify = Hash it anew now
conflict-evidence-alarm = The same file is stored already, but there is an open alarm about it: it is not as it was stored, is gone or cannot be read. An administrator has to bring it back first; then register it anew.
conflict-evidence-not-whole = There is an open alarm about this file: it is not as it was stored, is gone or cannot be read. Until that is over, nothing of it is shown. Ask an administrator.
error-evidence-alarm = There is an open alarm about the files of these items, so they cannot go into a dossier now: { $names }. Ask an administrator.
dossier-work-alarm = There is an open alarm about these files. The work waits, and goes on by itself once it is over: { $names }.
people-system-scrub = Reading back of stored files
people-system-alarm = an alarm is open
people-system-alarms = Open alarms
people-system-read-back = Read back within the period
people-system-read-back-of = { $done } of { $all }
people-system-never-read = Never read back
people-system-oldest-read = Oldest reading back
people-system-every = Each file every
people-system-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
setting-scrub-days = Every stored file is hashed anew at least once in so many days.
mail-evidence-alarm-subject = Lead Handoff: alarm about stored evidence
mail-evidence-alarm-text = { $count ->
    [one] A stored file is not as it was stored, is gone or cannot be read. Please sign in now, see which one it is, and bring it back from a backup.
   *[other] { $count } stored files are not as they were stored, are gone or cannot be read. Please sign in now, see which they are, and bring them back from a backup.
}
mail-evidence-alarm-act = See the alarms
notice-evidence-alarm = Alarm about stored evidence
job-evidence-scrub = Reading stored files back
job-covered-evidence-scrub = { $done } of { $all } that were due
job-covered-evidence-scrub-part = { $done } of { $all } that were due; the rest follows in the next batch
job-evidence-verify = Checking one stored file
home-alarms = Alarms about stored evidence
home-alarms-text = Stored files are not as they were stored, are gone or cannot be read. Bring them back from a backup now.
home-own-alarms = Alarms about your evidence
home-own-alarms-text = The files of these items are not as they were stored, are gone or cannot be read. Until the alarm is over, no dossier with them is composed or sealed.
verb-evidence-verify = Hashing an item anew asked for
verb-evidence-check-alarm = Check of a file with an alarm asked for
verb-evidence-alarm = Alarm about a stored file
verb-evidence-clear = Alarm about a stored file over
verb-evidence-verified = Stored file checked
verb-evidence-scrub = Stored files read back in a month
custody-evidence-check-alarm = Check asked for
custody-evidence-alarm = Alarm: found not as it was stored
custody-evidence-clear = Checked again as it was stored, alarm over
custody-evidence-verified = Hashing anew done
object-alarm = Alarm
object-blob = Stored file
audit-fact-fault = What is wrong
audit-fact-result = What it came to
audit-fact-month = Month
audit-fact-bytes = Bytes
audit-fact-faults = Faults
