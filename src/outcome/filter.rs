//! What a list of entries is asked for, as its address says it. Pure.

use super::{
    model::{self, Kind, State},
    sort::Sort,
};
use crate::{
    audit::Entry,
    directory::{
        people::Actor,
        reference::{asked, region},
    },
    platform::{db::Id, error::FieldError, http::Form, keyset::Edge, money::Basis, time, words::words},
};

words!(
    /// What waits for the reader: the word in an address.
    Waits { ToDecide = "me", OnOwnLeads = "own-leads", Rejected = "rejected" }
);

/// What the list is narrowed to; everything of it stands in the address.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub year: Option<i32>,
    pub month: Option<u32>,
    pub kind: Option<Kind>,
    pub agency: Option<Id>,
    /// A type of agency.
    pub agency_type: String,
    /// Digits with which the region's code begins.
    pub region: String,
    /// What of the address was not understood: shown at its field, and nothing passes for an answer.
    pub faults: Vec<FieldError>,
    pub charge: String,
    pub case: Option<Id>,
    pub operation: Option<Id>,
    pub state: Option<State>,
    pub synthetic: Option<bool>,
    /// Only what waits for the reader: to be decided on, the same about the reader's own leads, or rejected and not taken
    /// note of.
    pub waits: Option<Waits>,
    /// Only what the figure of its kind counts.
    pub counted: bool,
    /// Instead what that figure merged: values that another one of their case goes before; by identity, the namings of
    /// somebody who was named before.
    pub merged: bool,
    /// Amounts of this basis.
    pub basis: Option<Basis>,
    /// Quantities in the unit of this code; empty: those without one.
    pub unit: Option<String>,
    /// These entries alone; empty: all.
    pub only: Vec<Id>,
    /// A row an identity instead of a row an entry.
    pub by_identity: bool,
    /// As the ledger was when the audit log had this size.
    pub as_at: Option<i64>,
    pub sort: Sort,
    /// Beside which entry the page begins.
    pub edge: Edge<Id>,
    /// As `edge`, in the list by identity: the place of the newest entry, and the identity.
    pub identity_edge: Edge<(i64, Id)>,
}

impl Filter {
    /// Reads the address. Region and charge may be given by name; one that can't be told is a fault, as is everything else
    /// that can't be read.
    pub fn read(query: &mut Form, me: &Actor) -> Self {
        Self::of(query, me, true)
    }

    /// As [`Filter::read`], for a list that has a row an entry whatever is asked for.
    pub fn of_entries(query: &mut Form, me: &Actor) -> Self {
        Self::of(query, me, false)
    }

    fn of(query: &mut Form, me: &Actor, knows_identities: bool) -> Self {
        let (region, charge) = (asked::region(query), asked::charge(query));
        let mut filter = Self {
            year: query.asked("year", time::year),
            month: query.asked("month", |raw| raw.parse().ok().filter(|m| (1..=12).contains(m))),
            kind: query.asked_word("kind"),
            agency: query.asked_agency(me.agency.is_some()),
            agency_type: query.asked_code("agency_type"),
            region,
            charge,
            case: query.asked_word("case"),
            operation: query.asked_word("operation"),
            state: query.asked_word("state"),
            synthetic: query.asked_yes_no("synthetic"),
            waits: query.asked_word("waits"),
            counted: query.asked_flag("counted", "1"),
            merged: query.asked_flag("merged", "1"),
            basis: query.asked("basis", Basis::parse),
            unit: match query.text("unit", 20).as_str() {
                "" => None,
                "-" => Some(String::new()),
                unit => Some(model::unit(unit).unwrap_or(unit).to_owned()),
            },
            only: Vec::new(),
            by_identity: query.asked_flag("by", "identity"),
            as_at: query.asked_log_size(),
            sort: query.asked("sort", Sort::parse).unwrap_or_default(),
            edge: Edge::of(query.raw("after"), query.raw("before"), |text| text.parse().ok()),
            identity_edge: Edge::of(query.raw("after"), query.raw("before"), identity_cursor),
            faults: Vec::new(),
        };
        // The list that is asked for begins there; the one by identity is the platform's alone.
        let has_identities = knows_identities && filter.by_identity && me.agency.is_none();
        for name in ["after", "before"] {
            query.asked(name, |raw| {
                let is_known =
                    if has_identities { identity_cursor(raw).is_some() } else { raw.parse::<Id>().is_ok() };
                is_known.then_some(())
            });
        }
        filter.faults = query.errors().to_vec();
        filter
    }

    /// What narrows the list, as parameters of its address: codes, numbers and ids, nothing that somebody typed freely.
    pub fn address(&self) -> String {
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        let parts = [
            ("year", self.year.map(|n| n.to_string())),
            ("month", self.month.map(|n| n.to_string())),
            ("kind", self.kind.map(|kind| kind.to_string())),
            ("agency", self.agency.map(|id| id.to_string())),
            ("agency_type", text(&self.agency_type)),
            ("region", text(&self.region)),
            ("charge", text(&self.charge)),
            ("case", self.case.map(|id| id.to_string())),
            ("operation", self.operation.map(|id| id.to_string())),
            ("state", self.state.map(|state| state.to_string())),
            ("synthetic", self.synthetic.map(|yes| if yes { "yes" } else { "no" }.into())),
            ("waits", self.waits.map(|waits| waits.as_str().into())),
            ("counted", self.counted.then(|| "1".into())),
            ("merged", self.merged.then(|| "1".into())),
            ("basis", self.basis.map(|basis| basis.as_str().into())),
            ("by", self.by_identity.then(|| "identity".into())),
            ("log_size", self.as_at.map(|n| n.to_string())),
        ];
        let given = parts.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        given.collect::<Vec<_>>().join("&")
    }

    /// Whether it narrows by nothing but the state.
    pub fn is_whole(&self) -> bool {
        let of_any_state = Self { state: None, ..self.clone() };
        of_any_state.address().is_empty() && self.unit.is_none() && self.only.is_empty()
    }

    /// An entry that says what was asked for; a unit is typed by people.
    pub fn entry(&self, verb: &'static str) -> Entry {
        let entry = Entry::new(verb).fact("filter", self.address());
        self.unit.iter().fold(entry, |entry, unit| entry.private("unit", unit.as_str()))
    }

    /// `44` for 440000, `4401` for 440100: a region and everything below it begin so.
    pub fn region_stem(&self) -> &str {
        region::stem(&self.region)
    }
}

/// Where a page of the list by identity begins.
fn identity_cursor(text: &str) -> Option<(i64, Id)> {
    let (seq, identity) = text.split_once('.')?;
    Some((seq.parse().ok()?, identity.parse().ok()?))
}
