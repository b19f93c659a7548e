# Trusted time stamps
timestamp-title = Trusted time stamps
timestamp-time = Time by the stamp
timestamp-authority = Time stamp authority
timestamp-serial = Serial number
timestamp-asked = Asked for
timestamp-download = Download the time stamp (.tsr)
timestamp-seal-text = An authority says that seal.json was there at this time. Stamps that came before the package was written are in it; those that came later are here. The seal does not name them.
timestamp-waiting = Asked for; the authority has not answered yet.
timestamp-away = The authority gives no time stamp now; it is asked again by itself.
timestamp-refused = No time stamp: the answer did not pass, or asking has stopped. The background jobs say why; an administrator can have it asked again.
timestamp-count-asked = Asked for so far
timestamp-count-outstanding = Waited for
timestamp-count-failed = Given up
timestamp-count-missing = Never asked for
timestamp-missing = { $files ->
    [one] { $files } stored file
   *[other] { $files } stored files
} and { $seals ->
    [one] { $seals } seal
   *[other] { $seals } seals
} have no time stamp by an authority that is configured now: they were there before it. Each counts once for each authority.
timestamp-see-failed = See the jobs that were given up
timestamp-none-missing = No time stamp is missing
timestamp-none-missing-text = A stamp was asked for over every registered file and every sealed dossier.
timestamp-unset = No time stamp authority is set
timestamp-unset-text = Once LEAD_HANDOFF_TIMESTAMP_URL is set, stamps are asked for over what is registered and sealed; those over what was there before are asked for here.
timestamp-being-asked = The missing ones are being asked for, one every five seconds. Reload to see how far it is.
timestamp-ask-missing = Ask for the missing stamps
flash-stamps-asked = The missing time stamps are being asked for.
conflict-no-stamp-missing = Every stored file of an item and every seal was asked a stamp for already.
verb-timestamp-ask-missing = Missing time stamps asked for
audit-fact-seals = Seals
job-timestamp-fill = Asking for missing time stamps
setting-timestamp-url = Addresses of time stamp authorities (RFC 3161), with blanks or commas between them; left empty, none is asked for.
setting-timestamp-ca = File of root certificates (PEM); the certificates of the authorities must lead to one of them.
job-timestamp-ask = Asking for a trusted time stamp
verb-timestamp-receive = Trusted time stamp received
object-timestamp = Trusted time stamp
audit-fact-authority = Time stamp authority
audit-fact-serial = Serial number
audit-fact-stamped-at = Time by the stamp
audit-reason-stamp-unreadable = The answer is no time stamp
audit-reason-stamp-refused = The authority gives no time stamp
audit-reason-stamp-imprint = The time stamp is over another hash than it was asked for
audit-reason-stamp-nonce = The time stamp answers another request
audit-reason-stamp-signature = The signature of the time stamp is not valid
audit-reason-stamp-untrusted = The certificate of the time stamp is not for that, or leads to no trusted root
audit-reason-stamp-time = The time of the time stamp is far from ours
check-timestamp = time stamp { $id } ({ $authority }): it is not over what it was asked for, says something else than is told of it, or its signature is not valid
check-dossier-timestamp = a time stamp of it is over another hash than that of its seal
verify-stamp = Time stamp over { $over }: { $time }, by { $authority }, serial number { $serial }
verify-stamp-unknown = Time stamp over { $over }: { $time }, by { $authority }, serial number { $serial }; its authority is not verified, so it says nothing about the time (give its root with --timestamp-ca)
verify-more-stamps = { $n ->
    [one] … and one more time stamp; it was checked as well.
   *[other] … and { $n } more time stamps; they were checked as well.
}
verify-stamps-not-authenticated = Whole, and sealed by a trusted key; but time stamps in it are by authorities that do not lead to the given roots.
verify-roots-unreadable = the file of root certificates { $file } can’t be read: { $why }
verify-fault-stamp-form = { $file }: is no time stamp, or not in the one form that such a file has
verify-fault-stamp-signature = { $file }: the signature of the time stamp is not valid
verify-fault-stamp-imprint = { $file }: the time stamp is over another file ({ $expected } stamped, { $found } found)
verify-fault-stamp-authority = { $file }: the authority of the time stamp ({ $found }) leads to none of the given roots, or its certificate is not for time stamps
verify-page-stamps = Time stamps: {"{"}stamps{"}"}. The browser does not check them; the command does.
