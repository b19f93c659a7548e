//! What the approver's passkey signed (`approval.json`), and what is said of it.

use serde::Serialize;

use super::{Code, Faults, Report, Summary, checks::Small, said::Part};
use crate::{
    casework::dossier::{
        bag,
        facts::{commitment, groups_of_four},
        seal::Seal,
        signed_approval::{SCHEMA, STATEMENT_SCHEMA, SignedApproval, Statement},
    },
    platform::{
        i18n::{Lang, t, t_with},
        webauthn::{self, Fault},
    },
};

/// The passkey behind an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ApproverKey {
    /// SHA-256 of its public key, 64 lower-case hex digits. Whose it is, the server alone says.
    pub fingerprint: String,
    /// Whether the caller had it from elsewhere, and it is that one.
    pub confirmed: bool,
}

impl Code {
    /// What is wrong with what the approver's passkey signed.
    fn of(fault: Fault) -> Self {
        match fault {
            Fault::Form => Self::ApprovalForm,
            Fault::Challenge => Self::ApprovalChallenge,
            Fault::Origin => Self::ApprovalOrigin,
            Fault::Site => Self::ApprovalSite,
            Fault::Presence => Self::ApprovalPresence,
            Fault::Verification => Self::ApprovalVerification,
            Fault::Key => Self::ApprovalKey,
            Fault::Signature => Self::ApprovalSignature,
        }
    }
}

/// Holds `approval.json` against the seal, the passkey's signature against its statement, and its key against `pinned`, the
/// fingerprint of the approver's passkey where the caller had it from elsewhere. `None`: the seal names no such file, or it does
/// not hold.
pub(super) fn check(
    small: &Small,
    seal: &Seal,
    pinned: Option<&str>,
    faults: &mut Faults,
) -> Option<ApproverKey> {
    let before = faults.count();
    let found = signed(small, seal, faults);
    let confirmed = pinned.is_some() && pinned == found.as_deref();
    // What does not hold at all is by no key, and told already.
    if let Some(wanted) = pinned.filter(|_| !confirmed && faults.count() == before) {
        let file = if found.is_some() { bag::APPROVAL } else { bag::SEAL };
        faults.add(Code::ApprovalOther, file, wanted, found.as_deref().unwrap_or_default());
    }
    found.map(|fingerprint| ApproverKey { fingerprint, confirmed })
}

/// The fingerprint of the passkey that signed the approval, where all of it holds.
fn signed(small: &Small, seal: &Seal, faults: &mut Faults) -> Option<String> {
    let named = seal.approval.signed_sha256.as_ref()?;
    let before = faults.count();
    let form = |file: &SignedApproval| file.to_text().map(String::into_bytes);
    let file: Option<SignedApproval> = small.json(bag::APPROVAL, &[SCHEMA], form, faults);
    let found = bag::sha256_hex(small.bytes(bag::APPROVAL));
    if found != *named {
        faults.add(Code::ApprovalSeal, bag::APPROVAL, named, found);
    }
    let SignedApproval { statement, site, assertion, .. } = file?;
    if let Some((expected, found)) = differs(&statement, seal) {
        faults.add(Code::ApprovalStatement, bag::APPROVAL, expected, found);
    }
    if let Some((expected, found)) = out_of_order(&statement, seal) {
        faults.add(Code::ApprovalOrder, bag::APPROVAL, expected, found);
    }
    let challenge = statement.challenge().unwrap_or_default();
    for fault in webauthn::faults(&assertion, &challenge, &site) {
        faults.add(Code::of(fault), bag::APPROVAL, "", "");
    }
    let key = assertion.key().filter(|_| faults.count() == before)?;
    Some(key.fingerprint())
}

/// The first thing that the statement says otherwise than the seal: what the seal has, and what the statement has.
fn differs(statement: &Statement, seal: &Seal) -> Option<(String, String)> {
    let salt = seal.approval.signed_salt.as_deref().unwrap_or_default();
    let own = commitment(salt, &seal.manifest_sha256).unwrap_or_default();
    let found = statement.commitments.iter().find(|one| **one == own).cloned();
    let is_in_order = statement.commitments.windows(2).all(|two| two[0] < two[1]);
    let approval = &seal.approval;
    let same = [
        (STATEMENT_SCHEMA.to_owned(), statement.schema.clone()),
        (own, found.unwrap_or_else(|| statement.commitments.join(" "))),
        (seal.number.clone(), statement.lead_number.clone()),
        (seal.version.to_string(), statement.version.to_string()),
        (approval.approver.to_string(), statement.approver.to_string()),
        (approval.role.clone(), statement.role.clone()),
    ];
    let other = same.into_iter().find(|(expected, found)| expected != found);
    other.or_else(|| (!is_in_order).then(Default::default))
}

/// Between what the statement had to be shown, and when it was, where that is not between. When the dossier was submitted no
/// package says; it was composed before.
fn out_of_order(statement: &Statement, seal: &Seal) -> Option<(String, String)> {
    let (shown, approved) = (statement.stated_at, seal.approval.at);
    let composed = seal.composer.as_ref().map(|by| by.at);
    let is_between = shown <= approved && composed.is_none_or(|at| at <= shown);
    let composed = composed.map(|at| at.to_string()).unwrap_or_default();
    (!is_between).then(|| (format!("{composed} – {approved}"), shown.to_string()))
}

/// Adds how it was approved.
pub(super) fn told(part: Part, report: &Report, package: &Summary, lang: Lang) -> Part {
    match (&report.approver, &package.approval.signed_sha256) {
        (Some(key), _) => {
            let passkey = groups_of_four(&key.fingerprint);
            let given = [("approver", package.approval.approver.to_string()), ("passkey", passkey.clone())];
            let whose =
                if key.confirmed { "verify-approval-confirmed" } else { "verify-approval-unconfirmed" };
            part.rows(lang, [("passkey", passkey)])
                .note(t_with(lang, "verify-approval-passkey", &given))
                .note(t(lang, whose))
        }
        // What does not hold is among the faults.
        (None, Some(_)) => part.note(t(lang, "verify-approval-broken")),
        (None, None) => part.note(t(lang, "verify-approval-code")),
    }
}
