//! Leads, transfers, cases and entries of the ledger as fixtures: rows as the actions would have left them, with their
//! entries in the log.

use chrono::NaiveDate;
use diesel::prelude::*;
use lead_handoff::{
    access,
    audit::{self, Entry},
    platform::{
        db::{
            Id, Instant, Tx,
            schema::{
                agency_case, case_transfer, lead, lead_charge, lead_subject, published_figure, subject,
                transfer,
            },
        },
        time,
    },
};

use super::TestApp;

/// A lead that was sent to an agency, and how far it came.
#[derive(Clone)]
pub struct Sent {
    pub region: &'static str,
    pub charge: &'static str,
    pub agency: &'static str,
    pub sent: &'static str,
    pub received: Option<&'static str>,
    pub accepted: Option<&'static str>,
    pub filed: Option<&'static str>,
}

impl Sent {
    pub fn to(agency: &'static str, sent: &'static str) -> Self {
        Self { region: "440111", charge: "CL214", agency, sent, received: None, accepted: None, filed: None }
    }

    #[must_use]
    pub fn filed(mut self, on: &'static str) -> Self {
        (self.received, self.accepted, self.filed) = (Some(on), Some(on), Some(on));
        self
    }
}

/// What a fixture made.
#[derive(Clone, Copy, Debug)]
pub struct Made {
    pub lead: Id,
    pub transfer: Id,
    pub case: Option<Id>,
    /// A person whom the lead names.
    pub person: Id,
}

/// Noon of a day in Shanghai.
pub fn noon(day: &str) -> Instant {
    let day: NaiveDate = day.parse().expect("a day");
    time::local(day.and_hms_opt(12, 0, 0).expect("noon"), time::DEFAULT_ZONE)
}

impl TestApp {
    /// The database's URL, where it is not the one in the data folder.
    pub fn services_database_url(&self) -> Option<String> {
        self.database.url.clone()
    }

    /// Two papers that disagree on one figure of 2016.
    pub async fn publish_conflict(&self) -> Vec<Id> {
        let rows = [(332, "alizila.com", true, "与平台移送的线索对应"), (474, "浙江日报", false, "口径更宽")];
        let written = self.services.db.write_quiet(move |tx| {
            let mut ids = Vec::new();
            for (amount, source, counted, reason) in rows {
                let id = Id::new();
                diesel::insert_into(published_figure::table)
                    .values((
                        published_figure::id.eq(id),
                        published_figure::year.eq(2016),
                        published_figure::figure.eq("suspects_arrested"),
                        published_figure::amount.eq(amount),
                        published_figure::qualifier.eq("exact"),
                        published_figure::period.eq("全年"),
                        published_figure::scope.eq("浙江"),
                        published_figure::source.eq(source),
                        published_figure::counted.eq(counted),
                        published_figure::reason.eq(reason),
                        published_figure::period_en.eq("whole year"),
                        published_figure::scope_en.eq("Zhejiang"),
                        published_figure::source_en.eq(if counted { "" } else { "Zhejiang Daily" }),
                        published_figure::reason_en.eq(if counted { "" } else { "a wider count" }),
                    ))
                    .execute(tx.conn())?;
                ids.push(id);
            }
            Ok(ids)
        });
        written.await.expect("published")
    }

    /// A lead with one transfer, and a case once it is filed.
    pub fn handed(&self, how: &Sent, lead: Option<Id>) -> Made {
        let (agency_id, owner) = (self.seed.agencies[how.agency], self.seed.people["compiler"]);
        let how = how.clone();
        let made = self.services.db.write_now(self.origin(owner), |tx| {
            let made = match lead {
                Some(lead) => (lead, None),
                None => (insert_lead(tx, &how, owner)?, Some(insert_person(tx, "主犯")?)),
            };
            let (lead, person) = made;
            if let Some(person) = person {
                diesel::insert_into(lead_subject::table)
                    .values((
                        lead_subject::lead_id.eq(lead),
                        lead_subject::subject_id.eq(person),
                        lead_subject::name.eq("主犯"),
                        lead_subject::part.eq("主犯"),
                    ))
                    .execute(tx.conn())?;
            }
            let transfer = insert_transfer(tx, &how, lead, agency_id)?;
            let case = match how.filed {
                Some(on) => Some(insert_case(tx, &how, transfer, agency_id, on)?),
                None => None,
            };
            Ok(Made { lead, transfer, case, person: person.unwrap_or(lead) })
        });
        made.expect("a fixture")
    }
}

fn insert_lead(tx: &mut Tx<'_>, how: &Sent, owner: Id) -> lead_handoff::platform::error::Result<Id> {
    let (id, now) = (Id::new(), tx.now());
    let number = format!("XS-2016-{}", &id.to_string()[24..]);
    diesel::insert_into(lead::table)
        .values((
            (
                lead::id.eq(id),
                lead::number.eq(number),
                lead::year.eq(2016),
                lead::title.eq("假冒润滑油"),
                lead::summary.eq(""),
                lead::region_code.eq(how.region),
                lead::source_kind.eq("risk_model"),
                lead::source_note.eq(""),
            ),
            (
                lead::sender_role.eq("reporter"),
                lead::state.eq("approved"),
                lead::owner_id.eq(owner),
                lead::synthetic.eq(true),
                lead::public_source.eq(""),
                lead::revision.eq(1),
                lead::created_at.eq(now),
                lead::updated_at.eq(now),
            ),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(lead_charge::table)
        .values((lead_charge::lead_id.eq(id), lead_charge::charge_code.eq(how.charge)))
        .execute(tx.conn())?;
    Ok(id)
}

/// A person's row.
pub fn insert_person(tx: &mut Tx<'_>, name: &str) -> lead_handoff::platform::error::Result<Id> {
    let (id, now) = (Id::new(), tx.now());
    diesel::insert_into(subject::table)
        .values((
            subject::id.eq(id),
            subject::kind.eq("person"),
            subject::name.eq(name),
            subject::identifier.eq(""),
            subject::match_key.eq(""),
            subject::synthetic.eq(true),
            subject::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

fn insert_transfer(
    tx: &mut Tx<'_>,
    how: &Sent,
    lead: Id,
    agency: Id,
) -> lead_handoff::platform::error::Result<Id> {
    let id = Id::new();
    let stage = [how.received, how.accepted, how.filed].iter().filter(|s| s.is_some()).count();
    diesel::insert_into(transfer::table)
        .values((
            transfer::id.eq(id),
            transfer::lead_id.eq(lead),
            transfer::agency_id.eq(agency),
            transfer::number.eq(format!("YS-2016-{}", &id.to_string()[24..])),
            transfer::channel.eq("portal"),
            transfer::sender_role.eq("reporter"),
            transfer::state.eq(["sent", "received", "accepted", "filed"][stage]),
            transfer::stage.eq(i32::try_from(stage + 1).unwrap_or(1)),
            transfer::sent_at.eq(noon(how.sent)),
            transfer::received_at.eq(how.received.map(noon)),
            transfer::accepted_at.eq(how.accepted.map(noon)),
            transfer::filed_at.eq(how.filed.map(noon)),
            transfer::synthetic.eq(true),
        ))
        .execute(tx.conn())?;
    access::grant(tx, "transfer", id, agency)?;
    let steps = [
        ("transfer.send", Some(how.sent)),
        ("transfer.acknowledge", how.received),
        ("transfer.accept", how.accepted),
    ];
    for (verb, _) in steps.iter().filter(|(_, at)| at.is_some()) {
        audit::record(tx, Entry::new(verb).object("transfer", id).object("lead", lead))?;
    }
    Ok(id)
}

fn insert_case(
    tx: &mut Tx<'_>,
    how: &Sent,
    transfer: Id,
    agency: Id,
    on: &str,
) -> lead_handoff::platform::error::Result<Id> {
    let id = Id::new();
    let day: NaiveDate = on.parse().expect("a day");
    diesel::insert_into(agency_case::table)
        .values((
            agency_case::id.eq(id),
            agency_case::agency_id.eq(agency),
            agency_case::number.eq(format!("A{}", &id.to_string()[24..])),
            agency_case::title.eq("假冒润滑油案"),
            agency_case::status.eq("filed"),
            agency_case::officer.eq(""),
            agency_case::opened_at.eq(noon(on)),
            agency_case::filed_on.eq(Some(day)),
            agency_case::synthetic.eq(true),
            agency_case::region_code.eq(how.region),
        ))
        .execute(tx.conn())?;
    let now = tx.now();
    diesel::insert_into(case_transfer::table)
        .values((
            case_transfer::case_id.eq(id),
            case_transfer::transfer_id.eq(transfer),
            case_transfer::joined_at.eq(now),
        ))
        .execute(tx.conn())?;
    access::grant(tx, "case", id, agency)?;
    audit::record(tx, Entry::new("transfer.file").object("transfer", transfer).object("case", id))?;
    Ok(id)
}
