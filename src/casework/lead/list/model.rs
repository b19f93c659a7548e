//! What the list is asked for. Pure.

use chrono::NaiveDate;

use super::super::{
    model::{Lead, State},
    region,
};
use crate::{
    directory::reference::charges,
    platform::{db::Id, http::link::Query, i18n::Lang, keyset::Edge, money::Reading, time},
};

/// By what the list is sorted; ties by the order of creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    Created,
    Value,
    Updated,
}

impl By {
    /// Its word in the parameter `sort`; a minus before it turns the order round.
    pub fn key(self) -> &'static str {
        match self {
            By::Created => "number",
            By::Value => "value",
            By::Updated => "updated",
        }
    }

    /// The key of a row.
    pub fn of(self, lead: &Lead) -> (i64, i64) {
        match self {
            By::Created => (lead.seq, lead.seq),
            By::Value => (lead.value.map_or(-1, |v| v.fen.0), lead.seq),
            By::Updated => (lead.updated_at.micros(), lead.seq),
        }
    }
}

/// Sorting of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub by: By,
    pub descending: bool,
}

impl Default for Sort {
    fn default() -> Self {
        Self { by: By::Created, descending: true }
    }
}

/// Where a page begins: key and `seq` of a row of the list.
pub type From = Edge<(i64, i64)>;

/// A key in the address.
pub fn cursor((key, seq): (i64, i64)) -> String {
    if key == seq { seq.to_string() } else { format!("{key}.{seq}") }
}

fn read_cursor(text: &str) -> Option<(i64, i64)> {
    match text.split_once('.') {
        Some((key, seq)) => Some((key.parse().ok()?, seq.parse().ok()?)),
        None => text.parse().ok().map(|seq| (seq, seq)),
    }
}

/// Whose leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Owned or assigned.
    Mine(Id),
    Of(Id),
}

/// What the list is narrowed to; all parts that are given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub q: String,
    /// `None`: all but those in the trash.
    pub state: Option<State>,
    pub charge: String,
    /// Code; includes everything in it.
    pub region: String,
    pub brand: String,
    pub whose: Option<Whose>,
    pub agency: Option<Id>,
    pub synthetic: Option<bool>,
    /// Day of creation in the configured zone, inclusive.
    pub from: Option<NaiveDate>,
    /// Inclusive.
    pub to: Option<NaiveDate>,
    /// In fen.
    pub at_least: Option<i64>,
}

/// The whole question.
#[derive(Clone, Debug)]
pub struct Asked {
    pub filter: Filter,
    pub sort: Sort,
    pub from: From,
    /// Parameters that could not be read: named above the list, which is not shown as if it were narrowed by them.
    pub faults: Vec<(&'static str, &'static str)>,
}

/// Reads the address of a list. `me`: whose leads `owner=me` are.
pub fn read(query: &Query, me: Id, today: NaiveDate) -> Asked {
    let mut faults = Vec::new();
    let mut fault = |name, code| faults.push((name, code));
    let text = |name: &str| -> String { query.get(name).trim().chars().take(100).collect() };
    let strange = |name: &str, is_read: bool| !is_read && !query.get(name).trim().is_empty();
    let mut day = |name: &'static str| {
        let raw = text(name);
        let read = time::parse_date(&raw).ok();
        if read.is_none() && !raw.is_empty() {
            fault(name, "error-date-unreadable");
        }
        read
    };
    let (from, to) = (day("from"), day("to"));
    let mut filter = Filter { q: text("q"), brand: text("brand"), from, to, ..Filter::default() };
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        fault("to", "error-date-order");
    }
    filter.state = text("state").parse().ok();
    if strange("state", filter.state.is_some()) {
        fault("state", "error-unknown");
    }
    filter.charge = text("charge");
    if !filter.charge.is_empty() && !charges().all().iter().any(|c| c.code == filter.charge) {
        fault("charge", "error-charge-unknown");
        filter.charge.clear();
    }
    match text("region") {
        raw if raw.is_empty() => {}
        raw => match region::resolve(&raw, from.or(to).unwrap_or(today), today, Lang::Zh) {
            Ok(code) => filter.region = code,
            // A region that is gone is still asked for.
            Err(region::Fault::Date) if raw.len() == 6 => filter.region = raw,
            Err(_) => fault("region", "error-region-unknown"),
        },
    }
    filter.whose = match text("owner").as_str() {
        "" => None,
        "me" => Some(Whose::Mine(me)),
        id => id.parse().ok().map(Whose::Of),
    };
    if strange("owner", filter.whose.is_some()) {
        fault("owner", "error-unknown");
    }
    filter.agency = text("agency").parse().ok();
    if strange("agency", filter.agency.is_some()) {
        fault("agency", "error-unknown");
    }
    filter.synthetic = match text("synthetic").as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    if strange("synthetic", filter.synthetic.is_some()) {
        fault("synthetic", "error-unknown");
    }
    match text("min") {
        raw if raw.is_empty() => {}
        raw => match Reading::parse(&raw) {
            Ok(reading) => filter.at_least = Some(reading.fen.0),
            Err(e) => fault("min", e.key()),
        },
    }
    let sort = read_sort(query.get("sort"));
    if strange("sort", is_sort(query.get("sort"))) {
        fault("sort", "error-unknown");
    }
    for name in ["after", "before"] {
        if strange(name, read_cursor(query.get(name)).is_some()) {
            fault(name, "error-unknown");
        }
    }
    let from = From::read(query, read_cursor);
    Asked { filter, sort, from, faults }
}

fn is_sort(text: &str) -> bool {
    let word = text.strip_prefix('-').unwrap_or(text);
    [By::Created, By::Value, By::Updated].into_iter().any(|by| by.key() == word)
}

fn read_sort(text: &str) -> Sort {
    let (descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
    match [By::Created, By::Value, By::Updated].into_iter().find(|by| by.key() == word) {
        Some(by) => Sort { by, descending },
        None => Sort::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_everything_and_nonsense_narrows_nothing() {
        let me = Id::new();
        let today = "2026-05-01".parse().unwrap();
        let read = |address: &str| read(&Query::new(address), me, today);
        let asked = read(
            "/leads?q=a&state=draft&region=%E6%B5%99%E6%B1%9F%E7%9C%81&owner=me&min=3%E4%B8%87&sort=value&after=300.7",
        );
        assert_eq!(asked.filter.region, "330000");
        assert_eq!(asked.filter.at_least, Some(3_000_000));
        assert_eq!(asked.filter.whose, Some(Whose::Mine(me)));
        assert_eq!(asked.sort, Sort { by: By::Value, descending: false });
        assert_eq!(asked.from, From::After((300, 7)));
        let odd = read("/leads?region=nowhere&from=soon&sort=up&state=odd&after=x");
        assert_eq!(
            (odd.filter.clone(), odd.sort, odd.from),
            (Filter::default(), Sort::default(), From::Start)
        );
        assert_eq!(odd.faults.len(), 5, "each is named: {:?}", odd.faults);
    }
}
