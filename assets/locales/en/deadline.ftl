# Deadlines
deadline-running = Running
deadline-due-soon = Due soon
deadline-overdue = Overdue
deadline-met = Met in time
deadline-met-late = Met late
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
deadline-citation-article = { $law }, art. { $article }
deadline-provisional = Provisional: the holidays are not published yet, the day may move.
deadline-rolled = The last day is a holiday; the period ends on the next working day.
deadline-none-on-file = No rule is on file for this date: { $name } ({ $law }).
deadline-information-only = For information; no due date is computed.
deadline-waits-agency = Waits for the agency
deadline-waits-sender = Waits for the platform
deadline-waits-other = Waits for another party
deadline-extendable = Can be extended: { $how }
deadline-agreed = Agreed time, changeable per agency
deadline-left = { $n ->
    [one] 1 working day left
   *[other] { $n } working days left
}
deadline-over = { $n ->
    [one] 1 working day overdue
   *[other] { $n } working days overdue
}
deadline-title = Time limits
deadline-time-left = { $n } left
deadline-time-late = { $n } overdue
deadline-provisional-word = Provisional
deadline-side-agency = Agency
deadline-side-platform = Platform
