//! Transfers of drawn leads with their steps; what is stored of one is what `handover::transfer::model` derives from
//! its steps. Nobody is reminded of their deadlines: they count as reminded of.

use rand::{Rng, seq::SliceRandom};

use super::{
    draw::{DAY, Draft, Drawer, HOUR},
    words,
};
use crate::{
    directory::people::Side,
    handover::{
        deadline::{
            self,
            clocks::{Ending, Event, clocks},
        },
        transfer::model::{self, Step, StepKind},
    },
    platform::{
        db::{Id, Instant},
        error::{AppError, Plain, Result},
        time,
    },
};

/// Agreed with the agency: to acknowledge, and to accept.
const CLOCKS: [&str; 2] = ["AGREED-ACK", "AGREED-ACCEPT"];

impl Drawer<'_> {
    /// The transfer of a lead, up to the agency's last step.
    ///
    /// # Errors
    /// The drawn steps could not have happened.
    pub fn transfer(
        &mut self,
        draft: &Draft<'_>,
        dossier: Id,
        approved: Instant,
        last: Option<StepKind>,
    ) -> Result<()> {
        let sent = self.later(approved, HOUR, 2 * DAY);
        let (id, delivery, agency) = (self.id(sent), self.id(sent), draft.addressee.id);
        let steps = self.course(sent, delivery, last);
        let standing = model::derive(&steps).map_err(|why| AppError::internal(Plain(why.into())))?;
        let year = time::year_of(sent, self.world.zone);
        let n = self.number(format!("transfer-{agency}-{year}"));
        let next_due = self.deadlines(draft, id, &steps);
        self.rows.transfer.push([
            id.into(),
            draft.id.into(),
            agency.into(),
            format!("YS-{year}-{n:04}").into(),
            "portal".into(),
            draft.sender_role.as_str().into(),
            standing.state.as_str().into(),
            standing.stage.into(),
            standing.sent_at.into(),
            standing.received_at.into(),
            standing.accepted_at.into(),
            standing.filed_at.into(),
            next_due.into(),
            next_due.into(),
            true.into(),
        ]);
        self.rows.delivery.push([
            delivery.into(),
            id.into(),
            dossier.into(),
            sent.into(),
            "portal".into(),
            draft.owner.into(),
            true.into(),
        ]);
        self.rows.access.push([id.into(), agency.into(), "transfer".into(), sent.into()]);
        self.rows.access.push([dossier.into(), agency.into(), "dossier".into(), sent.into()]);
        self.names("transfer", id);
        self.steps_of(draft, id, &steps);
        self.messages(draft, id, sent);
        self.case(draft, id, &standing)
    }

    fn course(&mut self, sent: Instant, delivery: Id, last: Option<StepKind>) -> Vec<Step> {
        use StepKind as K;
        let with = |kind, at| Step { kind, at, delivery: Some(delivery) };
        let step = |kind, at| Step { kind, at, delivery: None };
        let mut steps = vec![with(K::Sent, sent)];
        let Some(last) = last else { return steps };
        if last == K::Withdrawn {
            steps.push(step(K::Withdrawn, sent.plus_seconds(6 * HOUR)));
            return steps;
        }
        let received = self.later(sent, 4 * HOUR, 60 * HOUR);
        steps.push(with(K::Received, received));
        let accepted = self.later(received, DAY, 15 * DAY);
        if matches!(last, K::Accepted | K::Filed | K::NotFiled) {
            steps.push(step(K::Accepted, accepted));
        }
        if !matches!(last, K::Received | K::Accepted) {
            let at = self.later(accepted, 2 * DAY, 30 * DAY);
            steps.push(step(last, at));
        }
        steps
    }

    fn steps_of(&mut self, draft: &Draft<'_>, transfer: Id, steps: &[Step]) {
        for step in steps {
            let reason = match step.kind {
                StepKind::NotAccepted => Some("RF-HOLDER"),
                StepKind::Returned => Some("RT-IDENTITY"),
                StepKind::NotFiled => Some("NF-KNOWLEDGE"),
                StepKind::SupplementRequested => Some(REQUEST),
                _ => None,
            };
            let side = step.kind.side();
            let actor = (side == Side::Platform).then_some(draft.owner);
            let day = matches!(step.kind, StepKind::Filed).then(|| self.day(step.at));
            let id = self.id(step.at);
            self.rows.transfer_step.push([
                id.into(),
                transfer.into(),
                step.kind.as_str().into(),
                actor.into(),
                side.as_str().into(),
                step.at.into(),
                day.into(),
                reason.into(),
                step.delivery.into(),
            ]);
            // Of what came back most was taken note of the next day: a few wait still.
            let came_back =
                matches!(step.kind, StepKind::NotAccepted | StepKind::Returned | StepKind::NotFiled);
            if came_back && step.at.micros() / 1_000_000 % 10 != 0 {
                let at = step.at.plus_seconds(DAY);
                self.rows.transfer_seen.push([id.into(), transfer.into(), draft.owner.into(), at.into()]);
            }
            if step.kind == StepKind::SupplementRequested {
                let request = self.id(step.at);
                let due = step.at.plus_seconds(7 * DAY);
                let row = [request.into(), transfer.into(), REQUEST.into(), step.at.into(), due.into()];
                self.rows.supplement_request.push(row);
            }
        }
    }

    /// Writes the clocks, all of them the agency's; returns when the one that still runs is due.
    fn deadlines(&mut self, draft: &Draft<'_>, transfer: Id, steps: &[Step]) -> Option<Instant> {
        let mut next_due = None;
        for (n, code) in CLOCKS.iter().enumerate() {
            let Some(start) = steps.get(n).filter(|step| step.kind != StepKind::Withdrawn) else { break };
            let on = self.day(start.at);
            let Some(clock) = clocks().get(code, on) else { continue };
            let agreed = draft.addressee.ack_days.filter(|days| n == 0 && *days > 0);
            let limit = agreed.and_then(|days| u32::try_from(days).ok()).unwrap_or(clock.limit);
            let Some(due) = deadline::reckoning(self.world.zone).due(clock, limit, start.at) else {
                continue;
            };
            let next = steps.get(n + 1);
            let stopped = next.map(|step| step.at);
            let ended_by =
                |step: &Step| step.kind.as_str().parse().ok().and_then(|event: Event| clock.ended_by(event));
            let moot = next.is_some_and(|step| ended_by(step) != Some(Ending::Met));
            let id = self.id(start.at);
            self.rows.deadline.push([
                id.into(),
                transfer.into(),
                (*code).into(),
                "agency".into(),
                start.at.into(),
                due.at.into(),
                due.provisional.into(),
                stopped.into(),
                moot.into(),
                start.at.into(),
                due.at.into(),
            ]);
            if stopped.is_none() {
                next_due = Some(due.at);
            }
        }
        next_due
    }

    fn messages(&mut self, draft: &Draft<'_>, transfer: Id, sent: Instant) {
        if !self.rng.gen_ratio(1, 5) {
            return;
        }
        for n in 0..self.rng.gen_range(1..4) {
            let at = sent.plus_seconds(DAY * (1 + n));
            let body = words::LINES.choose(&mut self.rng).copied().unwrap_or_default();
            let side = if n % 2 == 0 { "agency" } else { "platform" };
            let author = (n % 2 == 1).then_some(draft.owner);
            let id = self.id(at);
            let row = [id.into(), transfer.into(), author.into(), side.into(), at.into(), body.into()];
            self.rows.message.push(row);
        }
    }
}

/// The code of what is asked for.
const REQUEST: &str = "RQ-PAPERS";
