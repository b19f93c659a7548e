//! What a lead is made from, however it comes in: form, API or file. One set of rules for all of them.

use chrono::NaiveDate;

use super::model::{Estimate, SenderRole, SiteRole, SourceKind, SubjectKind};

/// A lead as somebody hands it in, checked.
#[derive(Clone, Debug)]
pub struct Input {
    pub title: String,
    pub summary: String,
    /// Empty while a draft has none.
    pub region_code: String,
    pub occurred_from: Option<NaiveDate>,
    pub occurred_to: Option<NaiveDate>,
    pub value: Option<Estimate>,
    pub source_kind: SourceKind,
    pub source_note: String,
    pub sender_role: SenderRole,
    /// Codes, each once.
    pub charges: Vec<String>,
    /// Names, each once.
    pub brands: Vec<String>,
    pub subjects: Vec<SubjectInput>,
    pub sites: Vec<SiteInput>,
    pub listings: Vec<ListingInput>,
    /// Made up, for the demo and for load tests; never set by a form or the API.
    pub synthetic: bool,
    /// Source line of a published fact; never set by a form or the API.
    pub public_source: String,
}

impl Default for Input {
    fn default() -> Self {
        Self {
            title: String::new(),
            summary: String::new(),
            region_code: String::new(),
            occurred_from: None,
            occurred_to: None,
            value: None,
            source_kind: SourceKind::Other,
            source_note: String::new(),
            sender_role: SenderRole::Reporter,
            charges: Vec::new(),
            brands: Vec::new(),
            subjects: Vec::new(),
            sites: Vec::new(),
            listings: Vec::new(),
            synthetic: false,
            public_source: String::new(),
        }
    }
}

/// A subject as a lead names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectInput {
    pub kind: SubjectKind,
    pub name: String,
    pub identifier: String,
    pub region_code: Option<String>,
    pub note: String,
    pub part: String,
}

/// A site as a lead names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteInput {
    pub address: String,
    pub region_code: String,
    pub role: SiteRole,
    pub note: String,
}

/// An offer as a lead names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListingInput {
    pub url: String,
    pub title: String,
    pub item_number: String,
    pub shop: String,
    pub price_fen: Option<i64>,
    pub sold: Option<i64>,
    pub seen_on: Option<NaiveDate>,
}
