//! What was published about a year, as it is read: context beside our own figures, never added to them.

use super::{
    grid::{Cell, Grid, Section, amount, count, heads, words},
    report::{Published, Report},
    sections::section,
};
use crate::{
    operation::published::{count_text, figure_name, is_money},
    platform::{
        i18n::{self, Lang},
        money::{Fen, Qualifier},
    },
};

/// A published amount as it is read: fen for values, else a count.
pub fn amount_of(one: &Published, lang: Lang) -> Cell {
    let qualifier = Qualifier::parse(&one.qualifier).unwrap_or_default();
    if is_money(&one.figure) {
        return amount(Fen(one.amount), qualifier, lang);
    }
    Cell { shown: count_text(one.amount, qualifier, lang), ..count(one.amount) }
}

pub(super) fn section_of(report: &Report, lang: Lang) -> Section {
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
            let scope = [one.period(lang), one.scope(lang)].join(&lang.pause());
            let counted = i18n::t(lang, if one.counted { "report-counted-yes" } else { "report-counted-no" });
            let separator = lang.colon();
            let reason = one.reason(lang);
            let why = if reason.is_empty() { counted } else { format!("{counted}{separator}{reason}") };
            vec![
                words(figure_name(&one.figure, lang)),
                amount_of(one, lang),
                words(scope.trim_matches([',', '，', ' '])),
                words(one.source(lang)),
                words(why),
            ]
        })
        .collect();
    for figure in &report.not_published {
        rows.push(vec![
            words(figure_name(figure, lang)),
            Cell { figures: true, ..words(i18n::t(lang, "report-not-published")) },
            words(""),
            words(""),
            words(""),
        ]);
    }
    section("published", lang, Grid { heads, rows })
}
