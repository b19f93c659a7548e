//! The parts of the guide, by role, and which pages each explains: so that every page leads to what is said of it. The
//! texts stand with the guide itself; here is only where they are.

use std::iter;

use super::model::{Actor, Role};
use crate::platform::paths;

/// A part of a role's guide.
#[derive(Clone, Copy, Debug)]
pub struct Section {
    /// Its anchor, and the last part of its messages: `guide-<role>-<id>`, or `guide-all-<id>` where all roles are told
    /// the same.
    pub id: &'static str,
    /// Beginnings of the routes that it explains; the longest that fits a page counts.
    pub pages: &'static [&'static str],
    /// Where its work is done; empty: nowhere of its own.
    pub place: &'static str,
    /// Other pages that its steps name: the address, and the message that is the page's name.
    pub more: &'static [(&'static str, &'static str)],
}

const fn section(id: &'static str, place: &'static str, pages: &'static [&'static str]) -> Section {
    Section { id, pages, place, more: &[] }
}

impl Section {
    /// With links to other pages that its steps name.
    const fn and(self, more: &'static [(&'static str, &'static str)]) -> Self {
        Section { more, ..self }
    }
}

/// Where everybody's passkeys are.
const PASSKEYS: (&str, &str) = (paths::PASSKEYS, "passkeys-title");
/// What waits, among it keys of agencies.
const TO_DO: (&str, &str) = (paths::HOME, "nav-home");
const SYSTEM: (&str, &str) = (paths::ADMIN_SYSTEM, "nav-system");

/// What every guide begins with, whatever is told of the role there.
const START: Section = section("start", paths::HOME, &["/", "/changes", "/mentions", "/search"]);
/// What every guide ends with.
const END: [Section; 3] = [
    section("wrong", "", &[]),
    section("account", paths::ACCOUNT, &["/account", "/login", "/unsent"]).and(&[PASSKEYS]),
    section("rules", "", &["/help", "/views"]),
];

/// The time limits, for those who have to keep them.
const DEADLINES: Section =
    section("deadlines", "/reference/clocks", &["/reference", "/transfers/{id}/deadlines/{deadline}/extend"]);
/// What is told of an item and its file, for everybody who sees evidence.
const LOOK: Section = section(
    "look",
    paths::LEADS,
    &[
        "/evidence/{id}",
        "/evidence/{id}/read",
        "/evidence/{id}/sales",
        "/evidence/{id}/sealing",
        "/evidence/{id}/sealings",
    ],
);
/// What is read and not written. A part before it explains what of this it has too.
const READ: Section = section(
    "read",
    paths::LEADS,
    &[
        "/leads",
        "/subjects",
        "/evidence",
        "/dossiers",
        "/approvals",
        "/transfers",
        "/cases",
        "/outcomes",
        "/operations",
        "/reports",
        "/agencies",
        "/reference",
    ],
);

const COMPILER: &[Section] = &[
    section("lead", paths::LEADS, &["/leads", "/subjects", "/agencies"]),
    section("evidence", paths::LEADS, &["/leads/{id}/evidence", "/evidence", "/evidence/{id}"]),
    section("redact", paths::LEADS, &["/evidence/{id}/redact"]),
    section("sales", paths::LEADS, &["/evidence/{id}/sales"]),
    section("medium", paths::LEADS, &["/evidence/{id}/sealing", "/evidence/{id}/sealings"]),
    LOOK,
    section("dossier", paths::DOSSIERS, &["/leads/{id}/dossiers", "/dossiers", "/verify"]),
    section("review", paths::APPROVALS, &["/approvals", "/leads/{id}/submit", "/leads/{id}/reopen"]),
    section("send", paths::TRANSFERS, &["/transfers/new", "/transfers"]),
    section("answer", paths::TRANSFERS, &["/transfers/{id}"]),
    section("paper", paths::TRANSFERS, &["/transfers/{id}/papers", "/cases/{id}/papers"]),
    section("results", paths::OUTCOMES, &["/cases", "/outcomes", "/operations", "/reports"]),
    DEADLINES,
];
const APPROVER: &[Section] = &[
    section("review", paths::APPROVALS, &["/approvals", "/dossiers", "/verify"]),
    section("return", paths::APPROVALS, &["/approvals/{id}/return"]),
    LOOK,
    READ,
];
const MANAGER: &[Section] = &[
    section("follow", paths::TRANSFERS, &["/transfers", "/leads", "/evidence", "/dossiers", "/approvals"]),
    LOOK,
    section("paper", paths::TRANSFERS, &["/transfers/{id}", "/cases/{id}/papers"]),
    section("results", paths::OUTCOMES, &["/cases", "/outcomes"]),
    section("operation", paths::OPERATIONS, &["/operations", "/subjects"]),
    section("report", paths::REPORTS, &["/reports"]),
    section("log", paths::AUDIT, &["/audit", "/verify"]),
    section("deadlines", "/reference/clocks", &["/reference", "/agencies"]),
];
const ADMIN: &[Section] = &[
    section("people", paths::ADMIN_PEOPLE, &["/admin/people"]),
    section("agencies", paths::AGENCIES, &["/agencies"]).and(&[TO_DO]),
    section("work", paths::ADMIN_JOBS, &["/admin", "/verify"]).and(&[SYSTEM]),
    section("evidence", paths::ADMIN_EVIDENCE, &["/admin/evidence"]),
    section("reference", paths::REFERENCE, &["/reference"]),
];
const AUDITOR: &[Section] = &[
    section("log", paths::AUDIT, &["/audit"]),
    section("proof", "/api/v1/audit/checkpoint", &["/audit/{id}", "/verify"]),
    LOOK,
    READ,
];
const LIAISON: &[Section] = &[
    section("receive", paths::TRANSFERS, &["/transfers", "/dossiers", "/verify"]).and(&[PASSKEYS]),
    section("decide", paths::TRANSFERS, &["/transfers/{id}"]),
    section("file", paths::CASES, &["/cases"]),
    section("outcome", paths::OUTCOMES, &["/outcomes", "/cases/{id}/outcomes"]),
    DEADLINES,
];

/// The guide of one role, in the order in which it is read: what is the same for all stands around its own parts.
pub fn of(role: Role) -> impl Iterator<Item = &'static Section> {
    let own = match role {
        Role::Compiler => COMPILER,
        Role::Approver => APPROVER,
        Role::Manager => MANAGER,
        Role::Admin => ADMIN,
        Role::Auditor => AUDITOR,
        Role::Liaison => LIAISON,
    };
    iter::once(&START).chain(own).chain(&END)
}

/// The page of a part.
pub fn address(role: Role, id: &str) -> String {
    format!("{}/{role}#{id}", paths::HELP)
}

/// How much of a route this beginning fits; `None`: none of it.
fn fits(page: &str, route: &str) -> Option<usize> {
    let rest = route.strip_prefix(page)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(page.len())
}

/// Where the guide explains a page to `actor`, by its route's pattern: in the part of the reader's roles that knows it
/// best, else where the first of their guides begins.
pub fn href(actor: &Actor, route: &str) -> String {
    let parts = actor.roles.iter().flat_map(|role| of(*role).map(move |section| (*role, section)));
    let known = parts.filter_map(|(role, section)| {
        let best = section.pages.iter().filter_map(|page| fits(page, route)).max()?;
        Some((best, role, section.id))
    });
    // Of equals the first: the order of the roles.
    let best = known.reduce(|a, b| if b.0 > a.0 { b } else { a });
    match (best, actor.roles.first()) {
        (Some((_, role, id)), _) => address(role, id),
        (None, Some(role)) => address(*role, "start"),
        (None, None) => paths::HELP.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::platform::i18n::{self, Lang};

    #[test]
    fn every_role_has_a_guide_whose_parts_are_told_apart_and_have_words() {
        for role in Role::ALL {
            let sections: Vec<&Section> = of(*role).collect();
            let ids: BTreeSet<&str> = sections.iter().map(|section| section.id).collect();
            assert_eq!(ids.len(), sections.len(), "{role}");
            assert_eq!(sections.first().map(|section| section.id), Some("start"), "{role}");
            for section in sections {
                let own = format!("guide-{role}-{}", section.id);
                let key = if i18n::has(Lang::Zh, &own) { own } else { format!("guide-all-{}", section.id) };
                for lang in Lang::ALL {
                    assert!(i18n::has(lang, &key) && i18n::has(lang, &format!("{key}-1")), "{lang} {key}");
                    assert!(section.more.iter().all(|(_, name)| i18n::has(lang, name)), "{lang} {key}");
                }
            }
        }
    }

    #[test]
    fn the_longest_beginning_counts_and_a_word_is_not_cut() {
        assert_eq!(fits("/leads/{id}/evidence", "/leads/{id}/evidence/note"), Some(20));
        assert_eq!(fits("/leads", "/leads/{id}"), Some(6));
        assert_eq!(fits("/lead", "/leads"), None);
        assert_eq!(fits("/", "/leads"), None);
        assert_eq!(fits("/", "/"), Some(1));
    }
}
