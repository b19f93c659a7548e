//! The published figures, each with its source: those that the sample's rows add up to, and as context the operation's
//! other figures, facts of the named cases that have no day, the platform's own measures, later years, the police and
//! customs of the whole country. Where papers differ, both are kept, one is counted, and it is said which and why.

use diesel::prelude::*;
use serde::Deserialize;

use crate::{
    audit::{self, Entry},
    platform::{
        db::{Id, Tx, schema::published_figure},
        error::{AppError, Result},
    },
};

/// A row of the file; amounts of value in yuan.
#[derive(Debug, Deserialize)]
struct Row {
    year: i32,
    figure: String,
    amount: i64,
    qualifier: String,
    period: String,
    scope: String,
    source: String,
    counted: String,
    reason: String,
    period_en: String,
    scope_en: String,
    source_en: String,
    reason_en: String,
}

fn rows() -> Result<Vec<Row>> {
    let text = include_str!("../../assets/demo/figures.csv");
    csv::Reader::from_reader(text.as_bytes())
        .into_deserialize()
        .collect::<Result<_, _>>()
        .map_err(AppError::internal)
}

/// Writes the figures. Amounts of value are stored in fen.
///
/// # Errors
/// Those of the database.
pub(super) fn plant(tx: &mut Tx<'_>) -> Result<()> {
    for row in rows()? {
        let amount = if row.figure.ends_with("value") { row.amount * 100 } else { row.amount };
        diesel::insert_into(published_figure::table)
            .values((
                published_figure::id.eq(Id::new()),
                published_figure::year.eq(row.year),
                published_figure::figure.eq(row.figure),
                published_figure::amount.eq(amount),
                published_figure::qualifier.eq(row.qualifier),
                published_figure::period.eq(row.period),
                published_figure::scope.eq(row.scope),
                published_figure::source.eq(row.source),
                published_figure::counted.eq(row.counted == "yes"),
                published_figure::reason.eq(row.reason),
                published_figure::period_en.eq(row.period_en),
                published_figure::scope_en.eq(row.scope_en),
                published_figure::source_en.eq(row.source_en),
                published_figure::reason_en.eq(row.reason_en),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Puts every published figure on record, so that a report of an earlier moment knows of them.
///
/// # Errors
/// Those of the database.
pub(super) fn put_on_record(tx: &mut Tx<'_>) -> Result<()> {
    let all: Vec<Id> = published_figure::table.select(published_figure::id).load(tx.conn())?;
    audit::record(tx, Entry::new("demo.row").objects("published", all)).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{i18n, money::Qualifier};

    #[test]
    fn every_figure_has_a_source_a_name_and_words_in_both_languages() {
        let chinese = |text: &str| text.chars().any(|ch| ('\u{3000}'..='\u{9fff}').contains(&ch));
        let rows = rows().expect("the file");
        assert!(rows.len() > 100);
        for row in rows {
            let slug = row.figure.replace('_', "-");
            let named = ["report-figure-", "report-published-"].map(|prefix| format!("{prefix}{slug}"));
            assert!(named.iter().any(|key| i18n::has(i18n::Lang::En, key)), "{} has no name", row.figure);
            assert!(Qualifier::parse(&row.qualifier).is_some(), "{row:?}");
            assert!(["yes", "no"].contains(&row.counted.as_str()), "{row:?}");
            for (zh, en) in
                [(&row.period, &row.period_en), (&row.scope, &row.scope_en), (&row.source, &row.source_en)]
            {
                assert!(!zh.is_empty() && !en.is_empty() && !chinese(en), "{row:?}");
            }
            assert!(row.reason.is_empty() == row.reason_en.is_empty() && !chinese(&row.reason_en), "{row:?}");
            assert!(row.counted == "yes" || !row.reason.is_empty(), "why is it not counted: {row:?}");
        }
    }
}
