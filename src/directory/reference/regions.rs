//! Provinces, prefectures, counties and zones (GB/T 2260 codes), with those that were abolished since 2016.

mod search;

pub use search::prefer;

use std::sync::{OnceLock, PoisonError, RwLock};

use chrono::NaiveDate;
use serde::Deserialize;

use super::table::{Dated, Span, Table, embedded};
use crate::platform::{i18n::Lang, pinyin::Spelled};

/// Level of a region. Zones (development zones that only the statistics bureau codes) are no administrative
/// divisions: pickers leave them out. The four municipalities have no prefecture: their counties hang on the province.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionLevel {
    Province,
    Prefecture,
    County,
    Zone,
}

impl RegionLevel {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
            Self::Zone => "zone",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Province, Self::Prefecture, Self::County, Self::Zone]
            .into_iter()
            .find(|level| level.as_str() == text)
    }
}

/// One region under one name. Start and end of the changes between 2016 and 2023 are known to the year only, so that
/// old and new may both be offered for a while; see `assets/reference/README.md`.
#[derive(Clone, Debug, Deserialize)]
pub struct Region {
    /// Six digits.
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// Code of the region above; `None` for a province.
    pub parent: Option<String>,
    pub level: RegionLevel,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
}

impl Region {
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_zh, &self.name_en)
    }

    /// What is left of the row once another takes its days: the time before, the time after, both or nothing.
    pub fn without(&self, taken: Span) -> Vec<Region> {
        if !self.span().overlaps(taken) {
            return vec![self.clone()];
        }
        let before = taken
            .from
            .and_then(|from| from.pred_opt())
            .map(|to| Span { from: self.valid_from, to: Some(to) });
        let after =
            taken.to.and_then(|to| to.succ_opt()).map(|from| Span { from: Some(from), to: self.valid_to });
        let part = |span: Span| Region { valid_from: span.from, valid_to: span.to, ..self.clone() };
        let left = [before, after].into_iter().flatten();
        left.filter(|span| span.is_sound() && span.overlaps(self.span())).map(part).collect()
    }
}

impl Region {
    /// What is left of the row once `new` is on file: a row of the same first day is replaced, one that began before ends
    /// on the day before and does not come back, one that began later begins once the new one has ended.
    pub fn left_by(&self, new: &Region) -> Vec<Region> {
        if self.valid_from == new.valid_from {
            return Vec::new();
        }
        let mut left = self.without(new.span());
        if self.valid_from < new.valid_from {
            left.retain(|part| part.valid_from == self.valid_from);
        }
        left
    }
}

impl Dated for Region {
    fn code(&self) -> &str {
        &self.code
    }

    fn span(&self) -> Span {
        Span { from: self.valid_from, to: self.valid_to }
    }
}

/// All regions of all dates, with the sounds of their names in the order of the rows.
#[derive(Clone, Debug)]
pub struct Regions(Table<Region>, OnceLock<Vec<Spelled>>);

/// The embedded regions, with what was imported.
pub fn regions() -> &'static Regions {
    let installed: Option<&'static Regions> = *INSTALLED.read().unwrap_or_else(PoisonError::into_inner);
    installed.unwrap_or_else(embedded_regions)
}

static INSTALLED: RwLock<Option<&'static Regions>> = RwLock::new(None);

/// Puts imported rows beside the embedded ones, for the process. Each table is kept for ever: this happens at the start
/// and after an import, which is rare.
pub fn install(imported: Vec<Region>) {
    if !imported.is_empty() {
        let merged = Box::leak(Box::new(embedded_regions().with(imported)));
        *INSTALLED.write().unwrap_or_else(PoisonError::into_inner) = Some(merged);
    }
}

fn embedded_regions() -> &'static Regions {
    static REGIONS: OnceLock<Regions> = OnceLock::new();
    REGIONS.get_or_init(|| {
        let text = include_str!("../../../assets/reference/regions.csv");
        Regions(Table::new(embedded("regions.csv", text)), OnceLock::new())
    })
}

impl Regions {
    /// The embedded ones with imported rows: a code's earlier names stay for the days before an imported row begins.
    #[must_use]
    pub fn with(&self, imported: Vec<Region>) -> Regions {
        let mut rows = self.0.rows().to_vec();
        for new in &imported {
            let (same, others): (Vec<Region>, Vec<Region>) =
                rows.into_iter().partition(|old| old.code == new.code);
            rows = others;
            rows.extend(same.iter().flat_map(|old| old.left_by(new)));
        }
        rows.extend(imported);
        rows.sort_by(|a, b| (&a.code, a.valid_from).cmp(&(&b.code, b.valid_from)));
        Regions(Table::new(rows), OnceLock::new())
    }

    pub fn all(&self) -> &[Region] {
        self.0.rows()
    }

    /// The region that bore the code on `at`: for accepting input.
    pub fn at(&self, code: &str, at: NaiveDate) -> Option<&Region> {
        self.0.at(code, at)
    }

    /// The region of a stored code, under the name that is nearest to `at`: for showing.
    pub fn get(&self, code: &str, at: NaiveDate) -> Option<&Region> {
        self.0.nearest(code, at)
    }

    /// From the province down to the region itself; empty for an unknown code.
    pub fn line(&self, code: &str, at: NaiveDate) -> Vec<&Region> {
        let mut line = Vec::new();
        let mut next = self.get(code, at);
        while let Some(region) = next {
            line.push(region);
            // Three levels at most; the guard is for imported rows that point at each other.
            next =
                region.parent.as_deref().filter(|_| line.len() < 4).and_then(|parent| self.get(parent, at));
        }
        line.reverse();
        line
    }

    /// The regions above it, province first, without itself.
    pub fn ancestors(&self, code: &str, at: NaiveDate) -> Vec<&Region> {
        let mut line = self.line(code, at);
        line.pop();
        line
    }

    /// The province that it is or belongs to.
    pub fn province_of(&self, code: &str, at: NaiveDate) -> Option<&Region> {
        self.line(code, at).into_iter().find(|region| region.level == RegionLevel::Province)
    }

    /// The prefecture that it is or belongs to; for the municipalities, the municipality.
    pub fn city_of(&self, code: &str, at: NaiveDate) -> Option<&Region> {
        let line = self.line(code, at);
        let city = line.iter().find(|region| region.level == RegionLevel::Prefecture);
        match city {
            Some(city) => Some(city),
            None => line.first().copied().filter(|_| is_municipality(code)),
        }
    }

    /// Whether `code` is `area` or lies in it.
    pub fn is_within(&self, code: &str, area: &str, at: NaiveDate) -> bool {
        self.line(code, at).iter().any(|region| region.code == area)
    }

    /// The regions right under `parent` (the provinces for `None`) on `at`, without zones.
    pub fn children(&self, parent: Option<&str>, at: NaiveDate) -> Vec<&Region> {
        self.0
            .in_force(at)
            .filter(|region| region.level != RegionLevel::Zone && region.parent.as_deref() == parent)
            .collect()
    }

    /// `浙江省杭州市下城区`, or `Xiacheng, Hangzhou, Zhejiang Province`; the code itself where it is unknown.
    pub fn path(&self, code: &str, at: NaiveDate, lang: Lang) -> String {
        let line = self.line(code, at);
        if line.is_empty() {
            return code.to_owned();
        }
        match lang {
            Lang::Zh => line.iter().map(|region| region.name_zh.as_str()).collect(),
            Lang::En => {
                line.iter().rev().map(|region| region.name_en.as_str()).collect::<Vec<_>>().join(", ")
            }
        }
    }
}

fn is_municipality(code: &str) -> bool {
    ["11", "12", "31", "50"].iter().any(|prefix| code.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::{super::table::faults, *};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_table_is_sound() {
        assert_eq!(faults(&regions().0), Vec::<String>::new());
        let today = day("2026-11-01");
        let count =
            |level| regions().all().iter().filter(|r| r.level == level && r.span().covers(today)).count();
        assert_eq!(count(RegionLevel::Province), 34);
        assert_eq!(count(RegionLevel::Prefecture), 333);
        assert_eq!(count(RegionLevel::County), 2846);
        assert_eq!(count(RegionLevel::Zone), 130);
        for region in regions().all() {
            assert!(region.code.len() == 6 && region.code.bytes().all(|b| b.is_ascii_digit()));
            assert!(!region.name_zh.is_empty() && !region.name_en.is_empty(), "{}", region.code);
            match &region.parent {
                None => assert_eq!(region.level, RegionLevel::Province),
                Some(parent) => assert!(
                    regions().0.versions(parent).any(|above| above.span().overlaps(region.span())),
                    "{} hangs on {parent}",
                    region.code
                ),
            }
        }
    }

    #[test]
    fn a_district_that_is_gone_is_found_for_its_time_only() {
        let then = day("2016-05-01");
        let found = regions().at("330103", then).unwrap();
        assert_eq!((found.name_zh.as_str(), found.name_en.as_str()), ("下城区", "Xiacheng"));
        assert!(regions().at("330103", day("2022-01-01")).is_none());
        assert_eq!(regions().get("330103", day("2022-01-01")).unwrap().name_zh, "下城区");
        assert_eq!(regions().path("330103", then, Lang::Zh), "浙江省杭州市下城区");
        assert_eq!(regions().path("330103", then, Lang::En), "Xiacheng, Hangzhou, Zhejiang Province");
        assert_eq!(regions().path("999999", then, Lang::En), "999999");
    }

    #[test]
    fn a_renamed_district_bears_the_name_of_the_time() {
        assert_eq!(regions().get("130502", day("2016-01-01")).unwrap().name_zh, "桥东区");
        assert_eq!(regions().get("130502", day("2021-01-01")).unwrap().name_zh, "襄都区");
    }

    #[test]
    fn the_line_leads_up_to_the_province() {
        let at = day("2016-06-01");
        assert_eq!(regions().province_of("440111", at).unwrap().code, "440000");
        assert_eq!(regions().city_of("440111", at).unwrap().code, "440100");
        assert_eq!(regions().city_of("310115", at).unwrap().code, "310000");
        assert!(regions().city_of("330000", at).is_none());
        assert!(regions().is_within("440111", "440000", at) && !regions().is_within("440000", "440111", at));
        assert_eq!(regions().ancestors("440111", at).len(), 2);
    }

    #[test]
    fn search_takes_both_languages_and_words_of_the_path() {
        let at = day("2016-06-01");
        let codes = |text| regions().search(text, at, 5).iter().map(|r| r.code.as_str()).collect::<Vec<_>>();
        assert_eq!(codes("下城")[0], "330103");
        assert_eq!(codes("杭州 下城")[0], "330103");
        assert_eq!(codes("hangzhou xiacheng"), ["330103"]);
        assert_eq!(codes("Guangzhou")[0], "440100");
        assert_eq!(codes("330106"), ["330106"]);
        assert!(codes("  ").is_empty());
        // However much is typed, the first words are looked at.
        assert_eq!(codes("330106 330106 330106 330106 330106 330106 nowhere"), ["330106"]);
        // By their sounds, whatever reading a character has in a name.
        for (text, code) in [
            ("guang zhou", "440100"),
            ("chongqing", "500000"),
            ("xiamen", "350200"),
            ("changsha", "430100"),
            ("杭州西湖", "330106"),
            ("hangzhouxihu", "330106"),
        ] {
            assert_eq!(codes(text)[0], code, "{text}");
        }
        assert!(codes("gz").contains(&"440100"), "{:?}", codes("gz"));
        assert!(codes("qqqqqq").is_empty());
        let today = day("2026-05-01");
        let ever: Vec<_> = regions().search_ever("xiacheng", today, 5).into_iter().map(|r| &r.code).collect();
        assert!(ever.iter().any(|code| *code == "330103"), "{ever:?}");
        let called: Vec<_> = regions().called("hang zhou", at).into_iter().map(|r| r.code.as_str()).collect();
        assert_eq!(called, ["330100"]);
    }

    #[test]
    fn children_leave_zones_out() {
        let at = day("2016-06-01");
        assert_eq!(regions().children(None, at).len(), 34);
        let hangzhou = regions().children(Some("330100"), at);
        assert!(hangzhou.iter().any(|r| r.code == "330103"));
        assert!(hangzhou.iter().all(|r| r.level == RegionLevel::County));
    }

    #[test]
    fn a_row_that_is_ended_is_over_and_no_earlier_name_comes_back() {
        let first = regions().get("330106", day("2026-01-01")).unwrap().clone();
        let ended = Region { valid_to: Some(day("2027-06-30")), ..first.clone() };
        assert!(first.left_by(&ended).is_empty());
        assert!(regions().with(vec![ended]).at("330106", day("2028-01-01")).is_none());
        let renamed = Region {
            name_zh: "新西湖区".into(),
            valid_from: Some(day("2027-01-01")),
            valid_to: Some(day("2028-12-31")),
            ..first.clone()
        };
        let merged = regions().with(vec![renamed.clone()]);
        assert!(merged.at("330106", day("2029-01-01")).is_none());
        assert_eq!(merged.get("330106", day("2029-01-01")).unwrap().name_zh, "新西湖区");
        // A later name is not lost to one that ends before it.
        let later = Region { valid_from: Some(day("2028-01-01")), valid_to: None, ..first };
        assert_eq!(later.left_by(&renamed)[0].valid_from, Some(day("2029-01-01")));
    }

    #[test]
    fn imported_rows_take_the_place_of_a_code() {
        let mut row = regions().get("330106", day("2020-01-01")).unwrap().clone();
        row.name_zh = "新区".into();
        let merged = regions().with(vec![row]);
        assert_eq!(merged.get("330106", day("2020-01-01")).unwrap().name_zh, "新区");
        assert_eq!(merged.all().len(), regions().all().len());
    }

    #[test]
    fn an_imported_name_keeps_the_earlier_ones() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let at = |regions: &Regions, date: &str| regions.at("330103", day(date)).map(|r| r.name_zh.clone());
        let first = regions().get("330106", day("2026-01-01")).unwrap().clone();
        let renamed = Region {
            name_zh: "新西湖区".into(),
            valid_from: Some(day("2027-01-01")),
            valid_to: None,
            ..first.clone()
        };
        let merged = regions().with(vec![renamed]);
        let name = |date: &str| merged.at("330106", day(date)).map(|r| r.name_zh.clone());
        assert_eq!(name("2016-06-01"), Some(first.name_zh));
        assert_eq!(name("2026-12-31"), name("2016-06-01"));
        assert_eq!(name("2027-01-01").as_deref(), Some("新西湖区"));
        assert_eq!(at(&merged, "2016-06-01"), at(regions(), "2016-06-01"));
        assert_eq!(crate::directory::reference::table::faults(&merged.0), Vec::<String>::new());
    }
}
