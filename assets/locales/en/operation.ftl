# Operations
operation-new-title = New operation
operation-none = No operations yet
operation-none-text = Leads and cases that are run together across agencies and provinces can be put into an operation.
operation-facts = Facts
operation-span = Period
operation-filter-q = Name or note
operation-source = Published in
operation-published = Published figures
operation-cases = Cases
operation-more = { $n ->
    [one] One more is not listed.
   *[other] { $n } more are not listed.
}
operation-leads = Leads
operation-add = Add to the operation
operation-kind-lead = Lead
operation-kind-case = Case
operation-kind-published = Published figure
operation-field-name-zh = Name
operation-field-name-en = English name
operation-field-from-on = From
operation-field-to-on = To
operation-field-note = Note
operation-field-public-source = Published in
operation-field-public-source-hint = Such as “Zhejiang Daily, 2016-12-09, p. 3”.
operation-field-kind = Kind
operation-field-number = Number
operation-field-number-hint = A lead’s number (XS-…) or a case’s own.
error-operation-unknown-number = There is no such number. Please check it.
operation-same-number = Choose the case
error-operation-several = Cases of several agencies have this number; please choose one below.
error-operation-member = It is in the operation already.
flash-operation-created = Operation created.
flash-operation-member-added = Added to the operation.
