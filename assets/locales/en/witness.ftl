# Witnesses of the audit log
people-system-witnesses = Witnesses of the audit log
people-system-witness-ill = not cosigned
people-system-watched = Logs cosigned here
people-system-fork = a log is split
people-system-cosigner = Key of this system as a witness
people-system-cosigner-none = none yet; it is made at first use, or by “lead-handoff key witness”
people-system-never-cosigned = nothing cosigned yet
audit-witness = Witness { $name }
witness-cosigned = { $size ->
    [one] { $size } entry cosigned, { $at }
   *[other] { $size } entries cosigned, { $at }
}
witness-cosigned-none = nothing cosigned yet
witness-away = { $n ->
    [one] not reached at the last try
   *[other] not reached at the last { $n } tries
}
witness-fault-ahead = { $size ->
    [one] it knows { $size } entry, more than this log has: the log was set back to an earlier state
   *[other] it knows { $size } entries, more than this log has: the log was set back to an earlier state
}
witness-fault-fork = { $size ->
    [one] at { $size } entry it knows another log than this one: they do not continue each other
   *[other] at { $size } entries it knows another log than this one: they do not continue each other
}
witness-fault-unknown-log = it does not watch this log under its present name
witness-fault-unknown-key = it does not know the key that signs this log now
witness-fault-no-cosignature = it answered without a cosignature by its configured key
witness-fault-rejected = it did not take the request
witness-refused-older = an older head was sent and not cosigned, { $at } (anybody can send one)
witness-refused-unproven = a head was sent whose proof does not hold, and was not cosigned, { $at } (anybody can send one)
witness-refused-fork = the log has signed two different heads of one size; the second one was not cosigned and is kept, { $at }
setting-witnesses = Witnesses that are asked to cosign the heads of the audit log: key and address of each, with blanks or commas between them; left empty, none is asked.
setting-witness-of = Public keys of the logs that this system cosigns as their witness, with blanks or commas between them; left empty, it is nobody’s witness.
job-audit-cosign = Asking a witness to cosign the audit log
route-witness = Witness
route-add-checkpoint = Cosign a head
verify-witness = Witness { $name } (key { $key }) cosigned the head of the audit log: { $time }
verify-witness-unchecked = Witness { $name } (key { $key }): { $time }, not checked, as its key was not given (--witness)
verify-witness-silent = Witness { $name } (key { $key }) has not cosigned the head of the audit log in this package
verify-fault-cosignature = { $file }: the cosignature of the witness { $found } is not valid
