# lead-handoff verify --receipt: what is said of a receipt

verify-receipt-unreadable = the file { $file } of the receipt can’t be read, or is too large for one
verify-receipt-proved-code = Receipt authentic: { $agency } received this package at { $time } ({ $zone }). Signed for by { $name } (account { $account }). The server of { $issuer } signed for them (the weaker kind), after their password and the code of a second factor (of the app, or a recovery code), shown at { $shown }. The recipient themselves signed nothing.
verify-receipt-proved-password = Receipt authentic: { $agency } received this package at { $time } ({ $zone }). Signed for by { $name } (account { $account }). The server of { $issuer } signed for them (the weaker kind), after their password alone, without a second factor. The recipient themselves signed nothing.
verify-receipt-proved-scan = Receipt authentic: { $agency } received this package on paper, recorded at { $time } ({ $zone }) by { $name } from a scan with the SHA-256 { $scan }. The server of { $issuer } says so by its signature; what the paper itself says is seen on that scan.
verify-receipt-proved-other = Receipt authentic: { $agency } received this package at { $time } ({ $zone }). The server of { $issuer } says so by its signature; how the recipient showed who they are ({ $strength }) this version does not know. Use a newer one.
verify-receipt-package-not-authentic = The receipt itself is authentic, but the package is not proven: so it is not proven either that this package was received.
verify-receipt-not-authenticated = Receipt not authenticated: no trusted key was given that signed it, so it is not known who issued it. Give the sender’s public key with --public-key, and have it from elsewhere than this receipt.
verify-receipt-faulty = { $n ->
    [one] The receipt does not hold, and does not prove that the package was received: one fault, below.
   *[other] The receipt does not hold, and does not prove that the package was received: { $n } faults, below.
}
verify-receipt-unproven = What the receipt says of itself is not proven.
verify-receipt-fault-json = receipt.json: is not a receipt ({ $found })
verify-receipt-fault-schema = receipt.json: has the format { $found }, this program knows { $expected }; use a newer version
verify-receipt-fault-form = receipt.json: is not in the one form that such a file has
verify-receipt-fault-signature = receipt.sig: the signature of the receipt is not valid; the receipt was changed, or it is not its signature
verify-receipt-fault-other-key = receipt.sig: signed by the key { $found }, not by a trusted key ({ $expected })
verify-receipt-fault-fingerprint = receipt.json: names the key { $found }, but was signed by { $expected }
verify-receipt-fault-package = The package tells too little of itself to hold the receipt against it
verify-receipt-fault-seal = receipt.json: is of another package (seal { $found }, that of this package is { $expected })
verify-receipt-fault-manifest = receipt.json: is of another package (manifest { $found }, that of this package is { $expected })
verify-receipt-fault-facts = receipt.json: names { $found }, the package is { $expected }
verify-receipt-fault-order-received = receipt.json: the times are out of order, received or recorded ({ $found }) before it was sent ({ $expected })
verify-receipt-fault-order-sent = receipt.json: the times are out of order, what was signed was shown ({ $found }) before the dossier was sent ({ $expected })
verify-receipt-fault-order-signed = receipt.json: the times are out of order, the server countersigned ({ $found }) before what was signed was shown ({ $expected })
