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
subject-related = Named together with
subject-no-related = No lead names another subject beside it.
subject-since = First on file
