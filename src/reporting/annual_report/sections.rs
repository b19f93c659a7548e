//! The parts of the report as they are read: each with its pictures, its table and its note. Page, PDF, CSV and XLSX
//! are made from these and nothing else, so that they say the same.

use super::{
    grid::{Cell, Grid, Head, Section, amount, change, count, heads, words},
    pictures,
    report::{Figure, Group, Published, Report, Value},
};
use crate::platform::{
    i18n::{self, Lang},
    money::{self, Fen, Qualifier},
    paths,
};

/// Every part, in reading order.
pub fn sections(report: &Report, lang: Lang) -> Vec<Section> {
    vec![
        figures(report, lang),
        cohort(report, lang),
        months(report, lang),
        regions(report, lang),
        breakdown("types", &report.by_agency_type, Some("agency_type"), report, lang),
        breakdown("charges", &report.by_charge, Some("charge"), report, lang),
        value(report, lang),
        goods(report, lang),
        top_cases(report, lang),
        published(report, lang),
        definitions(report, lang),
    ]
}

fn section(id: &'static str, lang: Lang, grid: Grid) -> Section {
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
            Cell { figures: true, ..words(change(now, prior)) },
            count(now.merged),
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
            count(n),
            Cell { figures: true, ..words(share) },
        ]
    };
    let rows = pictures::steps(report).into_iter().map(row).collect();
    let mut section = section("cohort", lang, Grid { heads, rows });
    section.pictures = vec![pictures::cohort(report, lang)];
    section
}

/// The figures of a breakdown's columns.
const COLUMNS: [Figure; 6] = [
    Figure::LeadsSent,
    Figure::LeadsAccepted,
    Figure::CasesFiled,
    Figure::SuspectsArrested,
    Figure::SitesRaided,
    Figure::CaseValue,
];

/// The parameter and value that narrow a list of outcomes to one part.
type Narrow<'a> = Option<(&'a str, String)>;

fn group_row(group: &Group, name: Cell, narrow: &Narrow<'_>, year: i32, lang: Lang) -> Vec<Cell> {
    let mut row = vec![name];
    for figure in COLUMNS {
        let cell = match figure {
            Figure::CaseValue => amount(group.case_value.fen, group.case_value.qualifier, lang),
            _ => count(group.count(figure)),
        };
        row.push(match (narrow, list_of(figure)) {
            (Some((parameter, value)), Some(kind)) => {
                cell.to(format!("{}?year={year}&kind={kind}&counted=1&{parameter}={value}", paths::OUTCOMES))
            }
            _ => cell,
        });
    }
    row
}

/// The list of outcomes behind a figure's part.
fn list_of(figure: Figure) -> Option<&'static str> {
    match figure {
        Figure::SuspectsArrested => Some("arrest&by=identity"),
        Figure::SitesRaided => Some("site_raided&by=identity"),
        _ => None,
    }
}

fn group_heads(lang: Lang, first: &str) -> Vec<Head> {
    let mut all = heads(lang, &[(first, false)]);
    all.extend(COLUMNS.iter().map(|f| Head { label: i18n::t(lang, &f.key()), figures: true }));
    all
}

fn months(report: &Report, lang: Lang) -> Section {
    let row = |(n, group): (usize, &Group)| {
        let narrow = Some(("month", (n + 1).to_string()));
        group_row(group, words(group.code.clone()), &narrow, report.year, lang)
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

fn regions(report: &Report, lang: Lang) -> Section {
    let row = |group: &Group| {
        let name = words(lang.pick(&group.name, &group.name_en));
        group_row(group, name, &Some(("region", group.code.clone())), report.year, lang)
    };
    let rows = report.by_region.iter().filter(has_any).map(row).collect();
    let mut section = section("regions", lang, Grid { heads: group_heads(lang, "region"), rows });
    section.pictures = vec![pictures::map(report, lang)];
    if report.by_region.iter().any(|g| g.case_value.fen.0 > 0) {
        section.pictures.push(pictures::region_values(report, lang));
    }
    section
}

fn breakdown(
    id: &'static str,
    groups: &[Group],
    parameter: Option<&str>,
    report: &Report,
    lang: Lang,
) -> Section {
    let row = |group: &Group| {
        let narrow = parameter.map(|p| (p, group.code.clone()));
        group_row(group, words(lang.pick(&group.name, &group.name_en)), &narrow, report.year, lang)
    };
    let rows = groups.iter().filter(has_any).map(row).collect();
    let heads = group_heads(lang, &format!("report-col-{id}"));
    let mut section = section(id, lang, Grid { heads, rows });
    section.pictures = vec![pictures::rows(&format!("report-chart-{id}"), groups, report, lang)];
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
                shown: money::full(part.fen, Qualifier::Exact, lang),
                ..amount(part.fen, qualifier, lang)
            };
            vec![words(i18n::t(lang, part.basis.key())), count(part.cases), sum]
        })
        .collect();
    if !rows.is_empty() {
        let fen = total.fen.unwrap_or_default();
        let sum = Cell { shown: money::full(fen, qualifier, lang), ..amount(fen, qualifier, lang) };
        rows.push(vec![
            words(i18n::t(lang, "total")),
            count(total.cases.unwrap_or(0)),
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
    let heads = heads(lang, &[("report-col-unit", false), ("report-col-quantity", true)]);
    let unit = |unit: &str| if unit.is_empty() { i18n::t(lang, "unknown") } else { unit.to_owned() };
    let parts = &report.figures.goods_seized.by_unit;
    let rows = parts.iter().map(|part| vec![words(unit(&part.unit)), count(part.quantity)]).collect();
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
            vec![
                Cell { href: Some(case.link.clone()), ..words(name.trim()) },
                words(lang.pick(&case.agency, &case.agency_en)),
                words(lang.pick(&case.region_name, &case.region_name_en)),
                count(case.suspects_arrested),
                count(case.sites_raided),
                amount(case.fen, case.qualifier, lang),
                words(i18n::t(lang, case.basis.key())),
            ]
        })
        .collect();
    section("top", lang, Grid { heads, rows })
}

/// Name of a published figure: one of ours, or a word of its own (`report-published-…`), else as it stands.
pub fn published_name(figure: &str, lang: Lang) -> String {
    let slug = figure.replace('_', "-");
    ["report-figure-", "report-published-"]
        .iter()
        .map(|prefix| format!("{prefix}{slug}"))
        .find(|key| i18n::has(lang, key))
        .map_or_else(|| figure.to_owned(), |key| i18n::t(lang, &key))
}

/// A published amount as it is read: fen for values, else a count.
pub fn published_amount(one: &Published, lang: Lang) -> Cell {
    let qualifier = Qualifier::parse(&one.qualifier).unwrap_or_default();
    if one.figure.ends_with("value") || one.figure.ends_with("_fen") {
        return amount(Fen(one.amount), qualifier, lang);
    }
    let plain = count(one.amount);
    let shown = match qualifier {
        Qualifier::Exact => plain.shown,
        Qualifier::AtLeast => i18n::t_with(lang, "money-at-least", &[("amount", plain.shown)]),
        Qualifier::About => i18n::t_with(lang, "money-about", &[("amount", plain.shown)]),
        Qualifier::Estimated => i18n::t_with(lang, "money-estimated", &[("amount", plain.shown)]),
    };
    Cell { shown, ..count(one.amount) }
}

fn published(report: &Report, lang: Lang) -> Section {
    let heads = heads(
        lang,
        &[
            ("report-col-figure", false),
            ("report-col-published", true),
            ("report-col-scope", false),
            ("report-col-source", false),
            ("report-col-counted", false),
        ],
    );
    let mut rows: Vec<Vec<Cell>> = report
        .published
        .iter()
        .map(|one| {
            let scope = [one.period.as_str(), one.scope.as_str()].join(lang.pick("，", ", "));
            let counted = i18n::t(lang, if one.counted { "report-counted-yes" } else { "report-counted-no" });
            let separator = lang.pick("：", ": ");
            let why =
                if one.reason.is_empty() { counted } else { format!("{counted}{separator}{}", one.reason) };
            vec![
                words(published_name(&one.figure, lang)),
                published_amount(one, lang),
                words(scope.trim_matches([',', '，', ' '])),
                words(one.source.clone()),
                words(why),
            ]
        })
        .collect();
    for figure in &report.not_published {
        rows.push(vec![
            words(published_name(figure, lang)),
            Cell { figures: true, ..words(i18n::t(lang, "report-not-published")) },
            words(""),
            words(""),
            words(""),
        ]);
    }
    section("published", lang, Grid { heads, rows })
}

fn definitions(report: &Report, lang: Lang) -> Section {
    let heads = heads(lang, &[("report-col-figure", false), ("report-col-definition", false)]);
    let rows = report
        .definitions
        .iter()
        .map(|d| vec![words(published_name(d.figure, lang)), words(lang.pick(&d.zh, &d.en))])
        .collect();
    section("definitions", lang, Grid { heads, rows })
}
