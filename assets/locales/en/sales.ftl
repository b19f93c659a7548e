# Sales records
sales-title = Sales records
sales-text = A table of orders or listings (CSV, XLSX) can be marked as sales records: it is read row by row by what its columns mean, and units and turnover are summed by shop and by product. The file stays as it is; rows that cannot be read are listed, and never count as nothing. Row numbers of a CSV file leave out blank lines.
sales-whole =
    Sales records: { $units ->
        [one] 1 piece
       *[other] { $units } pieces
    }, { $amount } ({ $tables ->
        [one] 1 table
       *[other] { $tables } tables
    }, { $rows ->
        [one] 1 row
       *[other] { $rows } rows
    })
sales-sums = Sums
sales-units = Units
sales-amount = Turnover
sales-counted = Rows counted
sales-excluded = Rows excluded by their state, sums of other rows, and negative rows
sales-merged = Rows that another table has counted
sales-vague = Rows whose order number is rounded, so that orders cannot be told apart
sales-faults = Rows that cannot be read
sales-fault-rows = Which rows cannot be read
sales-days = First and last day
sales-recorded = Marked
sales-rows = Rows behind the sums
sales-rows-unread = Rows that cannot be read, with the reason
sales-why-missing = no value: { $column }
sales-why-formula = made by a formula, and not recorded: { $column }
sales-why-negative = less than nought: { $column } “{ $text }”
sales-why-unread = cannot be read: { $column } “{ $text }”
sales-why-too-large = price times pieces is too large to be counted
sales-why-no-order = no order number, so that it cannot be compared with other tables
sales-why-vague-order = order number “{ $text }” was rounded by a spreadsheet, so that it cannot be compared with other tables
sales-by-shop = By shop
sales-by-product = By product
sales-columns = What the columns mean
sales-unnamed = (not named)
sales-rest =
    { $n ->
        [one] 1 more
       *[other] { $n } more together
    }
sales-one-each = No column; one for each row
sales-currency = Currency
sales-currency-cny = Renminbi (all amounts are read as yuan)
sales-not-marked = This item is not marked as sales records.
sales-trouble = It cannot be read as a table
sales-first = The first rows of the file
sales-guess-hint = Chosen by the headings; please check. After a change, try it before you mark.
sales-no-column = No such column
sales-field-sheet = Sheet
sales-field-header = Row of the headings
sales-field-row = Row
sales-field-shop = Shop
sales-field-product = Product
sales-field-units = Units
sales-field-price = Unit price
sales-field-amount = Amount
sales-field-date = Date
sales-field-order = Order number
sales-field-status = State
sales-field-excluded = Rows whose state has one of these words do not count
sales-hint-units = Where none is chosen, each row is one piece
sales-hint-price = Without an amount, price times units is taken
sales-hint-order = A line of an order (same shop and number) that stands in several tables of this lead counts once; an order that any of them shows as refunded does not count in the others
sales-hint-excluded = Set apart by commas, e.g. refunded, cancelled. “Not refunded” and “refund cancelled” are no refunds.
sales-row = Row { $n }
sales-mark = Mark as sales records
sales-mark-again = Mark anew by this
sales-unmark = Take the mark off
sales-look = Try it
sales-preview = What it would come to
sales-preview-hint = Of this table alone; orders that other tables of the lead have are not taken out.
sales-preview-part = Tried on
sales-preview-rows = Rows up to number { $n }
sales-unread = Rows that cannot be read
sales-unread-why = Reason
sales-unread-all =
    { $n ->
        [one] 1 row cannot be read, and would not be counted.
       *[other] { $n } rows cannot be read, and would not be counted.
    }
sales-unread-first =
    { $n ->
        [one] 1 row cannot be read, and would not be counted.
       *[other] { $n } rows cannot be read, and would not be counted; here are the first { $shown }.
    }
sales-job-runs = A large table: it is summed in the background
sales-job-failed = The last summing did not come to its end. Check what the columns mean and mark it again; the sums before it still hold.
sales-becomes = State
sales-state-counted = Counted
sales-state-excluded = Excluded
sales-state-negative = Negative, not counted
sales-state-merged = Counted in another table
sales-state-unreadable = Cannot be read
sales-rows-merged =
    { $n ->
        [one] 1 row is counted in another table of this lead; it is shown as counted here.
       *[other] { $n } rows are counted in another table of this lead; they are shown as counted here.
    }
sales-rows-none = No such rows
sales-rows-none-text = The item is not marked as sales records, or there is nothing in this selection.
sales-open = Mark as sales records
sales-suggest = Take this sum over as the estimated value
sales-hint-lower = The estimated value is lower than the sales records come to; please check.
sales-hint-higher = The estimated value is higher than the sales records come to; check what it was measured by.
sales-hint-none = No estimated value is given yet.
sales-tables = The tables
flash-sales-marked = It is marked as sales records.
flash-sales-unmarked = The mark is taken off.
flash-sales-queued = The table is large and is summed in the background; the sums will stand here.
conflict-sales-changed = Other sales records of this lead were changed just now. Please try again.
conflict-sales-twice = The same file, or one made of it by redaction, is marked already. Take that mark off first.
conflict-sales-under-way = This table is being summed. Please wait.
conflict-evidence-sales = The item is marked as sales records. Take the mark off before you remove it.
error-sales-no-table = This is no table that can be read: only CSV and XLSX are, with two columns and two rows at least. Of XLS or ODS ask whoever sent it for one of these.
error-sales-size = The table is too large; { $max } at most, unpacked.
error-sales-no-amount = Choose the column of amounts, or that of unit prices.
error-sales-column-twice = This column means something else already.
error-sales-rows = Too many rows; { $max } at most.
error-sales-groups = Too many shops with their products; { $max } at most. Check the columns.
error-sales-time = Reading the table takes too long. Please try again, or register a smaller table.
error-sales-sum = The sum is too large. Check the columns.
error-sales-tables = Too many marked tables in this lead; { $max } at most.
verb-evidence-mark-sales = Marked as sales records
verb-evidence-unmark-sales = Mark of sales records taken off
custody-evidence-mark-sales = Marked as sales records
custody-evidence-unmark-sales = Mark of sales records taken off
audit-page-sales = Sales records
audit-page-sales-rows = Rows of sales records
audit-fact-units = Units
job-evidence-sales = Summing a table of sales records
review-place-sales = Sales records
