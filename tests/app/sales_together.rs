//! Sales records of several tables: refunds, orders that exports share, copies of a file, and what is large.

use lead_handoff::platform::db::Id;

use super::sales::{CSV_FORM, ORDERS, mark, upload};
use crate::support::{Browser, TestApp, story};

/// What the sales records of a lead come to, as its page says it.
async fn comes_to(browser: &Browser, lead: Id, words: &str) {
    browser.get(&format!("/leads/{lead}")).await.expect(200).has(words);
}

#[tokio::test]
async fn a_refund_in_another_table_takes_the_sale_out_whichever_comes_first() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    const HEAD: &str = "订单编号,店铺名称,实付金额,订单状态\n";
    let sales =
        format!("{HEAD}D1001,甲店,100.00,交易成功\nD1002,甲店,20.00,交易成功\nD1002,乙店,3.00,交易成功\n");
    let refunds = format!("{HEAD}D1001,甲店,100.00,退款成功\nD1003,甲店,-7.00,交易成功\n");
    let fields = [
        ("header", "1"),
        ("order", "0"),
        ("shop", "1"),
        ("amount", "2"),
        ("status", "3"),
        ("excluded", "退款"),
    ];
    for turned in [false, true] {
        let lead = app.seed.lead(&app.services, "compiler");
        let mut files = [("订单.csv", &sales), ("退款.csv", &refunds)];
        if turned {
            files.reverse();
        }
        let mut items = Vec::new();
        for (name, text) in files {
            items.push(upload(&compiler, lead, name, text.clone().into_bytes()).await);
        }
        for item in &items {
            mark(&compiler, *item, &fields).await;
        }
        // Two shops may have the same number; what is less than nought is neither counted nor unreadable.
        comes_to(&compiler, lead, "销售记录合计 2 件，23.00 元（2 张表，2 行）").await;
        let sold = items[usize::from(turned)];
        let rows = format!("/evidence/{sold}/sales/rows?state=");
        compiler.get(&format!("{rows}excluded")).await.expect(200).has("D1001").has_not("D1002");
        let refund = items[usize::from(!turned)];
        let negative = format!("/evidence/{refund}/sales/rows?state=negative");
        compiler.get(&negative).await.expect(200).has("D1003").has_not("D1001");
        let form = compiler.get(&format!("/leads/{lead}/edit?take=sales")).await.expect(200);
        form.has("value=\"23\"").has_not("value=\"at_least\" selected");
    }
}

#[tokio::test]
async fn the_later_lines_of_an_order_that_two_exports_share_are_counted() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    const HEAD: &str = "订单编号,商品标题,实付金额\n";
    let fields = [("header", "1"), ("order", "0"), ("product", "1"), ("amount", "2")];
    let mut items = Vec::new();
    for (name, rows) in [
        ("上.csv", "A1,腕表甲款,10.00\nA2,腕表甲款,20.00\n"),
        ("下.csv", "A2,腕表甲款,20.00\nA2,礼盒乙款,5.00\n"),
    ] {
        items.push(upload(&compiler, lead, name, format!("{HEAD}{rows}").into_bytes()).await);
    }
    for item in &items {
        mark(&compiler, *item, &fields).await;
    }
    comes_to(&compiler, lead, "销售记录合计 3 件，35.00 元（2 张表，3 行）").await;
    // What another table counts stands as that among the rows, and not as counted.
    let rows = format!("/evidence/{}/sales/rows", items[1]);
    compiler.get(&rows).await.expect(200).has_not("此处仍列为");
    compiler.get(&format!("{rows}?state=merged")).await.expect(200).has("腕表甲款").has_not("礼盒乙款");
    compiler.get(&format!("{rows}?state=counted")).await.expect(200).has("礼盒乙款").has_not("腕表甲款");
}

#[tokio::test]
async fn a_file_is_marked_once_whatever_it_is_called() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = upload(&compiler, lead, "订单.csv", ORDERS.as_bytes().to_vec()).await;
    let same = upload(&compiler, lead, "订单副本.csv", ORDERS.as_bytes().to_vec()).await;
    let mut made = Vec::new();
    for column in ["2", "3"] {
        let redaction = [
            ("sheet", "1"),
            ("columns", column),
            ("heading", "yes"),
            ("withhold", "no"),
            ("reason", "买家信息"),
        ];
        let known = story::items(&compiler, lead).await;
        compiler.post(&format!("/evidence/{item}/redact"), &redaction).await.expect(303);
        let mut now = story::items(&compiler, lead).await;
        now.retain(|id| !known.contains(id));
        made.push(now.remove(0));
    }
    mark(&compiler, made[0], &CSV_FORM).await;
    // The original, another one that was made of it, and the same bytes under another name.
    for other in [item, made[1], same] {
        compiler.post(&format!("/evidence/{other}/sales"), &CSV_FORM).await.expect(409);
    }
    compiler.post(&format!("/evidence/{}/sales/unmark", made[0]), &[]).await.expect(303);
    mark(&compiler, item, &CSV_FORM).await;
    compiler.post(&format!("/evidence/{same}/sales"), &CSV_FORM).await.expect(409);
    compiler.post(&format!("/evidence/{}/sales", made[0]), &CSV_FORM).await.expect(409);
    comes_to(&compiler, lead, "销售记录合计 6 件，2,073.00 元（1 张表，4 行）").await;
    // Its own mark is put right all the same.
    let fields: Vec<(&str, &str)> = CSV_FORM.iter().copied().filter(|(name, _)| *name != "date").collect();
    mark(&compiler, item, &fields).await;
}

#[tokio::test]
async fn a_workbook_is_large_by_what_it_unpacks_to() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    for (x, head) in (0u16..).zip(["金额", "备注"]) {
        page.write_string(0, x, head).expect("a head");
    }
    // Some sixty digits of each row's own, over and over: it packs well, and is no bomb.
    let number = |row: u32, by: u64| u64::from(row).wrapping_mul(by);
    let remark = |row: u32| {
        let [one, two, three] =
            [6_364_136_223_846_793_005, 2_862_933_555_777_941_757, 3_202_034_522_624_059_733]
                .map(|by| number(row, by));
        format!("{one:020}{two:020}{three:020}").repeat(40)
    };
    for row in 1..=4_000u32 {
        page.write_number(row, 0, 1.01).expect("a number");
        page.write_string(row, 1, remark(row)).expect("a remark");
    }
    let bytes = book.save_to_buffer().expect("a workbook");
    assert!(bytes.len() < 2 << 20, "{}", bytes.len());
    let item = upload(&compiler, lead, "大表.xlsx", bytes).await;
    let page = format!("/evidence/{item}/sales");
    let done = compiler.post(&page, &[("header", "1"), ("amount", "0")]).await.expect(303);
    assert!(done.location.ends_with("sales-queued"), "{}", done.location);
    app.settle().await;
    comes_to(&compiler, lead, "销售记录合计 4,000 件，4,040.00 元（1 张表，4,000 行）").await;
}
