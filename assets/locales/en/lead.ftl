# Leads
lead-list-title = Leads
lead-new-title = New lead
lead-new-save = Create draft
lead-list-agencies =
    { $n ->
        [one] { $n } agency
       *[other] { $n } agencies
    }
lead-list-not-acknowledged = Not acknowledged
lead-new-next = Subjects, sites, listings and evidence can be added once the draft exists.

# States and steps
lead-state-draft = Draft
lead-state-in_review = In review
lead-state-approved = Approved
lead-state-withdrawn = Withdrawn
lead-state-trashed = In the trash

# Source, role of the sender, track
lead-source-risk_model = Risk model
lead-source-brand_notice = Notice by a right holder
lead-source-complaint = Complaint
lead-source-test_purchase = Test purchase
lead-source-agency_request = Request by an agency
lead-source-other = Other
lead-role-reporter = Reporter
lead-role-accuser_joint = Accuser, together with the right holder
lead-role-assisting = Assisting unit
lead-track-criminal = Criminal
lead-track-administrative = Administrative

# Fields
lead-field-title = Title
lead-field-summary = Summary
lead-field-region = Region
lead-field-occurred-from = From
lead-field-occurred-to = To
lead-field-estimated-value = Estimated value
lead-field-estimated-value-amount = Estimated value (CNY)
lead-field-estimated-value-fen = Estimated value (fen)
lead-field-estimated-value-qualifier = Qualifier
lead-field-estimated-value-basis = Basis
lead-field-source = Source
lead-field-source-kind = Source
lead-field-source-note = Note on the source
lead-field-sender-role = We send as
lead-field-charge-q = Find a charge
lead-field-charges = Suspected charges
lead-field-brands = Brands
lead-field-rights-holder = Right holder
lead-field-brand = Brand
lead-field-reason = Reason
lead-field-assignee = Assigned to
lead-field-revision = Revision
lead-field-subjects-kind = Kind
lead-field-subjects-name = Name
lead-field-subjects-identifier = Identifier
lead-field-subjects-region = Region
lead-field-subjects-part = Part in this lead
lead-field-subjects-note = Note
lead-field-sites-address = Address
lead-field-sites-region = Region
lead-field-sites-role = Used for
lead-field-sites-note = Note
lead-field-listings-url = Address of the page
lead-field-listings-title = Title of the offer
lead-field-listings-item-number = Item number
lead-field-listings-shop = Shop
lead-field-listings-price = Price (CNY)
lead-field-listings-sold = Sold
lead-field-listings-seen-on = Seen on

# How to fill in
lead-hint-title = Brand, goods and conduct in one line, e.g. “Shop suspected of selling sports shoes under a counterfeit mark”.
lead-hint-summary = How it was found, what is suspected, how the subjects are connected, and why. A draft may lack it; a submitted lead may not.
lead-hint-source = For example the model’s name, or the number of a notice or request.
lead-hint-charges = Under the name that the law gave them at the time of the facts. Open a family and tick all that apply.
lead-hint-brands = Separate several by commas; a brand that is not known yet is added.
lead-hint-rights-holder = Full name of the holder of the trade mark or other right. A lead that is sent as accuser together with the right holder needs one with at least one brand; the letter names it as the accuser. Add the same brand again to change it.
lead-brand-of = Right holder: { $name }
error-lead-no-accuser = A lead sent as accuser must say who the right holder is. Give it with at least one brand under Brands.
lead-hint-brand = A brand that is not known yet is added.

# Parts
lead-tab-edit = Facts
lead-tab-charges = Charges
lead-tab-brands = Brands
lead-tab-subjects = Subjects
lead-tab-sites = Sites
lead-tab-listings = Listings
lead-unlisted = Not recorded yet: { $parts }. If there are any, add them before composing the dossier (one that is composed already has to be composed again). If there are none, nothing need be recorded; the letter and the report leave them out.
lead-tab-evidence = Evidence

# Subjects, sites, listings
subject-add-title = Add a subject
subject-edit-title = Correct a subject
subject-hint-identifier = Identity number, credit code, account, phone or plate. It lets us find the same subject in other leads.
subject-hint-name = As papers or the page have it, for example Zhang Mou, Guangzhou Haoyun Shoes Ltd, the shop’s name, the account’s nickname.
subject-hint-part = For example: runs the shop, supplies the goods, rents the warehouse.
site-add-title = Add a site
site-edit-title = Correct a site
site-hint-address = Down to the house or room; the region need not be repeated.
site-role-production = Production
site-role-storage = Storage
site-role-sale = Sale
listing-add-title = Add a listing
listing-hint-url = The whole address, for example https://shop.example/item?id=520013.
listing-hint-item-number = As the platform counts it, for example 520013.
listing-hint-shop = The shop’s name on the page, for example Haoyun Shoes.
listing-hint-sold = A whole number, as the page shows it, for example 1,024.
listing-edit-title = Correct a listing
listing-price = Price { $amount }
listing-sold = { $n } sold
listing-seen = Seen on { $date }

# Two people at once

# Acts
lead-act-trash = Move to the trash
lead-act-withdraw = Withdraw the lead
lead-trash-text = A draft can be taken out of the trash at any time; its number is not used again.
lead-withdraw-title = Withdraw the lead
lead-withdraw-text = A withdrawn lead is neither reviewed nor sent. Sealed dossiers and transfers that went out stay and are dealt with separately. The lead can be reopened.
lead-assign-title = Assign
lead-assign-text = Whoever it is assigned to can change, submit and withdraw this lead like its owner.
lead-assign-nobody = Nobody else; its owner works on it
flash-lead-created = The draft was created.
flash-lead-saved = Saved.
flash-lead-removed = Removed.
flash-lead-withdrawn = The lead is withdrawn.
flash-lead-reopened = The lead is open again and can be changed.
flash-lead-trashed = The lead is in the trash.
flash-lead-restored = The lead is a draft again.
flash-lead-assigned = The assignment is saved.
flash-subject-found = The same subject was known already and is linked to this lead. This lead calls it by the name that you gave; other leads keep theirs.

# Errors
error-region-unknown = There is no such region. Enter the six-digit code or the full name, e.g. Xihu, Hangzhou, Zhejiang Province.
error-region-ambiguous = Several regions may be meant: { $choices_en }. Choose one, or enter the full name or the code.
error-region-date = There was no such region at the time of the facts. Check the region or the dates.
error-one-brand = Give one brand at a time.
error-rights-holder-of-several = With several brands in one field it is not clear whose right holder this is; enter each brand separately.
error-rights-holder-differs = The same brand has two different right holders; keep one.
error-charge-not-picked = No charge is chosen: “{ $text }”. Choose one below, or empty this field and send again.
error-charge-not-found = No charge is chosen: none is called “{ $text }”. Write it otherwise, or empty this field and send again.
error-brand-none = No lead bears such a brand. Give its name, or a part of it.
error-brand-ambiguous = Several brands may be meant: { $choices }. Give the full name of one.
error-charge-unknown = There is no such charge; choose one from the list.
error-charge-ambiguous = Several charges may be meant: { $choices_en }. Choose one, or give its code.
error-charge-date = This charge was not in force at the time of the facts. Check the charge or the dates.
error-unknown-field = There is no such field; check its name.
conflict-lead-changed = This lead has been changed since you opened it, by somebody else or by you on another page. Compare before you save.
conflict-lead-not-yours = Only the lead’s owner or the one it is assigned to can do this. Ask them, or ask a manager to assign the lead to you.
conflict-lead-in-review = The lead is in review and can’t be changed. Take the submission back first, or wait for the decision.
conflict-lead-approved = The lead is approved and can’t be changed. Reopen it; it must be reviewed again.
conflict-lead-withdrawn = The lead is withdrawn. Reopen it first.
conflict-lead-trashed = The lead is in the trash. Take it out first.
conflict-lead-not-draft = Only a draft allows this.
conflict-lead-not-in-review = The lead is not in review.
conflict-lead-open = The lead is neither withdrawn nor approved, so there is nothing to reopen.
conflict-lead-not-trashed = The lead is not in the trash.
conflict-lead-exists = The lead exists already.
conflict-lead-was-approved = The lead was approved once and may have been sent, so it can’t go to the trash. It can be withdrawn.

# The list
lead-list-all = All
lead-list-mine = Mine
lead-list-owner = Assigned to
lead-list-q = Number or title
lead-list-charge = Charge
lead-list-from = Created from
lead-list-to = Created to
lead-list-min = Value at least
lead-list-value = Estimated value (CNY)
lead-list-region-code = Region code
lead-list-empty = No leads yet
lead-list-empty-text = Start from a suspicious offer, shop or notice: create a draft, then add subjects, sites and evidence.
lead-list-cut = { $n ->
    [one] More leads contain this word; only the newest is sorted here. Narrow the search, sort by number, or export: a file has many more, and says so where it has not all.
   *[other] More leads contain this word; only the newest { $n } are sorted here. Narrow the search, sort by number, or export: a file has many more, and says so where it has not all.
}
lead-list-hits = Search results
lead-list-hits-cut = { $n ->
    [one] More leads contain this word; this file has the newest of them alone. Narrow the search, or sort by number, for the rest.
   *[other] More leads contain this word; this file has the newest { $n } of them alone. Narrow the search, or sort by number, for the rest.
}
lead-list-empty-reader = Leads appear here once compilers have drafted them.
error-not-json = The body is not a JSON object.
error-json-text = It must be text, in quotation marks.
error-json-number = It must be a number, without quotation marks.
error-json-list = It must be a list.
error-json-object = It must be an object.
error-json-text-or-object = It must be text or an object.
error-json-text-or-number = It must be text or a number.
error-line-not-json = This line is not a JSON object.
error-line-cells = Cells on this line: { $has }; on the first one: { $wanted }.
lead-list-more = More filters
lead-list-synthetic = Synthetic
error-qualifier-contradicts = The amount’s own words say something else about how sure it is. Make them agree.
lead-list-state = State
lead-list-sort = Sort
lead-list-agency = Addressee
lead-reopen-title = Reopen the lead
lead-reopen-confirm = Reopened, the lead is a draft again and can be changed; to send it once more takes a new version of its dossiers and a new approval. Sealed dossiers, transfers that went out and recorded results stay as they are.
lead-trash-confirm = In the trash the lead no longer appears in lists and figures; its number is not used again. It can be restored to a draft at any time.
