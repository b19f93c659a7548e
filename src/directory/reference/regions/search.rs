//! Finding regions by what people type: characters, English names, codes, or the sounds of the characters.
//!
//! Of those that fit, these come first: what fits better (the whole name or code, the beginning of the name, the whole name by
//! initials, a part of it); of what fits alike, where agencies of the directory are; where more leads are; the shorter name;
//! the higher level; the lower code. So `gz` is Guangzhou before Guizhou where leads go there.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    sync::{Arc, PoisonError, RwLock},
};

use chrono::NaiveDate;

use super::{Region, RegionLevel, Regions};
use crate::{
    directory::reference::table::Dated,
    platform::pinyin::{Fit, Spelled, Typed, spelled},
};

/// So many words of what is typed are looked at: a region lies in two others at most, and each word is compared with all.
const MOST_WORDS: usize = 6;

/// Which regions are more likely meant than others that a text fits alike.
#[derive(Clone, Debug, Default)]
struct Likely {
    /// Codes of the regions that agencies are for.
    agencies: HashSet<String>,
    /// How many leads are in a region, by its code: those of the regions in it too.
    leads: HashMap<String, i64>,
}

static LIKELY: RwLock<Option<Arc<Likely>>> = RwLock::new(None);

impl Likely {
    fn new(agencies: HashSet<String>, leads: &[(String, i64)], regions: &Regions) -> Self {
        let mut within: HashMap<String, i64> = HashMap::new();
        for (code, n) in leads {
            for region in regions.line(code, NaiveDate::MAX) {
                *within.entry(region.code.clone()).or_default() += n;
            }
        }
        Self { agencies, leads: within }
    }

    fn known() -> Arc<Self> {
        LIKELY.read().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
    }

    /// The less, the more likely.
    fn place(&self, region: &Region) -> (bool, Reverse<i64>) {
        let leads = self.leads.get(&region.code).copied().unwrap_or_default();
        (!self.agencies.contains(&region.code), Reverse(leads))
    }
}

/// Says, for the process, which regions agencies are for and how many leads name each: what is looked for is more likely one
/// of these.
pub fn prefer(agencies: HashSet<String>, leads: &[(String, i64)]) {
    let likely = Likely::new(agencies, leads, super::regions());
    *LIKELY.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(likely));
}

impl Regions {
    /// The sounds of each row's name, with those of the regions above it before them; made when they are first needed.
    fn spelled(&self) -> &[Spelled] {
        self.1.get_or_init(|| {
            let of = |region: &Region| {
                let at = region.valid_to.or(region.valid_from).unwrap_or_default();
                let above = self.ancestors(&region.code, at);
                let above = above.into_iter().map(|above| above.name_zh.as_str());
                Spelled::in_parts(above.chain([region.name_zh.as_str()]))
            };
            self.0.rows().iter().map(of).collect()
        })
    }

    /// The regions that can be chosen, with their sounds: those that hold, without zones.
    fn choosable(&self, holds: impl Fn(&Region) -> bool) -> impl Iterator<Item = (&Region, &Spelled)> {
        let rows = self.0.rows().iter().zip(self.spelled());
        rows.filter(move |(region, _)| region.level != RegionLevel::Zone && holds(region))
    }

    /// Finds regions by words of their Chinese or English names, by their sounds or by code: `下城`, `hangzhou xiacheng`,
    /// `杭州西湖`, `gz`, `3301`. Each word must be in the region's own name or in one above it, one at least in its own.
    /// The best and likeliest first.
    pub fn search(&self, text: &str, at: NaiveDate, limit: usize) -> Vec<&Region> {
        self.found(text, limit, |region| region.span().covers(at), at, &Likely::known())
    }

    /// As [`Self::search`], over all times: those that are no more, as on `today`, come last.
    pub fn search_ever(&self, text: &str, today: NaiveDate, limit: usize) -> Vec<&Region> {
        let likely = Likely::known();
        let mut found = self.found(text, limit, |region| region.span().covers(today), today, &likely);
        let left = limit.saturating_sub(found.len());
        let ended = |region: &Region| region.valid_to.is_some_and(|end| end < today);
        found.extend(self.found(text, left, ended, today, &likely));
        found
    }

    /// The regions that are called exactly so, by characters or sounds, with or without 市 and the like and what they lie in.
    pub fn called(&self, text: &str, at: NaiveDate) -> Vec<&Region> {
        let Some(typed) = Typed::new(text) else { return Vec::new() };
        let found = self.choosable(|region| region.span().covers(at)).filter(|(_, sounds)| sounds.is(&typed));
        found.map(|(region, _)| region).collect()
    }

    fn found(
        &self,
        text: &str,
        limit: usize,
        holds: impl Fn(&Region) -> bool,
        at: NaiveDate,
        likely: &Likely,
    ) -> Vec<&Region> {
        let text = text.to_lowercase();
        let words: Vec<Word> = text.split_whitespace().take(MOST_WORDS).map(Word::new).collect();
        if words.is_empty() || limit == 0 {
            return Vec::new();
        }
        let together = Typed::new(&text).filter(|_| words.len() > 1);
        let mut found: Vec<(u8, &Region)> = self
            .choosable(holds)
            .filter_map(|(region, sounds)| {
                let by_words = self.rank(region, sounds, &words, at);
                let as_one = together.as_ref().and_then(|typed| by_sounds(sounds, typed));
                Some((by_words.into_iter().chain(as_one).min()?, region))
            })
            .collect();
        found.sort_by_cached_key(|(rank, region)| {
            let name = (region.name_zh.chars().count(), region.level, region.code.clone());
            (*rank, likely.place(region), name)
        });
        found.into_iter().take(limit).map(|(_, region)| region).collect()
    }

    fn rank(&self, region: &Region, sounds: &Spelled, words: &[Word], at: NaiveDate) -> Option<u8> {
        let ranks: Vec<Option<u8>> = words.iter().map(|word| word.rank(region, sounds)).collect();
        let own = ranks.iter().flatten().min().copied()?;
        let mut elsewhere = words.iter().zip(&ranks).filter(|(_, rank)| rank.is_none()).peekable();
        if elsewhere.peek().is_none() {
            return Some(own);
        }
        let above = self.ancestors(&region.code, at);
        elsewhere
            .all(|(word, _)| above.iter().any(|above| word.rank(above, &spelled(&above.name_zh)).is_some()))
            .then_some(own)
    }
}

/// One word of what is looked for.
struct Word<'a> {
    text: &'a str,
    typed: Option<Typed>,
}

impl<'a> Word<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, typed: Typed::new(text) }
    }

    /// As [`match_rank`], by characters, letters or sounds: initials of the whole are 2, a part by its sounds 3.
    fn rank(&self, region: &Region, sounds: &Spelled) -> Option<u8> {
        let by_sounds = self.typed.as_ref().and_then(|typed| by_sounds(sounds, typed));
        match_rank(region, self.text).into_iter().chain(by_sounds).min()
    }
}

fn by_sounds(sounds: &Spelled, typed: &Typed) -> Option<u8> {
    match sounds.fit(typed)? {
        Fit::Whole => Some(0),
        Fit::Begins => Some(1),
        Fit::WholeByInitials => Some(2),
        Fit::BeginsByInitials | Fit::Within => Some(3),
        // Two letters are the initials of something within most names.
        Fit::WithinByInitials | Fit::Apart => None,
    }
}

/// 0 the whole name, 1 its beginning, 2 somewhere in it, 4 letters somewhere in the English one (`gz` in Hangzhou);
/// `None` not at all.
fn match_rank(region: &Region, word: &str) -> Option<u8> {
    let english = region.name_en.to_lowercase();
    let without_suffix = region.name_zh.trim_end_matches(['省', '市', '区', '县']);
    if region.name_zh == word || without_suffix == word || english == word || region.code == word {
        Some(0)
    } else if region.name_zh.starts_with(word) || english.starts_with(word) || region.code.starts_with(word) {
        Some(1)
    } else if region.name_zh.contains(word) {
        Some(2)
    } else if english.contains(word) {
        Some(4)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::{super::regions, *};

    /// What `gz` finds first, where agencies are for these regions and leads in those.
    fn first(agencies: &[&str], leads: &[(&str, i64)]) -> Vec<String> {
        let leads: Vec<(String, i64)> = leads.iter().map(|(code, n)| ((*code).to_owned(), *n)).collect();
        let likely = Likely::new(agencies.iter().map(|code| (*code).to_owned()).collect(), &leads, regions());
        let at = NaiveDate::from_ymd_opt(2016, 6, 1).unwrap();
        let found = regions().found("gz", 3, |region| region.span().covers(at), at, &likely);
        found.into_iter().map(|region| region.name_zh.clone()).collect()
    }

    #[test]
    fn of_what_fits_alike_that_comes_first_where_agencies_and_leads_are() {
        // Nothing is known: by level and code.
        assert_eq!(first(&[], &[])[0], "贵州省");
        assert_eq!(first(&["440100"], &[])[0], "广州市");
        // A lead in a district is one in its city.
        assert_eq!(first(&[], &[("440111", 2), ("360702", 1)])[..2], ["广州市", "赣州市"]);
        assert_eq!(first(&["360700"], &[("440111", 9)])[..2], ["赣州市", "广州市"], "agencies before leads");
        assert_eq!(first(&["520000", "440100"], &[("440111", 9), ("520100", 1)])[0], "广州市");
    }

    #[test]
    fn what_fits_better_comes_before_what_is_likelier() {
        let likely = Likely::new(HashSet::from(["330100".to_owned()]), &[], regions());
        let at = NaiveDate::from_ymd_opt(2016, 6, 1).unwrap();
        let found = |text| regions().found(text, 3, |region| region.span().covers(at), at, &likely);
        assert_eq!(found("guangzhou")[0].code, "440100");
        assert_eq!(found("440100")[0].code, "440100");
    }
}
