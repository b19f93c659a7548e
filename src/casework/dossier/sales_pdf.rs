//! 销售记录汇总: the part of the report that sums up tables of orders.

use super::{
    pdf_words as words,
    sales::{Sales, SalesRest, SalesSum, SalesTable},
};
use crate::platform::{
    chart::plain,
    pdf::{Align, Cell, Column, Flow, Style, Table},
};

/// Unreadable rows that are named in a cell.
const NAMED: usize = 30;

/// Draws the part, below its heading.
pub fn sales(flow: &mut Flow, sales: &Sales) {
    let mut facts = vec![
        ("合计件数", format!("{}件", plain(sales.units))),
        ("合计金额", format!("人民币{}", words::yuan(sales.fen))),
        ("范围", format!("{}张表，计入{}行", sales.tables.len(), plain(sales.rows))),
    ];
    if let Some(path) = &sales.rows_file {
        let every = "各表全部行及其处理（计入、合并、排除、读不出）和原因，不限于下列店铺和商品";
        facts.push(("逐行明细", format!("卷宗包内 {path}：{every}")));
    }
    flow.facts(&facts);
    flow.paragraph(
        "由程序按所列的列对应关系，对随卷移送的表格原文件逐行读取、汇总，原文件未作改动。同一订单（店铺、订单号相同）的同一行在本线索的几张表中只计算一次，任一张表列为退款等的订单在其他表中也不计入；CSV表格的行号不含空行；读不出的行不计入，也不计为零。数额以主管机关依法认定的为准。",
        Style::NOTE,
    );
    flow.heading(2, "各表");
    tables(flow, &sales.tables);
    flow.heading(2, "按店铺");
    sums(flow, "店铺", &sales.shops, sales.other_shops.as_ref());
    flow.heading(2, "按商品");
    sums(flow, "商品", &sales.products, sales.other_products.as_ref());
}

fn tables(flow: &mut Flow, tables: &[SalesTable]) {
    let mut drawn = Table::new(vec![
        Column::new("证据序号", 10.0).aligned(Align::Centre),
        Column::new("列对应关系", 44.0),
        Column::new("件数", 11.0).aligned(Align::Right),
        Column::new("金额", 17.0).aligned(Align::Right),
        Column::new("行数", 18.0),
    ])
    .sized(8.5);
    for table in tables {
        let mut rows = vec![format!("计入{}", plain(table.rows))];
        let others = [
            ("按状态排除及合计、负数行", table.excluded),
            ("另一张表已计", table.merged),
            ("读不出", table.unreadable),
        ];
        rows.extend(others.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{name}{}", plain(*n))));
        let mut mapping = table.mapping.clone();
        if table.first_on.is_some() {
            mapping += &format!("\n起止日期：{}", words::span(table.first_on, table.last_on));
        }
        if !table.unreadable_rows.is_empty() {
            let named: Vec<String> =
                table.unreadable_rows.iter().take(NAMED).map(ToString::to_string).collect();
            let is_cut = table.unreadable > named.len() as i64;
            mapping += &format!("\n读不出的行：{}{}", named.join("、"), if is_cut { "等" } else { "" });
        }
        drawn.row(vec![
            Cell::from(table.number.to_string()),
            mapping.into(),
            plain(table.units).into(),
            words::yuan(table.fen).into(),
            rows.join("\n").into(),
        ]);
    }
    flow.table(&drawn);
}

fn sums(flow: &mut Flow, what: &str, sums: &[SalesSum], rest: Option<&SalesRest>) {
    let mut drawn = Table::new(vec![
        Column::new(what, 52.0),
        Column::new("件数", 14.0).aligned(Align::Right),
        Column::new("金额", 22.0).aligned(Align::Right),
        Column::new("行数", 12.0).aligned(Align::Right),
    ]);
    let mut row = |name: String, (units, fen, rows): (i64, i64, i64)| {
        drawn.row(vec![name.into(), plain(units).into(), words::yuan(fen).into(), plain(rows).into()]);
    };
    for sum in sums {
        let name = if sum.name.is_empty() { "（未写明）".to_owned() } else { sum.name.clone() };
        row(name, (sum.units, sum.fen, sum.rows));
    }
    if let Some(rest) = rest {
        row(format!("其余{}项合计", rest.count), (rest.units, rest.fen, rest.rows));
    }
    flow.table(&drawn);
}
