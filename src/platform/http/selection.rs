//! Rows of a list that are ticked, over all its pages. Like everything else of a list they stand in its address (`pick`,
//! once a row), so that back, reload and a colleague's browser show the same. Without a script the ticks of a page go
//! along when one of the buttons of the form round the table is pressed; the script writes each tick into the address.

use std::collections::{HashMap, HashSet};

use data_encoding::BASE64URL_NOPAD;

use super::{
    form::Form,
    link::Query,
    view::{ActiveFilter, Pager},
};
use crate::platform::{
    db::Id,
    i18n::{self, Lang},
};

/// The parameter that names a row.
pub const PICK: &str = "pick";
/// The parameter by which everything that the filter finds is meant, in place of single rows.
pub const ALL: &str = "all";
/// Most rows that an address names: it stays below the 8 KB that a proxy before us takes by default.
pub const MOST: usize = 200;
/// Most rows that one act goes over.
pub const MOST_AT_ONCE: usize = 500;

/// A row in an address: 22 characters where its identity has 36.
pub fn word(id: Id) -> String {
    BASE64URL_NOPAD.encode(id.as_bytes())
}

/// The row that a word names, in the short form or as the identity itself; `None`: it is none.
pub fn read(word: &str) -> Option<Id> {
    if let Ok(id) = word.parse() {
        return Some(id);
    }
    let bytes: [u8; 16] = BASE64URL_NOPAD.decode(word.as_bytes()).ok()?.try_into().ok()?;
    Some(Id::from_bytes(bytes))
}

/// The list at `path` as a query narrows it: every filter, no row and no page.
pub fn filters(path: &str, query: &str) -> Query {
    let list = Query::new(&format!("{path}?{query}")).first_page().without(PICK).without(ALL);
    list.without("ok").without("once").without(QUEUE)
}

/// The rows that are ticked, in the order in which they were named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    ids: Vec<Id>,
    is_cut: bool,
}

impl Picked {
    /// What an address or a form names, at most `most` rows. What can't be read names none.
    pub fn of(form: &Form, most: usize) -> Self {
        Self::of_words(&form.all(PICK), most)
    }

    /// As [`Picked::of`], of a list's own address.
    pub fn of_list(list: &Query) -> Self {
        let words = list.pairs().iter().filter(|(name, _)| name == PICK).map(|(_, word)| word.clone());
        Self::of_words(&words.collect::<Vec<_>>(), MOST)
    }

    fn of_words(words: &[String], most: usize) -> Self {
        let (mut seen, mut picked) = (HashSet::new(), Self::default());
        for id in words.iter().filter_map(|word| read(word)) {
            if !seen.insert(id) {
                continue;
            }
            if picked.ids.len() == most {
                picked.is_cut = true;
                break;
            }
            picked.ids.push(id);
        }
        picked
    }

    /// Those rows and no others.
    pub fn these(ids: Vec<Id>) -> Self {
        Self { ids, is_cut: false }
    }

    pub fn ids(&self) -> &[Id] {
        &self.ids
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether more were named than are taken.
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }

    /// What a file of these rows says of itself.
    pub fn about(&self, lang: Lang) -> ActiveFilter {
        let (name, value) = (i18n::t(lang, "bulk-selected"), self.len().to_string());
        ActiveFilter { name, value, remove_href: String::new() }
    }

    /// What was found of these rows, in their order.
    pub fn in_order<T>(&self, found: Vec<T>, id: impl Fn(&T) -> Id) -> Vec<T> {
        let mut by: HashMap<Id, T> = found.into_iter().map(|one| (id(&one), one)).collect();
        self.ids.iter().filter_map(|id| by.remove(id)).collect()
    }

    /// What a page of them says first: that more were named than are taken, and that some are not there. `found`: how
    /// many are.
    pub fn notes(&self, lang: Lang, found: usize) -> Vec<String> {
        let lost = self.len().saturating_sub(found);
        let cut = self.is_cut.then(|| i18n::t_count(lang, "bulk-cut", self.len() as u64));
        let lost = (lost > 0).then(|| i18n::t_count(lang, "bulk-lost", lost as u64));
        cut.into_iter().chain(lost).collect()
    }

    /// The address with these rows ticked.
    #[must_use]
    pub fn on(&self, list: &Query) -> Query {
        list.with_all(PICK, self.ids.iter().map(|id| word(*id)))
    }
}

/// A button that goes on to another page and takes the ticks along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `after`, `before`; empty: to the first page.
    pub name: &'static str,
    pub value: String,
    /// Message key.
    pub label: &'static str,
}

/// What stands above the rows of a list whose rows can be ticked (`layout/lists.html`: `picking`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picking {
    /// What the form keeps of the address: everything but rows and page.
    pub kept: Vec<(String, String)>,
    /// Rows that are ticked on other pages.
    pub elsewhere: Vec<String>,
    here: HashSet<String>,
    /// How many rows are ticked.
    pub count: usize,
    /// Whether the address names more rows than are taken.
    pub is_cut: bool,
    /// The same page with no row ticked.
    pub clear: String,
    pub steps: Vec<Step>,
}

impl Picking {
    /// Of the page of `list` that shows the rows `shown`.
    pub fn new(list: &Query, picked: &Picked, shown: &[Id], pager: &Pager) -> Self {
        let shown: HashSet<Id> = shown.iter().copied().collect();
        let (here, elsewhere): (Vec<Id>, Vec<Id>) =
            picked.ids.iter().copied().partition(|id| shown.contains(id));
        let step = |name: &'static str, label: &'static str, href: Option<&str>| {
            let value = Query::new(href?).get(name).to_owned();
            Some(Step { name: if value.is_empty() { "" } else { name }, value, label })
        };
        let steps = [
            step("before", "bulk-previous", pager.previous.as_deref()),
            step("after", "bulk-next", pager.next.as_deref()),
        ];
        Self {
            kept: list.kept(&[PICK, ALL]),
            elsewhere: elsewhere.into_iter().map(word).collect(),
            here: here.into_iter().map(word).collect(),
            count: picked.len(),
            is_cut: picked.is_cut,
            clear: list.without(PICK).without("ok").href(),
            steps: steps.into_iter().flatten().collect(),
        }
    }

    /// Whether the row of this page is ticked.
    pub fn has(&self, word: &str) -> bool {
        self.here.contains(word)
    }

    /// Most rows that can be ticked.
    pub fn most(&self) -> usize {
        MOST
    }
}

/// Rows to go through one after another, for what has to be looked at and decided row by row: `a.b.c` in the parameter
/// `queue`, and where one is in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    ids: Vec<Id>,
    at: usize,
}

/// The parameter that holds a queue.
pub const QUEUE: &str = "queue";

impl Queue {
    /// The queue that `text` names, as it is seen from the row `here`; `None` where the row is not in it, or there is
    /// none.
    pub fn of(text: &str, here: Id) -> Option<Self> {
        let words: Vec<String> = text.split('.').map(str::to_owned).collect();
        let ids = Picked::of_words(&words, MOST).ids;
        let at = ids.iter().position(|id| *id == here)?;
        Some(Self { ids, at })
    }

    /// Through these rows, from the first on; `None`: there are none.
    pub fn through(ids: &[Id]) -> Option<Self> {
        if ids.is_empty() { None } else { Some(Self { ids: ids.to_vec(), at: 0 }) }
    }

    /// Its word in an address.
    pub fn word(&self) -> String {
        self.ids.iter().map(|id| word(*id)).collect::<Vec<_>>().join(".")
    }

    /// Which one this is, from 1 on.
    pub fn number(&self) -> usize {
        self.at + 1
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub fn ids(&self) -> &[Id] {
        &self.ids
    }

    pub fn current(&self) -> Option<Id> {
        self.ids.get(self.at).copied()
    }

    pub fn previous(&self) -> Option<Id> {
        self.at.checked_sub(1).and_then(|at| self.ids.get(at)).copied()
    }

    pub fn next(&self) -> Option<Id> {
        self.ids.get(self.at + 1).copied()
    }

    /// The page of a row of the queue, within it.
    pub fn page(&self, path: &str) -> String {
        Query::new(path).with(QUEUE, &self.word()).href()
    }

    /// What a row's page shows of it. `page`: that of a row; `list`: the address of the list.
    pub fn view(&self, lang: Lang, page: fn(Id) -> String, list: &str) -> QueueView {
        let href = |id: Option<Id>| id.map_or_else(String::new, |id| self.page(&page(id)));
        let at = [("n", self.number().to_string()), ("of", self.len().to_string())];
        QueueView {
            word: self.word(),
            told: i18n::t_with(lang, "bulk-queue-at", &at),
            previous: href(self.previous()),
            next: href(self.next()),
            list: Picked::these(self.ids.clone()).on(&Query::new(list)).href(),
        }
    }

    /// Where one goes on after a row of the queue was decided, with the word of what came of it: to the next one, where that
    /// is told by a word of its own (`…-next`), as it stands on the page of another row then.
    pub fn after(queue: Option<&Self>, here: Id, page: fn(Id) -> String, word: &str) -> String {
        let Some(queue) = queue else { return Query::new(&page(here)).with("ok", word).href() };
        match queue.next() {
            Some(next) => Query::new(&queue.page(&page(next))).with("ok", &format!("{word}-next")).href(),
            None => Query::new(&queue.page(&page(here))).with("ok", word).href(),
        }
    }
}

/// A queue as the page of one of its rows shows it (`layout/lists.html`: `queue`); without a word there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueueView {
    /// What a form of the page keeps of it.
    pub word: String,
    /// Which one this is, in words.
    pub told: String,
    /// Empty: this is the first one.
    pub previous: String,
    /// Empty: this is the last one.
    pub next: String,
    /// The list, with these rows ticked.
    pub list: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picked(query: &str) -> Picked {
        Picked::of(&Form::parse(query.as_bytes()), MOST)
    }

    #[test]
    fn a_row_is_named_shortly_and_read_in_both_ways() {
        let id = Id::new();
        assert_eq!(word(id).len(), 22);
        assert_eq!((read(&word(id)), read(&id.to_string())), (Some(id), Some(id)));
        for odd in ["", "x", "a%00b", "AAAA", "无", "-9223372036854775809"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn what_is_ticked_twice_counts_once_and_no_address_grows_without_end() {
        let (a, b) = (Id::new(), Id::new());
        let found = picked(&format!("pick={}&q=x&pick={}&pick={a}&pick=nonsense", word(a), word(b)));
        assert_eq!((found.ids(), found.is_cut()), (&[a, b][..], false));
        let many: Vec<String> = (0..=MOST).map(|_| format!("pick={}", word(Id::new()))).collect();
        let found = picked(&many.join("&"));
        assert_eq!((found.len(), found.is_cut()), (MOST, true));
        assert!(found.on(&Query::new("/leads?state=draft")).href().len() < 8_000);
    }

    #[test]
    fn the_form_of_a_page_keeps_what_is_ticked_elsewhere_and_every_filter() {
        let (a, b) = (Id::new(), Id::new());
        let list = Picked::these(vec![a, b]).on(&Query::new("/leads?state=draft&after=7&ok=x&col=title"));
        let pager = Pager { previous: Some("/leads?before=6".into()), next: None, first: None, shown: 1 };
        let bar = Picking::new(&list, &Picked::these(vec![a, b]), &[b], &pager);
        assert_eq!((bar.elsewhere.as_slice(), bar.count), (&[word(a)][..], 2));
        assert!(bar.has(&word(b)) && !bar.has(&word(a)));
        let kept: Vec<&str> = bar.kept.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(kept, ["state", "col"]);
        assert_eq!(bar.clear, "/leads?state=draft&after=7&col=title");
        assert_eq!((bar.steps.len(), bar.steps[0].name, bar.steps[0].value.as_str()), (1, "before", "6"));
    }

    #[test]
    fn a_queue_knows_where_one_is_in_it() {
        let ids = [Id::new(), Id::new(), Id::new()];
        let whole = Queue::through(&ids).expect("a queue");
        let at = Queue::of(&whole.word(), ids[1]).expect("in it");
        assert_eq!((at.number(), at.len()), (2, 3));
        assert_eq!((at.previous(), at.next()), (Some(ids[0]), Some(ids[2])));
        assert_eq!((whole.previous(), Queue::of(&whole.word(), ids[2]).and_then(|q| q.next())), (None, None));
        assert!(Queue::of(&whole.word(), Id::new()).is_none() && Queue::of("", ids[0]).is_none());
        assert!(Queue::through(&[]).is_none());
        let page: fn(Id) -> String = |id| format!("/approvals/{id}");
        assert_eq!(at.page(&page(ids[2])), format!("/approvals/{}?queue={}", ids[2], whole.word()));
        let then = Queue::after(Some(&at), ids[1], page, "done");
        assert!(then.starts_with(&page(ids[2])) && then.ends_with("&ok=done-next"), "{then}");
        let last = Queue::of(&whole.word(), ids[2]);
        let then = Queue::after(last.as_ref(), ids[2], page, "done");
        assert!(then.starts_with(&page(ids[2])) && then.ends_with("&ok=done"), "{then}");
        assert_eq!(Queue::after(None, ids[0], page, "done"), format!("{}?ok=done", page(ids[0])));
    }
}
