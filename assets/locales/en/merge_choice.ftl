error-merge-unchosen = Both sides changed “{ $field }”: choose one of the two versions.
error-merge-typed = For “{ $field }” you chose what is saved now, and then changed the field below: choose which of the two is meant.
