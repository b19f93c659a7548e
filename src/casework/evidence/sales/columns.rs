//! Which column a heading promises, in Chinese or English. Pure; a guess, which the form shows to be put right.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::model::{Cell, Column};

/// What headings say, the surest first. Those columns come first whose words are part of another's.
const WORDS: [(Column, &[&str]); 8] = [
    (Column::Status, &["订单状态", "交易状态", "状态", "status", "state"]),
    (
        Column::Amount,
        &[
            "实付",
            "实收",
            "实际支付",
            "成交金额",
            "成交额",
            "销售额",
            "金额",
            "总价",
            "总额",
            "amount",
            "turnover",
            "total",
            "paid",
        ],
    ),
    (Column::Price, &["单价", "售价", "unitprice", "价格", "price"]),
    (Column::Units, &["数量", "件数", "销量", "quantity", "qty", "units", "pieces"]),
    (
        Column::Date,
        &["付款时间", "支付时间", "下单时间", "成交时间", "创建时间", "日期", "时间", "date", "time"],
    ),
    (Column::Order, &["订单号", "订单编号", "交易号", "单号", "订单", "orderno", "orderid", "order"]),
    (Column::Shop, &["店铺", "店名", "卖家", "商家", "shop", "store", "seller", "merchant"]),
    (
        Column::Product,
        &[
            "商品名称",
            "商品标题",
            "宝贝",
            "商品",
            "货品",
            "产品",
            "标题",
            "title",
            "product",
            "item",
            "goods",
        ],
    ),
];

/// Amounts that are no price of what was sold.
const OTHER_AMOUNTS: [&str; 9] =
    ["退款", "优惠", "运费", "折扣", "邮费", "refund", "discount", "freight", "shipping"];
/// Rows among the first that may bear the headings.
const HEADS: usize = 10;

fn plain(heading: &str) -> String {
    let text: String = heading.nfkc().collect::<String>().to_lowercase();
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-' | '.' | ':' | '#')).collect()
}

/// The places of the columns by their headings; each place is one column's.
pub fn guess(headings: &[Cell]) -> BTreeMap<Column, usize> {
    let headings: Vec<String> = headings.iter().map(|cell| plain(&cell.text)).collect();
    let mut found: BTreeMap<Column, usize> = BTreeMap::new();
    for (column, words) in WORDS {
        let is_free = |place: usize, found: &BTreeMap<Column, usize>| found.values().all(|at| *at != place);
        let is_other =
            |text: &str| column == Column::Amount && OTHER_AMOUNTS.iter().any(|word| text.contains(word));
        let place = words.iter().find_map(|word| {
            headings.iter().enumerate().find_map(|(place, text)| {
                (text.contains(word) && !is_other(text) && is_free(place, &found)).then_some(place)
            })
        });
        if let Some(place) = place {
            found.insert(column, place);
        }
    }
    found
}

/// Which of the first rows bears the headings: the one that most columns are guessed from, else the first.
pub fn header(rows: &[(u64, Vec<Cell>)]) -> u64 {
    let mut best = (0, rows.first().map_or(1, |(row, _)| *row));
    for (row, cells) in rows.iter().take(HEADS) {
        let named = guess(cells).len();
        if named > best.0 {
            best = (named, *row);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headings: &[&str]) -> Vec<(Column, usize)> {
        let cells: Vec<Cell> = headings.iter().map(|text| Cell::from(*text)).collect();
        guess(&cells).into_iter().collect()
    }

    #[test]
    fn headings_in_both_languages_are_known() {
        assert_eq!(
            of(&[
                "订单编号",
                "店铺名称",
                "商品标题",
                "商品单价",
                "购买数量",
                "实付金额",
                "付款时间",
                "订单状态"
            ]),
            [
                (Column::Shop, 1),
                (Column::Product, 2),
                (Column::Units, 4),
                (Column::Price, 3),
                (Column::Amount, 5),
                (Column::Date, 6),
                (Column::Order, 0),
                (Column::Status, 7),
            ]
        );
        assert_eq!(
            of(&["Order No.", "Seller", "Item title", "Qty", "Unit price", "Total", "Order date", "Status"]),
            [
                (Column::Shop, 1),
                (Column::Product, 2),
                (Column::Units, 3),
                (Column::Price, 4),
                (Column::Amount, 5),
                (Column::Date, 6),
                (Column::Order, 0),
                (Column::Status, 7),
            ]
        );
        assert_eq!(of(&["退款金额", "甲"]), []);
    }

    #[test]
    fn the_headings_may_stand_below_a_title() {
        let row =
            |n: u64, cells: &[&str]| (n, cells.iter().map(|text| Cell::from(*text)).collect::<Vec<_>>());
        let rows =
            [row(1, &["店铺订单导出"]), row(2, &["店铺", "数量", "金额"]), row(3, &["甲店", "1", "2"])];
        assert_eq!(header(&rows), 2);
        assert_eq!(header(&[row(1, &["a", "b"])]), 1);
    }
}
