# What to do where nothing is listed
operation-cases-none = No case belongs to it yet. A compiler or manager adds one by its number.
operation-leads-none = No lead belongs to it yet. A compiler or manager adds one by its number.
