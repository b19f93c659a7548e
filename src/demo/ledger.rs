//! Writes planned leads, transfers, cases and outcomes as rows, each act under its historical date, recorded at
//! loading. No mail, no deadlines: what is past is closed.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::prelude::*;

use super::{
    accounts::People,
    agencies::{Agencies, AgencyOf},
    plan::{LeadPlan, Plan},
};
use crate::{
    access,
    audit::{self, Entry},
    casework::lead::{
        self,
        input::{Input, SiteInput, SubjectInput},
        model::{Lead, SenderRole, SiteRole, SourceKind, SubjectKind},
    },
    platform::{
        db::{
            self, Id, Instant, Tx,
            schema::{
                agency_case, case_step, case_transfer, lead as leads, lead_site, lead_step, lead_subject,
                outcome, outcome_confirmation, outcome_identity, transfer, transfer_step,
            },
        },
        error::{AppError, Plain, Result},
        money::{Amount, Basis, Fen, Qualifier},
        time,
    },
};

/// Goods, the charge that fits, and a made-up brand for them.
const PRODUCTS: [(&str, &str, &str); super::plan::PRODUCTS] = [
    ("手表", "CL214", "示例品牌·甲"),
    ("箱包", "CL214", "示例品牌·乙"),
    ("运动鞋", "CL213", "示例品牌·丙"),
    ("润滑油", "CL213", "示例品牌·丁"),
    ("化妆品", "CL214", "示例品牌·戊"),
    ("服装", "CL213", "示例品牌·己"),
    ("手机配件", "CL214", "示例品牌·庚"),
    ("汽车配件", "CL213", "示例品牌·辛"),
    ("商标标识", "CL215", "示例品牌·壬"),
    ("白酒", "CL213", "示例品牌·癸"),
    ("小家电", "CL140", "示例品牌·子"),
    ("图书", "CL218", "示例品牌·丑"),
];

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

/// How a past transfer ended: nothing more is expected of its agency.
#[derive(Clone, Copy)]
pub(super) enum Closing {
    Filed(NaiveDate),
    /// Day and code of the reason.
    NotFiled(NaiveDate, &'static str),
}

impl Closing {
    /// Taken on and not filed, some weeks later.
    fn not_filed(n: usize, sent_on: NaiveDate) -> Self {
        const REASONS: [&str; 4] = ["NF-THRESHOLD", "NF-EVIDENCE", "NF-KNOWLEDGE", "NF-MINOR"];
        let days = 9 + u64::try_from(n % 19).unwrap_or(0);
        Self::NotFiled(sent_on + chrono::Days::new(days), REASONS[n % REASONS.len()])
    }
}

/// The way of a past transfer; the days in between are made up.
pub(super) struct Way {
    pub sent_on: NaiveDate,
    pub closing: Closing,
    /// What is to be said of the day of each step: sent, received, accepted, closed; empty: nothing.
    pub remarks: [&'static str; 4],
}

/// Where a case stands among the rows written so far.
pub(super) struct CaseRef {
    pub id: Id,
    pub agency: AgencyOf,
    pub opened: Instant,
}

pub(super) struct Writer<'a, 'b> {
    pub tx: &'a mut Tx<'b>,
    pub owner: Id,
    pub approver: Id,
    pub manager: Id,
    agencies: &'a Agencies,
    pub zone: Tz,
    objects: Vec<(&'static str, Id)>,
}

impl<'a, 'b> Writer<'a, 'b> {
    pub fn new(tx: &'a mut Tx<'b>, people: &People, agencies: &'a Agencies, zone: Tz) -> Self {
        let of = |name: &str| people.get(name).copied().unwrap_or_else(Id::new);
        let (owner, approver, manager) = (of("compiler"), of("approver"), of("manager"));
        Self { tx, owner, approver, manager, agencies, zone, objects: Vec::new() }
    }

    pub fn agency(&self, code: &str) -> Result<AgencyOf> {
        let found = self.agencies.get(code).cloned();
        found.ok_or_else(|| AppError::internal(Plain(format!("the demo has no agency {code}"))))
    }

    /// Noon of a day in the configured zone.
    pub fn noon(&self, day: NaiveDate) -> Instant {
        time::start_of_day(day, self.zone).plus_seconds(12 * 3600)
    }

    /// One entry of the log for what was written since the last.
    pub fn record(&mut self) -> Result<()> {
        let mut entry = Entry::new("demo.row");
        for (kind, id) in self.objects.drain(..) {
            entry = entry.object(kind, id);
        }
        audit::record(self.tx, entry).map(|_| ())
    }

    /// Writes all of a plan.
    pub fn group(&mut self, plan: &Plan) -> Result<()> {
        let mut cases: Vec<Option<CaseRef>> = plan.cases.iter().map(|_| None).collect();
        let mut named: Vec<(Vec<Id>, Vec<Id>)> = plan.cases.iter().map(|_| (vec![], vec![])).collect();
        for (n, planned) in plan.leads.iter().enumerate() {
            let lead = self.synthetic_lead(n, plan.year, planned)?;
            let agency = self.agency(&format!("PS-ECD-{}", planned.place))?;
            let closing = match planned.case {
                Some(c) => Closing::Filed(plan.cases[c].filed_on),
                None => Closing::not_filed(n, planned.sent_on),
            };
            let way = Way { sent_on: planned.sent_on, closing, remarks: [""; 4] };
            let transfer = self.transfer(&lead, &agency, &way)?;
            if let Some(c) = planned.case {
                if cases[c].is_none() {
                    cases[c] = Some(self.case(c, plan, &agency)?);
                }
                if let Some(case) = &cases[c] {
                    let at = self.noon(plan.cases[c].filed_on);
                    self.join(case.id, transfer, at)?;
                }
                let (persons, sites) = self.identities(lead.id)?;
                named[c].0.extend(persons);
                named[c].1.extend(sites);
            }
            self.record()?;
        }
        for ((case, (persons, sites)), planned) in cases.iter().zip(&named).zip(&plan.cases) {
            let Some(case) = case else { continue };
            self.outcomes(case, planned, plan.qualifier, persons, sites)?;
            self.record()?;
        }
        Ok(())
    }

    fn synthetic_lead(&mut self, n: usize, year: i32, planned: &LeadPlan) -> Result<Lead> {
        let (goods, charge, brand) = PRODUCTS[planned.product % PRODUCTS.len()];
        let place = self.agency(&format!("PS-ECD-{}", planned.place))?.place;
        let subjects = (0..planned.persons).map(|i| SubjectInput {
            kind: SubjectKind::Person,
            name: format!("合成嫌疑人 {year}-{}-{n}-{}", planned.place, i + 1),
            identifier: format!("SYN-P-{year}-{}-{n}-{}", planned.place, i + 1),
            region_code: None,
            note: String::new(),
            part: "嫌疑人".into(),
        });
        let roles = [SiteRole::Production, SiteRole::Storage, SiteRole::Sale];
        let sites = (0..planned.sites).map(|i| SiteInput {
            address: format!("{place}合成地址 {year}-{n}-{} 号", i + 1),
            region_code: planned.place.to_owned(),
            role: roles[i as usize % roles.len()],
            note: String::new(),
        });
        let input = Input {
            title: format!("疑似销售假冒{goods}的店铺（合成）"),
            summary: format!(
                "合成线索：平台店铺以明显低于市场的价格销售标有“{brand}”字样的{goods}。为补足公开的年度总数而编制，与真实单位和个人无关。"
            ),
            region_code: planned.place.to_owned(),
            occurred_from: planned.sent_on.checked_sub_days(chrono::Days::new(120)),
            occurred_to: planned.sent_on.checked_sub_days(chrono::Days::new(10)),
            value: Some(Amount {
                fen: Fen(planned.yuan * 100),
                qualifier: Qualifier::Estimated,
                basis: Basis::ListPrice,
            }),
            source_kind: SourceKind::RiskModel,
            sender_role: SenderRole::Reporter,
            charges: vec![charge.to_owned()],
            brands: vec![brand.to_owned()],
            subjects: subjects.collect(),
            sites: sites.collect(),
            synthetic: true,
            ..Input::default()
        };
        self.lead(&input, planned.sent_on.checked_sub_days(chrono::Days::new(3)).unwrap_or(planned.sent_on))
    }

    /// A lead that went through its review.
    pub fn lead(&mut self, input: &Input, made_on: NaiveDate) -> Result<Lead> {
        let at = self.noon(made_on);
        let lead = lead::actions::insert(self.tx, self.owner, at, self.zone, input)?;
        for (n, (kind, actor)) in [("submitted", self.owner), ("approved", self.approver)].iter().enumerate()
        {
            let at = at.plus_seconds(3600 * (1 + i64::try_from(n).unwrap_or(0)));
            diesel::insert_into(lead_step::table)
                .values((
                    lead_step::id.eq(Id::new()),
                    lead_step::lead_id.eq(lead.id),
                    lead_step::kind.eq(kind),
                    lead_step::actor_id.eq(Some(actor)),
                    lead_step::at.eq(at),
                ))
                .execute(self.tx.conn())?;
        }
        diesel::update(leads::table.filter(leads::id.eq(lead.id)))
            .set(leads::state.eq("approved"))
            .execute(self.tx.conn())?;
        self.objects.push(("lead", lead.id));
        Ok(lead)
    }

    /// A past transfer: sent, received, accepted, filed or not. Marked synthetic even where it carries a published
    /// case: its days are made up.
    pub fn transfer(&mut self, lead: &Lead, agency: &AgencyOf, way: &Way) -> Result<Id> {
        let id = Id::new();
        let sent = self.noon(way.sent_on);
        let year = time::year_of(sent, self.zone);
        let n = db::next_number(self.tx.conn(), &format!("transfer-{}-{year}", agency.id))?;
        let received = sent.plus_seconds(20 * 3600);
        let accepted = sent.plus_seconds(44 * 3600);
        let (closed_on, state, reason) = match way.closing {
            Closing::Filed(day) => (day, "filed", None),
            Closing::NotFiled(day, reason) => (day, "not_filed", Some(reason)),
        };
        let closed = self.noon(closed_on).max(accepted.plus_seconds(3600));
        let is_filed = reason.is_none();
        diesel::insert_into(transfer::table)
            .values((
                transfer::id.eq(id),
                transfer::lead_id.eq(lead.id),
                transfer::agency_id.eq(agency.id),
                transfer::number.eq(format!("YS-{year}-{n:04}")),
                transfer::channel.eq("portal"),
                transfer::sender_role.eq(lead.sender_role.as_str()),
                transfer::state.eq(state),
                transfer::stage.eq(if is_filed { 4 } else { 3 }),
                transfer::sent_at.eq(sent),
                transfer::received_at.eq(Some(received)),
                transfer::accepted_at.eq(Some(accepted)),
                transfer::filed_at.eq(is_filed.then_some(closed)),
                transfer::synthetic.eq(true),
            ))
            .execute(self.tx.conn())?;
        access::grant(self.tx, "transfer", id, agency.id)?;
        self.objects.push(("transfer", id));
        let steps = [
            ("sent", sent, None),
            ("received", received, None),
            ("accepted", accepted, None),
            (state, closed, reason),
        ];
        for ((kind, at, reason), remark) in steps.into_iter().zip(way.remarks) {
            self.transfer_step(id, kind, at, reason, remark)?;
        }
        Ok(id)
    }

    fn transfer_step(
        &mut self,
        transfer_id: Id,
        kind: &str,
        at: Instant,
        reason: Option<&str>,
        remark: &str,
    ) -> Result<()> {
        let id = Id::new();
        let side = if kind == "sent" { "platform" } else { "agency" };
        let remark = lead::remark::add(self.tx, "transfer_step", id, remark)?;
        diesel::insert_into(transfer_step::table)
            .values((
                transfer_step::id.eq(id),
                transfer_step::transfer_id.eq(transfer_id),
                transfer_step::kind.eq(kind),
                transfer_step::actor_id.eq((side == "platform").then_some(self.owner)),
                transfer_step::side.eq(side),
                transfer_step::at.eq(at),
                transfer_step::reason_code.eq(reason),
                transfer_step::remark_id.eq(remark),
            ))
            .execute(self.tx.conn())?;
        self.objects.push(("transfer_step", id));
        Ok(())
    }

    fn case(&mut self, n: usize, plan: &Plan, agency: &AgencyOf) -> Result<CaseRef> {
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

    fn outcomes(
        &mut self,
        case: &CaseRef,
        planned: &super::plan::CasePlan,
        qualifier: &'static str,
        persons: &[Id],
        sites: &[Id],
    ) -> Result<()> {
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
            self.outcome(case, &base)?;
        }
        if !sites.is_empty() {
            self.outcome(case, &Fact { kind: "site_raided", names: &sites, ..base })?;
        }
        if planned.yuan > 0 {
            let amount = Amount {
                fen: Fen(planned.yuan * 100),
                qualifier: Qualifier::parse(qualifier).unwrap_or_default(),
                basis: Basis::Announced,
            };
            self.outcome(case, &Fact { kind: "case_value", names: &[], amount: Some(amount), ..base })?;
            let goods = (planned.yuan / 180).max(1);
            let seized = Fact { kind: "goods_seized", names: &[], quantity: Some((goods, "件")), ..base };
            self.outcome(case, &seized)?;
        }
        if planned.prosecuted > 0 {
            let some = &persons[..(planned.prosecuted as usize).min(persons.len())];
            self.outcome(case, &Fact { kind: "prosecution", names: some, ..base })?;
        }
        Ok(())
    }

    /// An entry with the other side's confirmation.
    pub fn outcome(&mut self, case: &CaseRef, fact: &Fact<'_>) -> Result<Id> {
        let id = Id::new();
        let year = chrono::Datelike::year(&fact.on);
        let at = self.noon(fact.on).max(case.opened);
        diesel::insert_into(outcome::table)
            .values((
                (
                    outcome::id.eq(id),
                    outcome::kind.eq(fact.kind),
                    outcome::case_id.eq(Some(case.id)),
                    outcome::agency_id.eq(case.agency.id),
                    outcome::region_code.eq(fact.region),
                    outcome::happened_on.eq(fact.on),
                    outcome::year.eq(year),
                    outcome::persons.eq(i32::try_from(fact.names.len()).unwrap_or(i32::MAX)),
                    outcome::amount_fen.eq(fact.amount.map(|a| a.fen.0)),
                    outcome::qualifier.eq(fact.amount.map(|a| a.qualifier.as_str())),
                ),
                (
                    outcome::basis.eq(fact.amount.map(|a| a.basis.as_str())),
                    outcome::quantity.eq(fact.quantity.map(|q| q.0)),
                    outcome::unit.eq(fact.quantity.map(|q| q.1)),
                    outcome::source_kind.eq(fact.source_kind),
                    outcome::source_name.eq(fact.source_name),
                    outcome::source_url.eq(fact.source_url),
                    outcome::asserted_side.eq("agency"),
                    outcome::asserted_at.eq(at),
                    outcome::synthetic.eq(fact.synthetic),
                ),
            ))
            .execute(self.tx.conn())?;
        for (kind, identity) in fact.names {
            diesel::insert_into(outcome_identity::table)
                .values((
                    outcome_identity::outcome_id.eq(id),
                    outcome_identity::kind.eq(*kind),
                    outcome_identity::identity_id.eq(identity),
                ))
                .execute(self.tx.conn())?;
        }
        let confirmation = Id::new();
        diesel::insert_into(outcome_confirmation::table)
            .values((
                outcome_confirmation::id.eq(confirmation),
                outcome_confirmation::outcome_id.eq(id),
                outcome_confirmation::decision.eq("confirmed"),
                outcome_confirmation::actor_id.eq(Some(self.manager)),
                outcome_confirmation::side.eq("platform"),
                outcome_confirmation::at.eq(at.plus_seconds(3600)),
            ))
            .execute(self.tx.conn())?;
        self.objects.extend([("outcome", id), ("outcome_confirmation", confirmation)]);
        Ok(id)
    }
}
