# lead-handoff verify: what is said of a package

verify-authentic = Whole and authentic: every byte is as it was sealed, and the seal is signed by a trusted key.
verify-not-authenticated = Whole, signed by fingerprint { $fingerprint }, not authenticated: no trusted key was given that signed it. Give the sender’s public key with --public-key, and have it from elsewhere than this package.
verify-faulty = { $n ->
    [one] Not as it was sealed: one fault.
   *[other] Not as it was sealed: { $n } faults.
}
verify-unreadable = Unreadable: { $why }
verify-why-no-file = there is no such file
verify-why-no-right = there is no right to read it
verify-why-not-zip = it is not a ZIP archive, or was cut short
verify-why-not-package = it is a ZIP archive, but not a sealed package
verify-key-unreadable = the public key file { $file } can’t be read, or a line of it is not a key (name+id+base64)
verify-more = … and { $n } more
verify-synthetic = Made-up data (demonstration or test): it refers to no real body or person.
verify-unproven = What the package says of itself is not proven:
verify-label-package = Package
verify-label-lead = Lead
verify-label-version = Version
verify-label-addressee = Addressee
verify-label-items = Items of evidence
verify-label-withheld = Withheld items
verify-label-content = Content hash
verify-label-manifest = Manifest hash
verify-label-sealed = Sealed at
verify-label-signer = Signed by
verify-label-fingerprint = Fingerprint
verify-label-transfer = Transfer
verify-label-received-by = Received by
verify-label-received-at = Received at
verify-label-paper-day = Day of the paper
verify-archive = the archive

verify-fault-frame = { $file }: a header of the archive was changed (byte { $expected } expected, { $found } found)
verify-fault-length = { $expected ->
    [one] { $file }: { $expected } byte expected, { $found } found
   *[other] { $file }: { $expected } bytes expected, { $found } found
}
verify-fault-place = { $file }: files are not in the order or place of a package ({ $expected } expected, { $found } found)
verify-fault-overlap = { $file }: its directory claims more than there is
verify-fault-duplicate = { $file }: a file name is there twice
verify-fault-outside = { $file }: lies outside of the package’s folder
verify-fault-missing = { $file }: missing
verify-fault-extra = { $file }: does not belong to the package
verify-fault-damaged = { $file }: can’t be read, or is not stored as it is
verify-fault-too-big = { $expected ->
    [one] { $file }: longer than { $expected } byte
   *[other] { $file }: longer than { $expected } bytes
}
verify-fault-hash = { $file }: was changed (SHA-256 { $expected } in the manifest, { $found } found)
verify-fault-list-hash = { $file }: is not what the evidence list says ({ $expected } expected, { $found } found)
verify-fault-commitment = { $file }: is not what an earlier version committed to ({ $expected } expected, { $found } by the salt that came with it)
verify-fault-manifest-missing = { $file }: is not in the manifest, or twice
verify-fault-manifest-extra = { $file }: is in the manifest but not in the package
verify-fault-derived = { $file }: does not follow from the other files ({ $expected } expected, { $found } found)
verify-fault-form = { $file }: is not in the one form that such a file has
verify-fault-too-many = { $found ->
    [one] { $file }: holds { $found } file, more than the { $expected } that a package may have
   *[other] { $file }: holds { $found } files, more than the { $expected } that a package may have
}
verify-fault-json = { $file }: is not as such a file must be ({ $found })
verify-fault-schema = { $file }: has the format { $found }, this program knows { $expected }; use a newer version
verify-fault-facts = { $file }: contradicts itself ({ $found })
verify-fault-seal-manifest = { $file }: seals another manifest ({ $expected } sealed, { $found } found)
verify-fault-seal-content = { $file }: seals another content ({ $expected } sealed, { $found } found)
verify-fault-seal-facts = { $file }: lead and seal or folder differ ({ $expected } and { $found })
verify-fault-seal-order = { $file }: sealed at { $found }, before the approval at { $expected }
verify-fault-signature = { $file }: the signature of the seal is not valid
verify-fault-other-key = { $file }: signed by fingerprint { $found }, not by a trusted key ({ $expected })
verify-fault-head-signature = { $file }: the signature of the audit log’s head is not valid
verify-fault-head-other-key = { $file }: the audit log’s head is signed by fingerprint { $found }, not by a trusted key
verify-fault-proof-checkpoint = { $file }: the audit log’s head can’t be read
verify-fault-proof-origin = { $file }: the head is of another log
verify-fault-proof-path = { $file }: does not lead from the entry to the audit log’s head
verify-fault-proof-leaf = { $file }: the entry is not that of a sealing
verify-fault-proof-manifest = { $file }: the entry names another manifest
verify-fault-proof-seal = { $file }: the entry names another seal
