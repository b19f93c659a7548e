//! What the pages show: the years, and the report of one.

use askama::Template;

use super::{
    cohort::{Asked, CohortRow},
    grid::{Section, change, shown},
    pdf::{GLANCE, as_at_text},
    published,
    report::{Figure, Report},
    sections,
    sql::STEPS,
    years::Year,
};
use crate::{
    handover::figure,
    operation::published::figure_name,
    platform::{
        chart::Drawn,
        error::FieldError,
        http::{
            layout::Chrome,
            link::Query,
            view::{Link, MadeUp, Pager, Tile},
        },
        keyset::Page,
        paths,
        time::{self, Tz},
    },
};

/// The list of years.
#[derive(Template)]
#[template(path = "reporting/reports.html")]
pub struct ReportsPage {
    pub c: Chrome,
    pub years: Vec<YearLine>,
}

/// A year of the list.
pub struct YearLine {
    pub link: Link,
    /// Whether anything is in its report.
    pub has_data: bool,
}

impl ReportsPage {
    pub fn new(c: Chrome, years: &[Year]) -> Self {
        let line = |one: &Year| YearLine {
            link: Link::new(one.year.to_string(), paths::report(one.year)),
            has_data: one.has_data,
        };
        Self { years: years.iter().map(line).collect(), c }
    }
}

/// A lead of the cohort ready to be shown.
pub struct CohortLine {
    pub lead: Link,
    pub title: String,
    pub transfer: Link,
    pub agency: String,
    pub sent: String,
    /// For machines.
    pub sent_iso: String,
    pub made_up: MadeUp,
}

/// The leads behind a step of the cohort.
#[derive(Template)]
#[template(path = "reporting/cohort.html")]
pub struct CohortPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub steps: Vec<Link>,
    pub rows: Vec<CohortLine>,
    pub pager: Pager,
    /// How many leads the report counts at the step.
    pub figure: String,
}

impl CohortPage {
    /// Makes the list of `all` rows; `found` may hold one row more than `limit`.
    pub fn new(
        c: Chrome,
        asked: &Asked,
        (found, all): (Vec<CohortRow>, i64),
        limit: usize,
        zone: Tz,
    ) -> Self {
        let query = Query::new(&c.path);
        let page = Page::of(found, limit, &asked.edge);
        let line = |row: &CohortRow| CohortLine {
            lead: Link::new(&row.lead_number, paths::lead(row.lead_id)),
            title: row.title.clone(),
            transfer: Link::new(&row.number, paths::transfer(row.transfer_id)),
            agency: c.language.pick(&row.name_zh, &row.name_en).to_owned(),
            sent: time::table_day(time::day_of(row.sent_at, zone)),
            sent_iso: row.sent_at.to_string(),
            made_up: MadeUp::of(row.synthetic, ""),
        };
        let step = |step: &&str| {
            let href = query.first_page().with("step", step).href();
            Link::new(c.t(format!("report-step-{step}")), href).current(**step == *asked.step)
        };
        Self {
            trail: vec![
                Link::new(c.t("nav-reports"), paths::REPORTS),
                Link::new(asked.year.to_string(), paths::report(asked.year)),
            ],
            steps: STEPS.iter().map(step).collect(),
            rows: page.rows.iter().map(line).collect(),
            pager: page.pager(&query, |row| format!("{}.{}", row.sent_at.micros(), row.seq)),
            figure: figure::words(c.language, all, false, &[]),
            c,
        }
    }
}

/// In the place of a report as at a moment that could not be read.
#[derive(Template)]
#[template(path = "reporting/report_unread.html")]
pub struct UnreadPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub action: String,
    pub as_at_value: String,
    pub fault: String,
}

impl UnreadPage {
    pub fn new(c: Chrome, year: i32, typed: String, faults: &[FieldError]) -> Self {
        Self {
            trail: vec![Link::new(c.t("nav-reports"), paths::REPORTS)],
            action: paths::report(year),
            as_at_value: typed,
            fault: faults.first().map_or_else(String::new, |e| c.t(e.code)),
            c,
        }
    }
}

/// A picture as SVG, for a wide page and for a phone.
pub struct Svg {
    pub title: String,
    pub wide: String,
    pub narrow: String,
}

/// A part with its pictures as SVG.
pub struct Part {
    pub section: Section,
    pub svgs: Vec<Svg>,
}

/// A published figure that disagrees with another.
pub struct Conflict {
    pub name: String,
    pub lines: Vec<ConflictLine>,
}

/// One of those that disagree.
pub struct ConflictLine {
    pub amount: String,
    pub source: String,
    pub counted: bool,
    pub reason: String,
}

/// The report of a year.
#[derive(Template)]
#[template(path = "reporting/report.html")]
pub struct ReportPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub as_at: String,
    /// What stands in the field that asks for another moment.
    pub as_at_value: String,
    pub action: String,
    pub tiles: Vec<Tile>,
    pub more_tiles: Vec<Tile>,
    pub parts: Vec<Part>,
    pub jumps: Vec<Link>,
    pub conflicts: Vec<Conflict>,
    pub synthetic: bool,
    pub empty: bool,
    pub files: Vec<Link>,
    pub neighbours: Vec<Link>,
}

impl ReportPage {
    pub fn new(c: Chrome, report: &Report, zone: Tz, asked: &str, is_demo: bool) -> Self {
        let lang = c.language;
        let all = sections::sections(report, lang);
        let parts: Vec<Part> = all.into_iter().filter(Section::has_anything).map(part).collect();
        let at = paths::report(report.year);
        let query = if asked.is_empty() {
            String::new()
        } else {
            format!("?as_at={}", url::form_urlencoded::byte_serialize(asked.as_bytes()).collect::<String>())
        };
        let file = |format: &str| {
            let label = if format == "xlsx" { c.t("file-xlsx") } else { format.to_uppercase() };
            Link::new(label, format!("{at}/report.{format}{query}"))
        };
        let empty = report.figures.leads_sent.value == Some(0)
            && report.cohort.sent == 0
            && report.published.is_empty()
            && Figure::ALL.iter().all(|f| report.figures.get(*f).value.unwrap_or(0) == 0);
        let rest: Vec<Figure> = Figure::ALL.into_iter().filter(|f| !GLANCE.contains(f)).collect();
        Self {
            trail: vec![Link::new(c.t("nav-reports"), paths::REPORTS)],
            as_at: as_at_text(report, zone, lang),
            as_at_value: asked.to_owned(),
            action: at.clone(),
            tiles: tiles(&c, report, &GLANCE),
            more_tiles: tiles(&c, report, &rest),
            jumps: parts
                .iter()
                .map(|p| Link::new(p.section.title.clone(), format!("#{}", p.section.id)))
                .collect(),
            conflicts: conflicts(&c, report),
            // Where there is nothing, nothing of it is made up.
            synthetic: !empty && (is_demo || report.synthetic > 0),
            empty,
            files: vec![file("pdf"), file("xlsx"), file("csv"), file("json")],
            // Of a year that has not begun there is nothing to tell.
            neighbours: [report.year - 1, report.year + 1]
                .into_iter()
                .filter(|year| *year <= time::year_of(report.as_at, zone))
                .map(|year| Link::new(year.to_string(), paths::report(year)))
                .collect(),
            parts,
            c,
        }
    }
}

fn part(section: Section) -> Part {
    let svg = |(n, picture): (usize, &Drawn)| Svg {
        title: picture.wide.title.clone(),
        wide: picture.wide.svg(&format!("{}-{n}", section.id)),
        narrow: picture.narrow.svg(&format!("{}-{n}-narrow", section.id)),
    };
    let svgs = section.pictures.iter().enumerate().map(svg).collect();
    Part { section, svgs }
}

fn tiles(c: &Chrome, report: &Report, figures: &[Figure]) -> Vec<Tile> {
    let tile = |figure: &Figure| {
        let (now, prior) = (report.figures.get(*figure), report.prior_year.get(*figure));
        Tile {
            label: c.t(figure.key()),
            value: shown(now, c.language),
            prior: format!("{} {}", c.t("prior-year"), shown(prior, c.language)),
            change: change(now, prior),
            href: Some(now.link.clone()),
        }
    };
    figures.iter().map(tile).collect()
}

fn conflicts(c: &Chrome, report: &Report) -> Vec<Conflict> {
    report
        .conflicts()
        .into_iter()
        .map(|group| Conflict {
            name: format!("{} · {}", figure_name(&group[0].figure, c.language), group[0].scope(c.language)),
            lines: group
                .iter()
                .map(|one| ConflictLine {
                    amount: published::amount_of(one, c.language).shown,
                    source: one.source(c.language).to_owned(),
                    counted: one.counted,
                    reason: one.reason(c.language).to_owned(),
                })
                .collect(),
        })
        .collect()
}
