//! The report as a document to hand to the press: what it is, the figures at a glance, every part with its picture and
//! table, what each figure counts.

use super::{
    grid::{Grid, Section, change, shown},
    report::{Figure, Report},
    sections,
};
use crate::platform::{
    error::{AppError, Result},
    i18n::{self, Lang},
    pdf::{Align, Cell, Column, Flow, Frame, Ink, Margins, Meta, Setup, Style, Table, Words},
    time::{self, Tz},
};

/// Whose report it is, in which zone and language.
pub struct Issue<'a> {
    pub organisation: &'a str,
    pub zone: Tz,
    pub lang: Lang,
    pub is_demo: bool,
}

/// The figures at a glance on the cover.
pub const GLANCE: [Figure; 6] = [
    Figure::LeadsSent,
    Figure::LeadsAccepted,
    Figure::SuspectsArrested,
    Figure::SitesRaided,
    Figure::CasesFiled,
    Figure::CaseValue,
];

fn title(report: &Report, lang: Lang) -> String {
    i18n::t_with(lang, "report-title", &[("year", report.year.to_string())])
}

/// What the figures know of, in a sentence.
pub fn as_at_text(report: &Report, zone: Tz, lang: Lang) -> String {
    as_at_in("report-as-at", report, zone, lang)
}

fn as_at_in(key: &str, report: &Report, zone: Tz, lang: Lang) -> String {
    i18n::t_with(
        lang,
        key,
        &[
            ("time", time::format_instant(report.as_at, zone, lang)),
            ("zone", report.time_zone.clone()),
            ("size", report.as_at_log_size.to_string()),
        ],
    )
}

/// Draws the report.
///
/// # Errors
/// `Internal` when the file can't be put together.
pub fn pdf(report: &Report, issue: &Issue<'_>) -> Result<Vec<u8>> {
    let lang = issue.lang;
    let synthetic = issue.is_demo || report.synthetic > 0;
    let mut flow = Flow::new(Setup {
        meta: Meta {
            title: title(report, lang),
            author: issue.organisation.to_owned(),
            subject: i18n::t(lang, "report-subject"),
            keywords: vec![report.year.to_string()],
            language: lang.tag(),
            made_at: report.as_at.utc(),
        },
        margins: Margins::REPORT,
        words: if lang == Lang::Zh { Words::zh() } else { Words::en() },
        synthetic,
    });
    cover(&mut flow, report, issue, synthetic);
    flow.contents_here();
    for part in sections::sections(report, lang) {
        section(&mut flow, &part);
    }
    let head = title(report, lang);
    let foot = as_at_in("report-foot", report, issue.zone, lang);
    let framed = |n: usize, _: usize| match n {
        1 => Frame { foot: vec![foot.clone()], ..Frame::default() },
        _ => Frame {
            head_left: issue.organisation.to_owned(),
            head_right: head.clone(),
            foot: vec![foot.clone()],
            numbered: true,
        },
    };
    flow.finish(&framed).map_err(AppError::internal)
}

fn cover(flow: &mut Flow, report: &Report, issue: &Issue<'_>, synthetic: bool) {
    let lang = issue.lang;
    let left = Style::BODY.flush();
    flow.down_to(120.0);
    flow.paragraph(issue.organisation, Style { after: 10.0, ..left.sized(14.0) });
    flow.paragraph(&title(report, lang), Style { after: 12.0, ..left.bold().sized(30.0) });
    flow.rule(Ink::ACCENT, 2.0);
    flow.space(14.0);
    flow.paragraph(&as_at_text(report, issue.zone, lang), Style { after: 22.0, ..Style::NOTE.sized(9.5) });
    glance(flow, report, lang);
    if synthetic {
        flow.paragraph(&i18n::t(lang, "report-synthetic"), Style { after: 8.0, ..left.bold().sized(10.0) });
    }
    flow.paragraph(&i18n::t(lang, "report-cover-note"), Style::NOTE.sized(9.0));
}

/// Six figures in two rows: large, with the year before.
fn glance(flow: &mut Flow, report: &Report, lang: Lang) {
    for row in GLANCE.chunks(3) {
        let mut heads = Table::new(row.iter().map(|_| Column::new("", 1.0)).collect()).sized(9.5);
        heads.row(row.iter().map(|f| Cell::label(&i18n::t(lang, &f.key()))).collect());
        let values = row.iter().map(|f| Cell::bold(&shown(report.figures.get(*f), lang))).collect();
        let mut numbers = Table::new(row.iter().map(|_| Column::new("", 1.0)).collect()).sized(19.0);
        numbers.row(values);
        let prior = |figure: &Figure| {
            let (now, before) = (report.figures.get(*figure), report.prior_year.get(*figure));
            let text = format!("{} {}　{}", report.year - 1, shown(before, lang), change(now, before));
            Cell::from(text.trim().to_owned())
        };
        let mut before = Table::new(row.iter().map(|_| Column::new("", 1.0)).collect()).sized(8.5);
        before.row(row.iter().map(prior).collect());
        flow.table(&heads);
        flow.space(-8.0);
        flow.table(&numbers);
        flow.space(-8.0);
        flow.table(&before);
    }
    flow.space(10.0);
}

fn section(flow: &mut Flow, part: &Section) {
    // A picture stays with its heading.
    let height =
        part.pictures.first().map_or(0.0, |p| p.wide.height * flow.width() / p.wide.width.max(1.0) + 70.0);
    flow.ensure(height.min(560.0));
    let table = table(&part.grid);
    if part.pictures.is_empty() {
        // So does a table that is kept on one page: the heading takes 50 points.
        flow.ensure(flow.whole_height(&table).map_or(0.0, |height| height + 50.0));
    }
    flow.heading(1, &part.title);
    for picture in part.pictures.iter().map(|drawn| &drawn.wide) {
        let height = picture.height * flow.width() / picture.width.max(1.0);
        flow.ensure(height + 40.0);
        flow.paragraph(&picture.title, Style { after: 4.0, ..Style::BODY.flush().bold().sized(10.0) });
        flow.picture(picture);
    }
    if !part.grid.rows.is_empty() {
        flow.table(&table);
    }
    if !part.note.is_empty() {
        flow.paragraph(&part.note, Style::NOTE);
    }
}

fn table(grid: &Grid) -> Table {
    let mut weights: Vec<f32> = grid.heads.iter().map(|head| wide(&head.label).min(9.0)).collect();
    for row in &grid.rows {
        for (weight, cell) in weights.iter_mut().zip(row) {
            *weight = weight.max(wide(&cell.shown).min(if cell.figures { 11.0 } else { 22.0 }));
        }
    }
    let columns = grid
        .heads
        .iter()
        .zip(weights)
        .map(|(head, weight)| {
            let column = Column::new(&head.label, weight + 2.0);
            if head.figures { column.aligned(Align::Right) } else { column }
        })
        .collect();
    let mut table = Table::new(columns).sized(8.5).kept();
    for row in &grid.rows {
        table.row(row.iter().map(|cell| cell.shown.clone().into()).collect());
    }
    table
}

/// Width of a text in em, about.
fn wide(text: &str) -> f32 {
    text.chars().map(|c| if c.is_ascii() { 0.55 } else { 1.0 }).sum::<f32>().max(2.0)
}
