//! The figures by month, region, type of agency and charge: each cell leads to the rows that it counts.

use super::{
    grid::{Cell, Grid, Head, Section, amount, count, heads, words},
    pictures,
    report::{Figure, Group, Report},
    sections::section,
};
use crate::platform::i18n::{self, Lang};

/// The figures of a breakdown's columns.
const COLUMNS: [Figure; 6] = [
    Figure::LeadsSent,
    Figure::LeadsAccepted,
    Figure::CasesFiled,
    Figure::SuspectsArrested,
    Figure::SitesRaided,
    Figure::CaseValue,
];

/// Parameter and value that narrow a list to one part. In the lists of transfers and cases a region is the lead's or
/// the case's own.
type Narrow = (&'static str, String);

fn group_row(
    group: &Group,
    name: Cell,
    (parameter, value): &Narrow,
    report: &Report,
    lang: Lang,
) -> Vec<Cell> {
    let cell = |figure: Figure| {
        let cell = match figure {
            Figure::CaseValue => amount(group.case_value.fen, group.case_value.qualifier, lang),
            _ => count(group.count(figure)),
        };
        // The list of the whole figure, narrowed: year, stage and the log's size are in its address.
        cell.to(format!("{}&{}={value}", report.figures.get(figure).link, parameter_of(figure, parameter)))
    };
    std::iter::once(name).chain(COLUMNS.map(cell)).collect()
}

/// The list of transfers has a parameter `region` for its agencies; a part goes by the lead's.
fn parameter_of(figure: Figure, parameter: &'static str) -> &'static str {
    match figure {
        Figure::LeadsSent | Figure::LeadsAcknowledged | Figure::LeadsAccepted if parameter == "region" => {
            "lead_region"
        }
        _ => parameter,
    }
}

fn group_heads(lang: Lang, first: &str) -> Vec<Head> {
    let mut all = heads(lang, &[(first, false)]);
    all.extend(COLUMNS.iter().map(|f| Head { label: i18n::t(lang, &f.key()), figures: true }));
    all
}

pub(super) fn months(report: &Report, lang: Lang) -> Section {
    let row = |(n, group): (usize, &Group)| {
        group_row(group, words(group.code.clone()), &("month", (n + 1).to_string()), report, lang)
    };
    let rows = report.by_month.iter().enumerate().map(row).collect();
    let mut section = section("months", lang, Grid { heads: group_heads(lang, "report-col-month"), rows });
    section.pictures = vec![
        pictures::months(report, Figure::LeadsSent, lang),
        pictures::months(report, Figure::SuspectsArrested, lang),
    ];
    section
}

fn has_any(group: &&Group) -> bool {
    Figure::ALL.iter().any(|figure| group.count(*figure) != 0)
}

pub(super) fn regions(report: &Report, lang: Lang) -> Section {
    let row = |group: &Group| {
        let name = words(lang.pick(&group.name, &group.name_en));
        group_row(group, name, &("region", group.code.clone()), report, lang)
    };
    let rows = report.by_region.iter().filter(has_any).map(row).collect();
    let mut section = section("regions", lang, Grid { heads: group_heads(lang, "region"), rows });
    section.pictures = vec![pictures::map(report, lang)];
    if report.by_region.iter().any(|g| g.case_value.fen.0 > 0) {
        section.pictures.push(pictures::region_values(report, lang));
    }
    section
}

pub(super) fn by(
    id: &'static str,
    groups: &[Group],
    parameter: &'static str,
    report: &Report,
    lang: Lang,
) -> Section {
    let row = |group: &Group| {
        let name = words(lang.pick(&group.name, &group.name_en));
        group_row(group, name, &(parameter, group.code.clone()), report, lang)
    };
    let rows = groups.iter().filter(has_any).map(row).collect();
    let heads = group_heads(lang, &format!("report-col-{id}"));
    let mut section = section(id, lang, Grid { heads, rows });
    section.pictures = vec![pictures::rows(&format!("report-chart-{id}"), groups, report, lang)];
    section
}
