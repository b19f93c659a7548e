//! What the API says of evidence: an item, and what stands beside it.

use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::{
    model::Kind,
    redaction::{model::Material, store::Redaction},
    sales::store::Total,
    store::Item,
};
use crate::platform::{
    db::{Id, Instant},
    http::described::one_of,
};

/// An item of evidence. Its `kind` tells files from notes and facts; what a call that registers one takes as `kind` is
/// its `category`.
#[derive(Serialize, ToSchema)]
pub(super) struct EvidenceItem {
    pub(super) id: Id,
    pub(super) lead: Id,
    /// Within the lead.
    pub(super) number: i32,
    #[schema(schema_with = kind_words)]
    pub(super) kind: String,
    pub(super) category: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) source: String,
    pub(super) collected_by: String,
    pub(super) collected_at: Option<Instant>,
    pub(super) method: String,
    /// How many pieces or records, in words; empty where nothing was said.
    pub(super) quantity: String,
    /// Empty where nothing was said.
    pub(super) remark: String,
    /// Who witnessed that it was collected; empty where nothing was said.
    pub(super) witness: String,
    /// Lower-case hex.
    pub(super) sha256: String,
    /// Lower-case hex.
    pub(super) sm3: String,
    /// Bytes.
    pub(super) size: i64,
    pub(super) media_type: String,
    /// Whether it is marked do-not-disclose.
    pub(super) withheld: bool,
    pub(super) synthetic: bool,
}

fn kind_words() -> Object {
    one_of(Kind::ALL.map(Kind::as_str))
}

/// The items of several files.
#[derive(Serialize, ToSchema)]
pub(super) struct EvidenceItems {
    pub(super) items: Vec<EvidenceItem>,
}

/// One act on the item, as the audit log has it.
#[derive(Serialize, ToSchema)]
pub(super) struct Custody {
    pub(super) at: Instant,
    pub(super) verb: String,
    pub(super) actor: String,
    /// `done` or `refused`.
    pub(super) outcome: String,
}

/// A trusted time stamp (RFC 3161) over the item's bytes.
#[derive(Serialize, ToSchema)]
pub(super) struct TimeStamp {
    /// Address of the authority.
    pub(super) authority: String,
    /// What the authority says that it was.
    pub(super) time: Instant,
    /// Of the authority, lower-case hex.
    pub(super) serial: String,
}

/// An item with its time stamps and its chain of custody, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct EvidenceDetail {
    #[serde(flatten)]
    pub(super) item: EvidenceItem,
    /// Those that were received.
    pub(super) timestamps: Vec<TimeStamp>,
    pub(super) custody: Vec<Custody>,
    /// How many entries are left out between the newest ones and the item's first ones, which come last.
    pub(super) custody_left_out: i64,
    /// The item that it was made of by blacking something out.
    pub(super) redacted_from: Option<RedactionLink>,
    /// The items that were made of it so.
    pub(super) redactions: Vec<RedactionLink>,
    /// What it comes to, where it is marked as sales records.
    pub(super) sales: Option<EvidenceSales>,
}

/// The item at the other end of a redaction.
#[derive(Serialize, ToSchema)]
pub(super) struct RedactionLink {
    pub(super) id: Id,
    /// Within the lead.
    pub(super) number: i32,
    /// Lower-case hex.
    pub(super) sha256: String,
    /// What was redacted.
    #[schema(schema_with = material_words)]
    pub(super) kind: String,
    /// When.
    pub(super) at: Instant,
}

fn material_words() -> Object {
    one_of(Material::ALL.map(Material::as_str))
}

pub(super) fn redaction_link(redaction: &Redaction) -> RedactionLink {
    RedactionLink {
        id: redaction.other.id,
        number: redaction.other.position,
        sha256: redaction.other.blob.sha256_hex(),
        kind: redaction.kind.clone(),
        at: redaction.at,
    }
}

/// What a table of orders comes to.
#[derive(Serialize, ToSchema)]
pub(super) struct EvidenceSales {
    /// Rows that are counted.
    pub(super) rows: i64,
    pub(super) units: i64,
    /// 100 fen are one yuan.
    pub(super) fen: i64,
    /// Rows that a state excludes, sums of others, and negative ones.
    pub(super) excluded: i64,
    /// Rows that another table of the lead has counted.
    pub(super) merged: i64,
    /// Rows that can't be read.
    pub(super) unreadable: i64,
}

impl From<Total> for EvidenceSales {
    fn from(total: Total) -> Self {
        Self {
            rows: total.counted,
            units: total.units,
            fen: total.fen,
            excluded: total.excluded,
            merged: total.merged,
            unreadable: total.faults,
        }
    }
}

pub(super) fn shape(item: &Item) -> EvidenceItem {
    EvidenceItem {
        id: item.id,
        lead: item.lead_id,
        number: item.position,
        kind: item.kind.clone(),
        category: item.category.clone(),
        name: item.name.clone(),
        description: item.description.clone(),
        source: item.source.clone(),
        collected_by: item.collected_by.clone(),
        collected_at: item.collected_at,
        method: item.method.clone(),
        quantity: item.quantity.clone(),
        remark: item.remark.clone(),
        witness: item.witness.clone(),
        sha256: item.blob.sha256_hex(),
        sm3: item.blob.sm3_hex(),
        size: item.blob.size,
        media_type: item.blob.media_type.clone(),
        withheld: item.withheld,
        synthetic: item.synthetic,
    }
}
