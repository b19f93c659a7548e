//! What an entry of the ledger is, which of them count, and who may decide on one. Pure: no database, no clock.

use crate::{
    directory::{
        people::Side,
        reference::{Charge, Track, Use},
    },
    platform::{db::Id, http::view::Tone, i18n::Lang, money, words::words},
};

words!(
    /// What came of a case.
    Kind {
        /// 抓获
        Arrest = "arrest",
        /// 捣毁窝点
        SiteRaided = "site_raided",
        /// 查获物品
        GoodsSeized = "goods_seized",
        /// 涉案价值
        CaseValue = "case_value",
        /// 起诉
        Prosecution = "prosecution",
        /// 判决
        Judgment = "judgment",
        /// 行政处罚
        Penalty = "penalty",
    }
);

words!(
    /// What the other side said to an entry.
    Decision { Confirmed = "confirmed", Rejected = "rejected" }
);

words!(
    /// What an entry rests on.
    SourceKind {
        /// A file that was handed in with it.
        File = "file",
        /// A paper, by its name and number.
        Paper = "paper",
        /// Something published; never set by a form.
        Published = "published",
    }
);

words!(
    /// Where an entry stands.
    State {
        /// The other side has not decided yet.
        Proposed = "proposed",
        /// Confirmed; a plain entry counts.
        Confirmed = "confirmed",
        Rejected = "rejected",
        /// Confirmed, and a counter-entry waits for its confirmation: it still counts.
        Disputed = "disputed",
        /// Taken back by a confirmed counter-entry: it counts no more.
        TakenBack = "taken_back",
    }
);

words!(
    /// What an entry names by identity.
    IdentityKind { Subject = "person", Site = "site" }
);

impl Kind {
    /// Message key of its name.
    pub fn key(self) -> String {
        format!("outcome-kind-{}", self.as_str().replace('_', "-"))
    }

    /// What such an entry names; it must name one at least where [`Kind::needs_identity`] says so.
    pub fn names(self) -> IdentityKind {
        if self == Kind::SiteRaided { IdentityKind::Site } else { IdentityKind::Subject }
    }

    /// Whether it names people alone: nobody arrests a company.
    pub fn names_people_alone(self) -> bool {
        self == Kind::Arrest
    }

    /// Whether it makes no sense without a person or a site.
    pub fn needs_identity(self) -> bool {
        matches!(self, Kind::Arrest | Kind::SiteRaided | Kind::Prosecution)
    }

    /// Whether its figure counts identities, not entries.
    pub fn counts_identities(self) -> bool {
        self.needs_identity()
    }

    /// Whether it may carry an amount.
    pub fn takes_amount(self) -> bool {
        matches!(self, Kind::GoodsSeized | Kind::CaseValue | Kind::Judgment | Kind::Penalty)
    }

    /// Whether it must carry one.
    pub fn needs_amount(self) -> bool {
        self == Kind::CaseValue
    }

    /// Message key of what its amount is: a fine, a value.
    pub fn amount_key(self) -> String {
        if !self.takes_amount() {
            return String::from("outcome-field-amount");
        }
        format!("outcome-field-amount-{}", self.as_str().replace('_', "-"))
    }

    /// Whether it must say by which law: nobody is penalised without one.
    pub fn needs_legal_basis(self) -> bool {
        self == Kind::Penalty
    }

    /// Whether it carries a quantity with its unit.
    pub fn takes_quantity(self) -> bool {
        self == Kind::GoodsSeized
    }
}

impl State {
    /// Message key of the word.
    pub fn key(self) -> String {
        format!("outcome-state-{}", self.as_str().replace('_', "-"))
    }

    /// The colour beside the word. `is_counter`: of what takes an entry back, which is no result, though it was confirmed.
    pub fn tone(self, is_counter: bool) -> Tone {
        match self {
            State::Proposed => Tone::Info,
            State::Confirmed if is_counter => Tone::Muted,
            State::Confirmed => Tone::Good,
            State::Rejected => Tone::Bad,
            State::Disputed => Tone::Warn,
            State::TakenBack => Tone::Muted,
        }
    }
}

/// Provisions that name no wrong of their own and say how it is punished.
const SANCTIONS: [&str; 2] = ["TM60", "TM74-2027"];

/// Whether a penalty can rest on the provision: one that names a wrong or its sanction, and not one of the platform's
/// own duties, nor one that defines something or says who hands what to whom.
pub fn is_ground_for_penalty(law: &Charge) -> bool {
    law.track == Track::Administrative
        && law.family != "platform_duty"
        && (law.purpose == Use::Charge || SANCTIONS.contains(&law.code.as_str()))
}

/// The code of a legal basis that is not on file.
pub const OTHER_LAW: &str = "other";

/// The units of quantities: the code that is stored, which is the English singular, and the names in Chinese and English. A
/// list, so that a row that can't be erased holds nothing that somebody typed.
pub const UNITS: [(&str, &str, &str); 30] = [
    ("piece", "件", "pieces"),
    ("item", "个", "items"),
    ("single_item", "只", "single items"),
    ("machine", "台", "machines"),
    ("device", "部", "devices"),
    ("block", "块", "blocks"),
    ("strip", "条", "strips"),
    ("pair", "双", "pairs"),
    ("pair_or_set", "副", "pairs or sets"),
    ("set", "套", "sets"),
    ("bottle", "瓶", "bottles"),
    ("barrel", "桶", "barrels"),
    ("tin", "罐", "tins"),
    ("box", "盒", "boxes"),
    ("case", "箱", "cases"),
    ("pack", "包", "packs"),
    ("bag", "袋", "bags"),
    ("tube_or_stick", "支", "tubes or sticks"),
    ("sheet", "张", "sheets"),
    ("small_piece", "枚", "small pieces"),
    ("vehicle", "辆", "vehicles"),
    ("lot", "批", "lots"),
    ("copy", "份", "copies"),
    ("volume", "册", "volumes"),
    ("tonne", "吨", "tonnes"),
    ("kilogram", "千克", "kilograms"),
    ("gram", "克", "grams"),
    ("litre", "升", "litres"),
    ("metre", "米", "metres"),
    ("square_metre", "平方米", "square metres"),
];

/// The code of the unit of that code or name.
pub fn unit(name: &str) -> Option<&'static str> {
    let is_it = |code: &str, zh: &str, en: &str| {
        code == name
            || zh == name
            || (code == "kilogram" && name == "公斤")
            || en.eq_ignore_ascii_case(name)
            || one_of(code).eq_ignore_ascii_case(name)
    };
    UNITS.iter().find(|(code, zh, en)| is_it(code, zh, en)).map(|(code, ..)| *code)
}

/// The name of a stored unit in the reader's language; one that is not of the list stays as it was stored.
pub fn unit_name(stored: &str, lang: Lang) -> &str {
    UNITS.iter().find(|(code, ..)| *code == stored).map_or(stored, |(_, zh, en)| lang.pick(zh, en))
}

/// `square metre` of `square_metre`.
fn one_of(code: &str) -> String {
    code.replace('_', " ")
}

/// `3 bottles`, `1 bottle`, `1,200 瓶`.
pub fn quantity(number: i64, unit: &str, lang: Lang) -> String {
    let name = match (lang, number) {
        (Lang::En, 1) => one_of(unit),
        _ => unit_name(unit, lang).to_owned(),
    };
    format!("{} {name}", money::grouped(number.unsigned_abs()))
}

/// An entry as far as counting depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub id: Id,
    /// The entry that this one takes back; `None` for a plain entry.
    pub corrects: Option<Id>,
    pub decision: Option<Decision>,
}

impl Standing {
    fn is_confirmed(&self) -> bool {
        self.decision == Some(Decision::Confirmed)
    }
}

/// The entries that count: plain ones, confirmed, without a confirmed counter-entry. What SQL counts
/// ([`super::counted`]) must be the same; tests hold them to each other.
pub fn counted(ledger: &[Standing]) -> Vec<Id> {
    ledger
        .iter()
        .filter(|entry| entry.corrects.is_none() && entry.is_confirmed())
        .filter(|entry| !ledger.iter().any(|k| k.corrects == Some(entry.id) && k.is_confirmed()))
        .map(|entry| entry.id)
        .collect()
}

/// Where an entry stands, given the decisions on the counter-entries that point at it.
pub fn state(decision: Option<Decision>, counters: &[Option<Decision>]) -> State {
    match decision {
        None => State::Proposed,
        Some(Decision::Rejected) => State::Rejected,
        Some(Decision::Confirmed) if counters.contains(&Some(Decision::Confirmed)) => State::TakenBack,
        Some(Decision::Confirmed) if counters.contains(&None) => State::Disputed,
        Some(Decision::Confirmed) => State::Confirmed,
    }
}

/// Who asserted an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asserted {
    pub side: Side,
    pub by: Option<Id>,
}

/// Who would decide on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decider {
    pub side: Side,
    pub id: Id,
}

/// How a decision is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By the other side itself.
    OtherSide,
    /// By a second person of the platform, from the paper of an agency without accounts.
    ByPaper,
}

/// Why the one who recorded an entry of an agency without accounts can't decide on it.
pub const OWN_ENTRY: &str = "conflict-outcome-own-entry";

/// Whether `decider` may decide on an entry, and how.
///
/// # Errors
/// Why not: a message key.
pub fn may_decide(
    asserted: Asserted,
    decider: Decider,
    agency_has_accounts: bool,
) -> Result<Way, &'static str> {
    match (asserted.side, decider.side) {
        (_, Side::Auditor) => Err("conflict-outcome-own-side"),
        (a, d) if a != d => Ok(Way::OtherSide),
        (Side::Platform, Side::Platform) if !agency_has_accounts => {
            if asserted.by == Some(decider.id) {
                Err(OWN_ENTRY)
            } else {
                Ok(Way::ByPaper)
            }
        }
        _ => Err("conflict-outcome-own-side"),
    }
}

/// Whether a decision that is made so must rest on the scanned paper: one that says that something happened. A
/// rejection says nothing in the agency's place, nor does a counter-entry that brings no other entry with it: it rests
/// on its reason.
pub fn needs_paper(way: Way, decision: Decision, only_takes_back: bool) -> bool {
    way == Way::ByPaper && decision == Decision::Confirmed && !only_takes_back
}

/// Whether a counter-entry may be written against an entry now.
///
/// # Errors
/// Why not: a message key.
pub fn may_correct(is_counter: bool, state: State) -> Result<(), &'static str> {
    match state {
        _ if is_counter => Err("conflict-outcome-is-counter"),
        State::Confirmed => Ok(()),
        State::Proposed => Err("conflict-outcome-not-decided"),
        State::Rejected => Err("conflict-outcome-rejected"),
        State::Disputed => Err("conflict-outcome-disputed"),
        State::TakenBack => Err("conflict-outcome-taken-back"),
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
