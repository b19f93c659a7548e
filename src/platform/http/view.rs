//! What the shared macros of `templates/layout/macros.html` are fed with: plain values, ready to be shown.

use std::fmt;

use crate::platform::{
    http::link::Query,
    i18n::{self, Lang},
};

/// The colour that goes with the word of a state; never shown without the word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Not begun or of no concern: draft, withdrawn.
    #[default]
    Neutral,
    /// Under way, somebody else's turn: in review, sent.
    Info,
    /// As it should be: approved, accepted, filed, confirmed.
    Good,
    /// Wants attention: supplement asked, due soon, returned.
    Warn,
    /// Refused, overdue, failed.
    Bad,
    /// Over and put away: trashed, closed.
    Muted,
}

impl fmt::Display for Tone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Tone::Neutral => "neutral",
            Tone::Info => "info",
            Tone::Good => "good",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
            Tone::Muted => "muted",
        })
    }
}

/// A state as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chip {
    pub label: String,
    pub tone: Tone,
}

impl Chip {
    pub fn new(label: impl Into<String>, tone: Tone) -> Self {
        Self { label: label.into(), tone }
    }
}

/// One choice of a select, a radio group or checkboxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// A second line that explains the choice (radio and checkboxes only); empty: none.
    pub hint: String,
    /// Whether the second line is somebody's own words, which no language of the page changes.
    pub is_quoted: bool,
    /// Whether it is shown and can't be taken (radio and checkboxes only).
    pub is_closed: bool,
}

impl Choice {
    pub fn new(value: impl ToString, label: impl Into<String>) -> Self {
        Self {
            value: value.to_string(),
            label: label.into(),
            hint: String::new(),
            is_quoted: false,
            is_closed: false,
        }
    }

    /// One that is shown and can't be taken, where `is`.
    #[must_use]
    pub fn closed(self, is: bool) -> Self {
        Self { is_closed: is, ..self }
    }

    /// Adds a second line.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Adds a second line of somebody's own words.
    #[must_use]
    pub fn quoting(self, words: impl Into<String>) -> Self {
        Self { is_quoted: true, ..self.hint(words) }
    }
}

/// A name with its value, optionally a link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    pub label: String,
    pub value: String,
    pub href: Option<String>,
}

impl Fact {
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), href: None }
    }

    /// Whether the value is a word or two, which a narrow column must not break: Chinese breaks anywhere.
    pub fn is_short(&self) -> bool {
        self.value.chars().count() <= 6
    }

    /// Makes the value a link.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// The public source of a case, as a link where it gives an address; none where there is no source.
    pub fn public_source(label: impl Into<String>, source: &str) -> Option<Self> {
        if source.is_empty() {
            return None;
        }
        let address = source.split(|c: char| c.is_whitespace() || "；，（）".contains(c));
        let address =
            address.into_iter().find(|part| part.starts_with("https://") || part.starts_with("http://"));
        let fact = Self::new(label, source);
        Some(match address {
            Some(address) => fact.link(address),
            None => fact,
        })
    }
}

/// What of a row is made up: said on every screen and in every file that shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MadeUp {
    #[default]
    Nothing,
    All,
    /// The facts are those of a public source, the days in between are made up.
    Days,
}

impl MadeUp {
    /// Of a row that is marked synthetic, or not; `source`: where its case was published, or empty.
    pub fn of(synthetic: bool, source: &str) -> Self {
        match (synthetic, source.is_empty()) {
            (false, _) => Self::Nothing,
            (true, true) => Self::All,
            (true, false) => Self::Days,
        }
    }

    pub fn is_any(self) -> bool {
        self != Self::Nothing
    }

    pub fn is_days(self) -> bool {
        self == Self::Days
    }

    /// Message key of the mark.
    pub fn key(self) -> &'static str {
        if self.is_days() { "synthetic-days" } else { "synthetic" }
    }

    /// Whether it is made up as a cell of a file, as every list says it: yes or no, or that it is the days.
    pub fn word(self, lang: Lang) -> String {
        let key = match self {
            Self::Nothing => "no",
            Self::All => "yes",
            Self::Days => self.key(),
        };
        i18n::t(lang, key)
    }
}

/// A place in a trail, a tab, an entry of a list of links.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Link {
    pub label: String,
    pub href: String,
    pub current: bool,
    pub count: Option<u64>,
}

impl Link {
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into(), current: false, count: None }
    }

    /// Marks where the reader is.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }

    /// Shows how much is there.
    #[must_use]
    pub fn count(mut self, count: u64) -> Self {
        self.count = Some(count);
        self
    }
}

/// A filter that is in force, with the address without it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActiveFilter {
    /// What it filters by, e.g. 状态.
    pub name: String,
    /// What it is set to, e.g. 草稿.
    pub value: String,
    pub remove_href: String,
}

/// Where a keyset-paged list goes on. `None`: no such page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    pub previous: Option<String>,
    pub next: Option<String>,
    /// The first page, where the one before is not known to be it.
    pub first: Option<String>,
    /// How many rows are on this page.
    pub shown: usize,
}

/// The head of a column by which a list can be sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SortHead {
    pub label: String,
    /// Sorts by this column; turns the order round where it is sorted by it already.
    pub href: String,
    /// The value of `aria-sort`: `ascending`, `descending` or `none`.
    pub order: &'static str,
    /// Whether it is a column of figures (set to the right).
    pub figures: bool,
}

impl SortHead {
    /// A head for the parameter `sort` (`key` or `-key`), keeping the list's filters and going to its first page.
    pub fn new(label: impl Into<String>, key: &str, list: &Query) -> Self {
        let now = list.get("sort");
        let (order, next) = match now.strip_prefix('-') {
            Some(by) if by == key => ("descending", key.to_owned()),
            None if now == key => ("ascending", format!("-{key}")),
            _ => ("none", format!("-{key}")),
        };
        Self {
            label: label.into(),
            href: list.first_page().with("sort", &next).href(),
            order,
            figures: false,
        }
    }

    /// As [`SortHead::new`], for a column of words: upwards first.
    pub fn of_words(label: impl Into<String>, key: &str, list: &Query) -> Self {
        let head = Self::new(label, key, list);
        if head.order != "none" {
            return head;
        }
        Self { href: list.first_page().with("sort", key).href(), ..head }
    }

    /// A column of figures.
    #[must_use]
    pub fn figures(mut self) -> Self {
        self.figures = true;
        self
    }
}

/// One thing that happened, as it stands in a timeline.
#[derive(Clone, Debug, Default)]
pub struct Event {
    /// As it is read, e.g. `2016年5月4日 09:12`.
    pub time: String,
    /// For machines, e.g. `2016-05-04T01:12:00Z`; may be a date.
    pub datetime: String,
    pub actor: String,
    pub title: String,
    /// Text below the title; empty: none. Line breaks are kept.
    pub body: String,
    pub tone: Tone,
    /// Where the paper or object behind it is, with its name.
    pub link: Option<Link>,
}

/// How far a step of the way is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum StepState {
    Done,
    Current,
    #[default]
    Todo,
    /// Done, but not by all that have to, or by an earlier version alone.
    Partly,
    /// The way ended here: refused, withdrawn.
    Stopped,
}

impl fmt::Display for StepState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            StepState::Done => "done",
            StepState::Current => "current",
            StepState::Todo => "todo",
            StepState::Partly => "partly",
            StepState::Stopped => "stopped",
        })
    }
}

/// One step of the way of a lead.
#[derive(Clone, Debug, Default)]
pub struct Step {
    pub label: String,
    /// Below the label, e.g. a date; empty: none.
    pub note: String,
    pub state: StepState,
}

impl Step {
    pub fn new(label: impl Into<String>, note: impl Into<String>, state: StepState) -> Self {
        Self { label: label.into(), note: note.into(), state }
    }
}

/// One figure with what it is compared to and a link to what it counts.
#[derive(Clone, Debug, Default)]
pub struct Tile {
    pub label: String,
    /// The figure, formatted, e.g. `1,184` or `≥ 14.37 亿元`.
    pub value: String,
    /// The same figure of the year before, with its words, e.g. `上年 1,003`; empty: none.
    pub prior: String,
    /// The change, with its sign, e.g. `+18.0%`; empty: none.
    pub change: String,
    /// What it counts; `None`: no link.
    pub href: Option<String>,
}

/// A hash in groups of four, as it is printed and compared by eye.
pub fn groups_of_four(hash: &str) -> Vec<&str> {
    let mut groups = Vec::with_capacity(hash.len().div_ceil(4));
    let mut rest = hash;
    while let Some((head, tail)) = rest.split_at_checked(4) {
        groups.push(head);
        rest = tail;
    }
    if !rest.is_empty() {
        groups.push(rest);
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorting_turns_round_and_keeps_the_filters() {
        let list = Query::new("/leads?state=draft&sort=-value&after=x");
        let head = SortHead::new("金额", "value", &list);
        assert_eq!((head.order, head.href.as_str()), ("descending", "/leads?state=draft&sort=value"));
        let other = SortHead::new("编号", "number", &list);
        assert_eq!((other.order, other.href.as_str()), ("none", "/leads?state=draft&sort=-number"));
        let words = SortHead::of_words("名称", "name", &list);
        assert_eq!((words.order, words.href.as_str()), ("none", "/leads?state=draft&sort=name"));
        assert_eq!(SortHead::of_words("金额", "value", &list), head);
    }

    #[test]
    fn a_hash_is_cut_in_fours_and_loses_nothing() {
        assert_eq!(groups_of_four("abcdef0123"), ["abcd", "ef01", "23"]);
        assert_eq!(groups_of_four("é").concat(), "é");
    }
}
