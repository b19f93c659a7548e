//! Lists that go on from a row instead of a number, in both directions: the address has `after` (the last row of the
//! page before) or `before` (the first row of the page behind). A query reads one row more than a page has, along the
//! list's order, or against it for `before`; [`Page::of`] makes a page of what it found.

use crate::platform::{
    error::{AppError, FieldError, Result},
    http::{link::Query, view::Pager},
};

/// Where a page begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edge<K> {
    /// With the list's first row.
    #[default]
    Start,
    /// With the row behind this one.
    After(K),
    /// So that it ends with the row ahead of this one.
    Before(K),
}

impl<K> Edge<K> {
    /// Reads an address; what can't be read is no edge, and `after` goes before `before`.
    pub fn read(list: &Query, parse: impl Fn(&str) -> Option<K>) -> Self {
        Self::of(list.get("after"), list.get("before"), parse)
    }

    /// As [`Edge::read`], from the two parameters.
    pub fn of(after: &str, before: &str, parse: impl Fn(&str) -> Option<K>) -> Self {
        match (parse(after), parse(before)) {
            (Some(key), _) => Self::After(key),
            (None, Some(key)) => Self::Before(key),
            (None, None) => Self::Start,
        }
    }

    /// Whether rows are read along the list's order; against it otherwise.
    pub fn is_forward(&self) -> bool {
        !matches!(self, Self::Before(_))
    }

    /// The row beside which the page begins.
    pub fn key(&self) -> Option<&K> {
        match self {
            Self::Start => None,
            Self::After(key) | Self::Before(key) => Some(key),
        }
    }

    /// Only on along the list's order, as the API pages: `before` counts for nothing.
    #[must_use]
    pub fn forward(self) -> Self {
        if self.is_forward() { self } else { Self::Start }
    }

    pub fn is_start(&self) -> bool {
        matches!(self, Self::Start)
    }

    /// The edge beside what `find` finds for the row that an address names.
    ///
    /// # Errors
    /// Those of `find`; what it does not find is a fault of the parameter that names it, alike whether there is no such
    /// row or none for the reader's eyes.
    pub fn found<L>(self, find: impl FnOnce(K) -> Result<L>) -> Result<Edge<L>> {
        let (name, found) = match self {
            Self::Start => return Ok(Edge::Start),
            Self::After(key) => ("after", find(key).map(Edge::After)),
            Self::Before(key) => ("before", find(key).map(Edge::Before)),
        };
        found.map_err(|e| match e {
            AppError::NotFound => AppError::field(name, "error-not-understood"),
            other => other,
        })
    }
}

/// The rows of a list; none where the row that its address names was not to be found ([`Edge::found`]), which becomes what
/// is wrong with the address.
///
/// # Errors
/// Those of `read`, but no fault of the address.
pub fn none_if_lost<T>(read: Result<Vec<T>>, faults: &mut Vec<FieldError>) -> Result<Vec<T>> {
    match read {
        Err(AppError::Invalid(found)) => {
            *faults = found;
            Ok(Vec::new())
        }
        read => read,
    }
}

/// One page, in the list's order, and whether there are rows before and after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    pub rows: Vec<T>,
    pub has_previous: bool,
    pub has_next: bool,
}

impl<T> Page<T> {
    /// Makes a page of `found`: at most `limit` + 1 rows from the edge on, in the direction in which they were read.
    pub fn of<K>(mut found: Vec<T>, limit: usize, edge: &Edge<K>) -> Self {
        let more = found.len() > limit;
        found.truncate(limit);
        let (has_previous, has_next) = match edge {
            Edge::Start => (false, more),
            Edge::After(_) => (true, more),
            Edge::Before(_) => (more, true),
        };
        if !edge.is_forward() {
            found.reverse();
        }
        Self { rows: found, has_previous, has_next }
    }

    /// The key from which the next page goes on, if there is one.
    pub fn next(&self, cursor: impl Fn(&T) -> String) -> Option<String> {
        self.rows.last().filter(|_| self.has_next).map(cursor)
    }

    /// The links to the pages on both sides, every filter kept. A page that turned out empty leads to the first one.
    pub fn pager(&self, list: &Query, cursor: impl Fn(&T) -> String) -> Pager {
        let first = list.first_page();
        let link = |name: &str, row: Option<&T>| {
            row.map_or_else(|| first.href(), |row| first.with(name, &cursor(row)).href())
        };
        let empty = self.rows.is_empty();
        Pager {
            previous: self.has_previous.then(|| link("before", self.rows.first())),
            next: (self.has_next && !empty).then(|| link("after", self.rows.last())),
            // From an empty page `previous` leads there.
            first: (self.has_previous && !empty).then(|| first.href()),
            shown: self.rows.len(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What a store does: rows on the far side of the edge, in the direction of the edge, one more than a page has.
    fn fetch(list: &[u32], edge: Edge<u32>, limit: usize) -> Page<u32> {
        let mut found: Vec<u32> = list
            .iter()
            .copied()
            .filter(|row| match edge {
                Edge::Start => true,
                Edge::After(key) => *row > key,
                Edge::Before(key) => *row < key,
            })
            .collect();
        if !edge.is_forward() {
            found.reverse();
        }
        found.truncate(limit + 1);
        Page::of(found, limit, &edge)
    }

    fn follow(list: &[u32], href: &str, limit: usize) -> Page<u32> {
        fetch(list, Edge::read(&Query::new(href), |text| text.parse().ok()), limit)
    }

    proptest! {
        /// From the first page to the last by "next" and back by "previous", every row is met once each way, in the
        /// list's order, and there is a link exactly where there are rows.
        #[test]
        fn every_row_is_met_once_each_way(
            rows in proptest::collection::btree_set(0_u32..5_000, 0..120), limit in 1_usize..17,
        ) {
            let list: Vec<u32> = rows.into_iter().collect();
            let cursor = |row: &u32| row.to_string();
            let at = |page: &Page<u32>| page.pager(&Query::new("/things?q=a&after=9&before=8"), cursor);
            let mut page = fetch(&list, Edge::Start, limit);
            prop_assert!(at(&page).previous.is_none());
            let mut forth = page.rows.clone();
            while let Some(next) = at(&page).next {
                prop_assert!(next.starts_with("/things?q=a&after=") && !next.contains("before"));
                page = follow(&list, &next, limit);
                prop_assert!(!page.rows.is_empty() && at(&page).previous.is_some());
                forth.extend(&page.rows);
            }
            prop_assert_eq!(&forth, &list);
            let mut back = page.rows.clone();
            while let Some(previous) = at(&page).previous {
                prop_assert!(previous.starts_with("/things?q=a&before=") && !previous.contains("after"));
                page = follow(&list, &previous, limit);
                prop_assert!(at(&page).next.is_some());
                back = page.rows.iter().copied().chain(back).collect();
                if page.rows.is_empty() {
                    break;
                }
            }
            prop_assert_eq!(&back, &list);
        }

        /// An edge at no row of the list (it went away since) neither loses nor repeats one.
        #[test]
        fn an_edge_that_went_away_loses_nothing(
            rows in proptest::collection::btree_set(0_u32..300, 1..60), limit in 1_usize..9, edge in 0_u32..300,
        ) {
            let list: Vec<u32> = rows.into_iter().filter(|row| *row != edge).collect();
            let (before, after) = (fetch(&list, Edge::Before(edge), limit), fetch(&list, Edge::After(edge), limit));
            let met: Vec<u32> = before.rows.iter().chain(&after.rows).copied().collect();
            let start = list.iter().position(|row| Some(row) == met.first()).unwrap_or(0);
            prop_assert_eq!(&met[..], &list[start..start + met.len()]);
        }
    }

    #[test]
    fn a_row_that_is_not_found_is_a_fault_of_the_parameter_that_names_it() {
        let find = |id: u32| if id == 7 { Ok("seventh") } else { Err(AppError::NotFound) };
        assert_eq!(Edge::After(7).found(find).expect("an edge"), Edge::After("seventh"));
        assert!(Edge::<u32>::Start.found(find).expect("an edge").is_start());
        for (edge, name) in [(Edge::After(8), "after"), (Edge::Before(8), "before")] {
            let Err(AppError::Invalid(faults)) = edge.found(find) else { panic!("{name}") };
            assert_eq!((faults[0].field.as_str(), faults[0].code), (name, "error-not-understood"));
        }
        let mut faults = Vec::new();
        let lost = none_if_lost(Edge::After(8).found(find).map(|_| vec!["a row"]), &mut faults);
        assert_eq!((lost.expect("no rows").len(), faults.len()), (0, 1));
    }

    #[test]
    fn an_empty_page_leads_back_to_the_first() {
        let page: Page<u32> = Page::of(Vec::new(), 5, &Edge::After(7));
        let pager = page.pager(&Query::new("/things?q=a&after=7"), u32::to_string);
        assert_eq!((pager.previous.as_deref(), pager.next, pager.first), (Some("/things?q=a"), None, None));
        let page: Page<u32> = Page::of(vec![8, 9], 5, &Edge::After(7));
        let pager = page.pager(&Query::new("/things?q=a&after=7"), u32::to_string);
        assert_eq!(pager.first.as_deref(), Some("/things?q=a"));
    }
}
