# Redaction: a new item that lacks what was blacked out
redaction-title = Redaction
redaction-origin = Redacted from
redaction-none = Nothing was redacted of this item yet. A redacted copy becomes an item of its own; this one stays as it is.
redaction-do = Make a redacted copy
redaction-removed = Removed
redaction-made = Made by
redaction-erased = Lawfully erased
redaction-partial = Some fonts or pictures of the original could not be drawn. Compare the pages before you pass this item on.
redaction-removed-regions = { $n ->
    [one] { $n } rectangle
   *[other] { $n } rectangles
}
redaction-removed-pages = { $count } (page numbers { $pages })
redaction-removed-columns = { $n ->
    [one] { $n } column
   *[other] { $n } columns
}
redaction-removed-passages = { $n ->
    [one] { $n } passage
   *[other] { $n } passages
}
redaction-about-image = Give the rectangles to be blacked out. A new picture is made in which these points are black; data on place, time and camera and the small preview inside the file are left out. Of an animation only the first frame remains.
redaction-about-pdf = Give the rectangles to be blacked out, each with its page. A new PDF is made of pictures of all pages; its text can no longer be copied or searched. What is seen of annotations, stamps and filled-in form fields becomes part of the picture, so black it out too where it has to go; what else annotations hold, attachments, metadata and digital signatures are left out. What has more than 60 pages or 64 MB is made in the background and you are told when it is done; 2,000 pages and 128 MB at most.
redaction-about-table = Choose the columns to be blacked out. A new file is made of this table alone: a list in UTF-8 with the separator that it has, of a workbook a CSV file. Formulas become their values. Other sheets and comments of a workbook, and what stands in hidden rows and columns of this sheet, are left out, and so are blank rows.
redaction-about-text = Give the phrases or lines to be blacked out. A new text in UTF-8 is made in which each of them is replaced by the same few signs, however long it was.
redaction-field-regions-page = Page
redaction-field-regions-left = Left %
redaction-field-regions-top = Top %
redaction-field-regions-width = Width %
redaction-field-regions-height = Height %
redaction-field-columns = Columns
redaction-field-separator = Separator
redaction-field-goto = Go to page
redaction-field-heading = Keep the first row as it is
redaction-field-phrases = Phrases
redaction-field-lines = Lines
redaction-field-reason = Reason
redaction-field-name = Name of the new item
redaction-field-withhold = The original
redaction-withhold-yes = Mark as do-not-disclose at once, for the same reason
redaction-withhold-no = Leave as it is
redaction-sheets = Sheet
redaction-regions-hint = Numbers are percentages of the page, from its upper left corner; the lines of the grid are 10% apart. With a mouse you can draw the rectangles. Lines left empty count for nothing.
redaction-pages-hint = For a rectangle on several pages give several numbers or a range, e.g. 1,3,5-8 or 1-70.
redaction-page = Page { $n }
redaction-more = More lines
redaction-window = Pages { $first } to { $last } of { $pages } are shown. The rectangles that you have filled in are kept when you turn to others.
redaction-turn-go = Go to this page
redaction-turn-back = Pages before
redaction-turn-on = Pages after
redaction-elsewhere = { $n ->
    [one] { $n } rectangle on other pages
   *[other] { $n } rectangles on other pages
}
redaction-read-as = Recognised: { $encoding }, separated by the { $separator }.
redaction-separator-comma = comma
redaction-separator-semicolon = semicolon
redaction-separator-tab = tab
redaction-separator-bar = vertical bar
redaction-separator-hint = The new file keeps this separator and its line ends. If the columns are not split rightly, choose another separator and split anew; columns that you have ticked are to be ticked again.
redaction-split-again = Split anew
redaction-request-runs = A redacted copy is being made in the background (asked for { $time }); pages done
redaction-request-failed = The redacted copy was not made ({ $time })
redaction-fault-not-yours = Whoever asked for it may not change this lead any more, or the item was removed, so it was not made. If it is still needed, somebody who may change the lead has to ask for it anew.
redaction-fault-broken = Making it broke off several times. Please ask for it anew; if that fails too, split the PDF, register the parts and redact those, and tell an administrator.
redaction-columns-hint = Every cell of these columns is replaced. Check whether the same data stands in other columns.
redaction-columns-cut = The table has more columns than are shown; those cannot be chosen here and are not written into the new file.
redaction-heading-hint = Otherwise the names of these columns are replaced as well.
redaction-text-shown = The text with the numbers of its lines
redaction-text-cut = Only the beginning is shown.
redaction-phrases-hint = One on each line, as it is written in the text, with its blanks; upper and lower case, full and half width count as the same, and characters that are not seen count for nothing. Each occurrence is replaced.
redaction-lines-hint = Numbers of lines that are replaced as a whole, e.g. 3, 5-7
redaction-reason-hint = E.g. contains identity numbers of buyers
redaction-name-hint = Proposed after the name of the original; so it is named where you leave this empty. Check that the name itself says nothing that was redacted.
redaction-withheld = The original is marked as do-not-disclose already.
numbered-regions = Rectangle { $n }
flash-redaction-requested = This PDF is long: the redacted copy is made in the background and registered as a new item, and you get a mail when it is done.
flash-redaction-made = The redacted copy is registered. Check it before you pass it on.
error-redaction-none = Please give at least one place to be blacked out.
error-redaction-percent = Please enter a percentage from 0 to 100 with at most one decimal, like 12.5.
error-redaction-outside = The rectangle must be larger than 0 and lie within the page.
error-redaction-page = { $max ->
    [one] There is no page { $part }; the file has { $max } page.
   *[other] There is no page { $part }; the file has { $max } pages.
}
error-redaction-page-unread = { $max ->
    [one] “{ $part }” is no page. Give pages or a range, e.g. 3, or 1,3,5-8, or 1-70; the file has { $max } page.
   *[other] “{ $part }” is no page. Give pages or a range, e.g. 3, or 1,3,5-8, or 1-70; the file has { $max } pages.
}
error-redaction-page-backwards = { $max ->
    [one] The range “{ $part }” ends before it begins. Write the smaller page first, e.g. 5-8; the file has { $max } page.
   *[other] The range “{ $part }” ends before it begins. Write the smaller page first, e.g. 5-8; the file has { $max } pages.
}
error-redaction-sign = A phrase cannot contain the sign ■, which replaces what is removed.
error-redaction-lines = Give numbers of lines, e.g. 3, 5-7.
error-redaction-line = { $max ->
    [one] There is no such line; the text has { $max } line.
   *[other] There is no such line; the text has { $max } lines.
}
error-redaction-many = { $max ->
    [one] These phrases occur more than { $max } time. Please choose longer ones.
   *[other] These phrases occur more than { $max } times. Please choose longer ones.
}
error-redaction-not-found = Not found in the text: { $phrases }
error-redaction-disguised = A phrase is in the text once more in an encoded form (such as \u4e2d, &#20013;, &eacute;, %E4%B8%AD, =E4=B8=AD, hexadecimal or base64). Give that form or its lines as well.
conflict-redaction-unreadable = This file cannot be read, so no redacted copy can be made of it.
conflict-redaction-large = This file is too large for redacting here. Split it or make it smaller, and register the result.
conflict-redaction-heavy = This file takes more time or memory than there is for it. Split it, or print it to a new PDF, and register the result.
conflict-redaction-encoded = Parts of this text are encoded in base64 or quoted-printable, as in a saved e-mail, so that phrases cannot be found in it. Print it to PDF and register that first.
conflict-redaction-locked = This PDF opens by a password only. Register a copy without a password first.
conflict-redaction-pages = This PDF has more than 2,000 pages. Split it, and register the parts first.
conflict-redaction-under-way = A redacted copy of this item is being made already. Wait until it is done, then ask for another one.
conflict-redaction-material = Files of this kind cannot be redacted here: only pictures, PDFs, CSV and Excel (XLSX) tables and plain texts can. Print it to PDF and register that first.
verb-evidence-request-redaction = Redacted copy asked for
custody-evidence-request-redaction = Redacted copy asked for
job-evidence-redact = Making a redacted copy of a long PDF
job-evidence-redact-pages = Making a redacted copy of a long PDF, by ranges of pages
audit-reason-redaction-file = The file cannot be redacted
audit-reason-redaction-not-yours = May not change the lead any more
notice-redaction-ended = How making a redacted copy ended
verb-evidence-redact = Redacted copy made
custody-evidence-redact = Redacted copy made
object-redacted = Original of a redacted copy
audit-fact-material = Kind of content
audit-fact-removed = Places removed
audit-fact-original-sha256 = Hash of the original
audit-page-redaction = Redaction
mail-redaction-ended-subject = { $what ->
    [made] Redacted copy made: { $number }
   *[other] Redacted copy not made: { $number }
}
mail-redaction-ended-text = { $what ->
    [made] The redacted copy that you asked for in lead { $number } is registered as a new item. Check its pages before you pass it on.
   *[other] The redacted copy that you asked for in lead { $number } could not be made. The page of the original says why, and what to do.
}
mail-redaction-ended-act = Open it
