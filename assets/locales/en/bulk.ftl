# Rows of a list that are ticked, and what is done to them at once
bulk-tick = Tick
bulk-tick-row = Tick { $row }
bulk-page = Tick this page
bulk-picked = { $n } selected
bulk-elsewhere = {", "}{ $n } of them on other pages
bulk-none-yet = Tick rows to work on several at once.
bulk-most = At most { $n } rows can be ticked.
bulk-clear = Clear
bulk-go-on = Work on the selected …
bulk-csv = Selected as CSV
bulk-xlsx = Selected as Excel
bulk-all = All that this filter finds …
bulk-previous = Previous page, keeping the ticks
bulk-next = Next page, keeping the ticks
bulk-selected = Selected rows
bulk-back = Back to the list
bulk-each = Each row is checked and handled by itself. A row that can’t be done is refused on its own, with the reason.
bulk-cut = More were chosen; these are the first { $n }.
bulk-lost = { $n ->
    [one] One of the chosen rows was not found.
   *[other] { $n } of the chosen rows were not found.
}
bulk-nothing = Nothing is ticked
bulk-nothing-text = Tick rows in the list, or narrow it by its filter and take all that it finds.
bulk-none = Tick at least one row.
bulk-leads-title = { $n ->
    [0] Selected leads
    [one] One selected lead
   *[other] { $n } selected leads
}
bulk-assign = Assign the selected
bulk-assign-owner = Nobody else; their owners work on them
bulk-submit = Submit the selected for review

# What became of them
bulk-result-lead-assign = Assigning leads: result for each
bulk-result-lead-submit = Submitting leads: result for each
bulk-done = { $n ->
    [0] None was done.
    [one] One was done.
   *[other] { $n } were done.
}
bulk-refused = { $n ->
    [one] One was refused; it is as it was.
   *[other] { $n } were refused; they are as they were.
}
bulk-same = { $n ->
    [one] One was so already; nothing changed there.
   *[other] { $n } were so already; nothing changed there.
}
bulk-what = Result
bulk-why = Reason
bulk-row-done = Done
bulk-row-same = As it was
bulk-row-refused = Refused
bulk-unknown = (not found)
bulk-not-found = Not found, or not visible to you.
bulk-again = Tick those that were refused
bulk-kept = This page is kept for a week.

audit-page-selected = Selected rows
audit-page-result = Result of an act on several rows
field-pick = Selected rows

# Rows that are looked at one after another
bulk-queue = One by one
bulk-queue-at = { $n } of { $of }
bulk-queue-previous = Previous
bulk-queue-next = Next
bulk-queue-go = Look at the selected one by one
bulk-queue-all = All that this filter finds, one by one
audit-page-queue = Rows to look at one by one
flash-review-approved-next = The previous one is approved and is being signed and packed. This is the next one.
flash-review-returned-next = The previous one is returned to its compiler. This is the next one.
flash-outcome-confirmed-next = The previous one is confirmed. This is the next one.
flash-outcome-rejected-next = The previous one is recorded as not confirmed. This is the next one.

# Transfers
bulk-transfers-title = { $n ->
    [0] Selected transfers
    [one] One selected transfer
   *[other] { $n } selected transfers
}
bulk-note = Take note of the selected
bulk-note-text = Only transfers that were returned, refused, not filed or forwarded can be taken note of; they then leave the list of what is waiting.
bulk-result-transfer-take-note = Taking note of transfers: result for each

# Guide
guide-all-rules-7 = Tick rows, over as many pages as you like, to work on several at once. Each is checked and recorded by itself, and a page shows the result for each. What must be looked at is opened one by one, never decided all together.
