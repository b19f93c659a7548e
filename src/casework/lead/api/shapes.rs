//! The JSON of leads.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::super::{
    model::{Lead, SiteRole, SourceKind, SubjectKind},
    region,
    sold::Sold,
    store::{Listing, SiteOf, SubjectOf},
};
use crate::platform::{
    http::described::one_of,
    i18n::Lang,
    money::{Amount, Fen, Qualifier},
    paths,
};

/// An estimated value.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Value {
    /// 100 fen are one yuan; not negative.
    pub fen: i64,
    /// `exact`, `at_least`, `over`, `about`, `estimated`.
    pub qualifier: String,
    /// `list_price`, `appraised`, `illegal_turnover`, `sales`, `court_determined`, `announced`, `platform_estimate`.
    pub basis: String,
}

impl From<Amount> for Value {
    fn from(amount: Amount) -> Self {
        Self {
            fen: amount.fen.0,
            qualifier: amount.qualifier.as_str().to_owned(),
            basis: amount.basis.as_str().to_owned(),
        }
    }
}

/// Where the suspicion came from.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Source {
    #[schema(schema_with = source_words)]
    pub kind: String,
    pub note: String,
}

fn source_words() -> Object {
    one_of(SourceKind::WORDS.iter().copied())
}

/// A subject as a lead names it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Subject {
    pub id: Option<String>,
    #[schema(schema_with = subject_words)]
    pub kind: String,
    pub name: String,
    pub identifier: String,
    /// What it has to do with the lead.
    pub part: String,
    /// Code.
    pub region: Option<String>,
    pub note: String,
}

fn subject_words() -> Object {
    one_of(SubjectKind::WORDS.iter().copied())
}

impl From<SubjectOf> for Subject {
    fn from(s: SubjectOf) -> Self {
        Self {
            id: Some(s.id.to_string()),
            kind: s.kind.to_string(),
            name: s.name,
            identifier: s.identifier,
            part: s.part,
            region: s.region_code,
            note: s.note,
        }
    }
}

/// A site as a lead names it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Site {
    pub id: Option<String>,
    pub address: String,
    /// Code.
    pub region: String,
    #[schema(schema_with = role_words)]
    pub role: String,
    pub note: String,
}

fn role_words() -> Object {
    one_of(SiteRole::WORDS.iter().copied())
}

impl From<SiteOf> for Site {
    fn from(s: SiteOf) -> Self {
        Self {
            id: Some(s.id.to_string()),
            address: s.address,
            region: s.region_code,
            role: s.role.to_string(),
            note: s.note,
        }
    }
}

/// An offer on the platform.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Offer {
    pub id: Option<String>,
    pub url: String,
    pub title: String,
    pub item_number: String,
    pub shop: String,
    pub price_fen: Option<i64>,
    pub sold: Option<i64>,
    #[schema(value_type = Option<String>, format = Date)]
    pub seen_on: Option<NaiveDate>,
}

impl From<Listing> for Offer {
    fn from(l: Listing) -> Self {
        Self {
            id: Some(l.id.to_string()),
            url: l.url,
            title: l.title,
            item_number: l.item_number,
            shop: l.shop,
            price_fen: l.price_fen,
            sold: l.sold,
            seen_on: l.seen_on,
        }
    }
}

/// A lead to be made; [`super::taken`] says what is taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadNew {
    pub title: String,
}

/// A lead that was made.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadMade {
    pub id: String,
    pub number: String,
    pub state: String,
    pub url: String,
}

impl LeadMade {
    pub fn new(lead: &Lead, base_url: &str) -> Self {
        Self {
            id: lead.id.to_string(),
            number: lead.number.clone(),
            state: lead.state.to_string(),
            url: format!("{base_url}{}", paths::lead(lead.id)),
        }
    }
}

/// A lead in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadItem {
    #[serde(flatten)]
    pub made: LeadMade,
    pub title: String,
    /// Code; empty while a draft has none.
    pub region: String,
    /// Full Chinese name.
    pub region_name: String,
    pub charges: Vec<String>,
    pub brands: Vec<String>,
    #[schema(value_type = Option<String>, format = Date)]
    pub occurred_from: Option<NaiveDate>,
    #[schema(value_type = Option<String>, format = Date)]
    pub occurred_to: Option<NaiveDate>,
    pub estimated_value: Option<Value>,
    /// As it is read, e.g. `超过 3 亿元`; empty: none.
    pub estimated_value_text: String,
    pub synthetic: bool,
    /// RFC 3339, UTC.
    pub created_at: String,
    pub updated_at: String,
}

impl LeadItem {
    pub fn new(lead: &Lead, charges: Vec<String>, brands: Vec<String>, base_url: &str) -> Self {
        Self {
            made: LeadMade::new(lead, base_url),
            title: lead.title.clone(),
            region: lead.region_code.clone(),
            region_name: region::path(&lead.region_code, lead.facts_date(), Lang::Zh),
            charges,
            brands,
            occurred_from: lead.occurred_from,
            occurred_to: lead.occurred_to,
            estimated_value: lead.value.map(Value::from),
            estimated_value_text: lead.value.map_or_else(String::new, |v| money_text(v.fen, v.qualifier)),
            synthetic: lead.synthetic,
            created_at: lead.created_at.to_string(),
            updated_at: lead.updated_at.to_string(),
        }
    }
}

fn money_text(fen: Fen, qualifier: Qualifier) -> String {
    crate::platform::money::short(fen, qualifier, Lang::Zh)
}

/// A lead with everything that it names.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadDetail {
    #[serde(flatten)]
    pub item: LeadItem,
    pub summary: String,
    pub source: Source,
    pub sender_role: String,
    /// Source line of a published fact, where the lead stands for one.
    pub public_source: String,
    pub subjects: Vec<Subject>,
    pub sites: Vec<Site>,
    pub listings: Vec<Offer>,
    /// What its sales records come to, where it has any.
    pub sales: Option<LeadSales>,
    pub revision: i32,
}

/// What the sales records of a lead come to: tables of orders among its evidence.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeadSales {
    pub units: i64,
    /// 100 fen are one yuan.
    pub fen: i64,
    /// How many tables.
    pub tables: i64,
}

impl From<Sold> for LeadSales {
    fn from(sold: Sold) -> Self {
        Self { units: sold.units, fen: sold.fen, tables: sold.tables }
    }
}

/// A charge under the name of its time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChargeItem {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    /// `criminal` or `administrative`.
    pub track: String,
    pub family: String,
    pub article: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_from: Option<NaiveDate>,
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_to: Option<NaiveDate>,
}

/// A region under the name of its time.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RegionItem {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub parent: Option<String>,
    /// `province`, `prefecture`, `county`, `zone`.
    pub level: String,
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_from: Option<NaiveDate>,
    #[schema(value_type = Option<String>, format = Date)]
    pub valid_to: Option<NaiveDate>,
}
