//! `data/sales-rows.csv`: the rows behind the sums of sales records, of those tables that the addressee gets, table by table in
//! the order in which they are counted: each row with what becomes of it, and why. Written as the tables are read anew, a row at
//! a time. UTF-8 with a byte order mark and cells that no program runs, as the evidence list.

use std::collections::HashMap;

use super::{
    bag,
    evidence_list::plain,
    facts::LeadFacts,
    pdf_words::quoted,
    sales::{SalesTable, column_word},
    stored,
};
use crate::{
    casework::evidence::sales::{
        model::Column,
        rows::{Fate, Reason, Row, Tables, Tally},
    },
    platform::{
        db::Id,
        error::{AppError, Result},
        money::Fen,
        vault::{Stored, Vault},
    },
};

/// The columns. Pieces and amounts of the rows that are counted come to the sums of the report.
pub const COLUMNS: [&str; 8] = [
    "证据序号 Item",
    "行号 Row",
    "店铺 Shop",
    "商品 Product",
    "件数 Units",
    "金额（元）Amount (CNY)",
    "处理 State",
    "原因 Reason",
];

/// What says in the column of states that a row is counted.
pub const COUNTED: &str = "计入 counted";

/// Takes the rows of a dossier into the store, if it states sales records. `beat` is called while the tables are read, which may
/// take a while. Blocks.
///
/// # Errors
/// `Unavailable` where the tables come to something else than the facts say: they were marked anew meanwhile; those of `beat`,
/// of reading the tables and of the vault. Nothing stays then.
pub fn put(
    vault: &Vault,
    facts: &LeadFacts,
    tables: Option<&Tables>,
    mut beat: impl FnMut() -> Result<()> + Send,
) -> Result<Option<Stored>> {
    let (Some(sales), Some(tables)) = (&facts.sales, tables) else { return Ok(None) };
    let stated: HashMap<Id, &SalesTable> =
        sales.tables.iter().map(|table| (table.evidence_id, table)).collect();
    let name = bag::SALES_ROWS.rsplit('/').next().unwrap_or_default();
    let (stored, ()) = stored::put_written(vault, name, |out| {
        out.write_all("\u{feff}".as_bytes())?;
        let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
        csv.write_record(COLUMNS).map_err(AppError::internal)?;
        let is_shown = |id: Id| stated.contains_key(&id);
        let found = tables.show(vault, &is_shown, &mut beat, &mut |row| {
            let Some(table) = stated.get(&row.evidence_id) else { return Ok(()) };
            csv.write_record(cells(table.number, row)).map_err(AppError::internal)
        })?;
        let is_same = |(id, tally): &(Id, Tally)| stated.get(id).is_some_and(|table| says(table, tally));
        if found.len() != stated.len() || !found.iter().all(is_same) {
            return Err(AppError::Unavailable("the sales records are not those that are stated".into()));
        }
        csv.flush()?;
        Ok(())
    })?;
    Ok(Some(stored))
}

/// Whether a table comes to what is stated of it.
fn says(table: &SalesTable, tally: &Tally) -> bool {
    let (units, fen) = tally.whole.stored();
    let found = [tally.whole.counted, units, fen, tally.excluded, tally.merged, tally.whole.faults];
    found == [table.rows, table.units, table.fen, table.excluded, table.merged, table.unreadable]
}

fn cells(number: u32, row: &Row<'_>) -> [String; 8] {
    let (state, reason) = fate(row.fate);
    let reasons = reason.map(str::to_owned).into_iter().chain(row.why.iter().map(why));
    let reasons: Vec<String> = reasons.collect();
    [
        number.to_string(),
        row.number.to_string(),
        plain(row.shop),
        plain(row.product),
        row.units.map(|units| units.to_string()).unwrap_or_default(),
        row.fen.map(|fen| Fen(fen).to_string()).unwrap_or_default(),
        state.to_owned(),
        plain(&reasons.join("；")),
    ]
}

/// What becomes of a row, and why, where that is so of itself. Sealed: not the words of pages, which may change.
fn fate(fate: Fate) -> (&'static str, Option<&'static str>) {
    const EXCLUDED: &str = "排除 excluded";
    match fate {
        Fate::Counted => (COUNTED, None),
        Fate::Sum => (EXCLUDED, Some("合计行")),
        Fate::Status => (EXCLUDED, Some("按状态排除")),
        Fate::StatusElsewhere => (EXCLUDED, Some("另一张表按状态排除同一订单")),
        Fate::Negative => (EXCLUDED, Some("负数行")),
        Fate::Merged => ("合并 merged", Some("另一张表已计同一行")),
        Fate::Unreadable => ("读不出 unreadable", None),
    }
}

fn why(reason: &Reason) -> String {
    let named = |column: &Column| column_word(*column);
    match reason {
        Reason::Missing(column) => format!("没有{}", named(column)),
        Reason::Formula(column) => format!("{}由公式得出，不是记录的数", named(column)),
        Reason::Negative(column, text) => format!("{}为负数：{}", named(column), quoted(text)),
        Reason::Unread(column, text) => format!("{}读不出：{}", named(column), quoted(text)),
        Reason::TooLarge => "单价乘以件数过大".to_owned(),
        Reason::NoOrder => "没有订单号，不能与其他表核对是否重复".to_owned(),
        Reason::VagueOrder(text) => {
            format!("订单号{}已被表格软件取整，不能与其他表核对是否重复", quoted(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(
        shop: &str,
        (units, fen): (Option<i64>, Option<i64>),
        fate: Fate,
        why: Vec<Reason>,
    ) -> [String; 8] {
        let evidence_id = Id::from_bytes([1; 16]);
        cells(3, &Row { evidence_id, number: 7, shop, product: "表", units, fen, fate, why })
    }

    #[test]
    fn a_row_says_what_becomes_of_it_and_what_was_not_read_is_not_nothing() {
        let counted = row("甲店", (Some(2), Some(129_905)), Fate::Counted, vec![]);
        assert_eq!(counted, ["3", "7", "甲店", "表", "2", "1299.05", COUNTED, ""]);
        let unread = vec![Reason::Unread(Column::Amount, "见附件".into())];
        let unread = row("甲店", (Some(1), None), Fate::Unreadable, unread);
        assert_eq!(unread[4..], ["1", "", "读不出 unreadable", "金额读不出：“见附件”"]);
        let merged = row("甲店", (Some(1), Some(5)), Fate::Merged, vec![]);
        assert_eq!(merged[4..], ["1", "0.05", "合并 merged", "另一张表已计同一行"]);
        let refund = row("甲店", (Some(-1), Some(-5)), Fate::Negative, vec![]);
        assert_eq!(refund[4..], ["-1", "-0.05", "排除 excluded", "负数行"]);
    }

    #[test]
    fn no_cell_is_run_as_a_formula() {
        let hostile = row("=HYPERLINK(\"x\")", (None, None), Fate::Sum, vec![Reason::NoOrder]);
        assert_eq!(hostile[2], "'=HYPERLINK(\"x\")");
        assert_eq!(hostile[6..], ["排除 excluded", "合计行；没有订单号，不能与其他表核对是否重复"]);
    }
}
