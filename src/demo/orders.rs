//! Made-up tables of orders, for whoever tries the sums of sales records beside an estimated value. Nothing in them is anybody's.

use chrono::{Days, NaiveDate};
use rust_xlsxwriter::Workbook;

use crate::platform::error::{AppError, Result};

/// Orders of a table.
const ORDERS: u32 = 40;
const HEADINGS: [&str; 8] =
    ["订单号", "店铺", "商品", "单价（元）", "数量", "实付金额（元）", "成交时间", "订单状态"];

/// An order, in the order of [`HEADINGS`].
struct Order {
    number: String,
    shop: String,
    product: String,
    yuan: u32,
    units: u32,
    at: String,
    state: &'static str,
}

/// Orders from the number `first` on, of two shops and two products, within the weeks before `today`. One of ten was taken back.
fn orders(goods: &str, first: u32, today: NaiveDate) -> Vec<Order> {
    let order = |n: u32| {
        let day = today.checked_sub_days(Days::new(u64::from(3 + n * 2 % 80))).unwrap_or(today);
        Order {
            number: format!("SYN{n:06}"),
            shop: format!("示例{goods}{}（合成）", if n.is_multiple_of(3) { "二店" } else { "店" }),
            product: format!("示例{goods}{}", if n.is_multiple_of(2) { "甲款" } else { "乙款" }),
            yuan: if n.is_multiple_of(2) { 199 } else { 149 },
            units: n % 9 + 4,
            at: format!("{day} 10:{:02}:00", n % 60),
            state: if n.is_multiple_of(10) { "已退款" } else { "交易成功" },
        }
    };
    (first..first + ORDERS).map(order).collect()
}

/// A table as a list (CSV, UTF-8 with its mark).
pub(super) fn list(goods: &str, today: NaiveDate) -> Vec<u8> {
    let mut text = format!("\u{feff}{}\n", HEADINGS.join(","));
    for Order { number, shop, product, yuan, units, at, state } in orders(goods, 1, today) {
        let amount = yuan * units;
        text.push_str(&format!("{number},{shop},{product},{yuan}.00,{units},{amount}.00,{at},{state}\n"));
    }
    text.into_bytes()
}

/// A table as a workbook of one sheet. Its first five orders are the last ones of [`list`]: as a second export of one shop has
/// them again.
///
/// # Errors
/// `Internal` where it can't be written.
pub(super) fn workbook(goods: &str, today: NaiveDate) -> Result<Vec<u8>> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in (0u16..).zip(HEADINGS) {
        sheet.write_string(0, column, heading).map_err(AppError::internal)?;
    }
    for (row, order) in (1u32..).zip(orders(goods, ORDERS - 4, today)) {
        sheet.write_string(row, 0, &order.number).map_err(AppError::internal)?;
        sheet.write_string(row, 1, &order.shop).map_err(AppError::internal)?;
        sheet.write_string(row, 2, &order.product).map_err(AppError::internal)?;
        sheet.write_number(row, 3, order.yuan).map_err(AppError::internal)?;
        sheet.write_number(row, 4, order.units).map_err(AppError::internal)?;
        sheet.write_number(row, 5, order.yuan * order.units).map_err(AppError::internal)?;
        sheet.write_string(row, 6, &order.at).map_err(AppError::internal)?;
        sheet.write_string(row, 7, order.state).map_err(AppError::internal)?;
    }
    book.save_to_buffer().map_err(AppError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_orders_stand_in_both_tables() {
        let today = NaiveDate::from_ymd_opt(2016, 5, 4).expect("a day");
        let number = |order: &Order| order.number.clone();
        let list: Vec<String> = orders("手表", 1, today).iter().map(number).collect();
        let book: Vec<String> = orders("手表", ORDERS - 4, today).iter().map(number).collect();
        assert_eq!(list.iter().filter(|one| book.contains(one)).count(), 5);
        assert!(workbook("手表", today).is_ok());
    }
}
