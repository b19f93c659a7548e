# What changed and is not marked as seen
changes-title = Changes that you have not marked as seen
changes-what = What others did
changes-since = What others did since { $when }, as far as it concerns you: your leads and reviews, what was sent to your agency, or what your role looks after. Newest first, without what you did yourself. It stays here until you mark all as seen.
changes-none = Nothing new
changes-none-text = What others do that concerns you appears here: a transfer acknowledged, accepted or returned, a message, an outcome, a review, an account.
changes-mark-seen = Mark all as seen
changes-other-agency = Another agency
changes-arrived = Came from another agency
changes-all = See all changes
flash-changes-seen = Marked as seen. Whatever comes after this will be listed again.
home-group-overdue = Overdue
home-group-today = Due today
home-group-week = Due within seven days
home-group-later = Due later
home-group-open = Without a time limit
