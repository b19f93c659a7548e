# The frame of pages, and words that all pages share

colon = {": "}
comma = ,{" "}
semicolon = ;{" "}
between-choices = ;{" "}
pause = ,{" "}
layout-skip = Skip to content
layout-menu = Menu
layout-nav = Main navigation
layout-search = Number, title or keyword
layout-other-language = 中文
layout-verify = Verify a package
layout-demo = Demonstration · synthetic data
layout-demo-text = Leads, persons, evidence and cases are made up, except cases and figures that name a public source; even of these, days that were not published are made up.
layout-demo-more = About
layout-script-late = The script of this page did not load: suggestions, uploads one by one and the like are not there; forms can be filled in and sent as ever. Load the page again to try once more.
layout-unreached = Lead Handoff can’t be reached, and nothing was sent. Press once more when the line is back.
layout-unreached-kept = Lead Handoff can’t be reached, and nothing was sent. What you typed is kept, and offered again whenever you open this page; press once more when the line is back.

# Main navigation, by the way of a lead
nav-home = To do
nav-group-platform = Leads
nav-group-handover = Transfers and cases
nav-group-results = Report and log
nav-group-directory = Directory
nav-group-admin = Administration
nav-leads = Leads
nav-approvals = Approvals
nav-dossiers = Dossiers
nav-transfers = Transfers
nav-inbox = Inbox
nav-cases = Cases
nav-outcomes = Outcomes
nav-operations = Operations
nav-reports = Annual report
nav-agencies = Agencies
nav-brands = Brands
nav-regions = Regions
nav-charges = Charges
nav-people = Accounts
nav-audit = Audit log
nav-jobs = Background jobs
nav-mail = Mail
nav-settings = Settings
nav-trash = Trash
nav-account = My account
nav-api = API reference
nav-components = Page components

# Acts
action-save = Save
action-cancel = Cancel
action-back = Back
action-edit = Edit
action-delete = Delete
action-remove = Remove
action-restore = Restore
action-add = Add
action-create = Create
action-confirm = Confirm
action-continue = Continue
action-search = Search
action-filter = Filter
action-open = Open
action-download = Download
action-upload = Upload
action-copy = Copy
action-refresh = Refresh
action-close = Close
action-send = Send
action-log-in = Sign in
action-log-out = Sign out
action-home = Back to my work

# Common words
yes = Yes
no = No
required = required
optional = optional
choose = Please choose
all = All
any = Any
none = None
not-given = Not given
unknown = Unknown
copied = Copied
more = More
total = Total
from = From
to = To
state = State
number = Number
title = Title
date = Date
time = Time
person = Person
role = Role
agency = Agency
region = Region
amount = Amount
remark = Remark
reason = Reason
due = Due
overdue = Overdue
created = Created
changed = Last changed
prior-year = Prior year
year-on-year = Year on year
synthetic-days = Days made up
synthetic-days-note = A published case: its facts and results are those of the public source named. Days of writing, approval, sending, acknowledging, accepting and filing that the source does not give are made up; the timeline says which.
public-source = Public source
synthetic = Synthetic

# Lists
filter-label = Filters
filter-remove = (remove this filter)
filter-clear = Clear all filters
pager-label = Pages
pager-shown = { $n ->
    [one] { $n } row on this page
   *[other] { $n } rows on this page
}
pager-previous = Previous page
pager-next = Next page
tabs-label = Parts of this page
trail-label = Where you are
list-empty = Nothing matches
list-empty-text = Remove a filter, or try another keyword.
file-size-exact = { $size } ({ $bytes } bytes)

# The way of a lead
steps-label = Way of the lead
step-done = done
step-current = under way
step-todo = not started
step-partly = partly done
step-stopped = ended here
step-name-draft = Draft
step-name-review = Review
step-name-approved = Approved
step-name-sent = Sent
step-name-received = Acknowledged
step-name-accepted = Accepted
step-name-filed = Filed
step-name-outcome = Outcomes

# Forms
form-faulty = Some entries need correcting
form-changed = Changed; checked when it is sent
file-chosen = Chosen files:
file-drop = Drop files here, or click to choose.

# Beside the field: says how to mend it
error-required = Please fill this in.
error-choose = Please choose one.
error-choose-many = Please choose at least one.
error-too-long = { $max ->
    [one] Too long: at most { $max } character.
   *[other] Too long: at most { $max } characters.
}
error-text-too-large = The text is too long and was not taken in. Please shorten it, and upload longer material as a file.
error-too-many = Too many: at most { $max }.
error-not-understood = This can’t be read; please check it.
error-unknown = No such entry; please choose from the list.
error-not-a-date = Not a date; write it like 2016-05-04.
error-not-a-time = Not a time; write it like 2016-05-04 09:30.
error-limit = The limit must be from 1 to 200.
error-not-a-number = Please enter a number (a whole one), like 30.
error-not-an-integer = Please enter a whole number, without decimals.
error-not-whole = Please enter a whole number that is not negative, like 1200 or 1,200.
error-not-negative = Must not be negative.
error-not-zero = Must be more than zero.
error-too-large = Too large: at most { $max }.
error-date-order = The end must not be before the beginning.
error-date-future = The date must not be after today.
error-not-an-address = Not an e-mail address; please check it.
error-not-a-link = Not a web address; it must begin with http:// or https://.
error-id-number-region = Not the number of a Chinese identity card: there is no region with this code. Please check; for another document write its name as well.
error-id-number-birthday = Not the number of a Chinese identity card: the day of birth in it is none. Please check; for another document write its name as well.
error-id-number-check = Not the number of a Chinese identity card: the last character does not fit the others. Please check each digit; for another document write its name as well.
error-credit-code-check = Not a unified social credit code: its check character does not fit, or it has a letter that none has (I, O, S, V, Z). Please check each character.
error-not-a-phone = Not a phone number; only digits, spaces, plus and hyphens.
error-not-a-code = Wrong format; see the note.
error-taken = Already in use; please choose another.
error-mismatch = The two entries differ; please enter them again.
error-file-required = Please choose a file.
error-file-again = Choose the file again: { $name }
error-file-name-unreadable = The name of the file has characters that can’t be read. Please rename the file and upload it again.
error-file-empty = The file is empty; please choose another.
error-withheld-unticked = A reason for not disclosing is given, but the item is not marked do-not-disclose. Please mark it, or take the reason out if it is to be disclosed.
error-files-empty = These files are empty, please choose others: { $names }. Nothing of this upload was kept; send the other files again too.
error-file-too-large = The file is too large: at most { $max } each.
error-control-characters = It holds characters that cannot be shown; please delete them.

# Error pages
flash-done-before = This form was already submitted and processed, and nothing was done twice. This is its result.
error-page-reference = Give this number to your administrator:
error-page-list = Go to “{ $name }”
error-page-status = Status { $n }
error-page-400 = The request could not be read
error-page-400-text = What was sent is incomplete or malformed. Go back and try again.
error-page-403 = The request was refused
error-page-403-text = It did not come from a page of this system, and nothing was done. Please go back to the page and try again from there.
error-page-404 = Page not found
error-page-404-text = The address may be wrong, or you may not see what it shows.
error-page-405 = Not possible this way
error-page-405-text = Please use the buttons and links of the pages.
error-page-409 = Not possible in the present state
error-page-409-text = Somebody else may have changed it since you opened the page. Go back to see its present state.
error-page-413 = Too much at once
error-page-413-text = Make the file smaller, or send it in parts.
error-page-429 = Too many attempts
error-page-429-text = { $n ->
    [one] Please try again in { $n } second.
   *[other] Please try again in { $n } seconds.
}
error-page-500 = Something went wrong
error-page-500-text = This action was not completed; what was recorded before is unharmed. The error is in the log. Please try again later.
error-page-507 = Out of storage space
error-page-507-text = What you sent was not kept; everything from before is safe. Ask the administrator to free or add storage, then try again.
error-page-507-text-asked = What you asked for could not be shown or downloaded; everything on record is safe. Ask the administrator to free or add storage, then try again.
error-page-503 = Not available at the moment
error-page-503-text = The system is under maintenance, or something it relies on is out of reach. Please try again later.

# Lists as files
export-csv = Export CSV
export-xlsx = Export Excel
file-xlsx = Excel (XLSX)
export-cut = This format holds no more rows; export as CSV to get the rest.

# The page that shows the components
components-facts = Facts
components-timeline = What happened
components-hint = Fill in what is known; it stays visible in the timeline.
components-notice = Saved. The approver finds it among what waits; until it is approved you can take it back.
components-sealing = Sealing the dossier
components-chart = Arrests and sites
