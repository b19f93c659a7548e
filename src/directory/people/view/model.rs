//! Which lists filters are saved of, and what is kept of an address. Pure.

use crate::{
    directory::people::{
        guard::{BothSides, CaseReader, DirectoryReader, LogReader},
        model::{Actor, Role},
    },
    platform::{
        http::{link::Query, selection::PICK},
        paths,
        words::words,
    },
};

/// Most characters of a name.
pub const LONGEST_NAME: usize = 60;
/// Most characters of what an address asks for.
pub const LONGEST: usize = 2_000;
/// Most saved filters of one person.
pub const MOST: i64 = 100;

words!(
    /// A list that filters are saved of.
    List {
        Leads = "leads",
        Dossiers = "dossiers",
        Approvals = "approvals",
        Transfers = "transfers",
        Cases = "cases",
        Outcomes = "outcomes",
        Agencies = "agencies",
        People = "people",
        Audit = "audit",
    }
);

impl List {
    /// The address of the whole list.
    pub fn path(self) -> &'static str {
        match self {
            List::Leads => paths::LEADS,
            List::Dossiers => paths::DOSSIERS,
            List::Approvals => paths::APPROVALS,
            List::Transfers => paths::TRANSFERS,
            List::Cases => paths::CASES,
            List::Outcomes => paths::OUTCOMES,
            List::Agencies => paths::AGENCIES,
            List::People => paths::ADMIN_PEOPLE,
            List::Audit => paths::AUDIT,
        }
    }

    /// Message key of what it is called.
    pub fn key(self) -> String {
        format!("nav-{self}")
    }

    fn readers(self) -> &'static [Role] {
        match self {
            List::Leads | List::Dossiers | List::Approvals => CaseReader::ROLES,
            List::Transfers | List::Cases | List::Outcomes => BothSides::ROLES,
            List::Agencies => DirectoryReader::ROLES,
            List::People => &[Role::Admin],
            List::Audit => LogReader::ROLES,
        }
    }

    pub fn is_read_by(self, me: &Actor) -> bool {
        me.has_any(self.readers())
    }

    /// The list as `asked` narrows it.
    pub fn href(self, asked: &str) -> String {
        format!("{}?{asked}", self.path())
    }
}

/// Whose filters are shared with each other: those of a side; of the agencies' side, of one agency.
pub fn scope(me: &Actor) -> String {
    me.agency_id().map_or_else(|| me.side.to_string(), |agency| agency.to_string())
}

/// What is kept of an address: what it asks for, whichever page of it is open.
pub fn asked(list: &Query) -> String {
    let kept = list.kept(&["once", "format", PICK]);
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
}

/// As [`asked`], of what stands behind the question mark of an address.
pub fn read_asked(text: &str) -> String {
    asked(&Query::new(&format!("?{}", text.trim_start_matches('?'))))
}

/// Whether two ask for the same, in whatever order.
pub fn is_same(one: &str, other: &str) -> bool {
    let parts = |text: &str| {
        let mut parts: Vec<String> = text.split('&').map(str::to_owned).collect();
        parts.sort_unstable();
        parts
    };
    parts(one) == parts(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_what_the_address_asks_for_and_not_its_page() {
        let list = Query::new("/leads?q=a+b&state=draft&after=7&pick=x&ok=lead-created&region=&col=title");
        assert_eq!(asked(&list), "q=a+b&state=draft&col=title");
        assert_eq!(read_asked("?state=draft&q=%E5%81%87&before=1"), "state=draft&q=%E5%81%87");
        assert_eq!(read_asked(""), "");
        assert!(is_same("a=1&b=2", "b=2&a=1") && !is_same("a=1", "a=1&b=2"));
        assert_eq!(List::Leads.href("q=a"), "/leads?q=a");
    }
}
