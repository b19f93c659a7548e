//! Charges and their families, and which kind of agency is the first addressee of a family.

use std::{collections::BTreeSet, sync::OnceLock};

use chrono::NaiveDate;
use serde::Deserialize;

use super::table::{Dated, Span, Table, embedded, yes};
use crate::platform::{
    i18n::Lang,
    pinyin::{self, Fit},
};

/// The criminal or the administrative side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    Criminal,
    Administrative,
}

impl Track {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Criminal => "criminal",
            Self::Administrative => "administrative",
        }
    }
}

/// What a row is for: a charge that a lead can bear, or a legal basis that a letter can cite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Use {
    Charge,
    Basis,
}

/// A charge under the name and article of its time.
#[derive(Clone, Debug, Deserialize)]
pub struct Charge {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// Code of the [`Family`].
    pub family: String,
    pub track: Track,
    #[serde(rename = "use")]
    pub purpose: Use,
    /// Law and article, e.g. `刑法 213`.
    pub article: String,
    /// The same as people cite it: `《刑法》第213条`, `Criminal Law, art. 213`.
    pub cited_zh: String,
    pub cited_en: String,
    /// What the offence is measured by, in short; empty where no amount or outcome is named.
    pub test_zh: String,
    pub test_en: String,
    /// Whether an amount decides on filing.
    #[serde(deserialize_with = "yes")]
    pub by_amount: bool,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub source: String,
    /// H read, M secondary or recalled, L unsure.
    pub confidence: String,
    pub note: String,
}

impl Charge {
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_zh, &self.name_en)
    }

    /// Law and article.
    pub fn cited(&self, lang: Lang) -> &str {
        lang.pick(&self.cited_zh, &self.cited_en)
    }

    /// What the offence is measured by.
    pub fn test(&self, lang: Lang) -> &str {
        lang.pick(&self.test_zh, &self.test_en)
    }
}

impl Dated for Charge {
    fn code(&self) -> &str {
        &self.code
    }

    fn span(&self) -> Span {
        Span { from: self.valid_from, to: self.valid_to }
    }
}

/// A family of charges that go to the same addressee.
#[derive(Clone, Debug, Deserialize)]
pub struct Family {
    #[serde(rename = "family")]
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

impl Family {
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_zh, &self.name_en)
    }
}

/// Which type of agency takes a family, on one side, in a time; the lowest `preference` is asked first.
#[derive(Clone, Debug, Deserialize)]
pub struct Route {
    pub family: String,
    pub track: Track,
    pub agency_type: String,
    pub preference: u8,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    pub source: String,
    pub confidence: String,
}

impl Route {
    pub fn span(&self) -> Span {
        Span { from: self.valid_from, to: self.valid_to }
    }
}

/// `《商标法》第57条` of `《商标法》（2013年修正）第57条`, `Trademark Law, art. 57` of `Trademark Law (2013), art. 57`.
fn without_edition(cited: &str) -> String {
    for (open, close) in [('（', '）'), ('(', ')')] {
        let Some((law, rest)) = cited.split_once(open) else { continue };
        let Some((edition, article)) = rest.split_once(close) else { continue };
        let year = edition.chars().take_while(char::is_ascii_digit).count();
        // Of `57(1)` the brackets are the item's.
        if year == 4 {
            return format!("{}{article}", law.trim_end());
        }
    }
    cited.to_owned()
}

/// Charges, families and routes.
#[derive(Clone, Debug)]
pub struct Charges {
    table: Table<Charge>,
    families: Vec<Family>,
    routes: Vec<Route>,
}

/// The embedded charges.
pub fn charges() -> &'static Charges {
    static CHARGES: OnceLock<Charges> = OnceLock::new();
    CHARGES.get_or_init(|| Charges {
        table: Table::new(embedded("charges.csv", include_str!("../../../assets/reference/charges.csv"))),
        families: embedded("families.csv", include_str!("../../../assets/reference/families.csv")),
        routes: embedded("routes.csv", include_str!("../../../assets/reference/routes.csv")),
    })
}

impl Charges {
    pub fn all(&self) -> &[Charge] {
        self.table.rows()
    }

    /// The charge as it stood on `at`: for accepting input.
    pub fn at(&self, code: &str, at: NaiveDate) -> Option<&Charge> {
        self.table.at(code, at)
    }

    /// The charge of a stored code, nearest to `at`: for showing.
    pub fn get(&self, code: &str, at: NaiveDate) -> Option<&Charge> {
        self.table.nearest(code, at)
    }

    /// The charges that a lead could bear on `at`, criminal first.
    pub fn offered(&self, at: NaiveDate) -> impl Iterator<Item = &Charge> {
        self.table.in_force(at).filter(|charge| charge.purpose == Use::Charge)
    }

    /// The charges on offer on `at` that a text fits, by name, its sounds, law and article, or code; best first.
    pub fn search(&self, text: &str, at: NaiveDate) -> Vec<&Charge> {
        // People leave out the marks of a law's title.
        let bare =
            |text: &str| text.to_lowercase().replace(|c: char| c.is_whitespace() || "《》".contains(c), "");
        let sought = bare(text);
        let held = |own: &str| bare(own).contains(&sought);
        let fit = |charge: &Charge| {
            let own = [&charge.code, &charge.article, &charge.cited_zh, &charge.cited_en];
            let is_cited = !sought.is_empty() && own.into_iter().any(|own| held(own));
            let by_name = pinyin::fit_words(&[&charge.name_zh, &charge.name_en], text);
            by_name.or(is_cited.then_some(Fit::Within))
        };
        let mut found: Vec<(Fit, &Charge)> =
            self.offered(at).filter_map(|charge| Some((fit(charge)?, charge))).collect();
        found.sort_by_key(|(fit, _)| *fit);
        found.into_iter().map(|(_, charge)| charge).collect()
    }

    /// The name at that time; the code itself where it is unknown.
    pub fn name<'a>(&'a self, code: &'a str, at: NaiveDate, lang: Lang) -> &'a str {
        self.get(code, at).map_or(code, |charge| charge.name(lang))
    }

    /// How a provision is cited before the day is known: without its edition where it had several.
    pub fn cited_on_no_day(&self, code: &str, lang: Lang) -> String {
        let mut cited = self.table.versions(code).map(|charge| charge.cited(lang));
        let first = cited.next().unwrap_or(code);
        if cited.all(|other| other == first) { first.to_owned() } else { without_edition(first) }
    }

    /// The families of the charges, in the order of the family table. Unknown codes are passed over.
    pub fn families_of<'a>(&self, codes: impl IntoIterator<Item = &'a str>, at: NaiveDate) -> Vec<&Family> {
        let found: BTreeSet<&str> = codes
            .into_iter()
            .filter_map(|code| self.get(code, at))
            .map(|charge| charge.family.as_str())
            .collect();
        self.families.iter().filter(|family| found.contains(family.code.as_str())).collect()
    }

    pub fn families(&self) -> &[Family] {
        &self.families
    }

    pub fn family(&self, code: &str) -> Option<&Family> {
        self.families.iter().find(|family| family.code == code)
    }

    /// The types of agency to address on `at`, best first.
    pub fn routes(&self, family: &str, track: Track, at: NaiveDate) -> Vec<&Route> {
        let mut routes: Vec<&Route> = self
            .routes
            .iter()
            .filter(|route| route.family == family && route.track == track && route.span().covers(at))
            .collect();
        routes.sort_by_key(|route| route.preference);
        routes
    }

    /// The families that a type of agency takes on `at`, each with its side.
    pub fn taken_by(&self, agency_type: &str, at: NaiveDate) -> Vec<(&Family, Track)> {
        let taken = |family: &Family, track| {
            self.routes(&family.code, track, at).iter().any(|route| route.agency_type == agency_type)
        };
        let sides = [Track::Criminal, Track::Administrative];
        self.families
            .iter()
            .flat_map(|family| sides.map(|track| (family, track)))
            .filter(|(family, track)| taken(family, *track))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::table::faults, *};
    use crate::directory::reference::agency_types;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_tables_are_sound() {
        assert_eq!(faults(&charges().table), Vec::<String>::new());
        for charge in charges().all() {
            assert!(charges().family(&charge.family).is_some(), "{}", charge.code);
            assert!(["H", "M", "L"].contains(&charge.confidence.as_str()), "{}", charge.code);
            assert!(!charge.name_zh.is_empty() && !charge.name_en.is_empty() && !charge.article.is_empty());
        }
        for route in &charges().routes {
            assert!(charges().family(&route.family).is_some(), "{}", route.family);
            assert!(agency_types().get(&route.agency_type).is_some(), "{}", route.agency_type);
            assert!(route.span().is_sound());
        }
    }

    /// A name stands in papers: what the maintainers have to say about a row stands in its note.
    #[test]
    fn a_name_is_a_title_and_no_note() {
        for charge in charges().all() {
            let (zh, en) = (&charge.name_zh, &charge.name_en);
            let of_notes = ['(', ')', '（', '）', '/', ':', '：', '；', ';', '…', '.', '>', '<'];
            assert!(!zh.contains(of_notes) && !en.contains(of_notes), "{}: {zh}, {en}", charge.code);
            assert!(!zh.chars().any(|c| c.is_ascii_alphanumeric()), "{}: {zh}", charge.code);
            assert!(!en.chars().any(|c| c.is_ascii_digit()), "{}: {en}", charge.code);
            assert_eq!(charge.track == Track::Criminal, zh.ends_with('罪'), "{}: {zh}", charge.code);
        }
    }

    #[test]
    fn the_edition_of_a_law_is_that_of_the_day_and_none_before_the_day_is_known() {
        let on = |code: &str, at: &str| charges().get(code, day(at)).unwrap().cited(Lang::Zh);
        assert_eq!(on("TM57-3", "2016-06-12"), "《商标法》（2013年修正）第57条第（三）项");
        assert_eq!(on("TM57-3", "2019-11-01"), "《商标法》（2019年修正）第57条第（三）项");
        let cited = |code: &str, lang| charges().cited_on_no_day(code, lang);
        assert_eq!(cited("TM57-3", Lang::Zh), "《商标法》第57条第（三）项");
        assert_eq!(cited("TM57-3", Lang::En), "Trademark Law, art. 57(3)");
        assert_eq!(cited("TM72-2027", Lang::Zh), "《商标法》（2026年修订）第72条");
        assert_eq!(cited("CL141", Lang::En), "Criminal Law, art. 141");
        for charge in charges().all() {
            for lang in Lang::ALL {
                let other =
                    charges().table.versions(&charge.code).find(|v| v.cited(lang) != charge.cited(lang));
                let undated = cited(&charge.code, lang);
                assert_eq!(other.is_some(), undated != charge.cited(lang), "{}: {undated}", charge.code);
            }
        }
    }

    #[test]
    fn every_charge_has_a_route_on_its_side_at_every_date() {
        for charge in charges().all().iter().filter(|charge| charge.purpose == Use::Charge) {
            for at in
                ["2014-06-01", "2016-06-01", "2018-06-01", "2019-06-01", "2026-06-01", "2027-06-01"].map(day)
            {
                if charge.span().covers(at) {
                    let routes = charges().routes(&charge.family, charge.track, at);
                    assert!(!routes.is_empty(), "{} on {at}", charge.code);
                    let type_in_force =
                        |r: &&Route| agency_types().get(&r.agency_type).unwrap().span().covers(at);
                    assert!(routes.iter().all(type_in_force), "{} on {at}", charge.code);
                }
            }
        }
        for family in charges().families() {
            let sides = [Track::Criminal, Track::Administrative];
            let routed =
                sides.iter().any(|side| !charges().routes(&family.code, *side, day("2026-06-01")).is_empty());
            assert!(routed, "{}", family.code);
        }
    }

    #[test]
    fn a_charge_bears_the_name_of_its_time() {
        let name = |at| charges().name("CL141", day(at), Lang::Zh);
        assert_eq!(name("2021-02-28"), "生产、销售假药罪");
        assert_eq!(name("2021-03-01"), "生产、销售、提供假药罪");
        assert_eq!(charges().name("CL143", day("2010-01-01"), Lang::Zh), "生产、销售不符合卫生标准的食品罪");
        assert!(charges().at("CL219-1", day("2016-06-01")).is_none());
        assert_eq!(charges().name("nonsense", day("2016-06-01"), Lang::En), "nonsense");
    }

    #[test]
    fn a_trademark_lead_went_to_economic_crime_before_2019() {
        let first = |at| charges().routes("trademark", Track::Criminal, day(at))[0].agency_type.as_str();
        assert_eq!(first("2016-06-01"), "PS-ECD");
        assert_eq!(first("2018-12-31"), "PS-ECD");
        assert_eq!(first("2019-01-01"), "PS-FDE");
        let admin =
            |at| charges().routes("trademark", Track::Administrative, day(at))[0].agency_type.as_str();
        assert_eq!((admin("2016-06-01"), admin("2020-06-01")), ("AIC", "SAMR"));
    }

    #[test]
    fn a_charge_is_found_by_name_sounds_article_and_code() {
        let at = day("2016-06-01");
        let codes = |text: &str| {
            charges().search(text, at).into_iter().map(|charge| charge.code.as_str()).collect::<Vec<_>>()
        };
        for text in ["销售假冒注册商标", "xiaoshoujiamao", "xs jm zc sb", "刑法第214条", "CL214", "214"]
        {
            assert!(codes(text).contains(&"CL214"), "{text}: {:?}", codes(text));
        }
        assert!(codes("").is_empty() && codes("haiguan xyz").is_empty());
    }

    #[test]
    fn offered_leaves_out_what_is_only_a_basis() {
        let at = day("2020-06-01");
        assert!(charges().offered(at).any(|charge| charge.code == "TM57"));
        assert!(!charges().offered(at).any(|charge| charge.code == "TM61"));
        let families = charges().families_of(["CL214", "CL140", "CL213", "none"], at);
        assert_eq!(families.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["trademark", "shoddy"]);
    }
}
