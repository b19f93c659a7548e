//! The way of one transfer: its states, which side may take which step in which of them, and what a run of steps
//! amounts to. [`derive`] is the only place where a state comes from; what is stored on `transfer` is its result.
//!
//! Refuse, return, forward and request are four different things: a refusal ends, a return comes back for repair, a
//! forward goes on to another agency, a request waits for the sender.

use crate::{
    directory::people::Side,
    platform::{
        db::{Id, Instant},
        http::view::Tone,
        words::words,
    },
};

words!(
    /// Where a transfer stands.
    State {
        /// 已移送: with the agency, not acknowledged yet.
        Sent = "sent",
        /// 已签收
        Received = "received",
        /// 已受理／受案
        Accepted = "accepted",
        /// 已立案
        Filed = "filed",
        /// 不予立案
        NotFiled = "not_filed",
        /// 不予受理
        NotAccepted = "not_accepted",
        /// 退回: wants repair, may be sent again.
        Returned = "returned",
        /// 转送: went on to another agency.
        Forwarded = "forwarded",
        /// 要求补充: the platform's turn.
        SupplementRequested = "supplement_requested",
        /// 撤回 by the platform.
        Withdrawn = "withdrawn",
    }
);

words!(
    /// What happened to a transfer; also the names of the events that start and stop clocks.
    StepKind {
        /// Sent, or sent again after it had ended.
        Sent = "sent",
        /// A further version of the dossier, unasked.
        Delivered = "delivered",
        /// A further version that answers a request.
        SupplementAnswered = "supplement_answered",
        Received = "received",
        Accepted = "accepted",
        Filed = "filed",
        NotFiled = "not_filed",
        NotAccepted = "not_accepted",
        Returned = "returned",
        Forwarded = "forwarded",
        /// Another agency forwarded it back to one that had it before.
        CameBack = "came_back",
        /// The platform does not pass on what was forwarded and waited for it.
        NotPassed = "not_passed_on",
        SupplementRequested = "supplement_requested",
        Withdrawn = "withdrawn",
    }
);

words!(
    /// How a dossier reaches its agency.
    Channel {
        Portal = "portal",
        Paper = "paper",
        Disc = "disc",
    }
);

impl State {
    /// The colour beside the word.
    pub fn tone(self) -> Tone {
        match self {
            State::Sent | State::Received => Tone::Info,
            State::Accepted | State::Filed => Tone::Good,
            State::SupplementRequested | State::Returned => Tone::Warn,
            State::NotAccepted | State::NotFiled => Tone::Bad,
            State::Forwarded => Tone::Neutral,
            State::Withdrawn => Tone::Muted,
        }
    }

    /// Message key of the word.
    pub fn key(self) -> String {
        format!("transfer-state-{}", self.as_str().replace('_', "-"))
    }

    /// Those in which nothing more is expected of the agency on this way.
    pub const OVER: [State; 5] =
        [State::NotAccepted, State::NotFiled, State::Returned, State::Forwarded, State::Withdrawn];

    /// Whether nothing more is expected of the agency on this way.
    pub fn is_over(self) -> bool {
        Self::OVER.contains(&self)
    }
}

impl StepKind {
    /// Message key of the sentence in the timeline.
    pub fn key(self) -> String {
        format!("transfer-step-{}", self.as_str().replace('_', "-"))
    }

    /// The colour in the timeline.
    pub fn tone(self) -> Tone {
        match self {
            StepKind::Sent | StepKind::Delivered | StepKind::SupplementAnswered => Tone::Info,
            StepKind::Received | StepKind::Accepted | StepKind::Filed => Tone::Good,
            StepKind::SupplementRequested | StepKind::Returned => Tone::Warn,
            StepKind::NotAccepted | StepKind::NotFiled => Tone::Bad,
            StepKind::Forwarded | StepKind::CameBack | StepKind::NotPassed | StepKind::Withdrawn => {
                Tone::Neutral
            }
        }
    }

    /// Whether the step takes a dossier to the agency.
    pub fn delivers(self) -> bool {
        matches!(self, StepKind::Sent | StepKind::Delivered | StepKind::SupplementAnswered)
    }

    /// Whose step it is.
    pub fn side(self) -> Side {
        let own = self.delivers() || matches!(self, StepKind::Withdrawn | StepKind::NotPassed);
        if own { Side::Platform } else { Side::Agency }
    }
}

pub mod stage;

/// One step as far as the state depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    pub kind: StepKind,
    pub at: Instant,
    /// The delivery that was sent, or that was acknowledged.
    pub delivery: Option<Id>,
}

/// What a run of steps amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub state: State,
    /// Furthest ever, see [`stage`].
    pub stage: i32,
    /// Of the first of each; a second sending changes none of them.
    pub sent_at: Instant,
    pub received_at: Option<Instant>,
    pub accepted_at: Option<Instant>,
    pub filed_at: Option<Instant>,
    /// The newest delivery; history from before there were any has none.
    pub newest: Option<Id>,
    /// Whether the newest sending is still to be acknowledged.
    pub unacknowledged: bool,
    /// Where it goes on when an open request for a supplement is answered or left behind.
    base: State,
}

/// Why a step can't be taken: a message key.
pub type Refusal = &'static str;

/// Which delivering step a dossier sent now would be; `None` of a standing: the first.
///
/// # Errors
/// The transfer can't take a delivery.
pub fn delivering(standing: Option<&Standing>) -> Result<StepKind, Refusal> {
    match standing.map(|s| s.state) {
        None => Ok(StepKind::Sent),
        Some(State::Forwarded) => Err("conflict-transfer-forwarded"),
        Some(state) if state.is_over() => Ok(StepKind::Sent),
        Some(State::SupplementRequested) => Ok(StepKind::SupplementAnswered),
        Some(_) => Ok(StepKind::Delivered),
    }
}

/// Whether `kind` may be taken now.
///
/// # Errors
/// Why not.
pub fn allows(standing: &Standing, kind: StepKind) -> Result<(), Refusal> {
    let at = standing.effective();
    let open = |states: &[State], refusal| if states.contains(&at) { Ok(()) } else { Err(refusal) };
    if !kind.delivers() && !matches!(kind, StepKind::CameBack | StepKind::NotPassed) {
        over(standing.state)?;
    }
    match kind {
        StepKind::Sent | StepKind::Delivered | StepKind::SupplementAnswered => {
            if delivering(Some(standing))? == kind { Ok(()) } else { Err("conflict-transfer-changed") }
        }
        StepKind::Received if standing.unacknowledged => Ok(()),
        StepKind::Received => Err("conflict-transfer-received"),
        _ if at == State::Sent && kind.side() == Side::Agency => Err("conflict-transfer-not-received"),
        StepKind::Accepted | StepKind::NotAccepted => open(&[State::Received], "conflict-transfer-accepted"),
        StepKind::Filed | StepKind::NotFiled if at == State::Received => {
            Err("conflict-transfer-not-accepted-yet")
        }
        StepKind::Filed | StepKind::NotFiled => open(&[State::Accepted], "conflict-transfer-filed"),
        StepKind::Returned | StepKind::Forwarded => {
            open(&[State::Received, State::Accepted], "conflict-transfer-filed")
        }
        StepKind::SupplementRequested if standing.state == State::SupplementRequested => {
            Err("conflict-transfer-asked")
        }
        StepKind::SupplementRequested => Ok(()),
        StepKind::Withdrawn => open(&[State::Sent, State::Received], "conflict-transfer-taken-on"),
        StepKind::CameBack | StepKind::NotPassed if standing.state == State::Forwarded => Ok(()),
        StepKind::CameBack => Err("conflict-transfer-changed"),
        StepKind::NotPassed => Err("conflict-passing-none"),
    }
}

/// Why nothing more can be done to a transfer that is over.
fn over(state: State) -> Result<(), Refusal> {
    match state {
        State::NotAccepted => Err("conflict-transfer-refused"),
        State::NotFiled => Err("conflict-transfer-not-filed"),
        State::Returned => Err("conflict-transfer-returned"),
        State::Forwarded => Err("conflict-transfer-forwarded"),
        State::Withdrawn => Err("conflict-transfer-withdrawn"),
        _ => Ok(()),
    }
}

/// The steps that `side` could take now, in the order in which they are offered.
pub fn offered(standing: &Standing, side: Side) -> Vec<StepKind> {
    use StepKind as K;
    const AGENCY: [StepKind; 8] = [
        K::Received,
        K::Accepted,
        K::Filed,
        K::SupplementRequested,
        K::NotAccepted,
        K::NotFiled,
        K::Returned,
        K::Forwarded,
    ];
    let kinds: &[StepKind] = match side {
        Side::Agency => &AGENCY,
        Side::Platform => &[K::Withdrawn],
        Side::Auditor => &[],
    };
    kinds.iter().copied().filter(|kind| allows(standing, *kind).is_ok()).collect()
}

/// The standing after one more step.
///
/// # Errors
/// Why it can't be taken.
pub fn after(standing: Option<&Standing>, step: &Step) -> Result<Standing, Refusal> {
    let Some(before) = standing else {
        return if step.kind == StepKind::Sent { Ok(first(step)) } else { Err("conflict-transfer-changed") };
    };
    allows(before, step.kind)?;
    let mut now = *before;
    let reached = |at: &mut Option<Instant>| *at = at.or(Some(step.at));
    match step.kind {
        StepKind::Sent => now.enter(State::Sent),
        StepKind::Delivered | StepKind::NotPassed => {}
        StepKind::SupplementAnswered => now.enter(before.base),
        StepKind::Received => {
            reached(&mut now.received_at);
            now.unacknowledged = false;
            if now.state == State::Sent {
                now.enter(State::Received);
            }
        }
        StepKind::Accepted => {
            reached(&mut now.accepted_at);
            now.go_on(State::Accepted);
        }
        StepKind::Filed => {
            reached(&mut now.filed_at);
            now.enter(State::Filed);
        }
        StepKind::NotFiled => now.enter(State::NotFiled),
        StepKind::NotAccepted => now.enter(State::NotAccepted),
        StepKind::Returned => now.enter(State::Returned),
        StepKind::Forwarded => now.enter(State::Forwarded),
        StepKind::CameBack => now.enter(State::Received),
        StepKind::SupplementRequested => now.state = State::SupplementRequested,
        StepKind::Withdrawn => now.enter(State::Withdrawn),
    }
    if step.kind.delivers() {
        now.newest = step.delivery;
        now.unacknowledged = true;
    }
    now.stage = now.stage.max(stage_of(now.effective()));
    Ok(now)
}

fn first(step: &Step) -> Standing {
    Standing {
        state: State::Sent,
        stage: stage::SENT,
        sent_at: step.at,
        received_at: None,
        accepted_at: None,
        filed_at: None,
        newest: step.delivery,
        unacknowledged: true,
        base: State::Sent,
    }
}

fn stage_of(state: State) -> i32 {
    match state {
        State::Received => stage::RECEIVED,
        State::Accepted => stage::ACCEPTED,
        State::Filed => stage::FILED,
        _ => stage::SENT,
    }
}

impl Standing {
    /// Where the agency is, whether or not it waits for a supplement.
    pub fn effective(&self) -> State {
        if self.state == State::SupplementRequested { self.base } else { self.state }
    }

    /// Whether the agency has taken it on in the present run; one that came back and was sent again begins anew.
    pub fn is_accepted(&self) -> bool {
        matches!(self.effective(), State::Accepted | State::Filed)
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.base = state;
    }

    /// As `enter`, but a request that is open stays open.
    fn go_on(&mut self, state: State) {
        if self.state != State::SupplementRequested {
            self.state = state;
        }
        self.base = state;
    }
}

/// What all steps of a transfer, oldest first, amount to. The one place where a state comes from.
///
/// # Errors
/// The first step that could not have been taken; for no steps at all too.
pub fn derive(steps: &[Step]) -> Result<Standing, Refusal> {
    let mut standing = None;
    for step in steps {
        standing = Some(after(standing.as_ref(), step)?);
    }
    standing.ok_or("conflict-transfer-changed")
}

#[cfg(test)]
mod tests;
