//! A row of a table as a sale. Pure. What can't be read is said to be so, and is never nothing.

use chrono::{Datelike, NaiveDate};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::model::{Cell, Column, Mapping};
use crate::platform::{money::Reading, time};

/// So much of a shop's or a product's name tells it from others, in characters.
const LONGEST_NAME: usize = 120;
/// What is put behind a number of goods.
const MEASURES: [&str; 15] =
    ["件", "个", "只", "双", "瓶", "盒", "台", "套", "条", "支", "箱", "部", "pcs", "pc", "units"];
/// What the first cell of a row of sums says.
const SUMS: [&str; 7] = ["合计", "总计", "小计", "汇总", "total", "subtotal", "grand total"];
/// Before a word of a state these say that it is not so: 没有申请退款.
const NOT: [&str; 6] = ["未", "无", "没", "不", "no", "not"];
/// What may stand between the two.
const BETWEEN: [&str; 3] = ["申请", "发生", "有"];
/// What is asked for of a sale that was made.
const ASKED: [&str; 6] = ["退款", "退货", "退款申请", "退货申请", "售后", "refund"];
/// What becomes of that, so that the sale stands: 退款关闭.
const WITHDRAWN: [&str; 9] =
    ["关闭", "失败", "取消", "撤销", "驳回", "拒绝", "closed", "failed", "cancelled"];

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Counted,
    /// Its state, or another table, says that it is none, or it is a row of sums.
    Excluded,
    /// A number of it is less than nought, as refunds are written: it is no sale.
    Negative,
    /// An earlier table of the lead has it too.
    Merged,
    /// A number of it can't be read.
    Unreadable,
}

/// A row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub state: State,
    /// Empty: none is said.
    pub shop: String,
    pub product: String,
    pub units: i64,
    pub fen: i64,
    pub day: Option<NaiveDate>,
    /// Stands for its order's number; `None`: it has none that tells it from others.
    pub order: Option<u128>,
    /// Whether it has a number of an order that tells it from no other: a spreadsheet has rounded it.
    pub is_vague: bool,
}

fn composed(text: &str) -> String {
    text.nfkc().collect::<String>().trim().to_owned()
}

/// Digits alone, as most tables have them.
fn plain(text: &str) -> Option<i64> {
    let is_plain = (1..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if is_plain { text.parse().ok() } else { None }
}

/// A whole number of goods: `12`, `1,200`, `１２`, `12件`, `1.2万`. Letters are measures (`3m`, `5k`), and no thousands.
pub fn whole(text: &str) -> Option<i64> {
    if let Some(number) = plain(text.trim()) {
        return Some(number);
    }
    let text = composed(text).to_lowercase();
    let text = MEASURES.iter().find_map(|word| text.strip_suffix(word)).unwrap_or(&text).trim();
    if text.contains(|c: char| c.is_ascii_alphabetic()) || text.contains(['元', '¥', '角', '分', '块', '圆'])
    {
        return None;
    }
    let read = Reading::parse(text).ok().filter(|read| read.qualifier.is_none())?;
    (read.fen.0 % 100 == 0).then_some(read.fen.0 / 100)
}

/// An amount in fen: `12.50`, `1,200`, `￥1,299.00`, `1.2万`. One that is said to be about or over so much is none.
pub fn fen(text: &str) -> Option<i64> {
    let trimmed = text.trim();
    let (yuan, rest) = trimmed.split_once('.').unwrap_or((trimmed, "0"));
    if let (Some(yuan), Some(cents), 1..=2) = (plain(yuan), plain(rest), rest.len()) {
        let cents = if rest.len() == 1 { cents * 10 } else { cents };
        return yuan.checked_mul(100)?.checked_add(cents);
    }
    let read = Reading::parse(trimmed).ok()?;
    read.qualifier.is_none().then_some(read.fen.0)
}

/// Whether a number is less than nought: `-12.00`, `−3`, `￥-12`, `(12.00)`.
pub fn is_negative(text: &str) -> bool {
    let text = composed(text).replace(['−', '–'], "-");
    let text = text.trim_start_matches(['¥', '￥', ' ']);
    let inner = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
    let rest = inner.or_else(|| text.strip_prefix('-')).map(|rest| rest.trim_start_matches(['¥', ' ']));
    rest.is_some_and(|rest| fen(rest).or_else(|| whole(rest)).is_some_and(|number| number > 0))
}

/// The day of `2016-05-04 10:30:00`, `2016/5/4`, `2016年5月4日 10:30`.
pub fn day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let date = text.split(|c: char| c.is_whitespace() || c == 'T').next().unwrap_or_default();
    // The quick way first: a table may have a million of them.
    let quick = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok();
    quick.filter(|day| (1900..=2200).contains(&day.year())).or_else(|| time::parse_date(date).ok())
}

/// A name in one form: full-width letters and blanks tell no shop from another.
pub fn name(text: &str) -> String {
    let text = composed(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let shown = words.join(" ");
    let shown = shown.chars().filter(|c| !c.is_control());
    shown.take(LONGEST_NAME).collect()
}

/// What stands for an order's number. One that a spreadsheet has rounded (`1.2346E+18`) is that of many orders.
pub fn order(text: &str) -> Option<u128> {
    let text = composed(text).to_lowercase();
    let kept: String = text.chars().filter(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect();
    let is_rounded = text.contains('.') || text.contains("e+");
    if kept.is_empty() || is_rounded { None } else { Some(key([kept.as_bytes()])) }
}

/// What stands for several values together.
pub fn key<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u128 {
    let mut hash = Sha256::new();
    for part in parts {
        // With its length: no two lists of values are written alike.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let hash = hash.finalize();
    let mut half = [0u8; 16];
    half.copy_from_slice(&hash[..16]);
    u128::from_be_bytes(half)
}

/// Whether a state says one of these words, and not that it is not so.
pub fn is_excluded(state: &str, words: &[String]) -> bool {
    let state = composed(state).to_lowercase();
    let is_not = |before: &str| {
        let mut before = before.trim_end();
        for word in BETWEEN {
            before = before.strip_suffix(word).unwrap_or(before).trim_end();
        }
        NOT.iter().any(|word| before.ends_with(word))
    };
    // A refund that was withdrawn is none, whichever of its words is looked for.
    let is_withdrawn = |before: &str, word: &str, after: &str| {
        let begins = |text: &str| WITHDRAWN.iter().any(|word| text.trim_start().starts_with(word));
        let ends = |text: &str| ASKED.iter().any(|word| text.trim_end().ends_with(word));
        let asked = after.trim_start();
        let asked = asked.strip_prefix("申请").unwrap_or(asked);
        (ends(word) && begins(asked)) || (begins(word) && ends(before))
    };
    let says = |word: &str| {
        state.match_indices(word).any(|(at, _)| {
            let (before, after) = (&state[..at], &state[at + word.len()..]);
            !is_not(before) && !is_withdrawn(before, word, after)
        })
    };
    words.iter().filter(|word| !word.is_empty()).any(|word| says(word))
}

/// Whether its first cell, or one that names something, says that the row sums up others.
pub fn is_sum(mapping: &Mapping, cells: &[Cell]) -> bool {
    let says = |cell: &Cell| {
        let text = composed(&cell.text).to_lowercase();
        let text = text.trim_end_matches([':', ' ']);
        SUMS.contains(&text)
    };
    let named = [Column::Shop, Column::Product, Column::Order, Column::Date];
    let named = named.iter().filter_map(|column| cells.get(mapping.place(*column)?));
    let first = cells.iter().find(|cell| !cell.text.trim().is_empty());
    named.chain(first).any(says)
}

/// A number of a cell, if it is there and was written and not reckoned.
fn number(cell: Option<&Cell>, read: fn(&str) -> Option<i64>) -> Option<i64> {
    cell.filter(|cell| !cell.is_formula).and_then(|cell| read(&cell.text))
}

/// The number of goods and the amount in fen that a row tells of, each `None` where it can't be read.
pub fn numbers(mapping: &Mapping, cells: &[Cell]) -> (Option<i64>, Option<i64>) {
    let cell = |column: Column| mapping.place(column).map(|place| cells.get(place));
    // A table that says no number of goods has one to a row.
    let units = cell(Column::Units).map_or(Some(1), |cell| number(cell, whole));
    let amount = match (cell(Column::Amount), cell(Column::Price)) {
        (Some(amount), _) => number(amount, fen),
        (None, Some(price)) => {
            number(price, fen).zip(units).and_then(|(price, units)| price.checked_mul(units))
        }
        (None, None) => None,
    };
    (units, amount)
}

/// Reads a row; `None` where nothing stands in it.
pub fn look(mapping: &Mapping, cells: &[Cell]) -> Option<Line> {
    if cells.iter().all(|cell| cell.text.trim().is_empty() && !cell.is_formula) {
        return None;
    }
    let cell = |column: Column| mapping.place(column).map(|place| cells.get(place));
    let text = |column: Column| cell(column).flatten().map_or("", |cell| cell.text.as_str());
    let (units, amount) = numbers(mapping, cells);
    let is_out = is_sum(mapping, cells) || is_excluded(text(Column::Status), &mapping.excluded);
    let is_below = |column: Column| cell(column).flatten().is_some_and(|cell| is_negative(&cell.text));
    let is_out = is_out.then_some(State::Excluded);
    let state = is_out.unwrap_or_else(|| match (units, amount) {
        (Some(_), Some(_)) => State::Counted,
        _ if [Column::Units, Column::Amount, Column::Price].into_iter().any(is_below) => State::Negative,
        _ => State::Unreadable,
    });
    let number = text(Column::Order);
    let order = order(number);
    Some(Line {
        state,
        shop: name(text(Column::Shop)),
        product: name(text(Column::Product)),
        units: units.unwrap_or_default(),
        fen: amount.unwrap_or_default(),
        day: day(text(Column::Date)),
        order,
        is_vague: order.is_none() && !number.trim().is_empty(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::casework::evidence::sales::model::{CURRENCY, Picked};

    #[test]
    fn numbers_are_read_as_people_write_them_and_never_taken_for_nothing() {
        for (text, read) in
            [("12", 12), ("1,200", 1_200), ("１２", 12), ("12 件", 12), ("1.2万", 12_000), ("0", 0)]
        {
            assert_eq!(whole(text), Some(read), "{text}");
        }
        for text in ["", "-1", "1.5", "约3", "12元", "x", "1e3", "=A1", "3m", "5k", "5K", "2w", "12cny"] {
            assert_eq!(whole(text), None, "{text}");
        }
        for text in ["-12.00", "−3", "￥-12", "-￥1,299.00", "(12.00)", "（12）", "-2件"] {
            assert!(is_negative(text), "{text}");
        }
        for text in ["", "-", "12", "0", "-0.00", "12-13", "-约3", "(说明)", "见附件"] {
            assert!(!is_negative(text), "{text}");
        }
        for (text, read) in [
            ("1299", 129_900),
            ("12.5", 1_250),
            ("12.50", 1_250),
            ("￥1,299.00", 129_900),
            ("１２", 1_200),
            ("1.2万", 1_200_000),
            ("12元", 1_200),
            ("0.00", 0),
        ] {
            assert_eq!(fen(text), Some(read), "{text}");
        }
        for text in ["", "-12.00", "12.345", "约100", "100+", "$12", "12美元", "=C2*D2", "#N/A", ".5x"] {
            assert_eq!(fen(text), None, "{text}");
        }
    }

    #[test]
    fn days_and_names_have_one_form() {
        let may = NaiveDate::from_ymd_opt(2016, 5, 4);
        for text in ["2016-05-04 10:30:00", "2016/5/4", "2016年5月4日 10:30", "20160504", "2016-05-04T10:30"]
        {
            assert_eq!(day(text), may, "{text}");
        }
        assert_eq!((day(""), day("昨天"), day("0001-01-01")), (None, None, None));
        assert_eq!(name("  甲　店\tＡ "), "甲 店 A");
        assert_eq!(name(&"长".repeat(300)).chars().count(), LONGEST_NAME);
    }

    #[test]
    fn an_order_is_known_by_its_number_however_it_is_quoted() {
        let known = order("2016050400001");
        assert!(known.is_some());
        for text in ["'2016050400001", "=\"2016050400001\"", " ２０１６０５０４００００１\t"] {
            assert_eq!(order(text), known, "{text}");
        }
        assert_ne!(order("2016050400002"), known);
        assert_eq!((order(""), order("1.2346E+18"), order("'")), (None, None, None));
    }

    #[test]
    fn a_state_excludes_unless_it_says_that_it_is_not_so() {
        let words = ["退款", "refunded"].map(str::to_owned);
        for state in
            ["退款成功", "已 退款", "Refunded", "全额退款", "未退款，后退款成功", "退款失败，再次退款成功"]
        {
            assert!(is_excluded(state, &words), "{state}");
        }
        for state in
            ["", "交易成功", "没有申请退款", "未退款", "无退款", "Not refunded", "退款关闭", "退款申请失败"]
        {
            assert!(!is_excluded(state, &words), "{state}");
        }
        // By what excludes where nothing else is said.
        let words = ["退款", "取消", "关闭", "刷单", "closed", "cancelled"].map(str::to_owned);
        for state in ["退款关闭", "退款取消", "交易成功，退款 关闭", "Refund cancelled"] {
            assert!(!is_excluded(state, &words), "{state}");
        }
        for state in ["交易关闭", "订单取消", "退款成功，交易关闭", "未退款，交易关闭", "Closed"]
        {
            assert!(is_excluded(state, &words), "{state}");
        }
    }

    fn mapping(columns: &[Column]) -> Mapping {
        let picked = |(place, column): (usize, &Column)| {
            (column.as_str().to_owned(), Picked { place, heading: String::new() })
        };
        Mapping {
            currency: CURRENCY.into(),
            sheet: 0,
            sheet_name: String::new(),
            header: 1,
            columns: columns.iter().enumerate().map(picked).collect::<BTreeMap<_, _>>(),
            excluded: vec!["退款".into()],
        }
    }

    #[test]
    fn a_row_is_counted_excluded_or_said_to_be_unreadable() {
        let mapping = mapping(&[Column::Shop, Column::Units, Column::Price, Column::Status]);
        let row = |cells: [&str; 4]| {
            let cells = cells.map(Cell::from);
            look(&mapping, &cells).map(|line| (line.state, line.units, line.fen))
        };
        assert_eq!(row(["甲店", "3", "12.50", ""]), Some((State::Counted, 3, 3_750)));
        assert_eq!(row(["甲店", "3", "12.50", "退款成功"]), Some((State::Excluded, 3, 3_750)));
        assert_eq!(row(["合计", "3", "12.50", ""]).map(|line| line.0), Some(State::Excluded));
        assert_eq!(row(["甲店", "x", "12.50", ""]).map(|line| line.0), Some(State::Unreadable));
        assert_eq!(row(["甲店", "3", "", ""]).map(|line| line.0), Some(State::Unreadable));
        assert_eq!(
            row(["甲店", "3", "90071992547409.91", ""]),
            Some((State::Counted, 3, 27_021_597_764_222_973))
        );
        assert_eq!(row(["", " ", "", "\t"]), None);
        for numbers in [["-1", "12.50"], ["1", "-12.50"], ["-1", "-12.50"]] {
            let line = row(["甲店", numbers[0], numbers[1], ""]);
            assert_eq!(line.map(|line| line.0), Some(State::Negative), "{numbers:?}");
        }
        let formula = Cell { text: "0".into(), is_formula: true };
        let cells = ["甲店", "3"].map(Cell::from).into_iter().chain([formula]).collect::<Vec<_>>();
        assert_eq!(look(&mapping, &cells).map(|line| line.state), Some(State::Unreadable));
    }
}
