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
    pdf::{
        Align, Cell, Column, Face, Flow, Frame, Ink, Margins, Meta, Setup, Style, Table, Words, lines, width,
    },
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
    for part in sections::sections(report, lang).iter().filter(|part| part.has_anything()) {
        section(&mut flow, part);
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
    let table = table(&part.grid, flow.width());
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
    flow.table(&table);
    if !part.note.is_empty() {
        flow.paragraph(&part.note, Style::NOTE);
    }
}

/// Points of the tables' text, and of one that would part words otherwise.
const SIZE: f32 = 8.5;
const SMALL: f32 = 7.0;
/// What a cell takes beside its text, in points: its padding and a little room.
const PAD: f32 = 11.0;
/// An amount or a word wider than this, in em, may be broken.
const WHOLE_FIGURE: f32 = 14.0;
const WHOLE_WORD: f32 = 10.0;

/// The grid as a table of so many points: no column is so narrow that a word would be broken, nor an amount as far as all
/// of them fit; what is left goes to those that have more to say.
fn table(grid: &Grid, points: f32) -> Table {
    let mut wants: Vec<Want> = grid.heads.iter().map(|head| Want::of_head(&head.label)).collect();
    for row in &grid.rows {
        for (want, cell) in wants.iter_mut().zip(row) {
            let word = longest_word(Face::Regular, &cell.shown);
            let line = width(Face::Regular, &cell.shown);
            if cell.figures {
                let line = line.min(WHOLE_FIGURE);
                want.widen(in_two_lines(&cell.shown).max(word).min(line), line, line);
            } else {
                want.widen(word, word, line.min(22.0));
            }
        }
    }
    let size = size(&wants, points);
    let columns = grid
        .heads
        .iter()
        .zip(shares(&wants, points / size, PAD / size))
        .map(|(head, share)| {
            let column = Column::new(&head.label, share);
            if head.figures { column.aligned(Align::Right) } else { column }
        })
        .collect();
    let mut table = Table::new(columns).sized(size).kept();
    for row in &grid.rows {
        table.row(row.iter().map(|cell| cell.shown.clone().into()).collect());
    }
    table
}

/// How wide a column has to be and would be, in em, without its padding.
struct Want {
    /// No word is broken, and an amount stands on two lines.
    least: f32,
    /// An amount stands on one.
    whole: f32,
    most: f32,
}

impl Want {
    fn of_head(label: &str) -> Self {
        let least = longest_word(Face::Bold, label).max(2.0);
        Self { least, whole: least, most: width(Face::Bold, label).min(9.0).max(least) }
    }

    fn widen(&mut self, least: f32, whole: f32, most: f32) {
        self.least = self.least.max(least);
        self.whole = self.whole.max(whole);
        self.most = self.most.max(most).max(self.whole);
    }
}

/// The points of the text with which no word is broken, as far as that goes.
fn size(wants: &[Want], points: f32) -> f32 {
    let least: f32 = wants.iter().map(|want| want.least).sum();
    let room = points - PAD * wants.len() as f32;
    (room / least.max(1.0)).clamp(SMALL, SIZE)
}

/// The columns' widths in em, padding included; where there is more room than they ask for, in proportion. Where amounts
/// do not fit on a line each, they stand on two, and the words have what is left.
fn shares(wants: &[Want], room: f32, pad: f32) -> Vec<f32> {
    let is_roomy = wants.iter().map(|want| want.whole + pad).sum::<f32>() <= room;
    let bounds = |want: &Want| {
        if is_roomy { (want.whole, want.most) } else { (want.least, want.most - (want.whole - want.least)) }
    };
    let least: f32 = wants.iter().map(|want| bounds(want).0 + pad).sum();
    let more: f32 = wants.iter().map(|want| bounds(want).1 - bounds(want).0).sum();
    let part = if more > 0.0 { ((room - least) / more).clamp(0.0, 1.0) } else { 0.0 };
    let share = |want: &Want| {
        let (least, most) = bounds(want);
        least + pad + part * (most - least)
    };
    wants.iter().map(share).collect()
}

/// How wide a text is on two lines, in em: on one where it has no space.
fn in_two_lines(text: &str) -> f32 {
    let halves = text.match_indices(' ').map(|(at, _)| {
        let (before, after) = text.split_at(at);
        width(Face::Regular, before).max(width(Face::Regular, after.trim_start()))
    });
    halves.fold(width(Face::Regular, text), f32::min)
}

/// The widest run of characters between which no line ends, in em.
fn longest_word(face: Face, text: &str) -> f32 {
    let words = text.split(|c: char| c.is_whitespace() || !lines::is_word(c));
    words.map(|word| width(face, word)).fold(0.0, f32::max).min(WHOLE_WORD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        platform::money::{Fen, Qualifier},
        reporting::annual_report::grid::{amount, count, heads, words},
    };

    #[test]
    fn no_word_of_a_head_and_no_amount_is_broken() {
        let keys = [
            ("region", false),
            ("report-figure-leads-sent", true),
            ("report-figure-leads-accepted", true),
            ("report-figure-cases-filed", true),
            ("report-figure-suspects-arrested", true),
            ("report-figure-sites-raided", true),
            ("report-figure-case-value", true),
        ];
        for lang in Lang::ALL {
            let sum = amount(Fen(3_145_610_000), Qualifier::AtLeast, lang);
            let mut row = vec![words(lang.pick("内蒙古自治区", "Inner Mongolia Autonomous Region"))];
            row.extend((0..5).map(|_| count(1_234)));
            row.push(sum);
            let grid = Grid { heads: heads(lang, &keys), rows: vec![row.clone()] };
            // A4 with the report's margins, and less.
            let points = 450.0;
            let table = table(&grid, points);
            let total: f32 = table.columns.iter().map(|column| column.share).sum();
            for (column, cell) in table.columns.iter().zip(&row) {
                let room = column.share / total * points - 10.0;
                let head = column.head.split(' ').filter(|_| lang == Lang::En);
                let head = head.map(|word| width(Face::Bold, word)).fold(0.0, f32::max);
                let figure = if cell.figures { width(Face::Regular, &cell.shown) } else { 0.0 };
                assert!(head.max(figure) * SIZE <= room, "{lang}: {} {}", column.head, cell.shown);
            }
        }
    }

    #[test]
    fn where_amounts_do_not_fit_on_a_line_the_words_stay_whole() {
        let keys = [
            ("report-col-case", false),
            ("agency", false),
            ("region", false),
            ("report-figure-suspects-arrested", true),
            ("report-figure-sites-raided", true),
            ("amount", true),
            ("report-col-basis", false),
        ];
        let lang = Lang::En;
        let row = vec![
            words("AL-2016-0003 Counterfeit lubricants of international brands"),
            words("Economic Investigation Detachment, Municipal Public Security Bureau"),
            words("Inner Mongolia Autonomous Region"),
            count(12),
            count(4),
            amount(Fen(3_145_610_000), Qualifier::AtLeast, lang),
            words("appraised value of seized goods, as determined by a court"),
        ];
        let grid = Grid { heads: heads(lang, &keys), rows: vec![row.clone()] };
        // A4 with the report's margins, and less than that.
        for points in [470.0, 400.0] {
            let table = table(&grid, points);
            let total: f32 = table.columns.iter().map(|column| column.share).sum();
            for (column, cell) in table.columns.iter().zip(&row) {
                let room = column.share / total * points - 10.0;
                for (face, text) in [(Face::Bold, &column.head), (Face::Regular, &cell.shown)] {
                    for word in text.split(' ') {
                        assert!(width(face, word) * table.size <= room, "{points}: {word} in {room}");
                    }
                }
            }
        }
    }
}
