//! The statutory kinds of evidence, criminal (刑事诉讼法 50) and administrative (行政处罚法 46), and the kinds of
//! electronic data that 法发〔2016〕22号 article 1 names.

use std::sync::OnceLock;

use chrono::NaiveDate;
use serde::Deserialize;

use super::table::{Dated, Span, Table, embedded, yes};
use crate::platform::i18n::Lang;

/// A kind of evidence.
#[derive(Clone, Debug, Deserialize)]
pub struct Category {
    pub code: String,
    /// `electronic_data` for its sub-kinds.
    pub parent: Option<String>,
    pub ordinal: u8,
    pub name_zh: String,
    pub name_en: String,
    /// Its item in 刑事诉讼法 50.
    pub criminal_item: Option<u8>,
    /// Its item in 行政处罚法 46.
    pub administrative_item: Option<u8>,
    pub law_zh: String,
    pub law_en: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    /// No for statements of suspects and records of investigators: a platform cannot make them.
    #[serde(deserialize_with = "yes")]
    pub platform_may_supply: bool,
    pub confidence: String,
}

impl Category {
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_zh, &self.name_en)
    }

    /// Law and article that name it.
    pub fn law(&self, lang: Lang) -> &str {
        lang.pick(&self.law_zh, &self.law_en)
    }
}

impl Dated for Category {
    fn code(&self) -> &str {
        &self.code
    }

    fn span(&self) -> Span {
        Span { from: self.valid_from, to: self.valid_to }
    }
}

/// The kinds of evidence.
#[derive(Clone, Debug)]
pub struct Categories(Table<Category>);

/// The embedded kinds of evidence.
pub fn categories() -> &'static Categories {
    static CATEGORIES: OnceLock<Categories> = OnceLock::new();
    CATEGORIES.get_or_init(|| {
        let text = include_str!("../../../assets/reference/evidence-categories.csv");
        Categories(Table::new(embedded("evidence-categories.csv", text)))
    })
}

impl Categories {
    pub fn all(&self) -> &[Category] {
        self.0.rows()
    }

    /// By code, whatever the date: a category never changed its name.
    pub fn get(&self, code: &str) -> Option<&Category> {
        self.0.versions(code).next()
    }

    /// What a platform can choose for an item.
    pub fn offered(&self) -> impl Iterator<Item = &Category> {
        self.all().iter().filter(|category| category.platform_may_supply)
    }

    /// The statutory kind that it is or belongs to, as the statutory list names it.
    pub fn statutory(&self, code: &str) -> Option<&Category> {
        let category = self.get(code)?;
        category.parent.as_deref().map_or(Some(category), |parent| self.get(parent))
    }

    /// The usual category of a file by its media type: sound and pictures in motion are audio-visual material, the
    /// rest that is born on a computer is an electronic file. A suggestion that the user may change.
    pub fn suggested(&self, media_type: &str) -> Option<&Category> {
        let code = match media_type.split('/').next().unwrap_or_default() {
            "audio" | "video" => "audiovisual",
            _ if media_type.starts_with("text/html") => "web_page",
            _ => "digital_file",
        };
        self.get(code)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::table::faults, *};

    #[test]
    fn the_table_is_sound() {
        assert_eq!(faults(&categories().0), Vec::<String>::new());
        for category in categories().all() {
            assert!(categories().statutory(&category.code).is_some());
            assert!(category.criminal_item.is_some() || category.administrative_item.is_some());
        }
        let criminal: std::collections::BTreeSet<u8> =
            categories().all().iter().filter_map(|category| category.criminal_item).collect();
        assert_eq!(criminal.into_iter().collect::<Vec<_>>(), (1..=8).collect::<Vec<u8>>());
    }

    #[test]
    fn a_platform_cannot_supply_a_suspect_statement() {
        assert!(categories().offered().all(|category| category.code != "suspect_statement"));
        assert_eq!(categories().statutory("trade_record").unwrap().code, "electronic_data");
        assert_eq!(categories().suggested("video/mp4").unwrap().code, "audiovisual");
        assert_eq!(categories().suggested("application/pdf").unwrap().code, "digital_file");
    }
}
