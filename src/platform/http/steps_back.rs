//! The links of a page of a long story: it begins before an entry that its address names (`before`), and the pages that were
//! passed on the way there stand beside it (`passed`), so that one goes back step by step and not to the newest alone.

use super::{
    link::Query,
    selection::{self, word},
};
use crate::platform::db::Id;

/// So many pages are remembered; from further away one goes back to the newest.
const MOST: usize = 40;

/// Where a page leads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    pub newest: Option<String>,
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// The address without its place in the story.
pub fn bare(page: &Query) -> Query {
    page.without("before").without("passed")
}

/// The links of `page`. `older`: the entry before which the next page begins.
pub fn ways(page: &Query, older: Option<Id>) -> Ways {
    let bare = bare(page);
    let here: Option<Id> = page.get("before").parse().ok();
    let mut passed: Vec<Id> = page.get("passed").split('.').filter_map(selection::read).collect();
    let at = |before: Option<Id>, passed: &[Id]| {
        let words: Vec<String> = passed.iter().copied().map(word).collect();
        let begin = before.map_or_else(String::new, |id| id.to_string());
        bare.with("before", &begin).with("passed", &words.join(".")).href()
    };
    let older = older.map(|older| {
        let all: Vec<Id> = passed.iter().copied().chain(here).collect();
        at(Some(older), &all[all.len().saturating_sub(MOST)..])
    });
    let last = passed.pop();
    let newer = here.map(|_| at(last, &passed));
    Ways { newest: here.map(|_| bare.href()), newer, older }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_back_page_by_page_as_one_came() {
        let (a, b, c) = (Id::new(), Id::new(), Id::new());
        let first = Query::new("/leads/1?kind=acts");
        let ways_of =
            |href: &Option<String>, older| ways(&Query::new(href.as_deref().expect("a way")), older);
        let begin = ways(&first, Some(a));
        assert_eq!((&begin.newest, &begin.newer), (&None, &None));
        let second = ways_of(&begin.older, Some(b));
        assert_eq!(second.newer.as_deref(), Some("/leads/1?kind=acts"));
        assert_eq!(second.newest, second.newer);
        let third = ways_of(&second.older, Some(c));
        let fourth = ways_of(&third.older, None);
        assert_eq!(fourth.older, None);
        assert_eq!(fourth.newer, second.older, "the third page, as the second led there");
        assert_eq!(third.newer, begin.older);
        assert_eq!(ways_of(&fourth.newer, Some(c)), third);
        assert_eq!(fourth.newest.as_deref(), Some("/leads/1?kind=acts"));
    }

    #[test]
    fn an_address_that_nobody_gave_out_leads_back_to_the_newest() {
        let page = Query::new(&format!("/changes?before={}&passed=x.y", Id::new()));
        let found = ways(&page, None);
        assert_eq!((found.newer.as_deref(), found.newest.as_deref()), (Some("/changes"), Some("/changes")));
        assert_eq!(ways(&Query::new("/changes?before=x"), None), Ways::default());
        let mut far = Query::new("/changes");
        for _ in 0..100 {
            far = Query::new(&ways(&far, Some(Id::new())).older.expect("older"));
        }
        assert_eq!(far.get("passed").split('.').count(), MOST);
    }
}
