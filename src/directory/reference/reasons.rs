//! Why agencies refuse, return, forward, do not file, or ask for more. Four different things that stay apart:
//! a refusal ends, a return comes back for repair, a forward goes on to another agency, a request waits for the sender.

use std::sync::OnceLock;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::table::{Dated, Span, Table, embedded, list, yes};
use crate::platform::i18n::Lang;

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
    use crate::{directory::reference::agency_types, platform::i18n};

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

    #[test]
    fn a_basis_ends_with_its_regulation() {
        let basis = |at: &str| &reasons().at("RF-NOPOWER", at.parse().unwrap()).unwrap().confidence;
        assert_eq!((basis("2026-04-14").as_str(), basis("2026-04-15").as_str()), ("H", "L"));
    }
}
