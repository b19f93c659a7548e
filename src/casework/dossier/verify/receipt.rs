//! Whether a receipt is the server's, and of this very package.

use serde::{Deserialize, Serialize};
use signed_note::Note;

use super::{Signer, Summary, Verdict, trust};
use crate::{
    casework::dossier::{
        receipt::{KIND, Receipt, SCHEMA, SCHEMA_1},
        seal,
    },
    platform::keys::PublicKey,
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
/// package says of itself, `trusted` the keys that came from elsewhere, the same as for the seal.
pub fn check(
    json: &[u8],
    signature: &[u8],
    package: Option<&Summary>,
    trusted: &[PublicKey],
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
    ReceiptReport { verdict, faults: faults.0, receipt, signer }
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

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{
        super::{
            tests::{trusted, whole},
            verify,
        },
        *,
    };
    use crate::{
        casework::dossier::{
            receipt::sample,
            sample::{self as packages, NamedKey},
        },
        platform::keys::SigningKey,
    };

    fn package() -> Summary {
        let report = verify(Cursor::new(whole()), &trusted(), &mut |_, _| {}).unwrap();
        report.package.unwrap()
    }

    /// The receipt of a package and its signature by the key of the samples.
    fn signed_for(package: &Summary) -> (String, String) {
        let fingerprint = trusted()[0].fingerprint();
        let mut receipt =
            sample::of(&package.number, &package.seal_sha256, &package.manifest_sha256, &fingerprint);
        receipt.version = package.version;
        signed(&receipt)
    }

    fn signed(receipt: &Receipt) -> (String, String) {
        let json = receipt.to_text().unwrap();
        let signature = seal::sign(&json, &[&NamedKey("log.example.com", packages::key(7))]).unwrap();
        (json, signature)
    }

    fn codes(checked: &ReceiptReport) -> Vec<ReceiptCode> {
        checked.faults.iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn a_receipt_is_proved_by_a_key_from_elsewhere_only() {
        let package = package();
        let (json, signature) = signed_for(&package);
        let found = check(json.as_bytes(), signature.as_bytes(), Some(&package), &trusted());
        assert_eq!((found.verdict, found.faults.as_slice()), (Verdict::Authentic, &[][..]));
        assert_eq!(found.receipt.unwrap().signer.name, "联络员甲");
        assert!(found.signer.unwrap().trusted);

        let found = check(json.as_bytes(), signature.as_bytes(), Some(&package), &[]);
        assert_eq!((found.verdict, found.faults.len()), (Verdict::NotAuthenticated, 0));
        assert!(found.signer.is_none());

        let other = SigningKey::generate("log.example.com").unwrap().public();
        let found = check(json.as_bytes(), signature.as_bytes(), Some(&package), &[other]);
        assert_eq!((found.verdict, codes(&found)), (Verdict::NotAuthenticated, vec![ReceiptCode::OtherKey]));
    }

    #[test]
    fn a_changed_byte_breaks_the_signature() {
        let package = package();
        let (json, signature) = signed_for(&package);
        let changed = json.replace("联络员甲", "联络员乙");
        let found = check(changed.as_bytes(), signature.as_bytes(), Some(&package), &trusted());
        assert_eq!((found.verdict, codes(&found)), (Verdict::Faulty, vec![ReceiptCode::Signature]));
        let longer = format!("{json}\n");
        let found = check(longer.as_bytes(), signature.as_bytes(), Some(&package), &trusted());
        assert_eq!(found.verdict, Verdict::Faulty);
        assert!(codes(&found).contains(&ReceiptCode::Form), "{:?}", found.faults);
        let found = check(json.as_bytes(), b"", Some(&package), &trusted());
        assert_eq!(codes(&found), [ReceiptCode::Signature]);
        let found = check(b"no receipt", signature.as_bytes(), Some(&package), &trusted());
        assert!(codes(&found).contains(&ReceiptCode::Json) && found.receipt.is_none());
        // A file that is signed, but says something else.
        let later = json.replace(SCHEMA, "lead-handoff/receipt/9");
        let found = check(later.as_bytes(), signature.as_bytes(), Some(&package), &[]);
        assert_eq!(codes(&found), [ReceiptCode::Schema]);
    }

    #[test]
    fn the_receipt_of_another_package_is_none_of_this() {
        let package = package();
        let (json, signature) = signed_for(&package);
        let other = Summary { seal_sha256: "0".repeat(64), ..package.clone() };
        let found = check(json.as_bytes(), signature.as_bytes(), Some(&other), &trusted());
        assert_eq!((found.verdict, codes(&found)), (Verdict::Faulty, vec![ReceiptCode::Seal]));
        assert_eq!(found.faults[0].found, package.seal_sha256);
        let other = Summary { manifest_sha256: "0".repeat(64), version: 9, ..package.clone() };
        let found = check(json.as_bytes(), signature.as_bytes(), Some(&other), &trusted());
        assert_eq!(codes(&found), [ReceiptCode::Manifest, ReceiptCode::Facts]);
        let found = check(json.as_bytes(), signature.as_bytes(), None, &trusted());
        assert_eq!(codes(&found), [ReceiptCode::Package]);
    }

    #[test]
    fn a_receipt_names_the_key_that_signed_it() {
        let package = package();
        let mut receipt: Receipt = serde_json::from_str(&signed_for(&package).0).unwrap();
        receipt.key_fingerprint = "0000".into();
        let (json, signature) = signed(&receipt);
        let found = check(json.as_bytes(), signature.as_bytes(), Some(&package), &trusted());
        assert_eq!((found.verdict, codes(&found)), (Verdict::Faulty, vec![ReceiptCode::Fingerprint]));
    }
}
