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

fn group_row(group: &Group, name: Cell, lang: Lang) -> Vec<Cell> {
    let cell = |figure: Figure| {
        let cell = match figure {
            Figure::CaseValue => amount(group.case_value.fen, group.case_value.qualifier, lang),
            _ => count(group.count(figure)),
        };
        Cell { href: group.link(figure).map(str::to_owned), ..cell }
    };
    std::iter::once(name).chain(COLUMNS.map(cell)).collect()
}

fn group_heads(lang: Lang, first: &str) -> Vec<Head> {
    let mut all = heads(lang, &[(first, false)]);
    all.extend(COLUMNS.iter().map(|f| Head { label: i18n::t(lang, &f.key()), figures: true }));
    all
}

pub(super) fn months(report: &Report, lang: Lang) -> Section {
    let row = |group: &Group| group_row(group, words(group.code.clone()), lang);
    let rows = report.by_month.iter().map(row).collect();
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
        group_row(group, name, lang)
    };
    let rows = report.by_region.iter().filter(has_any).map(row).collect();
    let mut section = section("regions", lang, Grid { heads: group_heads(lang, "region"), rows });
    section.pictures = vec![pictures::map(report, lang)];
    if report.by_region.iter().any(|g| g.case_value.fen.0 > 0) {
        section.pictures.push(pictures::region_values(report, lang));
    }
    section
}

pub(super) fn by(id: &'static str, groups: &[Group], report: &Report, lang: Lang) -> Section {
    let row = |group: &Group| {
        let name = words(lang.pick(&group.name, &group.name_en));
        group_row(group, name, lang)
    };
    let rows = groups.iter().filter(has_any).map(row).collect();
    let heads = group_heads(lang, &format!("report-col-{id}"));
    let mut section = section(id, lang, Grid { heads, rows });
    section.pictures = vec![pictures::rows(&format!("report-chart-{id}"), groups, report, lang)];
    section
}
