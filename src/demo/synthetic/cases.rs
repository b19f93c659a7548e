//! Cases that come of transfers, and what is recorded of them.

use chrono::{Datelike, NaiveDate};
use rand::Rng;

use super::draw::{DAY, Draft, Drawer};
use crate::{
    handover::transfer::model::{Standing, State, stage},
    platform::{
        db::{Id, Instant},
        error::Result,
    },
};

/// The newest case of an agency, which takes further leads for a while.
pub(super) struct Growing {
    id: Id,
    until: Instant,
    left: u32,
}

/// An entry of the ledger.
struct Fact<'a> {
    kind: &'static str,
    on: NaiveDate,
    at: Instant,
    names: (&'static str, &'a [Id]),
    fen: Option<i64>,
    pieces: Option<i64>,
}

/// Leads of one case at most.
const MEMBERS: u32 = 3;

impl Drawer<'_> {
    /// The case of a transfer that was accepted, an earlier one's where it fits, and what came of it.
    pub fn case(&mut self, draft: &Draft<'_>, transfer: Id, standing: &Standing) -> Result<()> {
        let Some(accepted) = standing.accepted_at else { return Ok(()) };
        let Some(filed) = standing.filed_at else {
            let ended = standing.state == State::NotFiled || standing.stage < stage::ACCEPTED;
            self.new_case(draft, transfer, accepted, None, if ended { "ended" } else { "accepted" });
            return Ok(());
        };
        let found = self.cases.get_mut(&draft.to).filter(|case| case.left > 0 && filed < case.until);
        let (case, is_new) = match found {
            Some(case) => {
                case.left -= 1;
                (case.id, false)
            }
            None => {
                let last = ["investigating", "prosecuted", "judged"][self.rng.gen_range(0..3)];
                let id = self.new_case(draft, transfer, accepted, Some(filed), last);
                let left = self.rng.gen_range(0..MEMBERS);
                self.cases.insert(draft.to, Growing { id, until: filed.plus_seconds(40 * DAY), left });
                (id, true)
            }
        };
        if !is_new {
            self.rows.case_transfer.push([case.into(), transfer.into(), filed.into()]);
        }
        self.outcomes(draft, case, filed, is_new);
        Ok(())
    }

    fn new_case(
        &mut self,
        draft: &Draft<'_>,
        transfer: Id,
        accepted: Instant,
        filed: Option<Instant>,
        last: &'static str,
    ) -> Id {
        let (id, agency) = (self.id(accepted), draft.addressee);
        let filed_on = filed.map(|at| self.day(at));
        let year = self.day(accepted).year();
        let number = format!("合成立字〔{year}〕{}-{}号", self.world.seed, draft.n + 1);
        self.rows.agency_case.push([
            id.into(),
            agency.id.into(),
            if filed.is_some() { number } else { String::new() }.into(),
            format!("{}系列案（合成）", agency.name_zh).into(),
            last.into(),
            "".into(),
            accepted.into(),
            filed_on.into(),
            true.into(),
            agency.regions.first().map_or("", String::as_str).into(),
        ]);
        self.rows.access.push([id.into(), agency.id.into(), "case".into(), accepted.into()]);
        self.rows.case_transfer.push([id.into(), transfer.into(), accepted.into()]);
        self.names("case", id);
        let from = filed.unwrap_or(accepted);
        let way = ["accepted", "filed", "investigating", "referred", "prosecuted", "judged"];
        let steps: &[&str] = match last {
            "ended" => &["accepted", "ended"],
            _ => &way[..=way.iter().position(|step| *step == last).unwrap_or(0)],
        };
        for (n, step) in (0i64..).zip(steps) {
            let at = if n == 0 { accepted } else { from.plus_seconds((n - 1) * 9 * DAY) };
            let (row, day) = (self.id(at), self.day(at));
            self.rows.case_step.push([row.into(), id.into(), (*step).into(), day.into(), at.into()]);
        }
        id
    }

    fn outcomes(&mut self, draft: &Draft<'_>, case: Id, filed: Instant, is_new: bool) {
        let at = self.later(filed, 3 * DAY, 40 * DAY);
        let on = self.day(at);
        let base = Fact { kind: "arrest", on, at, names: ("person", &[]), fen: None, pieces: None };
        if !draft.persons.is_empty() && self.rng.gen_ratio(4, 5) {
            self.outcome(draft, case, &Fact { names: ("person", &draft.persons), ..base });
        }
        if !draft.sites.is_empty() && self.rng.gen_ratio(4, 5) {
            self.outcome(draft, case, &Fact { kind: "site_raided", names: ("site", &draft.sites), ..base });
        }
        if is_new {
            let yuan: i64 = self.rng.gen_range(1..80) * self.rng.gen_range(1..60) * 1_000;
            self.outcome(draft, case, &Fact { kind: "case_value", fen: Some(yuan * 100), ..base });
            let pieces = Some((yuan / 180).max(1));
            self.outcome(draft, case, &Fact { kind: "goods_seized", pieces, ..base });
        }
        if !draft.persons.is_empty() && self.rng.gen_ratio(1, 4) {
            let at = self.later(at, 20 * DAY, 120 * DAY);
            let some = &draft.persons[..1];
            let on = self.day(at);
            self.outcome(draft, case, &Fact { kind: "prosecution", on, at, names: ("person", some), ..base });
        }
    }

    fn outcome(&mut self, draft: &Draft<'_>, case: Id, fact: &Fact<'_>) {
        let id = self.id(fact.at);
        self.rows.outcome.push([
            id.into(),
            fact.kind.into(),
            case.into(),
            draft.addressee.id.into(),
            draft.region.as_str().into(),
            fact.on.into(),
            fact.on.year().into(),
            i64::try_from(fact.names.1.len()).unwrap_or_default().into(),
            fact.fen.into(),
            fact.fen.map(|_| "about").into(),
            fact.fen.map(|_| "announced").into(),
            fact.pieces.into(),
            fact.pieces.map(|_| "piece").into(),
            "published".into(),
            "合成：为负载测试而生成".into(),
            "agency".into(),
            fact.at.into(),
            true.into(),
        ]);
        for identity in fact.names.1 {
            self.rows.outcome_identity.push([id.into(), fact.names.0.into(), (*identity).into()]);
        }
        self.names("outcome", id);
        let waits = self.world.is_open(draft.n) && self.rng.gen_ratio(1, 6);
        if !waits {
            let at = fact.at.plus_seconds(DAY);
            let (confirmation, manager) = (self.id(at), self.one_of(&self.world.managers));
            self.rows.outcome_confirmation.push([
                confirmation.into(),
                id.into(),
                "confirmed".into(),
                manager.into(),
                "platform".into(),
                at.into(),
            ]);
            self.names("outcome_confirmation", confirmation);
        }
    }
}
