# Search in the head of every page
search-title = Search
search-for = Results for “{ $q }”
search-nothing = No results that you may see
search-about = Enter the number of a lead, transfer, case or dossier, the code of an agency, or the name of an operation. The end of a number is enough, as 2016-1184 or 1184. Words are looked for in titles and names.
search-about-agency = Enter the number of a transfer or of a case, or words of a title. The end of a transfer’s number is enough, as 2016-12 or 12. Only what was sent to your agency is looked for.
search-more = See more
search-list = See in the list
search-narrower = There are more; enter more of the name or number.
search-kind-lead = Leads
search-kind-transfer = Transfers
search-kind-dossier = Dossiers
search-kind-case = Cases
search-kind-agency = Agencies
search-kind-subject = Subjects
search-kind-operation = Operations
verb-search-list = Searched
object-search = Search
