# Forms: pickers, amounts and dates said back, parts
pick-seek = Find
pick-one = Choose one
pick-choose = Choose one of the matches below.
pick-empty = Type something to find first: characters, pinyin or its initials, or a code.
pick-none = No match.
pick-list = Matches
pick-ticked = Ticked:
pick-until = until { $day }
error-pick-none = No match. Try other words, pinyin or a code.
numbers-read = { $n ->
    [one] { $n } item
   *[other] { $n } items
}
date-calendar = Choose from a calendar
hint-region = Name in Chinese or English, pinyin, its initials, or code: “Baiyun, Guangzhou, Guangdong Province”, guangzhou baiyun, gz, 440111.
hint-date = For example 2016-03-05, 2016/3/5, 20160305, 5 March 2016, or a date as Chinese documents write it.
hint-date-to = Leave empty if it is still going on, or was on one day only.
hint-time = Day and time, for example 2016-03-05 14:30 or 14:30, 5 March 2016.
hint-amount = For example 12.50, over 30,000,000, about CNY 1.2 million; Chinese forms are understood too.
hint-qualifier = If left empty, it is taken from the words of the amount (over, about, at least).
money-qualifier-by-words = From the words of the amount
error-money-not-exact = A price is exact: leave out words such as “about” and “over”.
listing-hint-price = The price shown on the page, for example 199 or ¥1,299.00.
lead-hint-basis = How the amount was determined; needed where there is an amount.
form-parts = Parts of this form
form-part-mend = to be corrected
form-part-lacks = missing: { $fields }
form-part-complete = complete
form-part-open = empty; optional
lead-part-what = What is suspected
lead-part-where = Where and when
lead-part-value = Value
lead-part-source = Source and our role
lead-part-charges = Charges
lead-part-brands = Brands
lead-charges-q = Find a charge
lead-charges-q-hint = By name in Chinese or English, pinyin, its initials, article or code: trademark, jiamao, jmzc, 214.
lead-charges-found = Found
lead-charges-none = Nothing found; all charges are below
outcome-part-when = When and where
outcome-part-sites = Sites
outcome-part-persons = Who
outcome-part-measure = Quantity, amount and basis
outcome-part-source = Source
agency-part-who = Name, type and place
agency-part-takes = What it takes
agency-part-reached = How it is reached
agency-part-time = Period and successor
agency-part-notes = Notes
field-with = Qualifier of the amount
field-charge-q = Search for charges

# Of several in one form, before what must be mended
numbered-subjects = Subject { $n }
numbered-sites = Site { $n }
numbered-listings = Listing { $n }
numbered-brands = Brand { $n }
numbered-contacts = Contact { $n }
numbered-new-person = Other person { $n }
numbered-new-person-id = Other person { $n }
numbered-new-site = Other site { $n }
