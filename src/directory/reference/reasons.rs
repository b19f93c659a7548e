//! Why agencies refuse, return, forward, do not file, or ask for more. Four different things that stay apart:
//! a refusal ends, a return comes back for repair, a forward goes on to another agency, a request waits for the sender.

use std::sync::OnceLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::table::{Dated, Span, Table, embedded, list, yes};
use crate::platform::{
    i18n::{self, Lang},
    time,
};

/// What is done for the reason; all but the last by the agency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// 不予受理
    Refuse,
    /// 退回
    Return,
    /// 转送
    Forward,
    /// 要求补充
    Request,
    /// 不予立案
    NotFiled,
    /// 不再转交: the platform does not pass a forwarded lead on.
    NotPassed,
}

impl ReasonKind {
    pub const ALL: [ReasonKind; 6] =
        [Self::Refuse, Self::Return, Self::Forward, Self::Request, Self::NotFiled, Self::NotPassed];

    /// Message key of its name (`reference.ftl`).
    pub fn key(self) -> &'static str {
        match self {
            Self::Refuse => "reason-kind-refuse",
            Self::Return => "reason-kind-return",
            Self::Forward => "reason-kind-forward",
            Self::Request => "reason-kind-request",
            Self::NotFiled => "reason-kind-not-filed",
            Self::NotPassed => "reason-kind-not-passed",
        }
    }
}

/// One reason, with its basis at a time.
#[derive(Clone, Debug, Deserialize)]
pub struct Reason {
    pub code: String,
    pub kind: ReasonKind,
    /// Kinds of agency that use it; `any` for all.
    #[serde(deserialize_with = "list")]
    pub agency_kinds: Vec<String>,
    pub name_zh: String,
    pub name_en: String,
    /// Law and article, or that it is practice; may be empty.
    pub basis_zh: String,
    pub basis_en: String,
    /// H read, M secondary or recalled, L unsure.
    pub confidence: String,
    /// What the sender should then supply; may be empty.
    pub supply_zh: String,
    pub supply_en: String,
    /// Whether it must be explained in words.
    #[serde(deserialize_with = "yes")]
    pub needs_text: bool,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
}

impl Reason {
    pub fn name(&self, lang: Lang) -> &str {
        lang.pick(&self.name_zh, &self.name_en)
    }

    /// Law and article behind it.
    pub fn basis(&self, lang: Lang) -> &str {
        lang.pick(&self.basis_zh, &self.basis_en)
    }

    /// The basis as it is cited; of a reason that is no catch-all, that none of the time is on file.
    pub fn cited(&self, lang: Lang) -> String {
        match self.basis(lang) {
            "" if self.needs_text => String::new(),
            "" => i18n::t(lang, "reason-no-basis"),
            basis => basis.to_owned(),
        }
    }

    /// As [`Self::cited`], with the day since which it holds: for a choice whose day is still to be given.
    pub fn cited_since(&self, lang: Lang) -> String {
        match self.valid_from.filter(|_| !self.basis(lang).is_empty()) {
            Some(day) => {
                let args = [("basis", self.cited(lang)), ("day", time::format_date(day, lang))];
                i18n::t_with(lang, "reason-basis-since", &args)
            }
            None => self.cited(lang),
        }
    }

    /// What the sender should supply.
    pub fn supply(&self, lang: Lang) -> &str {
        lang.pick(&self.supply_zh, &self.supply_en)
    }

    fn is_for(&self, agency_kind: &str) -> bool {
        self.agency_kinds.iter().any(|kind| kind == "any" || kind == agency_kind)
    }
}

impl Dated for Reason {
    fn code(&self) -> &str {
        &self.code
    }

    fn span(&self) -> Span {
        Span { from: self.valid_from, to: self.valid_to }
    }
}

/// The reasons.
#[derive(Clone, Debug)]
pub struct Reasons(Table<Reason>);

/// The embedded reasons.
pub fn reasons() -> &'static Reasons {
    static REASONS: OnceLock<Reasons> = OnceLock::new();
    REASONS.get_or_init(|| {
        Reasons(Table::new(embedded("reasons.csv", include_str!("../../../assets/reference/reasons.csv"))))
    })
}

impl Reasons {
    pub fn all(&self) -> &[Reason] {
        self.0.rows()
    }

    /// The reason as it stood on `at`: for accepting input.
    pub fn at(&self, code: &str, at: NaiveDate) -> Option<&Reason> {
        self.0.at(code, at)
    }

    /// The reason of a stored code, nearest to `at`: for showing.
    pub fn get(&self, code: &str, at: NaiveDate) -> Option<&Reason> {
        self.0.nearest(code, at)
    }

    /// What an agency of this kind can choose on `at`.
    pub fn offered(&self, kind: ReasonKind, agency_kind: &str, at: NaiveDate) -> Vec<&Reason> {
        self.0.in_force(at).filter(|reason| reason.kind == kind && reason.is_for(agency_kind)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{super::table::faults, *};
    use crate::directory::reference::agency_types;

    #[test]
    fn the_table_is_sound() {
        assert_eq!(faults(&reasons().0), Vec::<String>::new());
        let kinds = agency_types().kinds();
        for reason in reasons().all() {
            assert!(!reason.name_zh.is_empty() && !reason.name_en.is_empty());
            assert_eq!(reason.basis_zh.is_empty(), reason.basis_en.is_empty(), "{}", reason.code);
            assert_eq!(reason.supply_zh.is_empty(), reason.supply_en.is_empty(), "{}", reason.code);
            let known = |kind: &String| kind == "any" || kinds.contains(&kind.as_str());
            assert!(reason.agency_kinds.iter().all(known), "{}", reason.code);
            assert!(Lang::ALL.iter().all(|lang| i18n::has(*lang, reason.kind.key())));
        }
    }

    #[test]
    fn every_kind_of_agency_always_has_a_choice() {
        for kind in agency_types().kinds() {
            for what in ReasonKind::ALL {
                for at in ["2016-06-01", "2021-06-01", "2026-06-01"] {
                    let offered = reasons().offered(what, kind, at.parse().unwrap());
                    assert!(offered.iter().any(|reason| reason.needs_text), "{kind} {what:?} {at}");
                }
            }
        }
    }

    #[test]
    fn incomplete_papers_are_a_request_and_no_ground_to_refuse() {
        let at = "2024-06-01".parse().unwrap();
        let codes = |kind| {
            reasons()
                .offered(kind, "police", at)
                .iter()
                .map(|reason| reason.code.as_str())
                .collect::<Vec<_>>()
        };
        assert!(codes(ReasonKind::Request).contains(&"RQ-PAPERS"));
        assert!(!codes(ReasonKind::Refuse).contains(&"RQ-PAPERS"));
        assert!(codes(ReasonKind::NotFiled).contains(&"NF-THRESHOLD"));
        assert!(!codes(ReasonKind::NotFiled).contains(&"NF-LENIENT"));
    }

    /// The year of an instrument in its name: 法释〔2025〕5号, 《商标法》（2019年修正）.
    fn years_in(basis: &str) -> Vec<i32> {
        let digits = |text: &str| text.chars().take(4).collect::<String>().parse().ok();
        basis.split(['〔', '（']).skip(1).filter_map(digits).collect()
    }

    #[test]
    fn nothing_is_cited_before_there_was_such_a_rule() {
        for reason in reasons().all() {
            for year in years_in(&reason.basis_zh) {
                let from = reason.valid_from.map_or(i32::MIN, |day| chrono::Datelike::year(&day));
                assert!(from >= year, "{} cites {} from {from} on", reason.code, reason.basis_zh);
            }
        }
        let on = |code: &str, day: &str| reasons().at(code, day.parse().unwrap()).unwrap().cited(Lang::Zh);
        assert_eq!(on("NF-MARK", "2016-06-01"), "《刑法》第213条；法释〔2004〕19号第8条");
        assert_eq!(on("NF-MARK", "2025-04-26"), "法释〔2025〕5号第1条、第2条");
        assert_eq!(on("RQ-PENALTIES", "2016-06-01"), "当时的依据未收录");
        assert_eq!(on("RF-OTHER", "2016-06-01"), "");
    }

    #[test]
    fn a_reason_can_be_given_on_any_day() {
        for reason in reasons().all() {
            for day in ["1996-01-01", "2004-12-21", "2016-06-01", "2020-08-31", "2025-04-25", "2026-04-15"] {
                let at = reasons().at(&reason.code, day.parse().unwrap());
                assert!(at.is_some_and(|at| at.kind == reason.kind), "{} on {day}", reason.code);
            }
        }
    }

    #[test]
    fn a_basis_ends_with_its_regulation() {
        let basis = |at: &str| &reasons().at("RF-NOPOWER", at.parse().unwrap()).unwrap().confidence;
        assert_eq!((basis("2026-04-14").as_str(), basis("2026-04-15").as_str()), ("H", "L"));
    }
}
