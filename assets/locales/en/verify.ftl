# lead-handoff verify: what is said of a package

verify-authentic = Whole and authentic: every byte is as it was sealed, and the seal is signed by a trusted key.
verify-authentic-receipt-not = The package is whole and authentic; but the receipt that was given is not proved.
verify-not-authenticated = Whole, signed by fingerprint { $fingerprint }, not authenticated: no trusted key was given that signed it. Give the sender’s public key with --public-key, and have it from elsewhere than this package.
verify-approver-not-authenticated = Whole, and sealed by a trusted key; but the approval is not signed by the given passkey of the approver.
verify-head-not-authenticated = Whole, and sealed by a trusted key; but the key that signed the head of the audit log is not authenticated.
verify-faulty = { $n ->
    [one] Not as it was sealed: one fault.
   *[other] Not as it was sealed: { $n } faults.
}
verify-unreadable = Unreadable: { $why }
verify-why-no-file = there is no such file
verify-why-no-right = there is no right to read it
verify-why-not-zip = it is not a ZIP archive, or was cut short; an encrypted package.zip.age has to be opened with age first
verify-why-not-package = it is a ZIP archive, but not a sealed package
verify-key-unreadable = the public key file { $file } can’t be read, or a line of it is not a key (name+id+base64; a key in PEM stands alone)
verify-passkey-unreadable = the passkey { $file } can’t be read: it has to be a file with a public key (PEM), or a fingerprint of 64 hex digits
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
verify-label-recorded-at = Recorded at
verify-label-sent-at = Sent at
verify-label-sent-entry = Log entry of the sending
verify-label-paper-day = Day of receipt (as the paper has it)
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
verify-fault-approval-seal = { $file }: what the approver’s passkey signed is not what the seal names ({ $expected } and { $found })
verify-fault-approval-statement = { $file }: the passkey signed the approval of something else than the seal names ({ $expected } and { $found })
verify-fault-approval-order = { $file }: what the passkey signed was shown at { $found }, not between composing and approving ({ $expected })
verify-fault-approval-other = { $file }: the approval is signed by the passkey { $found }, not by the given one ({ $expected })
verify-fault-approval-other-unsigned = { $file }: the approval is signed by no passkey; a signature by the given one ({ $expected }) is wanted
verify-fault-approval-form = { $file }: what the approver’s passkey gave can’t be read
verify-fault-approval-challenge = { $file }: the approver’s passkey signed another statement
verify-fault-approval-origin = { $file }: the signature of the approver’s passkey came from a page of another site
verify-fault-approval-site = { $file }: the approver’s passkey signed for another site
verify-fault-approval-presence = { $file }: nobody was at the device when the approver’s passkey signed
verify-fault-approval-verification = { $file }: the device did not confirm who was there when the approver’s passkey signed
verify-fault-approval-key = { $file }: the public key of the approver’s passkey can’t be read, or is of another kind than it says
verify-fault-approval-signature = { $file }: the signature of the approver’s passkey is not valid
verify-fault-key-step = { $file }: step { $found } from one signing key to the next does not hold (0 is the first key); it is forged or was changed
verify-fault-key-seal = { $file }: does not lead, by the steps that were sealed, to the key that signed (key { $expected } sealed, { $found } found)
verify-fault-signature = { $file }: the signature of the seal is not valid
verify-fault-other-key = { $file }: signed by fingerprint { $found }, not by a trusted key ({ $expected })
verify-fault-other-key-unsigned = { $file }: not signed; a signature by a trusted key ({ $expected }) is wanted
verify-fault-head-signature = { $file }: the signature of the audit log’s head is not valid
verify-fault-head-other-key = { $file }: the audit log’s head is signed by fingerprint { $found }, not by a trusted key
verify-fault-head-other-key-unsigned = { $file }: the audit log’s head is not signed
verify-fault-proof-checkpoint = { $file }: the audit log’s head can’t be read
verify-fault-proof-origin = { $file }: the head is of another log
verify-fault-proof-path = { $file }: does not lead from the entry to the audit log’s head
verify-fault-proof-leaf = { $file }: the entry is not that of a sealing
verify-fault-proof-manifest = { $file }: the entry names another manifest
verify-fault-proof-seal = { $file }: the entry names another seal

# The paper of a check: the command and the paper say the same
verify-why-changing = { $file } was written to during the check, so that it is not known which bytes were checked; check again when nobody writes to it
verify-part-file = The file that was checked
verify-part-result = What came of the check
verify-part-faults = What differs
verify-part-proved = What the check proves
verify-part-open = What the check does not prove
verify-part-package = The package
verify-part-seal = Seal and approval
verify-part-sent = Sent to
verify-part-receipt = Received by
verify-part-receipt-says = What the receipt says
verify-part-log = Audit log
verify-part-stamps = Time stamps
verify-part-withheld = Withheld items
verify-part-checker = Who checked
verify-proved-bytes = The file is whole: every byte of the archive, those between the files included, is as it was sealed.
verify-proved-files = The SHA-256 of each file is that of the manifest; size, SHA-256 and SM3 of each item are those of the evidence list.
verify-proved-files-sha256 = The SHA-256 of each file is that of the manifest; size and SHA-256 of each item are those of the evidence list.
verify-proved-signer = The holder of the given public key signed the seal, and nothing was changed since.
verify-proved-signer-followed = The seal is signed by a key that succeeded the given public key: each key signed for the next. Nothing was changed since.
verify-proved-log = The sealing is in the audit log whose head the holder of the given public key signed.
verify-proved-stamps = The files under time stamps of a known authority were there at the times that those state.
verify-proved-receipt = The given receipt is of this package, and the holder of the given public key signed it.
verify-proved-nothing = Nothing that the package says is proved.
verify-open-signer = Who sealed it: the signature was not checked with a key that was had from elsewhere.
verify-open-sm3 = The SM3 values of the evidence list: they were not computed again. Every byte of the files was checked by SHA-256.
verify-open-truth = Whether what the files say is true, and how the evidence was obtained.
verify-open-signer-other = Who sealed it: the signature is by none of the given keys.
verify-open-key = Whose the given public key is: whoever checks has to know that by another way than the package.
verify-open-succession = Whether a key in the succession has become known to others: compare the key of the seal with those that the sender publishes.
verify-open-sent = Whether the package was sent, and who received it when.
verify-open-log = What the log holds after that head, and whether there are other versions of the package.
verify-open-stamps = Whether certificates of the authorities of time stamps were called back.
verify-label-file = File
verify-label-size = Size
verify-label-sha256 = SHA-256 of the whole file
verify-label-checked = Checked at
verify-label-program = Checked with
verify-label-approved = Approved at
verify-label-composed = Composed at
verify-label-composer-role = Composed as
verify-label-composer = Composer’s id
verify-label-role = Approved as
verify-label-approver = Approver’s id
verify-label-approval-entry = Log entry of the approval
verify-label-log = Log
verify-label-log-index = Place of the entry (from 0)
verify-label-log-size = Entries under the head
verify-label-log-entry = Entry written at
verify-label-log-tiles = Log published at
verify-sent-note = The seal names the addressee. Whether the package was sent is not part of this check.
verify-sent-received = The seal names the addressee. Who received the package stands in the receipt.
verify-receipt-note = No receipt was given: who received the package is not part of this check.
verify-approval-passkey = The seal says that the account { $approver } approved; the approval is signed by the passkey whose public key has the fingerprint { $passkey }.
verify-approval-unconfirmed = This passkey is not authenticated: that it is the approver’s, only the server’s signature vouches for. Compare its fingerprint with the sender another way, and give it as --approver-key.
verify-approval-confirmed = This passkey is the one that was given: its holder signed the approval themselves.
verify-approval-broken = The seal says that a passkey signed the approval; that does not hold.
verify-approval-code = The approval was confirmed by the code of a second factor, the weaker kind: that the approver did so, only the server’s signature vouches for.
verify-seal-unsigned = There is no valid signature of the seal.
verify-seal-trusted = This is the public key of the given file { $file }.
verify-seal-followed = The given file { $file } holds an earlier key, which leads to this one:
verify-seal-step = Key { $new } was named as its successor by key { $old } at { $time }; both signed that.
verify-composer-not-named = not named: the seal is of the first form, which names no composer
verify-seal-no-keys = No public key was given: who signed is not authenticated.
verify-seal-untrusted = This is none of the given public keys: who signed is not authenticated.
verify-log-proven = The sealing is in that log; its head is signed by a trusted key.
verify-log-untrusted = The sealing is in that log; the key that signed its head is not authenticated.
verify-log-unproven = That the sealing is in that log is not proved.
verify-log-time = A head bears no time of its own; the time of the entry was written by the sender’s system.
verify-stamps-none = The package has no time stamps.
verify-stamps-no-roots = No root certificates were given: whose the authorities are was not checked.
verify-stamps-roots = The authorities were held against the given root certificates { $file }.
verify-withheld-item = No. { $n }, { $category }
verify-withheld-note = Only number, category and commitment are listed. Once an item is released, its commitment and the salt that comes with it show whether it is the same file.
verify-withheld-none = No item is withheld.
verify-paper-title = Report on the check of a package
verify-paper-foot = SHA-256 of the file that was checked
verify-paper-bytes = { $n ->
    [one] { $n } byte
   *[other] { $n } bytes
}
verify-paper-checker = Checked by
verify-paper-witness = Witness
verify-paper-name = Name:
verify-paper-unit = Body:
verify-paper-signature = Signature:
verify-paper-date = Date:
verify-paper-exists = there is such a file already, and it is not written over; name another one
verify-paper-unwritten = The report { $file } could not be written: { $why }
