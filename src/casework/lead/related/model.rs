//! What two leads have in common, and when one of them is likely the other again. Pure.

use chrono::NaiveDate;

use super::super::model::State;
use crate::platform::{db::Id, words::words};

words!(
    /// What a lead has in common with another one.
    Why {
        /// The same person, company, shop, account, phone or vehicle.
        Subject = "subject",
        /// The same address.
        Site = "site",
        /// The same page of an offer.
        Listing = "listing",
        /// Another offer of the same shop.
        Shop = "shop",
        /// It was cloned from the other one.
        Source = "source",
        /// The other one was cloned from it.
        Copy = "copy",
    }
);

/// The first and the last day of the facts, as far as they are known.
pub type Period = (Option<NaiveDate>, Option<NaiveDate>);

/// One thing that they have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub why: Why,
    /// What it is called in the lead that is looked at; may be empty.
    pub label: String,
    /// Whether it is known by a number or an address, and not by a name alone.
    pub exact: bool,
}

/// A lead that has something in common with another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    pub id: Id,
    pub number: String,
    pub title: String,
    pub state: State,
    pub synthetic: bool,
    pub period: Period,
    pub reasons: Vec<Reason>,
    /// Whether it was stated of one of them that it is no duplicate of the other.
    pub is_distinct: bool,
}

impl Related {
    /// Whether it is likely the same matter: the same identifier, the same offer, or the same site at the same time. What
    /// was withdrawn or lies in the trash goes nowhere, and is nothing that is done twice.
    pub fn is_likely(&self, period: Period) -> bool {
        let is_open = !matches!(self.state, State::Withdrawn | State::Trashed);
        let strong = |reason: &Reason| match reason.why {
            Why::Listing => true,
            Why::Subject => reason.exact,
            Why::Site => overlap(self.period, period),
            Why::Shop | Why::Source | Why::Copy => false,
        };
        is_open && self.reasons.iter().any(strong)
    }
}

/// Whether two periods have a day in common. One that is not known has none; of one with a single date known, that is
/// its day.
pub fn overlap(one: Period, other: Period) -> bool {
    let bounds = |(from, to): Period| Some((from.or(to)?, to.or(from)?));
    match (bounds(one), bounds(other)) {
        (Some((a, b)), Some((c, d))) => a <= d && c <= b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(from: &str, to: &str) -> Period {
        (from.parse().ok(), to.parse().ok())
    }

    fn related(state: State, why: Why, exact: bool) -> Related {
        Related {
            id: Id::new(),
            number: String::new(),
            title: String::new(),
            state,
            synthetic: false,
            period: period("2016-03-01", "2016-05-04"),
            reasons: vec![Reason { why, label: String::new(), exact }],
            is_distinct: false,
        }
    }

    #[test]
    fn periods_overlap_where_they_have_a_day_in_common() {
        assert!(overlap(period("2016-03-01", "2016-05-04"), period("2016-05-04", "")));
        assert!(!overlap(period("2016-03-01", "2016-05-03"), period("2016-05-04", "2016-06-01")));
        assert!(!overlap(period("", ""), period("2016-05-04", "")));
    }

    #[test]
    fn likely_are_the_same_identifier_offer_or_site_at_the_time_of_what_is_open() {
        let at = period("2016-04-01", "");
        assert!(related(State::Approved, Why::Listing, true).is_likely(at));
        assert!(related(State::Draft, Why::Subject, true).is_likely(at));
        assert!(!related(State::Draft, Why::Subject, false).is_likely(at), "a name may be anybody's");
        assert!(related(State::Draft, Why::Site, true).is_likely(at));
        assert!(!related(State::Draft, Why::Site, true).is_likely(period("2017-01-01", "")));
        assert!(!related(State::Withdrawn, Why::Listing, true).is_likely(at));
        assert!(!related(State::Draft, Why::Source, true).is_likely(at));
        assert!(!related(State::Draft, Why::Shop, true).is_likely(at), "a shop may have many offers");
    }
}
