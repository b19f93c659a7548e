//! Types of agency: what they are called at each level, and of which kind they are.

use std::sync::OnceLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::table::{Span, embedded, list};
use crate::platform::i18n::Lang;

/// Level of an agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgencyLevel {
    National,
    Province,
    Prefecture,
    County,
}

impl AgencyLevel {
    pub const ALL: [AgencyLevel; 4] = [Self::National, Self::Province, Self::Prefecture, Self::County];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Province => "province",
            Self::Prefecture => "prefecture",
            Self::County => "county",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == text)
    }

    /// Message key of its name (`reference.ftl`).
    pub fn key(self) -> &'static str {
        match self {
            Self::National => "agency-level-national",
            Self::Province => "agency-level-province",
            Self::Prefecture => "agency-level-prefecture",
            Self::County => "agency-level-county",
        }
    }
}

/// A type of agency. Reasons, clocks and remedies go by its `kind`, routes by its `code`.
#[derive(Clone, Debug, Deserialize)]
pub struct AgencyType {
    pub code: String,
    /// `police`, `market`, `customs`, `drug` …
    pub kind: String,
    /// The type that it is a branch of (economic crime → police).
    pub parent: Option<String>,
    pub name_zh: String,
    pub name_en: String,
    pub national_zh: String,
    pub province_zh: String,
    pub prefecture_zh: String,
    pub county_zh: String,
    #[serde(deserialize_with = "list")]
    levels: Vec<String>,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    /// The type that took its work over.
    pub successor: Option<String>,
    pub source: String,
    pub confidence: String,
    pub note: String,
}

impl AgencyType {
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_zh, &self.name_en)
    }

    pub fn span(&self) -> Span {
        Span { from: self.valid_from, to: self.valid_to }
    }

    pub fn levels(&self) -> Vec<AgencyLevel> {
        self.levels.iter().filter_map(|level| AgencyLevel::parse(level)).collect()
    }

    /// What such an agency is usually called at a level; empty where there is none.
    pub fn usual_name_zh(&self, level: AgencyLevel) -> &str {
        match level {
            AgencyLevel::National => &self.national_zh,
            AgencyLevel::Province => &self.province_zh,
            AgencyLevel::Prefecture => &self.prefecture_zh,
            AgencyLevel::County => &self.county_zh,
        }
    }
}

/// The types of agency.
#[derive(Clone, Debug)]
pub struct AgencyTypes(Vec<AgencyType>);

/// The embedded types.
pub fn agency_types() -> &'static AgencyTypes {
    static TYPES: OnceLock<AgencyTypes> = OnceLock::new();
    TYPES.get_or_init(|| {
        let text = include_str!("../../../assets/reference/agency-types.csv");
        AgencyTypes(embedded("agency-types.csv", text))
    })
}

impl AgencyTypes {
    pub fn all(&self) -> &[AgencyType] {
        &self.0
    }

    pub fn get(&self, code: &str) -> Option<&AgencyType> {
        self.0.iter().find(|kind| kind.code == code)
    }

    /// The types in being on `at`.
    pub fn in_force(&self, at: NaiveDate) -> impl Iterator<Item = &AgencyType> {
        self.0.iter().filter(move |kind| kind.span().covers(at))
    }

    /// The kind of a type; empty for an unknown one.
    pub fn kind_of(&self, code: &str) -> &str {
        self.get(code).map_or("", |kind| kind.kind.as_str())
    }

    /// The kinds, each once, in table order.
    pub fn kinds(&self) -> Vec<&str> {
        let mut kinds: Vec<&str> = Vec::new();
        for entry in &self.0 {
            if !kinds.contains(&entry.kind.as_str()) {
                kinds.push(&entry.kind);
            }
        }
        kinds
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::platform::i18n;

    #[test]
    fn the_table_is_sound() {
        let codes: HashSet<&str> = agency_types().all().iter().map(|kind| kind.code.as_str()).collect();
        assert_eq!(codes.len(), agency_types().all().len());
        for kind in agency_types().all() {
            assert!(kind.parent.as_deref().is_none_or(|parent| codes.contains(parent)), "{}", kind.code);
            assert!(kind.successor.as_deref().is_none_or(|next| codes.contains(next)), "{}", kind.code);
            assert_eq!(kind.levels().len(), kind.levels.len(), "{}", kind.code);
            assert!(
                kind.levels().iter().all(|level| !kind.usual_name_zh(*level).is_empty()),
                "{}",
                kind.code
            );
            assert!(kind.span().is_sound() && !kind.name_en.is_empty());
        }
    }

    #[test]
    fn every_kind_and_level_has_a_name_in_both_languages() {
        for lang in Lang::ALL {
            for kind in agency_types().kinds() {
                assert!(i18n::has(lang, &format!("agency-kind-{}", kind.replace('_', "-"))), "{lang} {kind}");
            }
            assert!(AgencyLevel::ALL.iter().all(|level| i18n::has(lang, level.key())));
        }
    }
}
