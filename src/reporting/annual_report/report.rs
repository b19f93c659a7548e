//! The report as a value: every figure with its link, and its JSON, which is the same from the API and the command.

use std::collections::BTreeMap;

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::platform::{
    db::{Id, Instant, schema::published_figure},
    i18n::Lang,
    money::{Basis, Fen, Qualifier},
};

/// A figure by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Figure {
    LeadsSent,
    LeadsAcknowledged,
    LeadsAccepted,
    CasesFiled,
    SuspectsArrested,
    SitesRaided,
    PersonsProsecuted,
    CaseValue,
    GoodsSeized,
    Judgments,
    Penalties,
}

impl Figure {
    pub const ALL: [Figure; 11] = [
        Figure::LeadsSent,
        Figure::LeadsAcknowledged,
        Figure::LeadsAccepted,
        Figure::CasesFiled,
        Figure::SuspectsArrested,
        Figure::SitesRaided,
        Figure::PersonsProsecuted,
        Figure::CaseValue,
        Figure::GoodsSeized,
        Figure::Judgments,
        Figure::Penalties,
    ];

    /// The name in JSON and in `published_figure`.
    pub fn as_str(self) -> &'static str {
        match self {
            Figure::LeadsSent => "leads_sent",
            Figure::LeadsAcknowledged => "leads_acknowledged",
            Figure::LeadsAccepted => "leads_accepted",
            Figure::CasesFiled => "cases_filed",
            Figure::SuspectsArrested => "suspects_arrested",
            Figure::SitesRaided => "sites_raided",
            Figure::PersonsProsecuted => "persons_prosecuted",
            Figure::CaseValue => "case_value",
            Figure::GoodsSeized => "goods_seized",
            Figure::Judgments => "judgments",
            Figure::Penalties => "penalties",
        }
    }

    /// Message key of its name; `report-def-…` is its definition.
    pub fn key(self) -> String {
        format!("report-figure-{}", self.as_str().replace('_', "-"))
    }

    /// Message key of its definition.
    pub fn definition_key(self) -> String {
        format!("report-def-{}", self.as_str().replace('_', "-"))
    }
}

/// A part of a sum of amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportBasisPart)]
pub struct BasisPart {
    #[schema(value_type = String)]
    pub basis: Basis,
    #[schema(value_type = i64)]
    pub fen: Fen,
    /// Of this part: "over" or "at least" if any amount in it is, else the weakest.
    #[schema(value_type = String)]
    pub qualifier: Qualifier,
    /// How many cases, or entries, have an amount of this basis.
    pub cases: i64,
    /// The list of these.
    pub link: String,
}

/// Goods by unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportUnitPart)]
pub struct UnitPart {
    /// Code of the unit, the English singular: `piece`, `bottle` …; empty: none is on record.
    pub unit: String,
    pub quantity: i64,
    /// How many entries that adds up.
    pub entries: i64,
    /// The list of these.
    pub link: String,
}

/// One figure.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportValue)]
pub struct Value {
    /// The count; for `case_value` there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
    /// The amount, or the amount beside a count (value of goods, fines).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    pub fen: Option<Fen>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub qualifier: Option<Qualifier>,
    /// For `case_value`: how many cases have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<i64>,
    /// What was added to what; more than one means that bases are mixed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_basis: Vec<BasisPart>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_unit: Vec<UnitPart>,
    /// How many duplicates were counted once.
    pub merged: i64,
    /// The list that shows exactly what is counted.
    pub link: String,
    /// The list of the duplicates, where there are any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged_link: Option<String>,
}

/// All figures of a year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportFigures)]
pub struct Figures {
    pub leads_sent: Value,
    pub leads_acknowledged: Value,
    pub leads_accepted: Value,
    pub cases_filed: Value,
    pub suspects_arrested: Value,
    pub sites_raided: Value,
    pub persons_prosecuted: Value,
    pub case_value: Value,
    pub goods_seized: Value,
    pub judgments: Value,
    pub penalties: Value,
}

impl Figures {
    pub fn get(&self, figure: Figure) -> &Value {
        match figure {
            Figure::LeadsSent => &self.leads_sent,
            Figure::LeadsAcknowledged => &self.leads_acknowledged,
            Figure::LeadsAccepted => &self.leads_accepted,
            Figure::CasesFiled => &self.cases_filed,
            Figure::SuspectsArrested => &self.suspects_arrested,
            Figure::SitesRaided => &self.sites_raided,
            Figure::PersonsProsecuted => &self.persons_prosecuted,
            Figure::CaseValue => &self.case_value,
            Figure::GoodsSeized => &self.goods_seized,
            Figure::Judgments => &self.judgments,
            Figure::Penalties => &self.penalties,
        }
    }
}

/// An amount in a breakdown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportSum)]
pub struct Sum {
    #[schema(value_type = i64)]
    pub fen: Fen,
    #[schema(value_type = String)]
    pub qualifier: Qualifier,
}

/// One part of a breakdown. Parts may overlap (see the definitions), so they need not add up to the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportGroup)]
pub struct Group {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub leads_sent: i64,
    pub leads_acknowledged: i64,
    pub leads_accepted: i64,
    pub cases_filed: i64,
    pub suspects_arrested: i64,
    pub sites_raided: i64,
    pub persons_prosecuted: i64,
    pub case_value: Sum,
    pub goods_seized: i64,
    pub judgments: i64,
    pub penalties: i64,
    /// By the name of each figure that is not zero here: the list that shows exactly what is counted.
    pub links: BTreeMap<String, String>,
    /// The same part of the year before, for the pictures.
    #[serde(skip)]
    pub prior: Option<Box<Group>>,
}

impl Group {
    /// A count of the part; the amount for `case_value`.
    pub fn count(&self, figure: Figure) -> i64 {
        match figure {
            Figure::LeadsSent => self.leads_sent,
            Figure::LeadsAcknowledged => self.leads_acknowledged,
            Figure::LeadsAccepted => self.leads_accepted,
            Figure::CasesFiled => self.cases_filed,
            Figure::SuspectsArrested => self.suspects_arrested,
            Figure::SitesRaided => self.sites_raided,
            Figure::PersonsProsecuted => self.persons_prosecuted,
            Figure::CaseValue => self.case_value.fen.0,
            Figure::GoodsSeized => self.goods_seized,
            Figure::Judgments => self.judgments,
            Figure::Penalties => self.penalties,
        }
    }

    /// The list behind a figure of the part; none where it is zero.
    pub fn link(&self, figure: Figure) -> Option<&str> {
        self.links.get(figure.as_str()).map(String::as_str)
    }

    /// The count of the year before.
    pub fn prior_count(&self, figure: Figure) -> i64 {
        self.prior.as_ref().map_or(0, |prior| prior.count(figure))
    }
}

/// One of the largest cases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportTopCase)]
pub struct TopCase {
    pub case: Id,
    pub number: String,
    pub title: String,
    pub region: String,
    pub region_name: String,
    #[serde(skip)]
    pub region_name_en: String,
    pub agency: String,
    pub agency_en: String,
    #[schema(value_type = i64)]
    pub fen: Fen,
    #[schema(value_type = String)]
    pub qualifier: Qualifier,
    #[schema(value_type = String)]
    pub basis: Basis,
    pub suspects_arrested: i64,
    pub sites_raided: i64,
    pub synthetic: bool,
    pub link: String,
    /// `suspects_arrested`, `sites_raided`, `case_value`: the lists that show exactly what is counted.
    pub links: BTreeMap<String, String>,
}

/// How far the leads sent in the year have come since.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportCohort)]
pub struct Cohort {
    pub sent: i64,
    pub received: i64,
    pub accepted: i64,
    pub filed: i64,
    pub arrested: i64,
    /// Somebody was charged in a case that the lead led to; by the ledger, not by the case's status.
    pub prosecuted: i64,
    /// A case that the lead led to has a judgment; by the ledger too, whether or not it has a charge.
    pub judged: i64,
    /// By the name of each step: the list of the leads that came so far.
    pub links: BTreeMap<String, String>,
}

/// A figure that somebody published, as context; never added to ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = published_figure)]
#[schema(as = ReportPublished)]
pub struct Published {
    pub figure: String,
    /// A count, or fen.
    pub amount: i64,
    pub qualifier: String,
    pub period: String,
    pub scope: String,
    pub source: String,
    /// Of several that disagree, the one that is counted.
    pub counted: bool,
    /// Why this one is counted, or is not.
    pub reason: String,
    /// The same in English; empty: as it stands above.
    pub period_en: String,
    pub scope_en: String,
    pub source_en: String,
    pub reason_en: String,
}

impl Published {
    pub fn period(&self, lang: Lang) -> &str {
        in_language(lang, &self.period, &self.period_en)
    }

    pub fn scope(&self, lang: Lang) -> &str {
        in_language(lang, &self.scope, &self.scope_en)
    }

    pub fn source(&self, lang: Lang) -> &str {
        in_language(lang, &self.source, &self.source_en)
    }

    pub fn reason(&self, lang: Lang) -> &str {
        in_language(lang, &self.reason, &self.reason_en)
    }
}

/// The English text where it is asked for and there is one.
fn in_language<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    if en.is_empty() { zh } else { lang.pick(zh, en) }
}

/// What a figure counts, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ReportDefinition)]
pub struct Definition {
    pub figure: &'static str,
    pub zh: String,
    pub en: String,
}

/// The annual report of a year as at a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    pub year: i32,
    pub as_at: Instant,
    /// The size of the audit log that the figures know of.
    pub as_at_log_size: i64,
    pub time_zone: String,
    /// How many of the counted rows are synthetic.
    pub synthetic: i64,
    pub figures: Figures,
    pub prior_year: Figures,
    pub by_region: Vec<Group>,
    pub by_agency_type: Vec<Group>,
    pub by_charge: Vec<Group>,
    pub by_month: Vec<Group>,
    pub top_cases: Vec<TopCase>,
    pub cohort: Cohort,
    pub published: Vec<Published>,
    /// Figures of the main list for which nothing was published: not zero, but not published.
    pub not_published: Vec<&'static str>,
    pub definitions: Vec<Definition>,
}

impl Report {
    /// The bytes that the API and the command give.
    ///
    /// # Errors
    /// `Internal` when it can't be written.
    pub fn json(&self) -> crate::platform::error::Result<Vec<u8>> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Published figures that disagree: same figure, period and scope, different amounts.
    pub fn conflicts(&self) -> Vec<Vec<&Published>> {
        let mut groups: Vec<Vec<&Published>> = Vec::new();
        for one in &self.published {
            let same = |g: &&mut Vec<&Published>| {
                g[0].figure == one.figure && g[0].period == one.period && g[0].scope == one.scope
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.push(one),
                None => groups.push(vec![one]),
            }
        }
        groups.retain(|group| group.iter().any(|one| one.amount != group[0].amount));
        groups
    }
}
