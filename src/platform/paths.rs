//! The addresses of pages. Links between stages come from here, so that no stage needs to know another.

use super::db::Id;

pub const HOME: &str = "/";
pub const LOGIN: &str = "/login";
pub const SECOND_FACTOR: &str = "/login/second-factor";
pub const SET_UP_SECOND_FACTOR: &str = "/account/second-factor";
pub const ACCOUNT: &str = "/account";
pub const NOTICES: &str = "/account/notices";
pub const PASSKEYS: &str = "/account/passkeys";
/// What one has typed and not sent.
pub const UNSENT: &str = "/unsent";
pub const LEADS: &str = "/leads";
pub const NEW_LEAD: &str = "/leads/new";
pub const DOSSIERS: &str = "/dossiers";
pub const APPROVALS: &str = "/approvals";
pub const TRANSFERS: &str = "/transfers";
pub const CASES: &str = "/cases";
pub const OUTCOMES: &str = "/outcomes";
pub const OPERATIONS: &str = "/operations";
pub const AGENCIES: &str = "/agencies";
pub const REFERENCE: &str = "/reference";
pub const REPORTS: &str = "/reports";
pub const AUDIT: &str = "/audit";
pub const ADMIN_PEOPLE: &str = "/admin/people";
pub const ADMIN_INVITATIONS: &str = "/admin/people/invitations";
pub const ADMIN_MAIL: &str = "/admin/mail";
pub const ADMIN_JOBS: &str = "/admin/jobs";
pub const ADMIN_SYSTEM: &str = "/admin/system";
/// Stored files that are not as they were stored.
pub const ADMIN_EVIDENCE: &str = "/admin/evidence";
/// How far the asking for time stamps is.
pub const ADMIN_STAMPS: &str = "/admin/evidence#timestamps";
/// Saved filters.
pub const VIEWS: &str = "/views";
pub const ADMIN_SETTINGS: &str = "/admin/settings";
pub const ADMIN_SETUP: &str = "/admin/setup";
pub const VERIFY: &str = "/verify";
pub const HELP: &str = "/help";
pub const GLOSSARY: &str = "/help/glossary";
pub const TOUR: &str = "/help/tour";
pub const SEARCH: &str = "/search";
pub const CHANGES: &str = "/changes";
/// Comments that call the reader.
pub const MENTIONS: &str = "/mentions";
pub const CHANGES_SEEN: &str = "/changes/seen";
pub const HINT_AWAY: &str = "/first-day/put-away";

pub fn lead(id: Id) -> String {
    format!("/leads/{id}")
}

/// A page or act of a lead: `edit`, `charges`, `withdraw` …
pub fn lead_part(id: Id, part: &str) -> String {
    format!("/leads/{id}/{part}")
}

pub fn lead_evidence(id: Id) -> String {
    format!("/leads/{id}/evidence")
}

pub fn lead_dossiers(id: Id) -> String {
    format!("/leads/{id}/dossiers")
}

pub fn evidence(id: Id) -> String {
    format!("/evidence/{id}")
}

pub fn subject(id: Id) -> String {
    format!("/subjects/{id}")
}

pub fn dossier(id: Id) -> String {
    format!("/dossiers/{id}")
}

/// A review waiting for, or with, its decision.
pub fn approval(id: Id) -> String {
    format!("/approvals/{id}")
}

pub fn transfer(id: Id) -> String {
    format!("/transfers/{id}")
}

pub fn case(id: Id) -> String {
    format!("/cases/{id}")
}

pub fn outcome(id: Id) -> String {
    format!("/outcomes/{id}")
}

pub fn operation(id: Id) -> String {
    format!("/operations/{id}")
}

pub fn agency(id: Id) -> String {
    format!("/agencies/{id}")
}

pub fn report(year: i32) -> String {
    format!("/reports/{year}")
}

pub fn invitation(token: &str) -> String {
    format!("/invitations/{token}")
}

/// The page of an object as the audit log names it; `None` for one that has none of its own.
pub fn of_object(kind: &str, id: Id) -> Option<String> {
    let page = match kind {
        "lead" => lead,
        "evidence" => evidence,
        "subject" => subject,
        "dossier" => dossier,
        "approval" => approval,
        "transfer" => transfer,
        "case" => case,
        "outcome" => outcome,
        "operation" => operation,
        "agency" => agency,
        // Those that are open stand in a list, and have no page each.
        "invitation" => return Some(ADMIN_INVITATIONS.into()),
        _ => return None,
    };
    Some(page(id))
}

/// Whether an address is a call of the API: its description for people is pages like the others.
pub fn is_call(path: &str) -> bool {
    path.starts_with("/api/") && !path.starts_with("/api/docs/")
}
