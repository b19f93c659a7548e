app-name = Lead Handoff
nav-reference = Reference data
error-broken-upload = The transfer broke off before everything had arrived. Please send it again.
error-not-utf8 = The text is not in UTF-8. Please save it as UTF-8 and try again.
words-permitted = Allowed: { $words }.
error-page-401 = A valid token is needed
error-page-401-text = Please send a valid API token in the Authorization header.
