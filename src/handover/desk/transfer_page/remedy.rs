//! What the accuser may do against a decision of the police not to file, and what comes next of it.

use super::{Offer, Sight, acts, story};
use crate::{
    directory::people::Recorder,
    handover::{
        deadline,
        remedy::model::{Remedy, Step, Taken, Verdict},
        transfer::{actions::may_send, model::State},
    },
    platform::{
        http::view::{Event, Tone},
        paths, time,
    },
};

/// The panel beside the transfer's other parts.
pub struct RemedyView {
    /// What comes next, or why it is not open to this transfer.
    pub text: String,
    pub offers: Vec<Offer>,
}

/// The remedy where it is open to the sender and the decision still stands as the last word between the two sides.
fn standing<'a>(s: &'a Sight<'_>) -> Option<&'a Remedy> {
    let remedy = s.d.remedy.as_ref()?;
    let is_open = remedy.is_open_to_sender() && remedy.stands().is_ok();
    (is_open && remedy.state == State::NotFiled).then_some(remedy)
}

/// Whether the decision not to file was revoked and nothing was sent since.
pub(super) fn is_revoked(s: &Sight<'_>) -> bool {
    standing(s).is_some_and(Remedy::is_revoked)
}

/// Whether it waits on the platform's first page of itself, whoever took note of the decision: as
/// [`crate::handover::waiting`] has it.
pub(super) fn waits_for_platform(s: &Sight<'_>) -> bool {
    let waits = |code: &str| match code {
        "PSB-NOFILE-SERVE" | "PSB-RECON-ASK" | "PSB-REVIEW2-ASK" => true,
        "PSB-RECON-DECIDE" | "PSB-REVIEW2-DECIDE" => !s.d.has_accounts,
        _ => false,
    };
    is_revoked(s) || s.d.deadlines.iter().any(|row| row.stopped_at.is_none() && waits(&row.clock_code))
}

/// Whose turn it is and with what, where a decision not to file is not the end of it; `None`: nothing is owed or open.
pub(super) fn turn(s: &Sight<'_>) -> Option<String> {
    let remedy = standing(s)?;
    let side = if s.is_agency() { "agency" } else { "platform" };
    let Some(step) = remedy.next_step() else {
        return remedy.is_revoked().then(|| s.c.t(format!("remedy-turn-{side}-revoked")));
    };
    let key = format!("remedy-turn-{side}-{}", step.as_str().replace('_', "-"));
    let clock = match step {
        Step::Asked => "PSB-RECON-ASK",
        Step::ReviewAsked => "PSB-REVIEW2-ASK",
        Step::Served | Step::Decided | Step::ReviewDecided => return Some(s.c.t(key)),
    };
    let runs = s.d.deadlines.iter().find(|row| row.stopped_at.is_none() && row.clock_code == clock);
    Some(match runs {
        Some(row) => s.c.tv(&format!("{key}-until"), "day", time::day_of(row.due_at, s.at.zone)),
        None => s.c.t(key),
    })
}

/// The panel; `None` where no decision not to file stands.
pub(super) fn remedy(s: &Sight<'_>) -> Option<RemedyView> {
    let remedy = s.d.remedy.as_ref().filter(|remedy| remedy.stands().is_ok())?;
    if !remedy.is_open_to_sender() {
        // To one who has no such remedy it is said while the decision is the last word.
        let role = s.c.t(format!("transfer-sender-role-{}", remedy.sender_role.replace('_', "-")));
        let text = s.c.tv("remedy-accuser-only", "role", role);
        return (remedy.state == State::NotFiled).then_some(RemedyView { text, offers: Vec::new() });
    }
    let offers = remedy.next_step().filter(|step| may_record(s, *step)).map(|step| Offer {
        href: format!("{}/{}", paths::transfer(s.d.row.id), step.page()),
        label: s.c.t(format!("transfer-{}-title", step.page())),
        tone: "",
    });
    let mut offers: Vec<Offer> = offers.into_iter().collect();
    if is_revoked(s) && !s.is_agency() {
        offers.push(Offer { href: paths::lead(s.d.lead.id), label: s.c.t("remedy-do-lead"), tone: "" });
    }
    // What is the accuser's to record is not offered to the agency.
    let key = match remedy.next_step() {
        Some(step) if step.is_accusers() && s.is_agency() => format!("{}-agency", next(remedy)),
        _ => next(remedy).to_owned(),
    };
    Some(RemedyView { text: s.c.t(key), offers })
}

fn may_record(s: &Sight<'_>, step: Step) -> bool {
    if s.is_agency() {
        return !step.is_accusers();
    }
    if step.is_agencys() {
        return acts::records_papers(s);
    }
    s.me.has_any(Recorder::ROLES) && may_send(s.me, &s.d.lead)
}

/// The sentence on what comes next.
fn next(remedy: &Remedy) -> &'static str {
    match remedy.next_step() {
        Some(Step::Served) => "remedy-next-served",
        Some(Step::Asked) => "remedy-next-asked",
        Some(Step::Decided) => "remedy-next-decided",
        Some(Step::ReviewAsked) => "remedy-next-review-asked",
        Some(Step::ReviewDecided) => "remedy-next-review-decided",
        None if !remedy.is_revoked() => "remedy-ended",
        None if remedy.state == State::NotFiled => "remedy-revoked",
        None => "remedy-revoked-sent",
    }
}

/// A step of the remedy among what happened.
pub(super) fn event(s: &Sight<'_>, taken: &Taken) -> Event {
    let c = s.c;
    let mut lines = vec![c.tv("remedy-event-on", "day", taken.on)];
    lines.extend(taken.verdict.map(|verdict| c.t(format!("remedy-verdict-{verdict}"))));
    if !taken.number.is_empty() {
        lines.push(c.tv("remedy-event-number", "number", &taken.number));
    }
    if taken.paper.is_some() {
        lines.push(c.tv("transfer-event-paper", "day", taken.on));
    }
    Event {
        time: deadline::shown(taken.at, s.at.zone),
        datetime: taken.at.to_string(),
        actor: s.who(&taken.side, taken.actor),
        title: c.t(format!("remedy-step-{}", taken.step.as_str().replace('_', "-"))),
        body: lines.join("\n"),
        tone: match taken.verdict {
            Some(Verdict::Revoked) => Tone::Good,
            Some(Verdict::Upheld) => Tone::Bad,
            None => Tone::Neutral,
        },
        link: story::scan(s, taken.paper),
    }
}
