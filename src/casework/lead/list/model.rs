//! What the list is asked for. Pure.

use chrono::NaiveDate;

use super::super::model::{Lead, State};
use crate::{
    directory::reference::asked,
    platform::{db::Id, error::FieldError, http::Form, keyset::Edge, money::Reading},
};

/// By what the list is sorted; ties by the order of creation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    #[default]
    Created,
    Value,
    Updated,
}

/// Key of a lead without a value in a list by value: no lead has less than nothing.
pub const NO_VALUE: i64 = -1;

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
            By::Value => (lead.value.map_or(NO_VALUE, |v| v.fen.0), lead.seq),
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
    /// This person works on them: assigned, or owned and assigned to nobody.
    Of(Id),
}

/// What the list is narrowed to; all parts that are given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub q: String,
    /// `None`: all but those in the trash.
    pub state: Option<State>,
    pub charge: String,
    /// Digits with which a code begins; includes everything in it.
    pub region: String,
    pub brand: String,
    pub whose: Option<Whose>,
    pub agency: Option<Id>,
    /// Only those that an approver sent back.
    pub returned: bool,
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
    pub faults: Vec<FieldError>,
}

/// Reads the address of a list. `me`: whose leads `owner=me` are.
pub fn read(query: &mut Form, me: Id) -> Asked {
    let (from, to) = query.asked_days();
    let (q, brand) = (query.text("q", 100), query.text("brand", 100));
    let mut filter = Filter { q, brand, from, to, ..Filter::default() };
    filter.state = query.asked_word("state");
    (filter.charge, filter.region) = (asked::charge(query), asked::region(query));
    filter.whose = query.asked("owner", |raw| match raw {
        "me" => Some(Whose::Mine(me)),
        id => id.parse().ok().map(Whose::Of),
    });
    filter.agency = query.asked_word("agency");
    filter.returned = query.asked_flag("returned", "yes");
    filter.synthetic = query.asked_yes_no("synthetic");
    match query.raw("min").to_owned() {
        raw if raw.is_empty() => {}
        raw => match Reading::parse(&raw) {
            Ok(reading) => filter.at_least = Some(reading.fen.0),
            Err(e) => query.fault("min", e.key()),
        },
    }
    let sort = query.asked("sort", read_sort).unwrap_or_default();
    let from = query.asked_edge(read_cursor);
    Asked { filter, sort, from, faults: query.errors().to_vec() }
}

fn read_sort(text: &str) -> Option<Sort> {
    let (descending, word) = text.strip_prefix('-').map_or((false, text), |word| (true, word));
    let by = [By::Created, By::Value, By::Updated].into_iter().find(|by| by.key() == word)?;
    Some(Sort { by, descending })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_everything_and_nonsense_narrows_nothing() {
        let me = Id::new();
        let read = |query: &str| read(&mut Form::parse(query.as_bytes()), me);
        let asked = read(
            "q=a&state=draft&region=%E6%B5%99%E6%B1%9F%E7%9C%81&owner=me&min=3%E4%B8%87&sort=value&after=300.7",
        );
        assert_eq!(asked.filter.region, "330000");
        assert_eq!(asked.filter.at_least, Some(3_000_000));
        assert_eq!(asked.filter.whose, Some(Whose::Mine(me)));
        assert_eq!(asked.sort, Sort { by: By::Value, descending: false });
        assert_eq!(asked.from, From::After((300, 7)));
        let odd = read("region=nowhere&from=soon&sort=up&state=odd&after=x");
        assert_eq!(
            (odd.filter.clone(), odd.sort, odd.from),
            (Filter::default(), Sort::default(), From::Start)
        );
        assert_eq!(odd.faults.len(), 5, "each is named: {:?}", odd.faults);
    }
}
