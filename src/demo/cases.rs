//! Cases and their outcomes as rows: the second half of what a plan becomes.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{agencies::AgencyOf, ledger::Writer, plan::Plan};
use crate::{
    access,
    casework::lead,
    platform::{
        db::{
            Id, Instant,
            schema::{
                agency_case, case_step, case_transfer, lead_site, lead_subject, outcome,
                outcome_confirmation, outcome_identity,
            },
        },
        error::Result,
        money::{Amount, Basis, Fen, Qualifier},
    },
};

/// An entry of the ledger to be written with its confirmation.
pub(super) struct Fact<'a> {
    pub kind: &'static str,
    pub region: &'a str,
    pub on: NaiveDate,
    pub amount: Option<Amount>,
    pub quantity: Option<(i64, &'static str)>,
    /// Identities it counts: `person` or `site`.
    pub names: &'a [(&'static str, Id)],
    pub source_kind: &'static str,
    pub source_name: &'a str,
    pub source_url: &'a str,
    pub synthetic: bool,
}

/// A [`Fact`] of a case that is yet to be written.
pub(super) struct Dated {
    id: Id,
    confirmation: Id,
    case: Id,
    agency: Id,
    /// When it was recorded.
    at: Instant,
    kind: &'static str,
    region: String,
    on: NaiveDate,
    amount: Option<Amount>,
    quantity: Option<(i64, &'static str)>,
    names: Vec<(&'static str, Id)>,
    source_kind: &'static str,
    source_name: String,
    source_url: String,
    synthetic: bool,
}

/// Where a case stands among the rows written so far.
pub(super) struct CaseRef {
    pub id: Id,
    pub agency: AgencyOf,
    pub opened: Instant,
}

impl Writer<'_, '_> {
    pub(super) fn case(&mut self, n: usize, plan: &Plan, agency: &AgencyOf) -> Result<CaseRef> {
        let planned = &plan.cases[n];
        let number = format!("合成立字〔{}〕{}{:04}号", plan.year, &planned.place[..4], n + 1);
        let title = format!("{}假冒注册商标系列案（合成）", agency.place);
        let last = if planned.prosecuted > 0 { "prosecuted" } else { "investigating" };
        self.case_row(agency, &number, &title, planned.filed_on, last, "", "")
    }

    /// A case with its steps up to `last`, each with the remark. Marked synthetic even where it was published: its
    /// days are made up.
    #[allow(clippy::too_many_arguments)]
    pub fn case_row(
        &mut self,
        agency: &AgencyOf,
        number: &str,
        title: &str,
        filed_on: NaiveDate,
        last: &'static str,
        remark: &str,
        public_source: &str,
    ) -> Result<CaseRef> {
        let id = Id::new();
        let opened = self.noon(filed_on).plus_seconds(-72 * 3600);
        diesel::insert_into(agency_case::table)
            .values((
                agency_case::id.eq(id),
                agency_case::agency_id.eq(agency.id),
                agency_case::number.eq(number),
                agency_case::title.eq(title),
                agency_case::status.eq(last),
                agency_case::officer.eq(""),
                agency_case::opened_at.eq(opened),
                agency_case::filed_on.eq(Some(filed_on)),
                agency_case::synthetic.eq(true),
                agency_case::public_source.eq(public_source),
                agency_case::region_code.eq(agency.region),
            ))
            .execute(self.tx.conn())?;
        access::grant(self.tx, "case", id, agency.id)?;
        self.objects.push(("case", id));
        let mut steps = vec!["accepted", "filed", "investigating"];
        if last == "prosecuted" {
            steps.extend(["referred", "prosecuted"]);
        }
        for (n, kind) in steps.into_iter().enumerate() {
            let step = Id::new();
            let at = opened.plus_seconds(i64::try_from(n).unwrap_or(0));
            let remark = lead::remark::add(self.tx, "case", id, remark)?;
            diesel::insert_into(case_step::table)
                .values((
                    case_step::id.eq(step),
                    case_step::case_id.eq(id),
                    case_step::kind.eq(kind),
                    case_step::on_day.eq(filed_on),
                    case_step::remark_id.eq(remark),
                    case_step::at.eq(at),
                ))
                .execute(self.tx.conn())?;
            self.objects.push(("case_step", step));
        }
        Ok(CaseRef { id, agency: agency.clone(), opened })
    }

    pub fn join(&mut self, case_id: Id, transfer_id: Id, at: Instant) -> Result<()> {
        diesel::insert_into(case_transfer::table)
            .values((
                case_transfer::case_id.eq(case_id),
                case_transfer::transfer_id.eq(transfer_id),
                case_transfer::joined_at.eq(at),
            ))
            .execute(self.tx.conn())?;
        Ok(())
    }

    /// Subjects and sites of a lead, as identities that outcomes name.
    pub fn identities(&mut self, lead_id: Id) -> Result<(Vec<Id>, Vec<Id>)> {
        let persons = lead_subject::table
            .filter(lead_subject::lead_id.eq(lead_id))
            .select(lead_subject::subject_id)
            .load(self.tx.conn())?;
        let sites = lead_site::table
            .filter(lead_site::lead_id.eq(lead_id))
            .select(lead_site::site_id)
            .load(self.tx.conn())?;
        Ok((persons, sites))
    }

    pub(super) fn outcomes(
        &mut self,
        case: &CaseRef,
        planned: &super::plan::CasePlan,
        qualifier: &'static str,
        persons: &[Id],
        sites: &[Id],
    ) {
        let persons: Vec<_> = persons.iter().map(|id| ("person", *id)).collect();
        let sites: Vec<_> = sites.iter().map(|id| ("site", *id)).collect();
        let base = Fact {
            kind: "arrest",
            region: planned.place,
            on: planned.acted_on,
            amount: None,
            quantity: None,
            names: &persons,
            source_kind: "published",
            source_name: "合成：为补足公开的年度总数而编制",
            source_url: "",
            synthetic: true,
        };
        if !persons.is_empty() {
            self.outcome(case, &base);
        }
        if !sites.is_empty() {
            self.outcome(case, &Fact { kind: "site_raided", names: &sites, ..base });
        }
        if planned.yuan > 0 {
            let amount = Amount {
                fen: Fen(planned.yuan * 100),
                qualifier: Qualifier::parse(qualifier).unwrap_or_default(),
                basis: Basis::Announced,
            };
            self.outcome(case, &Fact { kind: "case_value", names: &[], amount: Some(amount), ..base });
            let goods = (planned.yuan / 180).max(1);
            let seized = Fact { kind: "goods_seized", names: &[], quantity: Some((goods, "piece")), ..base };
            self.outcome(case, &seized);
        }
        if planned.prosecuted > 0 {
            let some = &persons[..(planned.prosecuted as usize).min(persons.len())];
            self.outcome(case, &Fact { kind: "prosecution", names: some, ..base });
        }
    }

    /// An entry that its agency asserted, with the platform's confirmation: by the other side, and by no paper, of which
    /// there would have to be a scan. It is written with all others by [`Writer::write_entries`].
    pub fn outcome(&mut self, case: &CaseRef, fact: &Fact<'_>) {
        let (id, confirmation) = (Id::new(), Id::new());
        self.objects.extend([("outcome", id), ("outcome_confirmation", confirmation)]);
        self.entries.push(Dated {
            id,
            confirmation,
            case: case.id,
            agency: case.agency.id,
            at: self.noon(fact.on).max(case.opened),
            kind: fact.kind,
            region: fact.region.to_owned(),
            on: fact.on,
            amount: fact.amount,
            quantity: fact.quantity,
            names: fact.names.to_vec(),
            source_kind: fact.source_kind,
            source_name: fact.source_name.to_owned(),
            source_url: fact.source_url.to_owned(),
            synthetic: fact.synthetic,
        });
    }

    /// Writes the entries of all cases in the order of the days on which they were recorded: the ledger is read in the
    /// order in which it was written.
    ///
    /// # Errors
    /// Those of the database.
    pub fn write_entries(&mut self) -> Result<()> {
        let mut entries = std::mem::take(&mut self.entries);
        entries.sort_by_key(|entry| entry.at);
        entries.iter().try_for_each(|entry| self.write_entry(entry))
    }

    fn write_entry(&mut self, entry: &Dated) -> Result<()> {
        let year = chrono::Datelike::year(&entry.on);
        diesel::insert_into(outcome::table)
            .values((
                (
                    outcome::id.eq(entry.id),
                    outcome::kind.eq(entry.kind),
                    outcome::case_id.eq(Some(entry.case)),
                    outcome::agency_id.eq(entry.agency),
                    outcome::region_code.eq(&entry.region),
                    outcome::happened_on.eq(entry.on),
                    outcome::year.eq(year),
                    outcome::persons.eq(i32::try_from(entry.names.len()).unwrap_or(i32::MAX)),
                    outcome::amount_fen.eq(entry.amount.map(|a| a.fen.0)),
                    outcome::qualifier.eq(entry.amount.map(|a| a.qualifier.as_str())),
                ),
                (
                    outcome::basis.eq(entry.amount.map(|a| a.basis.as_str())),
                    outcome::quantity.eq(entry.quantity.map(|q| q.0)),
                    outcome::unit.eq(entry.quantity.map(|q| q.1)),
                    outcome::source_kind.eq(entry.source_kind),
                    outcome::source_name.eq(&entry.source_name),
                    outcome::source_url.eq(&entry.source_url),
                    outcome::asserted_side.eq("agency"),
                    outcome::asserted_at.eq(entry.at),
                    outcome::synthetic.eq(entry.synthetic),
                ),
            ))
            .execute(self.tx.conn())?;
        for (kind, identity) in &entry.names {
            diesel::insert_into(outcome_identity::table)
                .values((
                    outcome_identity::outcome_id.eq(entry.id),
                    outcome_identity::kind.eq(*kind),
                    outcome_identity::identity_id.eq(identity),
                ))
                .execute(self.tx.conn())?;
        }
        diesel::insert_into(outcome_confirmation::table)
            .values((
                outcome_confirmation::id.eq(entry.confirmation),
                outcome_confirmation::outcome_id.eq(entry.id),
                outcome_confirmation::decision.eq("confirmed"),
                outcome_confirmation::actor_id.eq(Some(self.manager)),
                outcome_confirmation::side.eq("platform"),
                outcome_confirmation::at.eq(entry.at.plus_seconds(3600)),
            ))
            .execute(self.tx.conn())?;
        Ok(())
    }
}
