# How deadlines are shown
deadline-title = Time limits
deadline-left-days = { $n } days left
deadline-left-hours = { $n ->
    [one] { $n } hour left
   *[other] { $n } hours left
}
deadline-left-minutes = { $n } min left
deadline-late-days = { $n } days overdue
deadline-late-hours = { $n ->
    [one] { $n } hour overdue
   *[other] { $n } hours overdue
}
deadline-late-minutes = { $n } min overdue
deadline-kept = Met
deadline-missed = Met late
deadline-provisional = Provisional
deadline-side-agency = Agency
deadline-side-platform = Platform
deadline-agreed = Agreed
