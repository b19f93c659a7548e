# Subjects
subject-kind-person = Person
subject-kind-company = Company
subject-kind-shop = Shop
subject-kind-account = Account
subject-kind-phone = Phone
subject-kind-vehicle = Vehicle
subject-facts = What is known
subject-leads = Leads that name it
subject-no-leads = At present no lead names it.
subject-outcomes = Outcomes that name it
subject-no-outcomes = At present no outcome names it.
subject-related = Named together with
subject-no-related = No lead names another subject beside it.
error-subject-on-lead = This lead names the same subject already, as “{ $name }”. To add to what is said of it or correct it, edit that one; if you mean another one, give an identifier that tells the two apart.
error-subject-twice = The same as subject { $n }; each is named once.
subject-on-lead = The one that is there
subject-since = First on file
