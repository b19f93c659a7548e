//! The left-hand navigation, in the order of a lead's way; each entry for the roles that have a page there.

use super::{
    guard::{BothSides, CaseReader, DirectoryReader, LogReader},
    model::{Actor, Role},
};
use crate::platform::{
    http::layout::{NavGroup, NavItem},
    i18n, paths,
};

struct Entry(&'static str, &'static str, &'static [Role]);

use Role::{Admin, Approver, Auditor, Manager};

const EVERYONE: &[Role] = Role::ALL;
const READERS: &[Role] = CaseReader::ROLES;
const BOTH_SIDES: &[Role] = BothSides::ROLES;

const GROUPS: &[(&str, &[Entry])] = &[
    ("", &[Entry("nav-home", paths::HOME, EVERYONE)]),
    (
        "nav-group-platform",
        &[
            Entry("nav-leads", paths::LEADS, READERS),
            Entry("nav-dossiers", paths::DOSSIERS, READERS),
            Entry("nav-approvals", paths::APPROVALS, &[Approver, Manager, Auditor]),
        ],
    ),
    (
        "nav-group-handover",
        &[
            Entry("nav-transfers", paths::TRANSFERS, BOTH_SIDES),
            Entry("nav-cases", paths::CASES, BOTH_SIDES),
            Entry("nav-outcomes", paths::OUTCOMES, BOTH_SIDES),
            Entry("nav-operations", paths::OPERATIONS, READERS),
        ],
    ),
    (
        "nav-group-results",
        &[Entry("nav-reports", paths::REPORTS, READERS), Entry("nav-audit", paths::AUDIT, LogReader::ROLES)],
    ),
    (
        "nav-group-directory",
        &[
            Entry("nav-agencies", paths::AGENCIES, DirectoryReader::ROLES),
            Entry("nav-reference", paths::REFERENCE, EVERYONE),
        ],
    ),
    (
        "nav-group-admin",
        &[
            Entry("nav-people", paths::ADMIN_PEOPLE, &[Admin]),
            Entry("nav-mail", paths::ADMIN_MAIL, &[Admin]),
            Entry("nav-jobs", paths::ADMIN_JOBS, &[Admin]),
            Entry("nav-system", paths::ADMIN_SYSTEM, &[Admin]),
            Entry("nav-stored", paths::ADMIN_EVIDENCE, &[Admin]),
            Entry("nav-settings", paths::ADMIN_SETTINGS, &[Admin]),
            Entry("nav-setup", paths::ADMIN_SETUP, &[Admin]),
        ],
    ),
];

/// What the list of transfers is called: an agency's people have it as what came in.
pub fn transfers(is_agency: bool) -> &'static str {
    if is_agency { "nav-inbox" } else { "nav-transfers" }
}

fn is_current(href: &str, path: &str) -> bool {
    if href == "/" {
        path == "/"
    } else {
        path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'))
    }
}

/// What an entry opens: the list, or the saved filter that `actor` wants to begin with.
fn opened(actor: &Actor, href: &str) -> String {
    let usual = actor.usual.iter().find(|(list, _)| *list == href);
    usual.map_or_else(|| href.to_owned(), |(_, address)| address.clone())
}

/// The groups that `actor` has entries in.
pub fn groups(actor: &Actor, path: &str) -> Vec<NavGroup> {
    let mut groups = Vec::new();
    for (label, entries) in GROUPS {
        let items: Vec<NavItem> = entries
            .iter()
            .filter(|Entry(_, _, roles)| actor.has_any(roles))
            .map(|Entry(key, href, _)| {
                let key = if *href == paths::TRANSFERS { transfers(actor.agency.is_some()) } else { *key };
                NavItem {
                    href: opened(actor, href),
                    label: i18n::t(actor.lang, key),
                    current: is_current(href, path),
                    count: None,
                }
            })
            .collect();
        if !items.is_empty() {
            let label = if label.is_empty() { String::new() } else { i18n::t(actor.lang, label) };
            groups.push(NavGroup { label, items });
        }
    }
    groups
}
