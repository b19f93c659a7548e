//! The tables of reference data as pages: what holds on a day, in words, with its source.

use askama::Template;
use chrono::NaiveDate;

use super::{RegionLevel, Span, categories, charges, reasons, regions, working_calendar};
use crate::platform::{
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{ActiveFilter, Fact, Link},
    },
    i18n::{self, Lang},
    paths, time,
};

/// One table. A cell is a [`Fact`]: the column's name, the value, perhaps a link.
#[derive(Template)]
#[template(path = "directory/reference/table.html")]
pub struct TablePage {
    pub c: Chrome,
    pub tabs: Vec<Link>,
    pub warning: String,
    pub intro: String,
    pub action: String,
    pub with_words: bool,
    pub with_day: bool,
    pub filter: FormView,
    pub active: Vec<ActiveFilter>,
    /// Where an administrator imports this part; empty: it is not imported, or not by this reader.
    pub import: String,
    /// Where in the regions the reader is.
    pub trail: Vec<Link>,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<Fact>>,
}

/// A table's columns and rows.
pub struct Table {
    pub heads: Vec<String>,
    pub rows: Vec<Vec<Fact>>,
}

impl Table {
    /// Columns by their message keys, and a row of values for each.
    pub fn new(lang: Lang, keys: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        let heads: Vec<String> = keys.iter().map(|key| i18n::t(lang, key)).collect();
        let row = |values: Vec<String>| {
            heads.iter().zip(values).map(|(head, value)| Fact::new(head.clone(), value)).collect()
        };
        let rows = rows.into_iter().map(row).collect();
        Self { heads, rows }
    }

    /// Makes the first cell of each row a link.
    #[must_use]
    pub fn linked(mut self, hrefs: impl IntoIterator<Item = Option<String>>) -> Self {
        for (row, href) in self.rows.iter_mut().zip(hrefs) {
            if let Some(first) = row.first_mut() {
                first.href = href;
            }
        }
        self
    }
}

/// The parts of the reference.
pub fn tabs(lang: Lang, current: &str) -> Vec<Link> {
    let parts = ["charges", "regions", "reasons", "clocks", "categories", "calendar"];
    let tab = |part: &str| {
        Link::new(i18n::t(lang, &format!("reference-tab-{part}")), format!("{}/{part}", paths::REFERENCE))
            .current(part == current)
    };
    parts.map(tab).into()
}

/// `2016-01-01 – 2018-12-31`, as tables have it; an open end is said, no dates is empty.
pub fn span_text(span: Span, lang: Lang) -> String {
    time::span((span.from, span.to), lang, time::table_day)
}

/// How sure a row is, in words.
pub fn confidence(code: &str, lang: Lang) -> String {
    let key = format!("reference-confidence-{}", code.to_lowercase());
    if i18n::has(lang, &key) { i18n::t(lang, &key) } else { code.to_owned() }
}

fn holds(words: &str, texts: &[&str]) -> bool {
    let words = words.to_lowercase();
    words.split_whitespace().all(|word| texts.iter().any(|text| text.to_lowercase().contains(word)))
}

/// Articles as people write them, `刑法第213条`, as the table has them: `刑法 213`.
fn articles(words: &str) -> String {
    words.replace(['第', '条'], " ").replace("art.", " ")
}

/// Charges and legal bases on a day.
pub fn charges_table(words: &str, at: NaiveDate, lang: Lang) -> Table {
    let rows = charges()
        .all()
        .iter()
        .filter(|charge| Span { from: charge.valid_from, to: charge.valid_to }.covers(at))
        .filter(|charge| {
            holds(
                &articles(words),
                &[
                    &charge.code,
                    &charge.name_zh,
                    &charge.name_en,
                    &charge.article,
                    &charge.cited_en,
                    &charge.family,
                ],
            )
        })
        .map(|charge| {
            let family = charges().family(&charge.family).map_or("", |family| family.name(lang)).to_owned();
            vec![
                charge.code.clone(),
                charge.name(lang).to_owned(),
                family,
                i18n::t(lang, &format!("charge-track-{}", charge.track.as_str())),
                charge.cited(lang).to_owned(),
                charge.test(lang).to_owned(),
                span_text(Span { from: charge.valid_from, to: charge.valid_to }, lang),
                confidence(&charge.confidence, lang),
            ]
        });
    let keys = [
        "reference-code",
        "reference-name",
        "reference-family",
        "reference-track",
        "reference-article",
        "reference-test",
        "reference-valid",
        "reference-sure",
    ];
    Table::new(lang, &keys, rows)
}

/// Regions that match the words, else those right under `parent`.
pub fn regions_table(words: &str, parent: &str, at: NaiveDate, lang: Lang) -> Table {
    let found = if words.trim().is_empty() {
        regions().children(Some(parent).filter(|code| !code.is_empty()), at)
    } else {
        regions().search(words, at, 100)
    };
    let level = |level: RegionLevel| i18n::t(lang, &format!("region-level-{}", level.as_str()));
    let row = |region: &&super::Region| {
        vec![
            region.code.clone(),
            regions().path(&region.code, at, lang),
            lang.pick(&region.name_en, &region.name_zh).to_owned(),
            level(region.level),
            span_text(Span { from: region.valid_from, to: region.valid_to }, lang),
        ]
    };
    let under = |region: &&super::Region| {
        let has = !regions().children(Some(&region.code), at).is_empty();
        has.then(|| format!("{}/regions?parent={}&at={at}", paths::REFERENCE, region.code))
    };
    let keys =
        ["reference-code", "reference-name", "reference-other-name", "reference-level", "reference-valid"];
    let hrefs: Vec<Option<String>> = found.iter().map(under).collect();
    Table::new(lang, &keys, found.iter().map(row)).linked(hrefs)
}

/// From the provinces down to a region.
pub fn region_trail(parent: &str, at: NaiveDate, lang: Lang) -> Vec<Link> {
    let line = regions().line(parent, at);
    if line.is_empty() {
        return Vec::new();
    }
    let link = |code: &str, name: &str| {
        Link::new(name, format!("{}/regions?parent={code}&at={at}", paths::REFERENCE))
    };
    let mut trail = vec![link("", &i18n::t(lang, "reference-provinces"))];
    trail.extend(line.iter().map(|region| link(&region.code, region.name(lang))));
    trail
}

/// Why agencies refuse, return, forward, do not file or ask for more, on a day.
pub fn reasons_table(words: &str, at: NaiveDate, lang: Lang) -> Table {
    let rows = reasons()
        .all()
        .iter()
        .filter(|reason| Span { from: reason.valid_from, to: reason.valid_to }.covers(at))
        .filter(|reason| {
            holds(
                words,
                &[&reason.code, &reason.name_zh, &reason.name_en, &reason.basis_zh, &reason.basis_en],
            )
        })
        .map(|reason| {
            let kind = |kind: &String| match kind.as_str() {
                "any" => i18n::t(lang, "any"),
                kind => i18n::t(lang, &format!("agency-kind-{}", kind.replace('_', "-"))),
            };
            let kinds: Vec<String> = reason.agency_kinds.iter().map(kind).collect();
            vec![
                i18n::t(lang, reason.kind.key()),
                reason.name(lang).to_owned(),
                kinds.join(&lang.comma()),
                reason.cited(lang),
                reason.supply(lang).to_owned(),
                confidence(&reason.confidence, lang),
            ]
        });
    let keys = [
        "reference-reason-kind",
        "reference-name",
        "reference-agencies",
        "reference-basis",
        "reference-supply",
        "reference-sure",
    ];
    Table::new(lang, &keys, rows)
}

/// The statutory kinds of evidence.
pub fn categories_table(lang: Lang) -> Table {
    let item = |item: Option<u8>| item.map_or_else(String::new, |n| n.to_string());
    let rows = categories().all().iter().map(|category| {
        vec![
            category.name(lang).to_owned(),
            category
                .parent
                .as_deref()
                .and_then(|parent| categories().get(parent))
                .map_or("", |p| p.name(lang))
                .to_owned(),
            item(category.criminal_item),
            item(category.administrative_item),
            category.law(lang).to_owned(),
            i18n::t(lang, if category.platform_may_supply { "yes" } else { "no" }),
        ]
    });
    let keys = [
        "reference-name",
        "reference-category-of",
        "reference-criminal-item",
        "reference-administrative-item",
        "reference-law",
        "reference-platform-may",
    ];
    Table::new(lang, &keys, rows)
}

/// How many days of each year are worked.
pub fn years_table(lang: Lang) -> Table {
    let years: Vec<i32> = working_calendar().years().rev().collect();
    let rows = years
        .iter()
        .map(|year| vec![year.to_string(), working_calendar().working_days_in(*year).to_string()]);
    let hrefs = years.iter().map(|year| Some(format!("{}/calendar?year={year}", paths::REFERENCE)));
    Table::new(lang, &["reference-year", "reference-working-days"], rows).linked(hrefs)
}

/// The published exceptions of a year.
pub fn days_table(year: i32, lang: Lang) -> Table {
    let rows = working_calendar().exceptions_in(year).map(|(day, is_worked, name)| {
        let kind = if is_worked { "reference-day-worked" } else { "reference-day-off" };
        vec![time::table_day(day), i18n::t(lang, kind), name.to_owned()]
    });
    Table::new(lang, &["date", "reference-day-kind", "reference-holiday"], rows)
}
