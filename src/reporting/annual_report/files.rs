//! The report as tables for CSV and XLSX.

use super::{
    grid::{Cell, Grid, Section},
    report::Report,
    sections::sections,
};
use crate::platform::{
    i18n::{self, Lang},
    sheet, time,
};

/// The parts as tables for a file, after one that says what the file is.
pub fn sheets(report: &Report, lang: Lang, is_demo: bool) -> Vec<sheet::Sheet> {
    let mut all = vec![about(report, lang, is_demo)];
    all.extend(sections(report, lang).into_iter().map(|section| table(section, lang)));
    all
}

/// Year, moment and zone; and that there are synthetic rows among those counted, where there are.
fn about(report: &Report, lang: Lang, is_demo: bool) -> sheet::Sheet {
    // The report's own zone, as page and paper have it; programs read JSON, which is in UTC.
    let zone = time::zone(&report.time_zone).unwrap_or(time::DEFAULT_ZONE);
    let as_at = time::format_exact(report.as_at, zone);
    let mut rows: Vec<Vec<sheet::Cell>> = vec![
        vec![i18n::t(lang, "report-about-year").into(), report.year.to_string().into()],
        vec![i18n::t(lang, "report-about-as-at").into(), as_at.into()],
        vec![i18n::t(lang, "report-about-log-size").into(), sheet::Cell::Count(report.as_at_log_size)],
        vec![i18n::t(lang, "report-about-zone").into(), report.time_zone.clone().into()],
    ];
    if is_demo || report.synthetic > 0 {
        rows.push(vec![i18n::t(lang, "synthetic").into(), i18n::t(lang, "report-synthetic").into()]);
    }
    let head = ["report-about-what", "report-about-value"].map(|key| i18n::t(lang, key)).to_vec();
    sheet::Sheet { name: i18n::t(lang, "report-about"), head, rows }
}

/// A part as a table; beside each column of amounts another one says how sure they are.
fn table(section: Section, lang: Lang) -> sheet::Sheet {
    let Grid { heads, rows } = section.grid;
    let qualified = |x: usize| rows.iter().any(|row| row.get(x).is_some_and(|cell| cell.qualifier.is_some()));
    let columns: Vec<bool> = (0..heads.len()).map(qualified).collect();
    let mut head = Vec::new();
    for (label, qualified) in heads.into_iter().map(|head| head.label).zip(&columns) {
        let beside = qualified.then(|| i18n::t_with(lang, "report-col-qualifier", &[("of", label.clone())]));
        head.push(label);
        head.extend(beside);
    }
    let line = |row: Vec<Cell>| {
        let mut cells = Vec::new();
        for (cell, qualified) in row.into_iter().zip(&columns) {
            cells.push(cell.value);
            if *qualified {
                let sure = cell.qualifier.map(|q| i18n::t(lang, q.key()));
                cells.push(sure.unwrap_or_default().into());
            }
        }
        cells
    };
    sheet::Sheet { name: section.title, head, rows: rows.into_iter().map(line).collect() }
}
