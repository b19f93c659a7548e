//! The facts of one dossier for one addressee, as they stand in `data/lead.json`. The letter, the report and the
//! evidence list are drawn from the same values; whoever approves or seals is not among them, because the bytes are
//! frozen before anyone approves (the seal names the approval).
//!
//! Written as canonical JSON (RFC 8785). The SHA-256 of those bytes is the *content hash*.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use super::{sales::Sales, sealed_medium::SealedMedium};
pub use crate::platform::pdf::grouped as groups_of_four;
use crate::platform::{
    db::{Id, Instant},
    error::{AppError, Result},
};

/// What `schema` says in the files that this program writes.
pub const SCHEMA: &str = "lead-handoff/lead/2";
/// The first form: nothing is said of quantity, remark and witness of an item, and the evidence list has no columns for them
/// but an empty one for the witness. Packages with it stay valid.
pub const SCHEMA_1: &str = "lead-handoff/lead/1";

/// Integers above this are not exact in JSON (RFC 8785 takes numbers for doubles): 2^53 − 1.
pub const MAX_EXACT: i64 = 9_007_199_254_740_991;

/// Everything that `data/lead.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadFacts {
    /// [`SCHEMA`], or [`SCHEMA_1`] in older packages.
    pub schema: String,
    /// Made-up material; every page and the bag's own description say so.
    pub synthetic: bool,
    /// Folder of the package: `XS-2016-001184-v2-<agency code>`.
    pub folder: String,
    /// Lead number, `XS-2016-001184`.
    pub number: String,
    /// Version of the composition, counted per lead from 1.
    pub version: u32,
    /// The version before this one that was sealed for the same addressee.
    pub prior: Option<Prior>,
    /// When the composition was made.
    pub prepared_at: Instant,
    /// The same moment as a date in `time_zone`: the date on the letter.
    pub prepared_on: NaiveDate,
    /// IANA name, e.g. `Asia/Shanghai`.
    pub time_zone: String,
    pub sender: Sender,
    pub addressee: Addressee,
    pub title: String,
    pub summary: String,
    /// Where the lead came from.
    pub origin: Origin,
    pub charges: Vec<Charge>,
    pub region: Region,
    pub brands: Vec<Brand>,
    pub occurred_from: Option<NaiveDate>,
    pub occurred_to: Option<NaiveDate>,
    pub estimated_value: Option<EstimatedValue>,
    pub subjects: Vec<Subject>,
    pub sites: Vec<Site>,
    pub listings: Vec<Listing>,
    /// The evidence list, in the order of its numbers. Numbers of withheld items are left out here.
    pub items: Vec<Item>,
    pub withheld: Vec<Withheld>,
    /// What the tables among the items come to that are marked as sales records. Left out where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sales: Option<Sales>,
}

/// A code of a reference table with its name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
}

/// The earlier dossier that this one takes the place of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prior {
    pub version: u32,
    /// Lower-case hex, 64 digits.
    pub content_sha256: String,
    /// Lower-case hex, 64 digits.
    pub manifest_sha256: String,
}

/// Who sends, and as what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    pub organisation: String,
    pub role: SenderRole,
    /// Rights holders that accuse jointly ([`SenderRole::AccuserJoint`]); else empty.
    pub accusers: Vec<String>,
    pub contact: Option<Contact>,
}

/// The sender's role decides notices, deadlines, remedies and the words of the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SenderRole {
    /// 举报人
    Reporter,
    /// 控告人, together with the rights holder
    AccuserJoint,
    /// 协助单位
    Assisting,
}

impl SenderRole {
    /// The word in the files and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            SenderRole::Reporter => "reporter",
            SenderRole::AccuserJoint => "accuser_joint",
            SenderRole::Assisting => "assisting",
        }
    }
}

/// Whom the addressee may call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub name: String,
    /// What this person is; empty where it is not said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub role: String,
    pub phone: String,
    pub email: String,
    pub address: String,
}

/// The agency that the dossier is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub agency_type: Named,
    pub region: Region,
    /// The line above the letter's text (主送机关), without a colon.
    pub salutation: String,
}

/// A region of GB/T 2260 with its full name (`浙江省杭州市余杭区`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    pub code: String,
    pub name_zh: String,
    pub name_en: String,
    pub full_zh: String,
    pub full_en: String,
}

/// Where the lead came from: kind (risk model, complaint, test purchase …), words, and a published source if any.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    pub kind: Named,
    pub note: String,
    pub public_source: String,
}

/// A charge by the name and article of the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    pub code: String,
    /// `criminal` or `administrative`.
    pub track: String,
    /// Law and article as people cite them: `《刑法》第213条`.
    pub article: String,
    pub name_zh: String,
    pub name_en: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
}

/// A mark and who owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    pub name: String,
    pub name_en: String,
    pub owner: String,
}

/// Amount in fen (分), how sure it is, and what it is the amount of. Codes of `platform::money`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstimatedValue {
    pub fen: i64,
    /// `exact`, `at_least`, `over`, `about`, `estimated`.
    pub qualifier: String,
    /// `list_price`, `appraised`, `illegal_turnover`, `sales`, `court_determined` …
    pub basis: String,
}

/// What a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    Person,
    Company,
    Shop,
    Account,
    Phone,
    Vehicle,
}

/// A person, company, shop, account, phone or vehicle that the lead names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Number within the dossier, from 1.
    pub number: u32,
    pub kind: SubjectKind,
    pub name: String,
    /// Identity number, licence number, account … as far as it is known.
    pub identifier: String,
    /// What it has to do with the lead.
    pub part: String,
    pub region: Option<Region>,
    pub note: String,
}

/// What is done at a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteRole {
    /// 生产
    Production,
    /// 仓储
    Storage,
    /// 销售
    Sale,
}

/// A suspected place of making, storing or selling.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Number within the dossier, from 1.
    pub number: u32,
    pub role: SiteRole,
    pub address: String,
    pub region: Region,
    pub note: String,
}

/// An offer on the marketplace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Number within the dossier, from 1.
    pub number: u32,
    pub url: String,
    pub title: String,
    pub item_number: String,
    pub shop: String,
    pub price_fen: Option<i64>,
    pub sold: Option<i64>,
    pub seen_on: Option<NaiveDate>,
}

/// What an item of evidence is to the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    File,
    Note,
    Fact,
}

/// One row of the statutory list of electronic data (法发〔2016〕22号 art. 14, with arts. 8–9 and 15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Number in the list and at the head of the file's name, from 1; gaps are withheld items.
    pub number: u32,
    pub evidence_id: Id,
    pub kind: ItemKind,
    /// 类别: web page, trade record, registration data, login log, picture …
    pub category: Named,
    /// Name as it was registered.
    pub name: String,
    /// Path in the package, `data/evidence/001-….jpg`, made by [`super::names`].
    pub path: String,
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Lower-case hex, 64 digits.
    pub sha256: String,
    /// Lower-case hex, 64 digits (GB/T 32905).
    pub sm3: String,
    /// 来源: system, address, account.
    pub source: String,
    /// 提取人
    pub collected_by: String,
    /// 提取时间
    pub collected_at: Option<Instant>,
    /// 提取方法
    pub method: String,
    /// 工具（版本）
    pub tool: String,
    /// 原始存储介质及存放地点
    pub original_medium: String,
    /// 持有人（提供人）
    pub holder: String,
    pub description: String,
    /// 数量/记录数, with its unit. This and the next two are left out where nothing is said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub quantity: String,
    /// 备注
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remark: String,
    /// 见证人
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub witness: String,
    /// How earlier versions listed it for this addressee while it was kept back. Left out where there is nothing to
    /// say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier_commitments: Vec<EarlierCommitment>,
    /// 封存: its original medium, where that was sealed. Left out where there is nothing to say.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sealings: Vec<SealedMedium>,
}

/// What stood for an item in an earlier version, with the salt that was kept back with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierCommitment {
    pub version: u32,
    /// As in [`Withheld::commitment`].
    pub commitment: String,
    /// 32 bytes, lower-case hex.
    pub salt: String,
}

impl EarlierCommitment {
    /// What the salt and a content's SHA-256 (lower-case hex) come to, lower-case hex; `None` where either is no hash.
    pub fn opened(&self, sha256: &str) -> Option<String> {
        commitment(&self.salt, sha256)
    }
}

/// SHA-256(32-byte salt ‖ hash), lower-case hex, of both in lower-case hex; `None` where either is no hash.
pub fn commitment(salt: &str, sha256: &str) -> Option<String> {
    let bytes = |hex: &str| data_encoding::HEXLOWER.decode(hex.as_bytes()).ok().filter(|b| b.len() == 32);
    let hash = Sha256::new().chain_update(bytes(salt)?).chain_update(bytes(sha256)?).finalize();
    Some(data_encoding::HEXLOWER.encode(&hash))
}

/// An item that is kept back from this addressee: its number, category and a commitment to its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    pub number: u32,
    pub category: Named,
    /// SHA-256(32-byte salt ‖ content's SHA-256), lower-case hex. The salt is released with the item.
    pub commitment: String,
}

impl LeadFacts {
    /// The bytes of `data/lead.json`: canonical JSON, UTF-8, no line feed at the end.
    ///
    /// # Errors
    /// Internal, if a number is too big to be exact in JSON.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let amounts = self.estimated_value.iter().map(|value| value.fen);
        let listings = self.listings.iter().flat_map(|l| [l.price_fen, l.sold]).flatten();
        let sizes = self.items.iter().map(|item| i64::try_from(item.size).unwrap_or(i64::MAX));
        let sales = self.sales.iter().flat_map(Sales::numbers);
        if amounts.chain(listings).chain(sizes).chain(sales).any(|n| !(-MAX_EXACT..=MAX_EXACT).contains(&n)) {
            return Err(AppError::internal("a number of the dossier is too big for JSON"));
        }
        Ok(serde_json_canonicalizer::to_vec(self)?)
    }

    /// The content hash: SHA-256 of [`LeadFacts::to_bytes`], lower-case hex. It stands, in groups of four
    /// ([`groups_of_four`]), on every page of the PDFs.
    ///
    /// # Errors
    /// As [`LeadFacts::to_bytes`].
    pub fn content_sha256(&self) -> Result<String> {
        Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(self.to_bytes()?)))
    }
}
