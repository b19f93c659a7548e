//! The parts of the report as they are read: each with its pictures, its table and its note. Page, PDF, CSV and XLSX
//! are made from these and nothing else, so that they say the same.

use super::{
    breakdowns,
    grid::{Cell, Grid, Section, amount, changed, count, heads, words},
    pictures, published,
    report::{Figure, Report, UnitPart, Value},
};
use crate::{
    operation::published::figure_name,
    outcome::model::unit_name,
    platform::{
        i18n::{self, Lang},
        money,
    },
};

/// Every part, in reading order.
pub fn sections(report: &Report, lang: Lang) -> Vec<Section> {
    vec![
        figures(report, lang),
        cohort(report, lang),
        breakdowns::months(report, lang),
        breakdowns::regions(report, lang),
        breakdowns::by("types", &report.by_agency_type, report, lang),
        breakdowns::by("charges", &report.by_charge, report, lang),
        value(report, lang),
        goods(report, lang),
        top_cases(report, lang),
        published::section_of(report, lang),
        definitions(report, lang),
    ]
}

pub(super) fn section(id: &'static str, lang: Lang, grid: Grid) -> Section {
    let note_key = format!("report-note-{id}");
    let note = if i18n::has(lang, &note_key) { i18n::t(lang, &note_key) } else { String::new() };
    Section { id, title: i18n::t(lang, &format!("report-section-{id}")), note, pictures: Vec::new(), grid }
}

fn figures(report: &Report, lang: Lang) -> Section {
    let year = report.year;
    let row = |figure: &Figure| {
        let (now, prior) = (report.figures.get(*figure), report.prior_year.get(*figure));
        let cell = |v: &Value| match (v.value, v.fen) {
            (Some(n), _) => count(n),
            (None, fen) => amount(fen.unwrap_or_default(), v.qualifier.unwrap_or_default(), lang),
        };
        vec![
            words(i18n::t(lang, &figure.key())),
            cell(now).to(now.link.clone()),
            cell(prior).to(prior.link.clone()),
            changed(now, prior),
            Cell { href: now.merged_link.clone(), ..count(now.merged) },
        ]
    };
    let mut heads = heads(
        lang,
        &[
            ("report-col-figure", false),
            ("report-col-now", true),
            ("report-col-prior", true),
            ("year-on-year", true),
            ("report-col-merged", true),
        ],
    );
    heads[1].label = year.to_string();
    heads[2].label = (year - 1).to_string();
    section("figures", lang, Grid { heads, rows: Figure::ALL.iter().map(row).collect() })
}

fn cohort(report: &Report, lang: Lang) -> Section {
    let heads =
        heads(lang, &[("report-col-step", false), ("report-col-leads", true), ("report-col-share", true)]);
    let first = report.cohort.sent;
    let row = |(key, n): (&'static str, i64)| {
        let share =
            if first > 0 { format!("{:.1}%", n as f64 / first as f64 * 100.0) } else { String::new() };
        vec![
            words(i18n::t(lang, &format!("report-step-{key}"))),
            count(n).to(report.cohort.links.get(key).cloned().unwrap_or_default()),
            Cell { figures: true, ..words(share) },
        ]
    };
    let rows = pictures::steps(report).into_iter().map(row).collect();
    let mut section = section("cohort", lang, Grid { heads, rows });
    section.pictures = vec![pictures::cohort(report, lang)];
    section
}

fn value(report: &Report, lang: Lang) -> Section {
    let heads = heads(lang, &[("report-col-basis", false), ("report-col-cases", true), ("amount", true)]);
    let total = &report.figures.case_value;
    let qualifier = total.qualifier.unwrap_or_default();
    let mut rows: Vec<Vec<Cell>> = total
        .by_basis
        .iter()
        .map(|part| {
            let sum = Cell {
                shown: money::full(part.fen, part.qualifier, lang),
                ..amount(part.fen, part.qualifier, lang)
            };
            vec![
                words(i18n::t(lang, part.basis.key())),
                count(part.cases).to(part.link.clone()),
                sum.to(part.link.clone()),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let fen = total.fen.unwrap_or_default();
        let sum = Cell { shown: money::full(fen, qualifier, lang), ..amount(fen, qualifier, lang) };
        rows.push(vec![
            words(i18n::t(lang, "total")),
            count(total.cases.unwrap_or(0)).to(total.link.clone()),
            sum.to(total.link.clone()),
        ]);
    }
    let mut section = section("value", lang, Grid { heads, rows });
    if total.by_basis.len() > 1 {
        section.note = format!("{} {}", i18n::t(lang, "money-mixed-bases"), section.note);
    }
    section
}

fn goods(report: &Report, lang: Lang) -> Section {
    let heads = heads(
        lang,
        &[("report-col-unit", false), ("report-col-entries", true), ("report-col-quantity", true)],
    );
    let unit = |unit: &str| match unit {
        "" => i18n::t(lang, "unknown"),
        unit => unit_name(unit, lang).to_owned(),
    };
    let parts = &report.figures.goods_seized.by_unit;
    let row = |part: &UnitPart| {
        vec![
            words(unit(&part.unit)),
            count(part.entries).to(part.link.clone()),
            count(part.quantity).to(part.link.clone()),
        ]
    };
    let rows = parts.iter().map(row).collect();
    section("goods", lang, Grid { heads, rows })
}

fn top_cases(report: &Report, lang: Lang) -> Section {
    let heads = heads(
        lang,
        &[
            ("report-col-case", false),
            ("agency", false),
            ("region", false),
            ("report-figure-suspects-arrested", true),
            ("report-figure-sites-raided", true),
            ("amount", true),
            ("report-col-basis", false),
        ],
    );
    let rows = report
        .top_cases
        .iter()
        .map(|case| {
            let name = format!("{} {}", case.number, case.title);
            let link = |figure: Figure| case.links.get(figure.as_str()).cloned().unwrap_or_default();
            vec![
                Cell { href: Some(case.link.clone()), ..words(name.trim()) },
                words(lang.pick(&case.agency, &case.agency_en)),
                words(lang.pick(&case.region_name, &case.region_name_en)),
                count(case.suspects_arrested).to(link(Figure::SuspectsArrested)),
                count(case.sites_raided).to(link(Figure::SitesRaided)),
                amount(case.fen, case.qualifier, lang).to(link(Figure::CaseValue)),
                words(i18n::t(lang, case.basis.key())),
            ]
        })
        .collect();
    section("top", lang, Grid { heads, rows })
}

fn definitions(report: &Report, lang: Lang) -> Section {
    let heads = heads(lang, &[("report-col-figure", false), ("report-col-definition", false)]);
    let rows = report
        .definitions
        .iter()
        .map(|d| vec![words(figure_name(d.figure, lang)), words(lang.pick(&d.zh, &d.en))])
        .collect();
    section("definitions", lang, Grid { heads, rows })
}
