//! What the accuser may do against a decision of the police not to file, and what comes next of it.

use super::{Offer, Sight, acts, story};
use crate::{
    directory::people::Recorder,
    handover::{
        deadline::clocks::remedy as limits,
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

/// The remedy where it is open to the sender and the decision still stands.
fn standing<'a>(s: &'a Sight<'_>) -> Option<&'a Remedy> {
    s.d.remedy.as_ref().filter(|remedy| remedy.is_open_to_sender() && remedy.stands().is_ok())
}

/// Whether the decision not to file was revoked, and what is to be sent was not or came to nothing.
pub(super) fn is_revoked(s: &Sight<'_>) -> bool {
    let ended = |state: State| state.is_over() && state != State::Forwarded;
    standing(s).is_some_and(|remedy| remedy.is_revoked() && ended(remedy.state))
}

/// Whether the decision is not the end yet, whoever took note of it: a time limit of the remedy runs for either side, or
/// it was revoked. [`crate::handover::waiting`] leaves it out of what came back so long.
pub(super) fn goes_on(s: &Sight<'_>) -> bool {
    let of_remedy = |code: &str| limits::ALL.contains(&code);
    let runs = || s.d.deadlines.iter().any(|row| row.stopped_at.is_none() && of_remedy(&row.clock_code));
    is_revoked(s) || (s.d.row.state() == State::NotFiled && runs())
}

/// Whose turn it is and with what, where a decision not to file is not the end of it; `None`: nothing is owed or open.
pub(super) fn turn(s: &Sight<'_>) -> Option<String> {
    let side = if s.is_agency() { "agency" } else { "platform" };
    if is_revoked(s) {
        return Some(s.c.t(format!("remedy-turn-{side}-revoked")));
    }
    // A version that was sent after the decision has a turn of its own.
    let last_word = |remedy: &&Remedy| remedy.state == State::NotFiled && remedy.waived().is_none();
    let step = standing(s).filter(last_word)?.next_step()?;
    let key = format!("remedy-turn-{side}-{}", step.as_str().replace('_', "-"));
    let clock = match step {
        Step::Asked => limits::RECON_ASK,
        Step::ReviewAsked => limits::REVIEW_ASK,
        // What nobody at the agency can record is recorded from its paper.
        Step::Decided | Step::ReviewDecided if !s.is_agency() && !s.d.has_accounts => {
            return Some(s.c.t(format!("{key}-paper")));
        }
        _ => return Some(s.c.t(key)),
    };
    let runs = s.d.deadlines.iter().find(|row| row.stopped_at.is_none() && row.clock_code == clock);
    Some(match runs {
        Some(row) => {
            let when = if row.due_at < s.at.now { "over" } else { "until" };
            s.c.tv(&format!("{key}-{when}"), "day", s.day(time::day_of(row.due_at, s.at.zone)))
        }
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
    // What was asked for in its time may be recorded after it: the form asks for the day.
    let steps = remedy.next_step().into_iter().chain(remedy.waiver());
    let offers = steps.filter(|step| may_record(s, *step)).map(|step| Offer {
        href: format!("{}/{}", paths::transfer(s.d.row.id), step.page()),
        label: s.c.t(format!("transfer-{}-title", step.page())),
        tone: "",
    });
    let mut offers: Vec<Offer> = offers.collect();
    if is_revoked(s) && !s.is_agency() {
        offers.push(Offer { href: paths::lead(s.d.lead.id), label: s.c.t("remedy-do-lead"), tone: "" });
    }
    Some(RemedyView { text: text(s, remedy), offers })
}

/// What comes next, in words; of what was said not to be asked for, until when it still may be.
fn text(s: &Sight<'_>, remedy: &Remedy) -> String {
    let key = next(remedy);
    if remedy.waived().is_some() {
        return match remedy.end_of_asking(&s.d.deadlines, s.at.zone) {
            Some(end) => {
                let is_over = end < time::day_of(s.at.now, s.at.zone);
                s.c.tv(&format!("{key}-{}", if is_over { "over" } else { "until" }), "day", s.day(end))
            }
            None => s.c.t(key),
        };
    }
    // What is the accuser's to record is not offered to the agency.
    match remedy.next_step() {
        Some(step) if step.is_accusers() && s.is_agency() => s.c.t(format!("{key}-agency")),
        _ => s.c.t(key),
    }
}

fn may_record(s: &Sight<'_>, step: Step) -> bool {
    if s.is_agency() {
        return !step.is_accusers();
    }
    if step.is_agencys() {
        let is_own = s.d.remedy.as_ref().is_some_and(|remedy| remedy.is_asked_by(s.me.id));
        return acts::records_papers(s) && !is_own;
    }
    s.me.has_any(Recorder::ROLES) && may_send(s.me, &s.d.lead)
}

/// The sentence on what comes next.
fn next(remedy: &Remedy) -> &'static str {
    match remedy.waived().or(remedy.next_step()) {
        Some(Step::Served) => "remedy-next-served",
        Some(Step::AskWaived) => "remedy-waived",
        Some(Step::Asked) => "remedy-next-asked",
        Some(Step::Decided) => "remedy-next-decided",
        Some(Step::ReviewWaived) => "remedy-review-waived",
        Some(Step::ReviewAsked) => "remedy-next-review-asked",
        Some(Step::ReviewDecided) => "remedy-next-review-decided",
        None if !remedy.is_revoked() => "remedy-ended",
        None if remedy.state == State::Forwarded => "remedy-revoked-forwarded",
        None if remedy.state.is_over() => "remedy-revoked",
        None => "remedy-revoked-sent",
    }
}

/// A step of the remedy among what happened.
pub(super) fn event(s: &Sight<'_>, taken: &Taken) -> Event {
    let c = s.c;
    let mut lines = vec![c.tv("remedy-event-on", "day", s.day(taken.on))];
    lines.extend(taken.verdict.map(|verdict| c.t(format!("remedy-verdict-{verdict}"))));
    if !taken.number.is_empty() {
        lines.push(c.tv("remedy-event-number", "number", &taken.number));
    }
    lines.extend(taken.remark.and_then(|id| s.d.texts.get(&id)).cloned());
    if taken.paper.is_some() {
        lines.push(c.tv("transfer-event-paper", "day", s.day(taken.on)));
    }
    Event {
        time: s.time(taken.at),
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
