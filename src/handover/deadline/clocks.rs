//! The time limits on file (`assets/reference/clocks.csv`): which of them a step of a transfer starts, and which it
//! ends. Only the rule in force on the day of the step is used; for a day without one the page says so.

pub mod remedy;

use std::sync::OnceLock;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::{
    directory::{
        people,
        reference::table::{Dated, Span, Table, embedded, list, yes},
    },
    platform::{
        i18n::{Lang, t_count, t_with},
        words::words,
    },
};

/// The code of the police's time limit for forwarding what they found not to be within their competence.
pub const FORWARD: &str = "PSB-FORWARD";

words!(
    /// A step of a transfer, or of the paper around it, as the clocks name it.
    Event {
        Sent = "sent",
        /// 签收
        Received = "received",
        /// 受理／受案
        Accepted = "accepted",
        /// 不予受理
        NotAccepted = "not_accepted",
        /// 立案
        Filed = "filed",
        /// 不予立案
        NotFiled = "not_filed",
        /// 退回
        Returned = "returned",
        /// 转送
        Forwarded = "forwarded",
        SupplementRequested = "supplement_requested",
        SupplementAnswered = "supplement_answered",
        Withdrawn = "withdrawn",
        /// The formal 不予立案通知书 reached the sender.
        NoFilingNoticeServed = "no_filing_notice_served",
        /// 控告人申请复议, which the police received with it.
        ReconsiderationAsked = "complainant_reconsideration_request",
        ReconsiderationRequestReceived = "reconsideration_request_received",
        /// 复议决定
        ReconsiderationDecided = "reconsideration_decision",
        /// One that upholds, against which a review can be asked for.
        ReconsiderationDecisionReceived = "reconsideration_decision_received",
        /// 申请复核, which the next higher police received with it.
        ReviewAsked = "review_request_to_superior",
        ReviewRequestReceived = "review_request_received",
        /// 复核决定
        ReviewDecided = "review_decision",
        /// 不申请复议
        ReconsiderationWaived = "reconsideration_waived",
        /// 不申请复核
        ReviewWaived = "review_waived",
        /// The sender was told whether a case was filed.
        OutcomeTold = "outcome_told",
        /// The agency found that the matter is not within its competence.
        NotOwnJurisdictionFound = "not_own_jurisdiction_found",
        /// 行政处罚决定
        PenaltyDecision = "penalty_decision",
    }
);

impl Event {
    /// Whether the program records it; a clock that only others could stop is shown, not run.
    pub fn is_recorded(self) -> bool {
        self != Self::OutcomeTold
    }

    /// Whether the transfer ends here as far as this agency goes.
    fn ends_transfer(self) -> bool {
        matches!(self, Self::NotAccepted | Self::Returned | Self::Forwarded | Self::Withdrawn)
    }
}

/// In what a limit is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Hours,
    NaturalDays,
    WorkingDays,
}

/// How a clock comes to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Starts with its event.
    Auto,
    /// Only when the agency extends the clock named in `of`.
    Extension,
    /// Shown beside the clock named in `of`, which it repeats or competes with.
    Alternative,
}

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Agency,
    Sender,
    /// Neither: another authority, or the party. Shown with its end where it runs, and due for nobody here.
    Other,
}

impl Side {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agency => "agency",
            Self::Sender => "sender",
            Self::Other => "other",
        }
    }

    /// As a running clock bears it: the sender is the platform.
    pub fn stored(self) -> &'static str {
        match self {
            Self::Sender => people::Side::Platform.as_str(),
            Self::Agency | Self::Other => self.as_str(),
        }
    }
}

/// A time limit.
#[derive(Clone, Debug, Deserialize)]
pub struct Clock {
    pub code: String,
    pub mode: Mode,
    /// The clock that this one extends or stands beside.
    pub of: Option<String>,
    /// 1 agreed, 2 general law, 3 special law: of rules for the same step the highest is used.
    pub precedence: u8,
    pub limit: u32,
    pub unit: Unit,
    /// Whether a last day that is not worked moves to the next working day.
    #[serde(deserialize_with = "yes")]
    pub roll_over: bool,
    pub roll_over_basis: String,
    #[serde(deserialize_with = "list")]
    pub start_events: Vec<String>,
    #[serde(deserialize_with = "list")]
    pub stop_events: Vec<String>,
    /// What ends it without being what it waited for, beside the steps that end the transfer for this agency.
    #[serde(deserialize_with = "list")]
    pub moot_events: Vec<String>,
    #[serde(deserialize_with = "list")]
    agency_kinds: Vec<String>,
    #[serde(deserialize_with = "list")]
    agency_types: Vec<String>,
    #[serde(deserialize_with = "list")]
    sender_roles: Vec<String>,
    pub waits_on: Side,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
    /// No: shown as information, never computed.
    #[serde(deserialize_with = "yes")]
    pub computed: bool,
    pub law_zh: String,
    pub law_en: String,
    pub article_zh: String,
    pub article_en: String,
    pub name_zh: String,
    pub name_en: String,
    pub confidence: String,
    /// In words; empty where it cannot be extended.
    pub extendable: String,
    /// By how many of its unit a stated day may lie behind its end, where the law says so.
    pub stated_max: Option<u32>,
    pub note: String,
}

impl Dated for Clock {
    fn code(&self) -> &str {
        &self.code
    }

    fn span(&self) -> Span {
        Span { from: self.valid_from, to: self.valid_to }
    }
}

/// How a step ends a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// By what it waited for.
    Met,
    /// It no longer matters.
    Moot,
}

impl Ending {
    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Moot => "moot",
        }
    }
}

impl Clock {
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_zh, &self.name_en)
    }

    /// Agreed, not statutory: the agency's own number of days replaces the limit.
    pub fn is_agreed(&self) -> bool {
        self.precedence == 1
    }

    /// `《law》第8条`, `law, art. 8`; the plain words for an agreed one.
    pub fn citation(&self, lang: Lang) -> String {
        let law = lang.pick(&self.law_zh, &self.law_en).to_owned();
        match lang.pick(&self.article_zh, &self.article_en) {
            "" => law,
            article => t_with(lang, "deadline-citation", &[("law", law), ("article", article.to_owned())]),
        }
    }

    /// `3 个工作日`, `24 hours`.
    pub fn limit_text(&self, limit: u32, lang: Lang) -> String {
        let key = match self.unit {
            Unit::Hours => "deadline-hours",
            Unit::NaturalDays => "deadline-natural-days",
            Unit::WorkingDays => "deadline-working-days",
        };
        t_count(lang, key, limit.into())
    }

    /// Whether something that the program records can stop it.
    pub fn can_be_stopped(&self) -> bool {
        self.stop_events.iter().any(|stop| stop.parse().is_ok_and(Event::is_recorded))
    }

    /// Whether it belongs to a decision not to file, which stands whatever becomes of a version that is sent after it:
    /// only a filing ends it, or the next decision.
    pub fn is_of_remedy(&self) -> bool {
        remedy::ALL.contains(&self.code.as_str())
    }

    /// What `event` does to the running clock; `None` if it runs on. Only what the clock waited for meets it.
    pub fn ended_by(&self, event: Event) -> Option<Ending> {
        let name = event.as_str();
        if self.stop_events.iter().any(|stop| stop == name) {
            return Some(Ending::Met);
        }
        if self.moot_events.iter().any(|moot| moot == name) {
            return Some(Ending::Moot);
        }
        let started_by_it = self.start_events.iter().any(|start| start == name);
        (event.ends_transfer() && !started_by_it && !self.is_of_remedy()).then_some(Ending::Moot)
    }

    fn is_for(&self, step: &Step) -> bool {
        let kind = self.agency_kinds.iter().any(|kind| kind == "any" || kind == step.agency_kind);
        let branch =
            self.agency_types.is_empty() || self.agency_types.iter().any(|kind| kind == step.agency_type);
        let role = self.sender_roles.iter().any(|role| role == "any" || role == step.sender_role);
        let before_acceptance = self.stop_events.iter().any(|stop| stop == Event::Accepted.as_str());
        kind && branch && role && !(step.accepted && before_acceptance)
    }

    fn shares_start(&self, other: &Clock) -> bool {
        self.start_events.iter().any(|event| other.start_events.contains(event))
    }
}

/// A step of a transfer, as far as clocks care.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    pub event: Event,
    /// The day of the step in the configured zone.
    pub on: NaiveDate,
    /// Kind and code of the agency's type (`police`, `PS-FDE`).
    pub agency_kind: &'a str,
    pub agency_type: &'a str,
    /// `reporter`, `accuser_joint`, `assisting`; `admin_agency` where an administrative agency hands a case on.
    pub sender_role: &'a str,
    /// Whether the agency had accepted before this step.
    pub accepted: bool,
}

/// What a step starts.
#[derive(Clone, Debug, Default)]
pub struct Starting<'a> {
    /// Clocks to run, in file order.
    pub clocks: Vec<&'a Clock>,
    /// Statutory clocks for this step whose rule did not hold on the day, where no other rule did: "none on file".
    pub none_on_file: Vec<&'a Clock>,
}

/// The time limits on file.
#[derive(Clone, Debug)]
pub struct Clocks(Table<Clock>);

/// The embedded time limits.
pub fn clocks() -> &'static Clocks {
    static CLOCKS: OnceLock<Clocks> = OnceLock::new();
    CLOCKS.get_or_init(|| {
        Clocks(Table::new(embedded("clocks.csv", include_str!("../../../assets/reference/clocks.csv"))))
    })
}

impl Clocks {
    pub fn all(&self) -> &[Clock] {
        self.0.rows()
    }

    /// The clock of a stored code: its rule of `on`, or the nearest.
    pub fn get(&self, code: &str, on: NaiveDate) -> Option<&Clock> {
        self.0.nearest(code, on)
    }

    /// The clocks that a step starts. A statutory limit goes before an agreed one for the same start, special law
    /// before general; what is only shown is left out (see [`Clocks::shown`]).
    pub fn starting(&self, step: &Step) -> Starting<'_> {
        let fits = |clock: &&Clock| clock.mode == Mode::Auto && clock.computed && clock.is_for(step);
        let held: Vec<&Clock> = self.0.in_force(step.on).filter(fits).collect();
        let starts = |clock: &&&Clock| clock.start_events.iter().any(|event| event == step.event.as_str());
        let clocks: Vec<&Clock> =
            held.iter().filter(starts).filter(|clock| !is_outranked(clock, &held)).copied().collect();
        let none_on_file = self
            .all()
            .iter()
            .filter(fits)
            .filter(|clock| starts(&clock) && !clock.is_agreed() && !clock.span().covers(step.on))
            .filter(|clock| {
                !clocks.iter().any(|other| !other.is_agreed() && other.stop_events == clock.stop_events)
            })
            .collect();
        Starting { clocks, none_on_file }
    }

    /// What else is known about a step on its day, for information: alternatives, extensions, what is not computed, and
    /// what nothing that is recorded could stop: such a clock would run on for ever.
    pub fn shown(&self, step: &Step) -> Vec<&Clock> {
        self.0
            .in_force(step.on)
            .filter(|clock| clock.start_events.iter().any(|event| event == step.event.as_str()))
            .filter(|clock| clock.is_for(step))
            .filter(|clock| clock.mode != Mode::Auto || !clock.computed || !clock.can_be_stopped())
            .collect()
    }

    /// The extensions of a clock that could be granted on `on`.
    pub fn extensions(&self, code: &str, on: NaiveDate) -> Vec<&Clock> {
        let of = |clock: &&Clock| clock.mode == Mode::Extension && clock.of.as_deref() == Some(code);
        self.0.in_force(on).filter(of).collect()
    }

    /// Whether the rule of `on` lets a clock be extended to a day that is stated with its source: it says that it can
    /// be extended and fixes no further limit for it.
    pub fn may_be_stated(&self, code: &str, on: NaiveDate) -> bool {
        let extendable = self.get(code, on).is_some_and(|clock| clock.extendable.starts_with("yes"));
        extendable && !self.all().iter().any(|c| c.mode == Mode::Extension && c.of.as_deref() == Some(code))
    }
}

/// Whether another clock that holds goes first.
fn is_outranked(clock: &Clock, held: &[&Clock]) -> bool {
    held.iter().any(|other| {
        other.precedence > clock.precedence
            && other.waits_on == clock.waits_on
            && other.shares_start(clock)
            && (clock.is_agreed() || other.stop_events == clock.stop_events)
    })
}

#[cfg(test)]
mod tests;
