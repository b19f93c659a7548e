error-merge-unchosen = Both sides changed “{ $field }”: choose one of the two versions.
