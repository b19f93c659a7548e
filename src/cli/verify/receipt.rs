//! What `verify` says of a receipt, after what it says of the package.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Args, printable};
use crate::{
    casework::dossier::{
        facts::groups_of_four,
        receipt::{Receipt, Strength},
        verify::{ReceiptFault, ReceiptReport, Report, Verdict, check_receipt},
    },
    platform::{
        i18n::{Lang, t, t_count, t_with},
        keys::PublicKey,
    },
};

/// A receipt is a page of text; what is longer is none, and is not read.
const MOST: u64 = 64 * 1024;

/// The bytes of a receipt and its signature.
pub(super) struct Given {
    json: Vec<u8>,
    signature: Vec<u8>,
}

impl Given {
    /// Those that the command line names; `None`: none.
    ///
    /// # Errors
    /// The file that can't be read.
    pub fn read(args: &Args) -> Result<Option<Self>, PathBuf> {
        let Some(file) = &args.receipt else { return Ok(None) };
        let beside = args.receipt_signature.clone().unwrap_or_else(|| file.with_extension("sig"));
        let json = small(file).ok_or_else(|| file.clone())?;
        let signature = small(&beside).ok_or(beside)?;
        Ok(Some(Self { json, signature }))
    }

    /// What was said of the package, with the receipt; the exit code is the worse of the two.
    pub fn told(
        &self,
        as_json: bool,
        report: &Report,
        trusted: &[PublicKey],
        (code, text): (u8, String),
        lang: Lang,
    ) -> (u8, String) {
        let found = check_receipt(&self.json, &self.signature, report.package.as_ref(), trusted);
        let is_proved = found.verdict == Verdict::Authentic && report.verdict == Verdict::Authentic;
        let code = if is_proved { code } else { code.max(1) };
        if as_json {
            let mut value: Value = serde_json::from_str(&text).unwrap_or_default();
            value["receipt"] = shown(&found, report, lang);
            value["exit"] = json!(code);
            return (code, format!("{value}\n"));
        }
        (code, format!("{text}\n{}\n", lines(&found, report, lang).join("\n")))
    }
}

fn small(file: &Path) -> Option<Vec<u8>> {
    let is_small = std::fs::metadata(file).is_ok_and(|meta| meta.is_file() && meta.len() <= MOST);
    is_small.then(|| std::fs::read(file).ok()).flatten()
}

/// What is proved, in plain words.
fn headline(found: &ReceiptReport, report: &Report, lang: Lang) -> String {
    match (found.verdict, &found.receipt) {
        (Verdict::Authentic, Some(_)) if report.verdict != Verdict::Authentic => {
            t(lang, "verify-receipt-package-not-authentic")
        }
        (Verdict::Authentic, Some(receipt)) => proved(receipt, lang),
        (Verdict::NotAuthenticated | Verdict::Authentic, _) => t(lang, "verify-receipt-not-authenticated"),
        (Verdict::Faulty, _) => t_count(lang, "verify-receipt-faulty", found.faults.len() as u64),
    }
}

fn proved(receipt: &Receipt, lang: Lang) -> String {
    let agency = match lang {
        Lang::En if !receipt.agency.name_en.is_empty() => &receipt.agency.name_en,
        _ => &receipt.agency.name_zh,
    };
    let scan = receipt.paper.as_ref().map(|paper| groups_of_four(&paper.scan_sha256)).unwrap_or_default();
    let key = match (receipt.strength(), &receipt.second_factor_at) {
        (Some(Strength::PasswordAndCode), Some(_)) => "verify-receipt-proved-code",
        (Some(Strength::PasswordAndCode), None) => "verify-receipt-proved-password",
        (Some(Strength::Paper), _) => "verify-receipt-proved-scan",
        (None, _) => "verify-receipt-proved-other",
    };
    let given = [
        ("agency", printable(agency)),
        ("name", printable(&receipt.signer.name)),
        ("account", receipt.signer.account.to_string()),
        ("time", printable(&receipt.at)),
        ("zone", printable(&receipt.zone)),
        ("issuer", printable(&receipt.issuer)),
        ("shown", receipt.second_factor_at.as_deref().map(printable).unwrap_or_default()),
        ("strength", printable(&receipt.strength)),
        ("scan", scan),
    ];
    t_with(lang, key, &given)
}

fn message(fault: &ReceiptFault, lang: Lang) -> String {
    let given = [("expected", printable(&fault.expected)), ("found", printable(&fault.found))];
    t_with(lang, &format!("verify-receipt-fault-{}", fault.code.as_str()), &given)
}

fn lines(found: &ReceiptReport, report: &Report, lang: Lang) -> Vec<String> {
    let mut lines = vec![headline(found, report, lang)];
    lines.extend(found.faults.iter().map(|fault| format!("- {}", message(fault, lang))));
    let Some(receipt) = &found.receipt else { return lines };
    if found.verdict != Verdict::Authentic {
        lines.push(t(lang, "verify-receipt-unproven"));
    }
    let mut details = vec![
        ("transfer", printable(&receipt.transfer_number)),
        ("received-by", printable(&format!("{} ({})", receipt.agency.name_zh, receipt.agency.code))),
        ("received-at", printable(&format!("{} {}", receipt.at, receipt.zone))),
    ];
    if let Some(day) = receipt.paper.as_ref().and_then(|paper| paper.on_day) {
        details.push(("paper-day", day.to_string()));
    }
    if let Some(signer) = &found.signer {
        details.extend([("signer", printable(&signer.name)), ("fingerprint", signer.fingerprint.clone())]);
    }
    lines.extend(details.into_iter().map(|(label, value)| {
        format!("{}{}{value}", t(lang, &format!("verify-label-{label}")), lang.pick("：", ": "))
    }));
    lines
}

fn shown(found: &ReceiptReport, report: &Report, lang: Lang) -> Value {
    let mut value = serde_json::to_value(found).unwrap_or_default();
    value["message"] = json!(headline(found, report, lang));
    if let Some(faults) = value["faults"].as_array_mut() {
        for (shown, fault) in faults.iter_mut().zip(&found.faults) {
            shown["message"] = Value::String(message(fault, lang));
        }
    }
    value
}
