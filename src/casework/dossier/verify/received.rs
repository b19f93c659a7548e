//! What the check of a receipt says in words: one source for the command and its paper.

use super::{ReceiptFault, ReceiptReport, Report, Verdict, said::Part};
use crate::{
    casework::dossier::{
        facts::groups_of_four,
        receipt::{Receipt, Strength},
    },
    platform::{
        i18n::{Lang, t, t_count, t_with},
        terminal::printable,
        time::in_zone,
    },
};

/// Whether it is proved that this package was received: the receipt is authentic, and so is the package.
pub fn is_proved(found: &ReceiptReport, report: &Report) -> bool {
    found.verdict == Verdict::Authentic && report.verdict == Verdict::Authentic
}

/// What is proved, in plain words.
pub fn headline(found: &ReceiptReport, report: &Report, lang: Lang) -> String {
    match (found.verdict, &found.receipt) {
        (Verdict::Authentic, Some(_)) if report.verdict != Verdict::Authentic => {
            t(lang, "verify-receipt-package-not-authentic")
        }
        (Verdict::Authentic, Some(receipt)) => proved(found, receipt, lang),
        (Verdict::NotAuthenticated | Verdict::Authentic, _) => t(lang, "verify-receipt-not-authenticated"),
        (Verdict::Faulty, _) => t_count(lang, "verify-receipt-faulty", found.faults.len() as u64),
    }
}

fn proved(found: &ReceiptReport, receipt: &Receipt, lang: Lang) -> String {
    let agency = match lang {
        Lang::En if !receipt.agency.name_en.is_empty() => &receipt.agency.name_en,
        _ => &receipt.agency.name_zh,
    };
    let scan = receipt.paper.as_ref().map(|paper| groups_of_four(&paper.scan_sha256)).unwrap_or_default();
    let key = match (receipt.strength(), &receipt.second_factor_at) {
        (Some(Strength::Passkey), _) => "verify-receipt-proved-passkey",
        (Some(Strength::PasswordAndCode), Some(_)) => "verify-receipt-proved-code",
        (Some(Strength::PasswordAndCode), None) => "verify-receipt-proved-password",
        (Some(Strength::Paper), _) => "verify-receipt-proved-scan",
        (None, _) => "verify-receipt-proved-other",
    };
    let given = [
        ("agency", printable(agency)),
        ("name", printable(&receipt.signer.name)),
        ("account", receipt.signer.account.map(|id| id.to_string()).unwrap_or_default()),
        ("time", printable(&in_zone(&receipt.at, &receipt.zone))),
        ("zone", printable(&receipt.zone)),
        ("issuer", printable(&receipt.issuer)),
        ("shown", shown(receipt)),
        ("strength", printable(&receipt.strength)),
        ("scan", scan),
        ("passkey", found.passkey.as_ref().map(|key| groups_of_four(&key.fingerprint)).unwrap_or_default()),
    ];
    t_with(lang, key, &given)
}

/// When the signer showed the code of the second factor; empty: they did not.
fn shown(receipt: &Receipt) -> String {
    let at = receipt.second_factor_at.as_deref();
    at.map(|at| printable(&in_zone(at, &receipt.zone))).unwrap_or_default()
}

/// A fault of a receipt, with what differs.
pub fn fault(fault: &ReceiptFault, lang: Lang) -> String {
    let given = [("expected", printable(&fault.expected)), ("found", printable(&fault.found))];
    t_with(lang, &format!("verify-receipt-fault-{}", fault.code.as_str()), &given)
}

/// What came of the check with what differs, then what the receipt says of itself: to be believed only of an authentic one.
pub fn parts(found: &ReceiptReport, report: &Report, lang: Lang) -> Vec<Part> {
    let mut checked = Part::new(lang, "verify-part-receipt").note(headline(found, report, lang));
    checked.notes.extend(found.faults.iter().map(|one| format!("- {}", fault(one, lang))));
    let Some(receipt) = &found.receipt else { return vec![checked] };
    if found.verdict != Verdict::Authentic {
        checked = checked.note(t(lang, "verify-receipt-unproven"));
    }
    if let Some(key) = &found.passkey {
        let confirmed = if key.confirmed { "verify-passkey-confirmed" } else { "verify-passkey-unconfirmed" };
        checked = checked.note(t(lang, confirmed));
    }
    let mut rows = vec![
        ("transfer", printable(&receipt.transfer_number)),
        ("received-by", printable(&format!("{} ({})", receipt.agency.name_zh, receipt.agency.code))),
        (
            // The server knows when a paper was recorded; its day is that which the paper bears.
            if receipt.paper.is_some() { "recorded-at" } else { "received-at" },
            printable(&format!("{} ({})", in_zone(&receipt.at, &receipt.zone), receipt.zone)),
        ),
    ];
    if let Some(sent) = &receipt.sent {
        let at = printable(&format!("{} ({})", in_zone(&sent.at, &receipt.zone), receipt.zone));
        rows.extend([("sent-at", at), ("sent-entry", sent.audit_entry.to_string())]);
    }
    if let Some(day) = receipt.paper.as_ref().and_then(|paper| paper.on_day) {
        rows.push(("paper-day", day.to_string()));
    }
    if let Some(signer) = &found.signer {
        rows.extend([("signer", printable(&signer.name)), ("fingerprint", signer.fingerprint.clone())]);
    }
    if let Some(key) = &found.passkey {
        rows.push(("passkey", groups_of_four(&key.fingerprint)));
    }
    let kind = match receipt.strength() {
        Some(Strength::Passkey) => t(lang, "verify-strength-passkey"),
        Some(Strength::PasswordAndCode) => t(lang, "verify-strength-code"),
        Some(Strength::Paper) => t(lang, "verify-strength-paper"),
        None => printable(&receipt.strength),
    };
    rows.push(("strength", kind));
    vec![checked, Part::new(lang, "verify-part-receipt-says").rows(lang, rows)]
}
