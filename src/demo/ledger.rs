//! Writes planned leads and transfers as rows (their cases and outcomes: `cases`), each act under its historical date,
//! recorded at loading. No mail, no deadlines: what is past is closed.

use chrono::NaiveDate;
use chrono_tz::Tz;
use diesel::prelude::*;

use super::{
    accounts::People,
    agencies::{Agencies, AgencyOf},
    cases::{CaseRef, Dated},
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
            schema::{lead as leads, lead_step, transfer, transfer_seen, transfer_step},
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

pub(super) struct Writer<'a, 'b> {
    pub tx: &'a mut Tx<'b>,
    pub owner: Id,
    pub approver: Id,
    pub manager: Id,
    agencies: &'a Agencies,
    pub zone: Tz,
    pub(super) objects: Vec<(&'static str, Id)>,
    /// Entries of the ledger that are yet to be written.
    pub(super) entries: Vec<Dated>,
}

impl<'a, 'b> Writer<'a, 'b> {
    pub fn new(tx: &'a mut Tx<'b>, people: &People, agencies: &'a Agencies, zone: Tz) -> Self {
        let of = |name: &str| people.get(name).copied().unwrap_or_else(Id::new);
        let (owner, approver, manager) = (of("compiler"), of("approver"), of("manager"));
        Self { tx, owner, approver, manager, agencies, zone, objects: Vec::new(), entries: Vec::new() }
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

    /// Writes all of a plan; `step` is told of each lead.
    pub fn group(&mut self, plan: &Plan, step: &mut dyn FnMut()) -> Result<()> {
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
            step();
        }
        for ((case, (persons, sites)), planned) in cases.iter().zip(&named).zip(&plan.cases) {
            let Some(case) = case else { continue };
            self.outcomes(case, planned, plan.qualifier, persons, sites);
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
        // What came back in the past was dealt with then: nobody has to clear it from a first page today.
        if reason.is_some() {
            diesel::insert_into(transfer_seen::table)
                .values((
                    transfer_seen::step_id.eq(id),
                    transfer_seen::transfer_id.eq(transfer_id),
                    transfer_seen::seen_by.eq(self.owner),
                    transfer_seen::at.eq(at.plus_seconds(24 * 3600)),
                ))
                .execute(self.tx.conn())?;
        }
        Ok(())
    }
}
