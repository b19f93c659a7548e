//! The lists behind the figures: each shows exactly the rows that its figure counts.

use super::report::Figure;
use crate::platform::paths;

/// An address as the ledger was at a size of the log.
fn at(base: String, bound: Option<i64>) -> String {
    bound.map_or(base.clone(), |size| format!("{base}&log_size={size}"))
}

/// The list that shows exactly what a figure counts.
pub(in crate::reporting) fn link(figure: Figure, year: i32, bound: Option<i64>) -> String {
    let base = match figure {
        Figure::LeadsSent => format!("{}?counted=sent&year={year}", paths::TRANSFERS),
        Figure::LeadsAcknowledged => format!("{}?counted=received&year={year}", paths::TRANSFERS),
        Figure::LeadsAccepted => format!("{}?counted=accepted&year={year}", paths::TRANSFERS),
        Figure::CasesFiled => format!("{}?filed_year={year}", paths::CASES),
        Figure::SuspectsArrested => outcomes(year, "arrest", "&by=identity"),
        Figure::SitesRaided => outcomes(year, "site_raided", "&by=identity"),
        Figure::PersonsProsecuted => outcomes(year, "prosecution", "&by=identity"),
        Figure::CaseValue => outcomes(year, "case_value", ""),
        Figure::GoodsSeized => outcomes(year, "goods_seized", ""),
        Figure::Judgments => outcomes(year, "judgment", ""),
        Figure::Penalties => outcomes(year, "penalty", ""),
    };
    at(base, bound)
}

/// The same list narrowed to one part of a breakdown. In the lists of transfers and cases a region is the lead's or
/// the case's own; the list of transfers has a parameter `region` for its agencies.
pub(super) fn part_link(figure: Figure, year: i32, bound: Option<i64>, dim: &str, value: &str) -> String {
    let parameter = match (dim, figure) {
        ("region", Figure::LeadsSent | Figure::LeadsAcknowledged | Figure::LeadsAccepted) => "lead_region",
        ("type", _) => "agency_type",
        (dim, _) => dim,
    };
    format!("{}&{parameter}={value}", link(figure, year, bound))
}

fn outcomes(year: i32, kind: &str, rest: &str) -> String {
    format!("{}?year={year}&kind={kind}&counted=1{rest}", paths::OUTCOMES)
}

/// The leads that came to a step of the cohort.
pub(super) fn step_link(step: &str, year: i32, bound: Option<i64>) -> String {
    at(format!("{}/leads?step={step}", paths::report(year)), bound)
}

/// Of the list of goods, what is measured in a unit; empty: what has none.
pub(super) fn unit_link(goods: &str, unit: &str) -> String {
    let word = if unit.is_empty() { "-" } else { unit };
    let word: String = url::form_urlencoded::byte_serialize(word.as_bytes()).collect();
    format!("{goods}&unit={word}")
}
