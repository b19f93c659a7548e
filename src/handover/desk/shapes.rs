//! The JSON of transfers and cases.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::{detail::Detail, list::ListRow};
use crate::{
    handover::{
        agency_case::{model::Status, store::CaseRow},
        deadline::ExtensionRow,
        remedy::model::{self as remedy, Remedy, Taken},
        transfer::model::{Channel, State},
    },
    platform::{
        db::{Id, Instant},
        http::described::one_of,
        paths,
    },
};

/// A thing and the number that people know it by; a transfer's lead, its case, a case's transfer.
#[derive(Serialize, ToSchema)]
pub struct Numbered {
    pub id: Id,
    pub number: String,
}

/// An agency and its Chinese name.
#[derive(Serialize, ToSchema)]
pub struct AgencyNamed {
    pub id: Id,
    pub name: String,
}

/// A lead at an agency.
#[derive(Serialize, ToSchema)]
pub struct TransferItem {
    pub id: Id,
    /// As the agency knows it.
    pub number: String,
    pub lead: Numbered,
    pub agency: AgencyNamed,
    /// How the newest dossier was handed over: `portal`, `paper`, `disc`.
    #[schema(schema_with = channel_words)]
    pub channel: String,
    pub sender_role: String,
    #[schema(schema_with = state_words)]
    pub state: String,
    /// The furthest that it came: 1 sent, 2 received, 3 accepted, 4 filed.
    pub stage: i32,
    pub sent_at: Instant,
    pub received_at: Option<Instant>,
    pub accepted_at: Option<Instant>,
    pub filed_at: Option<Instant>,
    /// The earliest end of a time limit that runs, of either side.
    pub next_due_at: Option<Instant>,
    /// The earliest one of the agency.
    pub agency_due_at: Option<Instant>,
    /// Its page.
    pub url: String,
}

fn channel_words() -> Object {
    one_of(Channel::ALL.iter().map(|channel| channel.as_str()))
}

fn state_words() -> Object {
    one_of(State::ALL.iter().map(|state| state.as_str()))
}

impl From<&ListRow> for TransferItem {
    fn from(row: &ListRow) -> Self {
        let t = &row.transfer;
        Self {
            id: t.id,
            number: t.number.clone(),
            lead: Numbered { id: t.lead_id, number: row.lead_number.clone() },
            agency: AgencyNamed { id: t.agency_id, name: row.agency_zh.clone() },
            channel: t.channel.clone(),
            sender_role: t.sender_role.clone(),
            state: t.state.clone(),
            stage: t.stage,
            sent_at: t.sent_at,
            received_at: t.received_at,
            accepted_at: t.accepted_at,
            filed_at: t.filed_at,
            next_due_at: t.next_due_at,
            agency_due_at: t.agency_due_at,
            url: paths::transfer(t.id),
        }
    }
}

/// A clock that runs, or ran.
#[derive(Serialize, ToSchema)]
pub struct Deadline {
    /// Code of the clock, see `/reference/clocks`.
    pub clock: String,
    /// Whose it is: `platform`, `agency`, or `other` for another authority's, which is due for neither.
    pub side: String,
    pub started_at: Instant,
    pub due_at: Instant,
    /// Whether working days that are not on file yet were guessed.
    pub provisional: bool,
    pub stopped_at: Option<Instant>,
    /// How it ended: `met` by what it waited for, or `moot`, as that can't or needn't happen any more; `null`: it runs.
    pub ended: Option<&'static str>,
    /// In the order in which they were granted.
    pub extensions: Vec<Extension>,
}

/// A time limit that was made longer.
#[derive(Serialize, ToSchema)]
pub struct Extension {
    /// Code of the clock that allows it; `null`: a day that somebody stated.
    pub clock: Option<String>,
    #[schema(value_type = String, format = Date)]
    pub approved_on: NaiveDate,
    pub old_due_at: Instant,
    pub new_due_at: Instant,
    pub by_paper: bool,
}

/// An acknowledgement and what it binds to.
#[derive(Serialize, ToSchema)]
pub struct Receipt {
    pub received_at: Instant,
    /// Day of the paper.
    #[schema(value_type = Option<String>, format = Date)]
    pub on_day: Option<NaiveDate>,
    pub by_paper: bool,
    pub dossier: Option<Id>,
    /// Lower-case hex.
    pub manifest_sha256: Option<String>,
}

/// One dossier that was sent.
#[derive(Serialize, ToSchema)]
pub struct Delivery {
    pub id: Id,
    pub dossier: Id,
    pub version: i32,
    pub channel: String,
    pub sent_at: Instant,
    /// Lower-case hex.
    pub manifest_sha256: Option<String>,
}

/// One step of the way.
#[derive(Serialize, ToSchema)]
pub struct Step {
    pub kind: String,
    pub at: Instant,
    pub side: String,
    /// Day of the paper.
    #[schema(value_type = Option<String>, format = Date)]
    pub on_day: Option<NaiveDate>,
    /// Code, see `/reference/reasons`.
    pub reason: Option<String>,
    pub by_paper: bool,
}

/// A step of what the accuser may do against a decision of the police not to file.
#[derive(Serialize, ToSchema)]
pub struct RemedyStep {
    #[schema(schema_with = remedy_words)]
    pub kind: String,
    /// When it was served or handed in.
    #[schema(value_type = String, format = Date)]
    pub on: NaiveDate,
    /// Of the notice, request or decision; may be empty.
    pub paper_number: String,
    /// What became of the decision not to file: `upheld` or `revoked`; `null`: the step decides nothing.
    pub verdict: Option<&'static str>,
    /// When it was recorded.
    pub at: Instant,
    /// Who recorded it: `platform` or `agency`.
    pub side: String,
    /// Whether the platform recorded it from a scanned paper.
    pub by_paper: bool,
}

fn remedy_words() -> Object {
    one_of(remedy::Step::WORDS.iter().copied())
}

impl From<&Taken> for RemedyStep {
    fn from(taken: &Taken) -> Self {
        Self {
            kind: taken.step.to_string(),
            on: taken.on,
            paper_number: taken.number.clone(),
            verdict: taken.verdict.map(remedy::Verdict::as_str),
            at: taken.at,
            side: taken.side.clone(),
            by_paper: taken.paper.is_some(),
        }
    }
}

/// A transfer with its deadlines, receipt, way and remedy.
#[derive(Serialize, ToSchema)]
pub struct TransferDetail {
    #[serde(flatten)]
    pub transfer: TransferItem,
    pub deadlines: Vec<Deadline>,
    /// The newest one.
    pub receipt: Option<Receipt>,
    pub deliveries: Vec<Delivery>,
    pub steps: Vec<Step>,
    /// Of all decisions of the police not to file, oldest first.
    pub remedy: Vec<RemedyStep>,
    pub case: Option<Numbered>,
}

fn hex(bytes: Option<&[u8]>) -> Option<String> {
    bytes.map(|b| data_encoding::HEXLOWER.encode(b))
}

impl TransferDetail {
    pub fn new(d: &Detail) -> Self {
        let row = ListRow {
            transfer: d.row.clone(),
            agency_zh: d.agency.name_zh.clone(),
            agency_en: d.agency.name_en.clone(),
            region_code: d.agency.region_code.clone(),
            lead_number: d.lead.number.clone(),
            title: d.face.title.clone(),
            public_source: d.lead.public_source.clone(),
            reason: None,
        };
        let deadlines = d.deadlines.iter().map(|x| Deadline {
            clock: x.clock_code.clone(),
            side: x.side.clone(),
            started_at: x.started_at,
            due_at: x.due_at,
            provisional: x.provisional,
            stopped_at: x.stopped_at,
            ended: x.ended().map(|(_, how)| how.as_str()),
            extensions: d.extensions.iter().filter(|e| e.deadline_id == x.id).map(extension).collect(),
        });
        let deliveries = d.deliveries.iter().map(|(delivery, dossier)| Delivery {
            id: delivery.id,
            dossier: dossier.id,
            version: dossier.version,
            channel: delivery.channel.clone(),
            sent_at: delivery.sent_at,
            manifest_sha256: hex(dossier.manifest.as_deref()),
        });
        let steps = d.steps.iter().map(|s| Step {
            kind: s.kind.clone(),
            at: s.at,
            side: s.side.clone(),
            on_day: s.on_day,
            reason: s.reason_code.clone(),
            by_paper: s.by_paper,
        });
        Self {
            transfer: TransferItem::from(&row),
            deadlines: deadlines.collect(),
            receipt: receipt(d),
            deliveries: deliveries.collect(),
            steps: steps.collect(),
            remedy: d.remedy.iter().flat_map(Remedy::all).map(RemedyStep::from).collect(),
            case: d.case.as_ref().map(|case| Numbered { id: case.id, number: case.number.clone() }),
        }
    }
}

fn extension(e: &ExtensionRow) -> Extension {
    Extension {
        clock: e.clock_code.clone(),
        approved_on: e.approved_on,
        old_due_at: e.old_due_at,
        new_due_at: e.new_due_at,
        by_paper: e.by_paper,
    }
}

/// The newest acknowledgement.
fn receipt(d: &Detail) -> Option<Receipt> {
    let step = d.steps.iter().rev().find(|s| s.kind == "received")?;
    let dossier =
        d.deliveries.iter().find(|(x, _)| Some(x.id) == step.delivery_id).map(|(_, dossier)| dossier);
    Some(Receipt {
        received_at: step.at,
        on_day: step.on_day,
        by_paper: step.by_paper,
        dossier: dossier.map(|d| d.id),
        manifest_sha256: dossier.and_then(|d| hex(d.manifest.as_deref())),
    })
}

/// An agency's case.
#[derive(Serialize, ToSchema)]
pub struct CaseItem {
    pub id: Id,
    pub number: String,
    pub title: String,
    #[schema(schema_with = status_words)]
    pub status: String,
    pub agency: AgencyNamed,
    pub officer: String,
    pub opened_at: Instant,
    #[schema(value_type = Option<String>, format = Date)]
    pub filed_on: Option<NaiveDate>,
    /// Code.
    pub region: String,
    /// The case that it was joined to.
    pub merged_into: Option<Id>,
    /// Its page.
    pub url: String,
}

fn status_words() -> Object {
    one_of(Status::WORDS.iter().copied())
}

impl CaseItem {
    pub fn new(row: &CaseRow, agency: &str) -> Self {
        Self {
            id: row.id,
            number: row.number.clone(),
            title: row.title.clone(),
            status: row.status.clone(),
            agency: AgencyNamed { id: row.agency_id, name: agency.to_owned() },
            officer: row.officer.clone(),
            opened_at: row.opened_at,
            filed_on: row.filed_on,
            region: row.region_code.clone(),
            merged_into: row.merged_into,
            url: paths::case(row.id),
        }
    }
}

/// A step of a case.
#[derive(Serialize, ToSchema)]
pub struct CaseStep {
    pub kind: String,
    /// Day of the step.
    #[schema(value_type = String, format = Date)]
    pub on: NaiveDate,
    /// When it was recorded.
    pub at: Instant,
    /// Whether the platform recorded it from a scanned paper.
    pub by_paper: bool,
}

/// A case with its steps and the transfers that it joins.
#[derive(Serialize, ToSchema)]
pub struct CaseDetail {
    #[serde(flatten)]
    pub case: CaseItem,
    pub steps: Vec<CaseStep>,
    pub transfers: Vec<Numbered>,
}
