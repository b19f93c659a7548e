//! Whether a receipt is the server's, and of this very package.

use chrono::DateTime;
use serde::{Deserialize, Serialize};
use signed_note::Note;

use super::{Signer, Summary, Verdict, trust};
use crate::{
    casework::dossier::{
        receipt::{KIND, Receipt, SCHEMA, SCHEMA_1, Strength},
        seal,
    },
    platform::{
        keys::PublicKey,
        webauthn::{self, Fault},
    },
};

/// What came of the check of a receipt.
#[derive(Clone, Debug, Serialize)]
pub struct ReceiptReport {
    /// As of a package: authentic only by a key that the caller trusts.
    pub verdict: Verdict,
    pub faults: Vec<ReceiptFault>,
    /// What it says; to be believed only if it is authentic.
    pub receipt: Option<Receipt>,
    /// The key behind it, where the caller trusts it.
    pub signer: Option<Signer>,
    /// The passkey that signed it, where one did and what it signed holds.
    pub passkey: Option<Passkey>,
}

/// The passkey behind a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Passkey {
    /// SHA-256 of its public key, 64 lower-case hex digits.
    pub fingerprint: String,
    /// Whether the caller had it from elsewhere, and it is that one.
    pub confirmed: bool,
}

/// One thing about a receipt that is not as it must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReceiptFault {
    pub code: ReceiptCode,
    pub expected: String,
    pub found: String,
}

/// Kinds of faults; the message is `verify-receipt-fault-<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReceiptCode {
    /// Not to be read as a receipt.
    Json,
    /// Of another format or kind than this program knows.
    Schema,
    /// Not in the one form that a receipt has.
    Form,
    /// No signature, a damaged one, or one of a trusted key that does not hold.
    Signature,
    /// Signed, but by another key than the given ones.
    OtherKey,
    /// Names another key than the one that signed it.
    Fingerprint,
    /// The package tells too little of itself to be held against.
    Package,
    /// Of a package with another seal.
    Seal,
    /// Of a package with another manifest.
    Manifest,
    /// Names another lead or version than the package.
    Facts,
    /// Received before it was sent.
    OrderReceived,
    /// What the passkey signed was shown before the dossier was sent.
    OrderSent,
    /// What the passkey signed was shown after the server countersigned.
    OrderSigned,
    /// Says that a passkey signed it and holds no such signature, or the other way round, or one that can't be read.
    PasskeyForm,
    /// The passkey signed another seal, transfer, delivery, statement or time.
    PasskeyChallenge,
    /// What the passkey signed came from a page of another site.
    PasskeyOrigin,
    /// The passkey's device says that it signed for another site.
    PasskeySite,
    /// Nobody was at the passkey's device.
    PasskeyPresence,
    /// Whoever was at the passkey's device did not show it who they are.
    PasskeyVerification,
    /// The passkey's public key can't be read, or is of another kind than is named.
    PasskeyKey,
    /// The passkey's signature does not hold.
    PasskeySignature,
    /// Signed by another passkey than the given one, or by none.
    PasskeyOther,
}

impl ReceiptCode {
    /// What is wrong with what a passkey signed.
    fn of(fault: Fault) -> Self {
        match fault {
            Fault::Form => Self::PasskeyForm,
            Fault::Challenge => Self::PasskeyChallenge,
            Fault::Origin => Self::PasskeyOrigin,
            Fault::Site => Self::PasskeySite,
            Fault::Presence => Self::PasskeyPresence,
            Fault::Verification => Self::PasskeyVerification,
            Fault::Key => Self::PasskeyKey,
            Fault::Signature => Self::PasskeySignature,
        }
    }
}

impl ReceiptCode {
    /// The code as in the JSON report and in message keys.
    pub fn as_str(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// What is read of a receipt first.
#[derive(Deserialize)]
struct Said {
    schema: String,
    kind: String,
}

#[derive(Default)]
struct Faults(Vec<ReceiptFault>);

impl Faults {
    fn add(&mut self, code: ReceiptCode, expected: impl ToString, found: impl ToString) {
        let fault = ReceiptFault { code, expected: expected.to_string(), found: found.to_string() };
        self.0.push(fault);
    }
}

/// Checks a receipt: `json` and `signature` are the exact bytes of `receipt.json` and `receipt.sig`, `package` is what the
/// package says of itself, `trusted` the keys that came from elsewhere, the same as for the seal, `enrolled` the fingerprint of the
/// recipient's passkey, where the caller had it from elsewhere.
pub fn check(
    json: &[u8],
    signature: &[u8],
    package: Option<&Summary>,
    trusted: &[PublicKey],
    enrolled: Option<&str>,
) -> ReceiptReport {
    let mut faults = Faults::default();
    let receipt = read(json, &mut faults);
    let by = signed(json, signature, trusted, &mut faults);
    if let (Some(receipt), false) = (&receipt, by.is_empty())
        && by.iter().all(|key| key.fingerprint() != receipt.key_fingerprint)
    {
        faults.add(ReceiptCode::Fingerprint, by[0].fingerprint(), &receipt.key_fingerprint);
    }
    if let Some(receipt) = &receipt {
        against(receipt, package, &mut faults);
    }
    let passkey = receipt.as_ref().and_then(|receipt| by_passkey(receipt, enrolled, &mut faults));
    if let Some(receipt) = &receipt {
        in_order(receipt, &mut faults);
    }
    let is_whole = faults.0.iter().all(|fault| fault.code == ReceiptCode::OtherKey);
    let verdict = match (is_whole, by.is_empty()) {
        (false, _) => Verdict::Faulty,
        (true, true) => Verdict::NotAuthenticated,
        (true, false) => Verdict::Authentic,
    };
    let signer = by.first().map(|key| Signer {
        name: key.name().to_owned(),
        fingerprint: key.fingerprint(),
        trusted: true,
    });
    ReceiptReport { verdict, faults: faults.0, receipt, signer, passkey }
}

/// A receipt of a known format in its canonical form.
fn read(json: &[u8], faults: &mut Faults) -> Option<Receipt> {
    let said = match serde_json::from_slice::<Said>(json) {
        Ok(said) => said,
        Err(e) => {
            faults.add(ReceiptCode::Json, SCHEMA, e);
            return None;
        }
    };
    if ![SCHEMA, SCHEMA_1].contains(&said.schema.as_str()) || said.kind != KIND {
        let (expected, found) = (format!("{SCHEMA} {KIND}"), format!("{} {}", said.schema, said.kind));
        faults.add(ReceiptCode::Schema, expected, found);
        return None;
    }
    match serde_json::from_slice::<Receipt>(json) {
        Ok(receipt) if receipt.to_text().is_ok_and(|text| text.as_bytes() == json) => Some(receipt),
        Ok(_) => {
            faults.add(ReceiptCode::Form, "", "");
            None
        }
        Err(e) => {
            faults.add(ReceiptCode::Json, SCHEMA, e);
            None
        }
    }
}

/// The trusted keys that signed it. Without any trusted key nothing can be said of a signature but that it is one.
fn signed<'k>(
    json: &[u8],
    signature: &[u8],
    trusted: &'k [PublicKey],
    faults: &mut Faults,
) -> Vec<&'k PublicKey> {
    let bytes = seal::note(json, signature);
    // A note is taken apart at its last empty line: its text has to be the whole receipt.
    if !Note::from_bytes(&bytes).is_ok_and(|note| note.text() == json) {
        faults.add(ReceiptCode::Signature, "", "");
        return Vec::new();
    }
    let by = trust::signers(trusted, &bytes);
    if !by.is_empty() || trusted.is_empty() {
        return by;
    }
    let text = std::str::from_utf8(signature).unwrap_or_default();
    let lines: Vec<signed_note::Signature> =
        text.lines().filter_map(|line| signed_note::Signature::from_bytes(line.as_bytes()).ok()).collect();
    let claims = |key: &PublicKey| lines.iter().any(|one| one.name() == key.name() && one.id() == key.id());
    if trusted.iter().any(claims) {
        faults.add(ReceiptCode::Signature, "", "");
    } else {
        let expected: Vec<String> = trusted.iter().map(PublicKey::fingerprint).collect();
        let found: Vec<String> = lines.iter().map(|one| format!("{}+{:08x}", one.name(), one.id())).collect();
        faults.add(ReceiptCode::OtherKey, expected.join(", "), found.join(", "));
    }
    by
}

/// The receipt against what the package says of itself.
fn against(receipt: &Receipt, package: Option<&Summary>, faults: &mut Faults) {
    let Some(package) = package else {
        faults.add(ReceiptCode::Package, "", "");
        return;
    };
    if receipt.seal_sha256 != package.seal_sha256 {
        faults.add(ReceiptCode::Seal, &package.seal_sha256, &receipt.seal_sha256);
    }
    if receipt.manifest_sha256 != package.manifest_sha256 {
        faults.add(ReceiptCode::Manifest, &package.manifest_sha256, &receipt.manifest_sha256);
    }
    let of_package = (package.number.as_str(), package.version);
    if (receipt.lead_number.as_str(), receipt.version) != of_package {
        let named = |(number, version): (&str, u32)| format!("{number} v{version}");
        faults.add(
            ReceiptCode::Facts,
            named(of_package),
            named((receipt.lead_number.as_str(), receipt.version)),
        );
    }
}

/// The times of a receipt, as far as it has them: sent, then shown to whoever signs, then countersigned.
fn in_order(receipt: &Receipt, faults: &mut Faults) {
    let (sent, shown) = (receipt.sent.as_ref(), receipt.passkey.as_ref());
    let (sent, shown) = (sent.map(|sent| &sent.at), shown.map(|by| &by.issued_at));
    let pairs = [
        (ReceiptCode::OrderReceived, sent, Some(&receipt.at)),
        (ReceiptCode::OrderSent, sent, shown),
        (ReceiptCode::OrderSigned, shown, Some(&receipt.at)),
    ];
    let mut said = sent.into_iter().chain(shown).chain([&receipt.at]);
    if said.any(|at| DateTime::parse_from_rfc3339(at).is_err()) {
        faults.add(ReceiptCode::Form, "", "");
        return;
    }
    for (code, earlier, later) in pairs {
        let (Some(earlier), Some(later)) = (earlier, later) else { continue };
        if DateTime::parse_from_rfc3339(earlier).ok() > DateTime::parse_from_rfc3339(later).ok() {
            faults.add(code, earlier, later);
        }
    }
}

/// What the recipient's passkey signed: its challenge is put together anew from what the receipt says.
fn by_passkey(receipt: &Receipt, enrolled: Option<&str>, faults: &mut Faults) -> Option<Passkey> {
    let found = match (&receipt.passkey, receipt.signed(), receipt.strength()) {
        (None, _, strength) => {
            if strength == Some(Strength::Passkey) {
                faults.add(ReceiptCode::PasskeyForm, "", "");
            }
            None
        }
        (Some(by), Some(signed), Some(Strength::Passkey)) => {
            let challenge = signed.challenge().unwrap_or_default();
            let wrong = webauthn::faults(&by.assertion, &challenge, &by.site);
            for fault in &wrong {
                faults.add(ReceiptCode::of(*fault), "", "");
            }
            let key = by.assertion.key().filter(|_| wrong.is_empty());
            key.map(|key| key.fingerprint())
        }
        (Some(_), ..) => {
            faults.add(ReceiptCode::PasskeyForm, "", "");
            None
        }
    };
    let is_other = enrolled.is_some_and(|wanted| found.as_deref() != Some(wanted));
    if let (Some(wanted), true) = (enrolled, is_other) {
        faults.add(ReceiptCode::PasskeyOther, wanted, found.as_deref().unwrap_or("-"));
    }
    found.map(|fingerprint| Passkey { fingerprint, confirmed: enrolled.is_some() && !is_other })
}

#[cfg(test)]
mod tests;
