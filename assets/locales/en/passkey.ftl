# passkeys

passkeys-title = Passkeys
passkeys-text = A passkey stays in your computer, phone or security key and never leaves it. A liaison’s receipt for a dossier is signed by it, which proves that it was you who received it. You still sign in with password and code.
passkeys-none = No passkey yet
passkeys-none-text = You can acknowledge without one, but then the platform signs the receipt for you by your password and code, which is the weaker kind.
passkey-fingerprint = Fingerprint
passkey-fingerprint-hint = Tell the platform the fingerprint by telephone or another way, to be compared when receipts are verified. It is the SHA-256 of the public key (DER): openssl pkey -pubin -outform DER, then sha256sum.
passkey-remove = Remove
passkey-new = Add a passkey
passkey-new-hint = Your browser asks you to choose a device and to confirm by fingerprint, face or the device’s own password that it is you.
passkey-name-hint = Say on which device it is, to know it again: “office computer”.
passkey-make = Add
passkey-failed = The passkey did not answer: cancelled, too late, or none of yours is on this device. Please try again.
error-passkey-missing = No passkey came: adding one takes scripts, in a browser that knows passkeys.
conflict-passkey-address = Browsers know no passkeys at the present address of this system: it has to be a name, reached by https. Please ask an administrator.
conflict-passkey-old = What you were asked to sign is too old, was signed before, or has changed since. Load the page again and try once more.
conflict-passkey-unverified = The device did not confirm that it was you. Set up its fingerprint, face or password and try again.
conflict-passkey-refused = The passkey’s signature does not hold; nothing was done. Load the page again and try once more.
conflict-passkey-known = This passkey was added before.
conflict-passkey-many = You have as many passkeys as can be had; remove one that you do not use first.
conflict-passkey-unknown = This passkey is none of yours here; nothing was done.
conflict-passkey-copied = The passkey’s counter does not go on from the last time: it may have been copied. Nothing was done; remove it, add a new one, and tell an administrator.
conflict-passkey-none = There is no passkey to sign with, or the dossier has no seal on file.
flash-passkey-added = The passkey is added. Compare its fingerprint, and tell it to the platform.
flash-passkey-removed = The passkey is removed; receipts that it signed stay as they are.
object-passkey = Passkey
verb-passkey-add = Added a passkey
verb-passkey-remove = Removed a passkey
route-passkeys = Passkeys
route-passkey = Passkey
route-options = Request to sign
audit-method-passkey = Passkey
people-passkeys-hint = Compare the fingerprint with its owner by telephone or another way; verify takes it as --receipt-key.
people-passkeys-none = none
agency-passkeys = Passkeys of its liaisons
agency-passkeys-none = No liaison of this agency has a passkey: the platform signs their receipts for them, which is the weaker kind.

# acknowledging
transfer-do-received-passkey = Acknowledge with a passkey
transfer-do-received-weaker = Acknowledge with password and code (weaker)
transfer-received-passkey = Your passkey signs the hash of the seal, the number of the transfer and the statement of receipt.
transfer-received-weaker = You have no passkey: the platform signs the receipt for you by your password and code, which is the weaker kind.
transfer-signed-by-passkey = Signed by passkey.
transfer-signed-by-code = Password and code (the weaker kind: signed by the platform for the recipient).
transfer-signed-by-paper = Scan of a paper receipt.
transfer-signed-key = Recipient’s public key (PEM)

# verify
verify-label-passkey = Fingerprint of the passkey
verify-label-strength = Signed with
verify-strength-passkey = Passkey
verify-strength-code = Password and code (the weaker kind: signed by the platform for the recipient)
verify-strength-paper = Scan of a paper receipt
verify-passkey-confirmed = The passkey is the one that was given.
verify-passkey-unconfirmed = That the passkey is the recipient’s is said by the server alone: compare its fingerprint with the agency, and give it as --receipt-key.
verify-receipt-proved-passkey = Receipt authentic: { $agency } received this package at { $time } ({ $zone }). { $name } (account { $account }) signed for it themselves, by the passkey with the fingerprint { $passkey }; the server of { $issuer } countersigned.
verify-receipt-fault-passkey-form = receipt.json: how it says it was signed and the passkey’s signature in it do not go together, or that can’t be read
verify-receipt-fault-passkey-challenge = receipt.json: the passkey signed another seal, transfer, delivery, statement or time than the receipt has
verify-receipt-fault-passkey-origin = receipt.json: the passkey’s signature came from a page of another site
verify-receipt-fault-passkey-site = receipt.json: the passkey signed for another site
verify-receipt-fault-passkey-presence = receipt.json: nobody was at the device when the passkey signed
verify-receipt-fault-passkey-verification = receipt.json: the device did not confirm who was there when the passkey signed
verify-receipt-fault-passkey-key = receipt.json: the passkey’s public key can’t be read, or is of another kind than it says
verify-receipt-fault-passkey-signature = receipt.json: the passkey’s signature is not valid
verify-receipt-fault-passkey-other = receipt.json: signed by the passkey { $found }, not by the given one ({ $expected })
