//! The receipt that `verify` is given beside the package.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::Args;
use crate::{
    casework::dossier::verify::{ReceiptReport, Report, check_receipt, received},
    platform::{i18n::Lang, webauthn::PasskeyKey},
};

/// A receipt is a page of text; what is longer is none, and is not read.
const MOST: u64 = 64 * 1024;

/// The bytes of a receipt and its signature.
pub(super) struct Files {
    json: Vec<u8>,
    signature: Vec<u8>,
    /// The fingerprint of the recipient's passkey, where it was given.
    enrolled: Option<String>,
}

impl Files {
    /// Those that the command line names, to be held to the passkey that the recipient is known to have; `None`: none.
    ///
    /// # Errors
    /// The file that can't be read.
    pub fn read(args: &Args, enrolled: Option<String>) -> Result<Option<Self>, PathBuf> {
        let Some(file) = &args.receipt else { return Ok(None) };
        let beside = args.receipt_signature.clone().unwrap_or_else(|| file.with_extension("sig"));
        let json = small(file).ok_or_else(|| file.clone())?;
        let signature = small(&beside).ok_or(beside)?;
        Ok(Some(Self { json, signature, enrolled }))
    }

    /// The check of it against the package, by the keys that the seal is checked by: those that were given and those that these
    /// lead to.
    pub fn check(&self, report: &Report) -> ReceiptReport {
        let enrolled = self.enrolled.as_deref();
        check_receipt(&self.json, &self.signature, report.package.as_ref(), &report.trusted, enrolled)
    }
}

/// A passkey's fingerprint as it is typed, in groups or not; else that of the key in a file (PEM).
///
/// # Errors
/// The file that holds no such key.
pub(super) fn fingerprint(given: &str) -> Result<String, PathBuf> {
    let digits: String = given.chars().filter(|c| !matches!(c, ' ' | ':' | '-')).collect();
    if digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(digits.to_ascii_lowercase());
    }
    let file = PathBuf::from(given);
    let key = small(&file).and_then(|pem| PasskeyKey::from_pem(&pem));
    key.map(|key| key.fingerprint()).ok_or(file)
}

fn small(file: &Path) -> Option<Vec<u8>> {
    let is_small = std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.len() <= MOST);
    is_small.then(|| std::fs::read(file).ok()).flatten()
}

/// As it stands in the JSON report, with the sentences.
pub(super) fn shown(found: &ReceiptReport, report: &Report, lang: Lang) -> Value {
    let mut value = serde_json::to_value(found).unwrap_or_default();
    value["message"] = json!(received::headline(found, report, lang));
    if let Some(faults) = value["faults"].as_array_mut() {
        for (shown, fault) in faults.iter_mut().zip(&found.faults) {
            shown["message"] = Value::String(received::fault(fault, lang));
        }
    }
    value
}
