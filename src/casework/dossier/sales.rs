//! The sales records of a lead as a dossier states them: those tables that its addressee gets, by table, shop and product.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{bag, pdf_words as words};
use crate::{
    casework::evidence::sales::{
        model::{Column, Mapping, heading},
        store::{Part, Records, Total},
    },
    platform::db::Id,
};

/// Shops and products that are named; of more the rest is summed up.
const NAMED: usize = 50;

/// 销售记录汇总.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sales {
    /// Rows that are counted.
    pub rows: i64,
    pub units: i64,
    pub fen: i64,
    /// In the order of the list.
    pub tables: Vec<SalesTable>,
    /// The largest turnover first.
    pub shops: Vec<SalesSum>,
    /// Shops beyond those, together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_shops: Option<SalesRest>,
    pub products: Vec<SalesSum>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other_products: Option<SalesRest>,
    /// Path in the package of the rows behind the sums, [`bag::SALES_ROWS`]; `None`: an older dossier, which has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_file: Option<String>,
}

/// One table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesTable {
    /// Number of its item in the list.
    pub number: u32,
    pub evidence_id: Id,
    /// What its columns mean, in words.
    pub mapping: String,
    pub rows: i64,
    pub units: i64,
    pub fen: i64,
    /// Rows that a state excludes, sums of others, and negative ones.
    pub excluded: i64,
    /// Rows that another table of the lead has too, and that are counted there.
    pub merged: i64,
    pub unreadable: i64,
    /// The first rows that can't be read.
    pub unreadable_rows: Vec<u64>,
    pub first_on: Option<NaiveDate>,
    pub last_on: Option<NaiveDate>,
}

/// One shop or product; the name is empty where the table says none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesSum {
    pub name: String,
    pub rows: i64,
    pub units: i64,
    pub fen: i64,
}

/// Several of them together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesRest {
    pub count: u32,
    pub rows: i64,
    pub units: i64,
    pub fen: i64,
}

impl Sales {
    /// Of the marked tables those that have a number in the list, `None` where there are none of them.
    pub fn of(records: &Records, numbers: &HashMap<Id, u32>) -> Option<Self> {
        let records = records.of(|id| numbers.contains_key(&id));
        if records.totals.is_empty() {
            return None;
        }
        let table = |total: &Total| Some(table(total, *numbers.get(&total.evidence_id)?));
        let mut tables: Vec<SalesTable> = records.totals.iter().filter_map(table).collect();
        tables.sort_by_key(|table| table.number);
        let (shops, other_shops) = sums(&records, |part| &part.shop);
        let (products, other_products) = sums(&records, |part| &part.product);
        let whole = records.whole();
        let (units, fen) = whole.stored();
        let rows_file = Some(bag::SALES_ROWS.to_owned());
        let rows = whole.counted;
        Some(Self { rows, units, fen, tables, shops, other_shops, products, other_products, rows_file })
    }

    /// Every number of it, for the bound that JSON has.
    pub fn numbers(&self) -> impl Iterator<Item = i64> {
        let of = |sum: &SalesSum| [sum.units, sum.fen];
        let sums = self.shops.iter().chain(&self.products).flat_map(of);
        let tables = self.tables.iter().flat_map(|table| [table.units, table.fen]);
        [self.units, self.fen].into_iter().chain(tables).chain(sums)
    }
}

fn table(total: &Total, number: u32) -> SalesTable {
    SalesTable {
        number,
        evidence_id: total.evidence_id,
        mapping: in_words(&total.mapping),
        rows: total.counted,
        units: total.units,
        fen: total.fen,
        excluded: total.excluded,
        merged: total.merged,
        unreadable: total.faults,
        unreadable_rows: total.fault_rows.clone(),
        first_on: total.first_on,
        last_on: total.last_on,
    }
}

fn sums(records: &Records, name: fn(&Part) -> &str) -> (Vec<SalesSum>, Option<SalesRest>) {
    let mut found: Vec<SalesSum> = records
        .by(name)
        .into_iter()
        .map(|(name, sum)| {
            let (units, fen) = sum.stored();
            SalesSum { name, rows: sum.counted, units, fen }
        })
        .collect();
    let rest = found.split_off(found.len().min(NAMED));
    if rest.is_empty() {
        return (found, None);
    }
    let count = u32::try_from(rest.len()).unwrap_or(u32::MAX);
    let none = SalesRest { count, rows: 0, units: 0, fen: 0 };
    let rest = rest.iter().fold(none, |all, one| SalesRest {
        rows: all.rows + one.rows,
        units: all.units + one.units,
        fen: all.fen + one.fen,
        ..all
    });
    (found, Some(rest))
}

/// What the columns are called in the papers.
pub(super) fn column_word(column: Column) -> &'static str {
    match column {
        Column::Shop => "店铺",
        Column::Product => "商品",
        Column::Units => "件数",
        Column::Price => "单价",
        Column::Amount => "金额",
        Column::Date => "日期",
        Column::Order => "订单号",
        Column::Status => "状态",
    }
}

/// `表头在第1行；店铺：A列“店铺名称”；…；金额按人民币计`.
fn in_words(mapping: &Mapping) -> String {
    let mut parts: Vec<String> = Vec::new();
    if !mapping.sheet_name.is_empty() {
        parts.push(format!("工作表{}", words::quoted(&mapping.sheet_name)));
    }
    parts.push(format!("表头在第{}行", mapping.header));
    for column in Column::ALL {
        if let Some(heading) = heading(mapping, *column) {
            parts.push(format!("{}：{heading}", column_word(*column)));
        }
    }
    if mapping.place(Column::Units).is_none() {
        parts.push("每行计1件".into());
    }
    if mapping.place(Column::Amount).is_none() {
        parts.push("金额按单价乘以件数计算".into());
    }
    if mapping.place(Column::Status).is_some() && !mapping.excluded.is_empty() {
        parts.push(format!("状态含{}的行不计入", words::quoted(&mapping.excluded_text())));
    }
    parts.push("金额按人民币计".into());
    parts.join("；")
}
