# Deadlines
deadline-running = Running
deadline-due-soon = Due soon
deadline-overdue = Overdue
deadline-met = Met in time
deadline-met-late = Met late
deadline-moot = No longer counts
deadline-moot-late = No longer counts, after it had run out
deadline-moot-why = What it was for has ended, taken another course, or is not asked for: this time limit no longer counts.
deadline-hours = { $n ->
    [one] 1 hour
   *[other] { $n } hours
}
deadline-natural-days = { $n ->
    [one] 1 calendar day
   *[other] { $n } calendar days
}
deadline-working-days = { $n ->
    [one] 1 working day
   *[other] { $n } working days
}
deadline-citation = { $law }, { $article }
deadline-none-on-file = No rule is on file for this date: { $name } ({ $law }).
deadline-told = What else the rules say
deadline-information-only = For information; no due date is computed.
deadline-waits-agency = Waits for the agency
deadline-waits-sender = Waits for the platform
deadline-waits-other = Waits for another party
deadline-agreed = Agreed time, adjustable per agency
deadline-title = Time limits
deadline-time-left = { $n } left
deadline-time-late = { $n } overdue
deadline-time-ended = Has ended
deadline-provisional-word = Provisional
deadline-side-agency = Agency
deadline-side-platform = Platform
deadline-side-other = Another authority
deadline-extended = Extended from { $old } to { $new }; source: { $source }; approved on { $day }
deadline-of-version = For version { $version } of the dossier
deadline-event-extended = Time limit extended: { $name }
deadline-extend-to = { $name } (to { $until })
deadline-extend-stated = Another date, as decided or agreed
deadline-extend-stated-hint = Give the new day and its source (article, collective decision, or what both sides agreed).
deadline-extend-up-to = Give the new day and its source; { $last } at the latest. An agreed time is extended once, by no more than its own length.
deadline-extend-explain = { $name }, due { $due } now. If an extension was approved, choose its source and say why; both sides see the old and the new due time, and reminders follow the new one.
deadline-do-extend = Extend
deadline-do-extend-open = Record an extension
error-extension-before-start = Approved before the time limit began.
error-extension-too-late = Approved after the time limit had ended; it can’t be extended then.
error-extension-not-later = The new day must come after the old due time.
error-extension-too-long = { $last } at the latest: counted from the old due day { $due }, an extension goes no further than the rule allows; an agreed time no further than its own length.
error-found-before-received = This is before the dossier was acknowledged; please check.
conflict-deadline-stopped = This time limit has ended and can’t be extended.
conflict-deadline-extended-once = An agreed time is extended once, by no more than its own length; this one has been.
conflict-deadline-not-extendable = The rules on file provide for no (further) extension of this time limit.
conflict-deadline-none-to-start = The time for forwarding is running already, or no rule on file applies to this agency.
