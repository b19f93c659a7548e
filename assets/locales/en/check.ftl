# lead-handoff check: what is said of what is stored
check-files = { $n ->
    [one] 1 file
   *[other] { $n } files
}
check-entries = { $n ->
    [one] 1 entry of the audit log
   *[other] { $n } entries of the audit log
}
check-entries-waiting = { $n ->
    [one] { $entries }, and 1 that waits for its place
   *[other] { $entries }, and { $n } that wait for their place
}
check-objects = { $n ->
    [one] 1 object
   *[other] { $n } objects
}
check-stored-files = { $n ->
    [one] 1 stored file
   *[other] { $n } stored files
}
check-no-installation = there is no installation in { $folder }: name its folder with --data, or make it with `lead-handoff serve`
check-in-order = Everything is in order: { $files }, { $entries }.
check-faulty = { $n ->
    [one] 1 fault in { $files }, { $entries } and their tables.
   *[other] { $n } faults in { $files }, { $entries } and their tables.
}
check-not-on-record = this check is not in the audit log, which could not be written: { $why }
check-left = Left by interrupted uploads: { $objects }; check --tidy takes them out.
check-tidied = Taken out of the evidence store: { $objects }.
check-too-much-left = { $objects } of the evidence store are not in the database, which knows { $files }: it may be another store’s. Nothing was taken out.
check-older-key-none = Nothing needs the previous master key: LEAD_HANDOFF_MASTER_KEY_PREVIOUS can be taken out.
check-older-key = { $n ->
    [one] Still for the previous master key: 1 secret; key rewrap changes that.
   *[other] Still for the previous master key: { $n } secrets; key rewrap changes that.
}
check-secrets-lost = table { $table }: no master key given opens { $n } of its secrets
check-file = stored file { $id }: { $what }
check-file-differs = stored file { $id }: another { $parts }
check-file-size = size
check-object-missing = the evidence store has no object { $id }
check-object-damaged = the stored object { $id } is damaged
check-object-key = the object’s key can’t be opened
check-code-lead-region = region { $code }, borne by leads, is not on file
check-code-agency-region = region { $code }, borne by agencies, is not on file
check-code-agency-type = type { $code }, borne by agencies, is not on file
check-code-charge = charge { $code }, borne by leads, is not on file
check-code-category = category { $code }, borne by evidence, is not on file
check-number = number { $number } can’t be read
check-counter = counter { $name }: it stands at { $stand }, but { $given } was given already
check-signing-key-closed = signing key { $key }: it does not open with the master key
check-signing-key-stray = signing key { $key }: no key before it vouches for it
check-database = database: { $what }
check-reference = table { $table }, row { $row }: what it refers to in { $parent } is not there
check-log-place = audit log: place { $place } is missing
check-log-head-beyond = audit log: a head of size { $size } goes beyond the entries that are there
check-log-head-root = audit log: the head of size { $size } has another root than its entries
check-log-head-unsigned = audit log: the head of size { $size } is not signed by a known key
check-log-head-note = audit log: the note of the head of size { $size } says something else
check-log-hash = audit log: stored hash { $index } is wrong or missing
check-log-lost = audit entry { $id }: neither placed nor waiting
check-log-row = audit entry { $id }: the leaf says something else than its row ({ $columns })
check-log-objects = audit entry { $id }: its index of objects was changed
check-log-private = audit entry { $id }: its personal part was changed
check-log-private-gone = audit entry { $id }: its personal part is gone, and no entry says that it was erased
check-dossier = dossier { $folder }: { $what }
check-dossier-file = dossier { $folder }: { $path }: { $what }
check-dossier-unfrozen = it is sealed but not frozen
check-dossier-manifest = its files do not give its manifest hash
check-dossier-stated = what is shown of it is not what was frozen
check-dossier-seal = its seal is that of another manifest
check-dossier-signature = its seal has no valid signature by a key of ours
check-dossier-unsealed = it is packed but not sealed
check-dossier-file-gone = its stored file is not in the database
check-dossier-file-differs = the stored file is not what was frozen
check-transfer-steps = transfer { $id }: its steps can’t have happened ({ $why })
check-transfer = transfer { $id }: what is stored is not what its steps amount to: { $parts }
check-transfer-part = { $name } { $stored } instead of { $found }
check-transfer-never = never
check-transfer-state = state
check-transfer-stage = furthest stage
check-transfer-sent = sent
check-transfer-received = received
check-transfer-accepted = accepted
check-transfer-filed = filed
