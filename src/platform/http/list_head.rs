//! What stands above the rows of a list, whatever it lists: how many rows each state has, the filters that were saved,
//! and which columns are shown. All of it are addresses of the list itself: whoever opens one sees the same.

use super::{
    link::Query,
    view::{ActiveFilter, Choice, Link},
};
use crate::platform::money::grouped;

/// A column that can be shown or left out. What a row is called by is none of them: it always stands first.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its word in the parameter `col`.
    pub key: &'static str,
    /// Message key of its head.
    pub label: &'static str,
    /// Whether it is shown where the address names no column.
    pub usual: bool,
}

impl Column {
    /// One that is shown unless others are chosen.
    pub const fn usual(key: &'static str, label: &'static str) -> Self {
        Self { key, label, usual: true }
    }

    /// One that is shown where it is chosen.
    pub const fn more(key: &'static str, label: &'static str) -> Self {
        Self { key, label, usual: false }
    }
}

/// Which columns of a list are shown: those that its address names, else the usual ones. A word that is no column's (of
/// an older version, or misspelt) leaves out none of the rows, and is passed over.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    all: Vec<Column>,
    shown: Vec<&'static str>,
    is_chosen: bool,
    list: Option<Query>,
}

impl Columns {
    /// Of the columns that this reader's list has.
    pub fn read(list: &Query, all: &[Column]) -> Self {
        let names =
            |column: &Column| list.pairs().iter().any(|(name, key)| name == "col" && key == column.key);
        let is_chosen = all.iter().any(names);
        let shown = all.iter().filter(|&column| if is_chosen { names(column) } else { column.usual });
        Self {
            shown: shown.map(|column| column.key).collect(),
            all: all.to_vec(),
            is_chosen,
            list: Some(list.first_page().without("ok")),
        }
    }

    /// Whether the column is shown.
    pub fn has(&self, key: &str) -> bool {
        self.shown.contains(&key)
    }

    /// All that can be chosen, in their order; none: nothing can be.
    pub fn all(&self) -> &[Column] {
        &self.all
    }

    /// Whether the address names columns.
    pub fn is_chosen(&self) -> bool {
        self.is_chosen
    }

    /// Where the choice is sent to.
    pub fn action(&self) -> &str {
        self.list.as_ref().map_or("", Query::path)
    }

    /// What the choice keeps of the address: everything else.
    pub fn kept(&self) -> Vec<(String, String)> {
        self.list.as_ref().map_or_else(Vec::new, |list| list.kept(&["col"]))
    }

    /// The same list with the usual columns.
    pub fn usual_href(&self) -> String {
        self.list.as_ref().map_or_else(String::new, |list| list.without("col").href())
    }
}

/// The filters of a list that were saved, as links.
#[derive(Clone, Debug, Default)]
pub struct Saved {
    /// Own ones and those that the own side shares; the one that is open is the current one.
    pub views: Vec<Link>,
    /// Where what the address asks for is saved; empty: it asks for nothing, or that is saved already.
    pub save: String,
    /// Where they are renamed and taken away.
    pub manage: String,
}

impl Saved {
    /// The same above a list whose address was read, or not: what was refused is nothing to keep and to share.
    #[must_use]
    pub fn if_understood(self, is_understood: bool) -> Self {
        if is_understood { self } else { Self { save: String::new(), ..self } }
    }
}

/// What stands above the rows.
#[derive(Clone, Debug, Default)]
pub struct ListHead {
    pub saved: Saved,
    pub columns: Columns,
}

impl ListHead {
    /// Whether the column is shown.
    pub fn has(&self, key: &str) -> bool {
        self.columns.has(key)
    }
}

/// The filters in force of a list, in the order in which they are named: each a chip with the list's address without it.
#[derive(Clone, Debug)]
pub struct Active<'a> {
    list: &'a Query,
    filters: Vec<ActiveFilter>,
}

impl<'a> Active<'a> {
    /// Of the list at this address; none is named yet.
    pub fn of(list: &'a Query) -> Self {
        Self { list, filters: Vec::new() }
    }

    /// Names the filter that a parameter of the address stands for; `value`: what it is set to, in words.
    pub fn add(&mut self, parameter: &str, name: String, value: String) {
        let remove_href = self.list.first_page().without(parameter).href();
        self.filters.push(ActiveFilter { name, value, remove_href });
    }

    /// Those that were named.
    pub fn done(self) -> Vec<ActiveFilter> {
        self.filters
    }

    /// The filters in force among `named` (parameter, name, what its value is chosen from): a value goes by the label of
    /// its choice, and stands as it is where it is none.
    pub fn chosen(list: &Query, named: &[(&str, String, &[Choice])]) -> Vec<ActiveFilter> {
        let mut active = Active::of(list);
        for (parameter, name, choices) in named {
            let value = list.get(parameter);
            if !value.is_empty() {
                let word = choices.iter().find(|c| c.value == value).map_or(value, |c| c.label.as_str());
                active.add(parameter, name.clone(), word.to_owned());
            }
        }
        active.done()
    }
}

/// A link to one state of a list, every other filter kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateTab {
    pub label: String,
    pub href: String,
    pub current: bool,
    /// How many rows are there, e.g. `12` or `999+`; empty: that is not told.
    pub count: String,
}

/// How far is counted what may be very many, above the lists as on the first page: more is shown as `999+`.
pub const COUNTED: i64 = 999;

/// So many rows are looked at for their states where no index has them by state: the newest of those that an index gives.
/// Whatever else is asked for, no more is read, however long the list is.
pub const LOOKED_AT: i64 = 5_000;

/// `12`; `12+` where there are more.
pub fn so_many(n: u64, has_more: bool) -> String {
    if has_more { format!("{}+", grouped(n)) } else { grouped(n) }
}

/// `12`; `999+` where it was not counted further than 999 (`most`).
pub fn up_to(n: u64, most: u64) -> String {
    so_many(n.min(most), n > most)
}

/// How many rows there are of each state, and beside which number counting ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// By the state's word; a state that is not there has none.
    of: Vec<(String, u64)>,
    most: u64,
    /// Whether there are older rows that were not looked at: each number may be larger.
    is_part: bool,
}

impl Counts {
    /// Of numbers that are no larger than `most` + 1.
    pub fn new(of: Vec<(String, u64)>, most: u64) -> Self {
        Self { of, most, is_part: false }
    }

    /// Of the states of the rows that were looked at, one by one: exact where these are all, else at least so many.
    /// `is_part`: there are others; so it is too where there are more than [`LOOKED_AT`].
    pub fn of_states(states: impl IntoIterator<Item = String>, is_part: bool) -> Self {
        let (mut of, mut rows): (Vec<(String, u64)>, u64) = (Vec::new(), 0);
        for state in states {
            match of.iter_mut().find(|(known, _)| *known == state) {
                Some((_, n)) => *n += 1,
                None => of.push((state, 1)),
            }
            rows += 1;
        }
        let is_part = is_part || rows > LOOKED_AT.unsigned_abs();
        Self { of, most: if is_part { COUNTED.unsigned_abs() } else { u64::MAX }, is_part }
    }

    /// The same where there are older rows that were not looked at.
    #[must_use]
    pub fn and_older(self, is_part: bool) -> Self {
        Self { is_part: self.is_part || is_part, ..self }
    }

    /// How many rows are in a state, as it is shown.
    pub fn text(&self, state: &str) -> String {
        self.told(self.number(state))
    }

    /// How many rows there are in all states, as it is shown.
    pub fn sum_text(&self) -> String {
        self.told(self.of.iter().map(|(_, n)| n).sum())
    }

    fn told(&self, n: u64) -> String {
        so_many(n.min(self.most), n > self.most || self.is_part)
    }

    fn number(&self, state: &str) -> u64 {
        self.of.iter().find(|(known, _)| known == state).map_or(0, |(_, n)| *n)
    }
}

/// A link a state, "all" first. `states`: word and label of each; of `left_out` none belongs to "all".
pub fn state_tabs(
    list: &Query,
    parameter: &str,
    all: String,
    states: impl IntoIterator<Item = (&'static str, String)>,
    (counts, left_out): (Option<&Counts>, &str),
) -> Vec<StateTab> {
    let (bare, now) = (list.first_page().without(parameter), list.get(parameter));
    let told = |n: u64| counts.map_or_else(String::new, |counts| counts.told(n));
    let of = |word: &str| counts.map_or(0, |counts| counts.number(word));
    let states: Vec<(&str, String)> = states.into_iter().collect();
    let numbers: Vec<u64> =
        states.iter().filter(|(word, _)| *word != left_out).map(|(word, _)| of(word)).collect();
    let most = counts.map_or(0, |counts| counts.most);
    // What was not counted to its end makes no sum.
    let sum = if numbers.iter().any(|n| *n > most) { most + 1 } else { numbers.iter().sum() };
    let mut tabs =
        vec![StateTab { label: all, href: bare.href(), current: now.is_empty(), count: told(sum) }];
    tabs.extend(states.into_iter().map(|(word, label)| StateTab {
        label,
        href: bare.with(parameter, word).href(),
        current: now == word,
        count: told(of(word)),
    }));
    tabs
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] =
        [Column::usual("title", "title"), Column::usual("state", "state"), Column::more("region", "region")];

    fn shown(address: &str) -> Vec<&'static str> {
        Columns::read(&Query::new(address), &COLUMNS).shown
    }

    #[test]
    fn the_address_says_which_columns_are_shown_in_the_order_of_the_list() {
        assert_eq!(shown("/leads"), ["title", "state"]);
        assert_eq!(shown("/leads?col=region&col=title&state=draft"), ["title", "region"]);
        assert_eq!(shown("/leads?col=nonsense"), ["title", "state"]);
        let columns = Columns::read(&Query::new("/leads?q=a&col=region&after=7&ok=x"), &COLUMNS);
        assert_eq!((columns.action(), columns.usual_href().as_str()), ("/leads", "/leads?q=a"));
        assert_eq!(columns.kept(), [("q".to_owned(), "a".to_owned())]);
        assert!(columns.has("region") && !columns.has("title") && columns.is_chosen());
    }

    #[test]
    fn each_filter_in_force_goes_alone_and_back_to_the_first_page() {
        let list = Query::new("/leads?q=a&state=draft&after=7&ok=x");
        let states = [Choice::new("draft", "草稿")];
        let named: [(&str, String, &[Choice]); 3] =
            [("state", "状态".into(), &states), ("q", "搜索".into(), &[]), ("region", "地区".into(), &[])];
        let chips: Vec<_> =
            Active::chosen(&list, &named).into_iter().map(|c| (c.name, c.value, c.remove_href)).collect();
        let chip = |name: &str, value: &str, href: &str| (name.to_owned(), value.to_owned(), href.to_owned());
        assert_eq!(
            chips,
            [chip("状态", "草稿", "/leads?q=a&ok=x"), chip("搜索", "a", "/leads?state=draft&ok=x")]
        );
    }

    #[test]
    fn states_keep_the_other_filters_and_say_how_many_there_are() {
        let list = Query::new("/leads?q=a&state=draft&after=7");
        let states = [("draft", "草稿".to_owned()), ("gone", "回收站".to_owned())];
        let told = |counts: Option<&Counts>| -> Vec<String> {
            let tabs = state_tabs(&list, "state", "全部".into(), states.clone(), (counts, "gone"));
            assert_eq!(tabs[0].href, "/leads?q=a");
            assert_eq!((tabs[1].href.as_str(), tabs[1].current), ("/leads?q=a&state=draft", true));
            tabs.into_iter().map(|tab| tab.count).collect()
        };
        assert_eq!(told(None), ["", "", ""]);
        let rows = ["draft", "draft", "gone"].map(str::to_owned);
        assert_eq!(told(Some(&Counts::of_states(rows.clone(), false))), ["2", "2", "1"]);
        // Of a list that is too long to be looked through: at least so many.
        assert_eq!(told(Some(&Counts::of_states(rows, true))), ["2+", "2+", "1+"]);
        let long = vec!["draft".to_owned(); 1_419];
        assert_eq!(told(Some(&Counts::of_states(long.clone(), false))), ["1,419", "1,419", "0"]);
        assert_eq!(told(Some(&Counts::of_states(long, true))), ["999+", "999+", "0+"]);
        let many = Counts::new(vec![("draft".into(), 1_000)], COUNTED.unsigned_abs());
        assert_eq!(told(Some(&many)), ["999+", "999+", "0"]);
    }
}
