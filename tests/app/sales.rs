//! Tables of orders are marked as sales records: their sums are right to the fen, stand beside the estimated value with the
//! rows behind them, and in the dossier.

use std::io::Cursor;

use lead_handoff::{
    casework::dossier::{stated, verify},
    platform::db::Id,
};
use reqwest::multipart::{Form, Part};

use crate::support::{
    Browser, TestApp, fixtures,
    seed::{GUANGZHOU, HANGZHOU},
    story,
};

/// Two shops and more, a refund, an amount that is none.
pub(super) const ORDERS: &str = "订单编号,店铺名称,商品标题,商品单价,购买数量,实付金额,付款时间,订单状态
A001,甲店,手表A,199.00,2,398.00,2016-05-01 10:00:00,交易成功
A002,甲店,手表B,\"1,299.00\",1,\"￥1,299.00\",2016-05-02 09:00:00,交易成功
A003,乙店,手表A,199.00,１,199.00,2016-05-03 11:00:00,交易成功
A004,乙店,手表C,50.00,3,150.00,2016-05-03 12:00:00,退款成功
A005,丙店,手表D,88.00,1,见附件,2016-05-04 08:00:00,交易成功
A006,丙店,手表D,88.50,2,177.00,2016-05-05 08:00:00,没有申请退款
";

pub(super) const CSV_FORM: [(&str, &str); 11] = [
    ("sheet", "0"),
    ("header", "1"),
    ("shop", "1"),
    ("product", "2"),
    ("units", "4"),
    ("price", "3"),
    ("amount", "5"),
    ("date", "6"),
    ("order", "0"),
    ("status", "7"),
    ("excluded", "退款、取消、刷单"),
];

pub(super) const XLSX_FORM: [(&str, &str); 10] = [
    ("sheet", "0"),
    ("header", "1"),
    ("shop", "1"),
    ("product", "2"),
    ("units", "3"),
    ("amount", "4"),
    ("date", "5"),
    ("order", "0"),
    ("status", "6"),
    ("excluded", "refunded"),
];

/// An order of the first table once more, a refund, and an amount that a formula makes.
fn workbook() -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    let heads = ["Order No.", "Shop", "Item title", "Qty", "Amount", "Order date", "Status"];
    for (x, head) in (0u16..).zip(heads) {
        page.write_string(0, x, head).expect("a head");
    }
    let rows: [(&str, &str, &str, f64, &str, &str); 5] = [
        ("A002", "甲店", "手表B", 1.0, "1299", "paid"),
        ("B001", "丙店", "手表E", 10.0, "1.2万", "paid"),
        ("B002", "乙店", "手表C", 3.0, "150", "Refunded"),
        ("B003", "乙店", "手表C", 4.0, "200.5", "Not refunded"),
        ("B004", "甲店", "手表A", 1.0, "=D6*199", "paid"),
    ];
    for (y, (order, shop, title, units, amount, state)) in (1u32..).zip(rows) {
        for (x, text) in [(0, order), (1, shop), (2, title), (5, "2016-06-01"), (6, state)] {
            page.write_string(y, x, text).expect("a cell");
        }
        page.write_number(y, 3, units).expect("a number");
        match amount.parse::<f64>() {
            Ok(number) => page.write_number(y, 4, number).map(|_| ()),
            Err(_) if amount.starts_with('=') => page.write_formula(y, 4, amount).map(|_| ()),
            Err(_) => page.write_string(y, 4, amount).map(|_| ()),
        }
        .expect("an amount");
    }
    book.save_to_buffer().expect("a workbook")
}

pub(super) async fn upload(browser: &Browser, lead: Id, name: &str, bytes: Vec<u8>) -> Id {
    let known = story::items(browser, lead).await;
    let mut form = Form::new();
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    form = form.part("file", Part::bytes(bytes).file_name(name.to_owned()));
    let path = browser.url(&format!("/leads/{lead}/evidence"));
    let request = browser.client.post(path).header("origin", &browser.base).multipart(form);
    browser.send(request).await.expect(303);
    let mut now = story::items(browser, lead).await;
    now.retain(|id| !known.contains(id));
    now.remove(0)
}

/// A lead of `compiler` with both tables.
pub(super) async fn tables(app: &TestApp, compiler: &Browser) -> (Id, Id, Id) {
    let lead = app.seed.lead(&app.services, "compiler");
    let orders = encoding_rs::GB18030.encode(ORDERS).0.into_owned();
    let csv = upload(compiler, lead, "订单.csv", orders).await;
    let xlsx = upload(compiler, lead, "orders.xlsx", workbook()).await;
    (lead, csv, xlsx)
}

pub(super) async fn mark(browser: &Browser, item: Id, fields: &[(&str, &str)]) {
    browser.post(&format!("/evidence/{item}/sales"), fields).await.expect(303);
}

/// What a call of the API answers.
async fn ask(browser: &Browser, token: &str, path: String) -> serde_json::Value {
    let request = browser.client.get(browser.url(&path)).bearer_auth(token);
    browser.send(request).await.expect(200).json()
}

#[tokio::test]
async fn orders_are_marked_and_their_sums_are_right_to_the_fen() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, csv, xlsx) = tables(&app, &compiler).await;
    let note = story::note(&compiler, lead, "说明", "没有表格").await;
    let page = format!("/evidence/{csv}/sales");

    // What the headings promise, and what it would come to.
    compiler.get(&format!("/evidence/{csv}")).await.expect(200).has(&format!("href=\"{page}\""));
    let guess = compiler.get(&page).await.expect(200);
    let guess = guess
        .has("value=\"5\" selected>F · 实付金额")
        .has("value=\"1\" selected>B · 店铺名称")
        .has("2,073.00")
        .has("甲店");
    // The row that would not be counted, with its number and why, before anything is marked.
    guess
        .has("共 1 行读不出，标记后不计入。")
        .has(">6</td><td data-label=\"原因\">金额读不出：“见附件”</td>");
    let asked = format!("{page}?header=1&shop=1&price=3&units=4&order=0&status=7&excluded=x");
    compiler.get(&asked).await.expect(200).has("试算结果").has("2,311.00").has_not("试算中读不出的行");

    // The wrong turns.
    compiler.post(&page, &[("shop", "1"), ("header", "1")]).await.expect(422).has("f-amount-error");
    compiler.post(&page, &[]).await.expect(422).has("f-amount-error");
    compiler.post(&page, &[("amount", "1"), ("shop", "1")]).await.expect(422).has("该列已对应其他内容");
    let no_table = compiler.post(&format!("/evidence/{note}/sales"), &CSV_FORM).await.expect(422);
    no_table.has("这不是能读取的表格");
    compiler.get(&format!("/evidence/{note}/sales")).await.expect(200).has("这不是能读取的表格");
    app.sign_in("compiler2").await.post(&page, &CSV_FORM).await.expect(409);
    app.sign_in("approver").await.post(&page, &CSV_FORM).await.expect(404);
    for path in [page.clone(), format!("{page}/rows")] {
        app.sign_in("liaison").await.get(&path).await.expect(404);
    }

    let before = app.audit_count().await;
    mark(&compiler, csv, &CSV_FORM).await;
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "evidence.mark_sales"));
    assert_eq!(entry.leaf["facts"]["fen"], 207_300);
    // The same once more is no act.
    mark(&compiler, csv, &CSV_FORM).await;
    assert_eq!(app.audit_count().await, before + 1);
    let sums = compiler.get(&page).await.expect(200);
    sums.has("销售记录合计 6 件，2,073.00 元（1 张表，4 行）").has("读不出的行").has(">6<");

    mark(&compiler, xlsx, &XLSX_FORM).await;
    // The refund, the formula, and the order that the other table has.
    let sums = compiler.get(&format!("/evidence/{xlsx}/sales")).await.expect(200);
    sums.has("销售记录合计 14 件，12,200.50 元（1 张表，2 行）").has("另一张表已有");
    let story = compiler.get(&format!("/leads/{lead}")).await.expect(200);
    let story = story.has("销售记录合计 20 件，14,273.50 元（2 张表，6 行）").has("尚未填写估计金额");
    story.has("12,177.00 元").has("1,697.00 元").has("399.50 元").has("12,000.00 元").has("597.00 元");
    let form = compiler.get(&format!("/leads/{lead}/edit?take=sales")).await.expect(200);
    form.has("value=\"14,273.50\"").has("value=\"sales\" selected");
    compiler.get(&format!("/leads/{lead}/edit")).await.expect(200).has_not("value=\"14,273.50\"");

    // The rows behind them; each look is on record.
    let rows = format!("{page}/rows");
    let shown = compiler.get(&format!("{rows}?shop=丙店")).await.expect(200);
    shown.has("A005").has("A006").has("见附件").has_not("A001");
    assert_eq!(app.last_entry().await.verb, "evidence.preview");
    let shown = compiler.get(&format!("{rows}?state=unreadable")).await.expect(200);
    shown.has("A005").has_not("A006").has("金额读不出：“见附件”");
    // The page of the sums leads there.
    compiler.get(&page).await.expect(200).has("/sales/rows?state=unreadable");
    let shown = compiler.get(&format!("/evidence/{xlsx}/sales/rows?state=unreadable")).await.expect(200);
    shown.has("B004").has("金额由公式得出").has("<td class=\"num\" data-label=\"行\">6</td>");
    compiler.get(&format!("{rows}?after=6")).await.expect(200).has("A006").has_not("A005");
    let shown =
        app.sign_in("auditor").await.get(&format!("/evidence/{xlsx}/sales/rows?state=excluded")).await;
    shown.expect(200).has("B002").has_not("B003");

    // Programs.
    let token = fixtures::token(&app, "compiler").await;
    let found = ask(&app.stranger(), &token, format!("/api/v1/leads/{lead}")).await;
    assert_eq!(found["sales"], serde_json::json!({ "units": 20, "fen": 1_427_350, "tables": 2 }));
    let found = ask(&app.stranger(), &token, format!("/api/v1/evidence/{csv}")).await;
    let wanted = serde_json::json!({
        "rows": 4, "units": 6, "fen": 207_300, "excluded": 1, "merged": 0, "unreadable": 1
    });
    assert_eq!(found["sales"], wanted);
    assert!(ask(&app.stranger(), &token, format!("/api/v1/evidence/{note}")).await["sales"].is_null());
}

#[tokio::test]
async fn of_many_rows_that_cannot_be_read_the_first_are_told() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let rows: String = (1..=25).map(|n| format!("甲店,货{n},缺{n}\n")).collect();
    let table = format!("店铺名称,商品标题,实付金额\n甲店,货,1.00\n{rows}");
    let item = upload(&compiler, lead, "订单.csv", table.into_bytes()).await;
    let before = app.audit_count().await;
    let page = compiler.get(&format!("/evidence/{item}/sales")).await.expect(200);
    page.has("共 25 行读不出，标记后不计入；以下为前 20 行。").has("金额读不出：“缺20”").has_not("“缺21”");
    assert_eq!(app.audit_count().await, before + 1, "the look alone");
}

#[tokio::test]
async fn a_mark_is_taken_off_and_what_it_counted_is_counted_elsewhere() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, csv, xlsx) = tables(&app, &compiler).await;
    mark(&compiler, csv, &CSV_FORM).await;
    mark(&compiler, xlsx, &XLSX_FORM).await;
    compiler.post(&format!("/evidence/{csv}/remove"), &[]).await.expect(409);
    app.sign_in("compiler2").await.post(&format!("/evidence/{csv}/sales/unmark"), &[]).await.expect(409);

    let before = app.audit_count().await;
    compiler.post(&format!("/evidence/{csv}/sales/unmark"), &[]).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "evidence.unmark_sales");
    // The order of both is now that of the workbook.
    let story = compiler.get(&format!("/leads/{lead}")).await.expect(200);
    story.has("销售记录合计 15 件，13,499.50 元（1 张表，3 行）");
    // Once more changes nothing.
    let before = app.audit_count().await;
    compiler.post(&format!("/evidence/{csv}/sales/unmark"), &[]).await.expect(303);
    assert_eq!(app.audit_count().await, before);
    compiler.post(&format!("/evidence/{csv}/remove"), &[]).await.expect(303);
    // A mark is put right by another one.
    let fields: Vec<(&str, &str)> =
        XLSX_FORM.iter().copied().filter(|(name, _)| !["status", "excluded"].contains(name)).collect();
    mark(&compiler, xlsx, &fields).await;
    compiler.get(&format!("/leads/{lead}")).await.expect(200).has("18 件，13,649.50 元（1 张表，4 行）");
}

#[tokio::test]
async fn a_large_table_is_summed_in_the_background() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let remark = "备注".repeat(400);
    let mut table = "店铺,商品,数量,金额,备注\n".to_owned();
    for n in 0..4_000 {
        table.push_str(&format!("店{},货{},1,1.01,{remark}\n", n % 3, n % 5));
    }
    let item = upload(&compiler, lead, "大表.csv", table.into_bytes()).await;
    let page = format!("/evidence/{item}/sales");
    let fields = [("header", "1"), ("shop", "0"), ("product", "1"), ("units", "2"), ("amount", "3")];
    let done = compiler.post(&page, &fields).await.expect(303);
    assert!(done.location.ends_with("sales-queued"), "{}", done.location);
    compiler.get(&page).await.expect(200).has("正在后台汇总").has("data-refresh");
    compiler.post(&page, &fields).await.expect(409);
    app.settle().await;
    compiler.get(&page).await.expect(200).has("4,000 件，4,040.00 元").has_not("data-refresh");
    // The act is that of whoever asked.
    let filter = lead_handoff::audit::Filter {
        object: Some(item),
        verb_prefix: Some("evidence.mark_sales".into()),
        ..Default::default()
    };
    let entries = app.services.db.read(move |conn| lead_handoff::audit::page(conn, &filter, 5)).await;
    let entries = entries.expect("entries");
    assert_eq!((entries.len(), entries[0].actor_id), (1, Some(app.seed.people["compiler"])));
}

#[tokio::test]
async fn the_dossier_states_the_same_to_whom_the_tables_are_given() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, csv, xlsx) = tables(&app, &compiler).await;
    mark(&compiler, csv, &CSV_FORM).await;
    mark(&compiler, xlsx, &XLSX_FORM).await;
    let hold = format!("withhold-{}", app.seed.agencies[HANGZHOU]);
    let made =
        story::seal_version(&app, lead, 1, &[GUANGZHOU, HANGZHOU], &[csv, xlsx], &[(&hold, "2")]).await;
    let mut said = Vec::new();
    for id in made {
        let found = app.services.db.read(move |conn| stated::of(conn, id)).await.expect("read");
        said.push((id, found.expect("facts").facts));
    }
    let of = |code: &str| said.iter().find(|(_, facts)| facts.addressee.code == code).expect("a dossier");
    let (all, all_facts) = of(GUANGZHOU);
    let sales = all_facts.sales.as_ref().expect("sales");
    assert_eq!((sales.rows, sales.units, sales.fen, sales.tables.len()), (6, 20, 1_427_350, 2));
    for sums in [&sales.shops, &sales.products] {
        assert_eq!(sums.iter().map(|sum| sum.fen).sum::<i64>(), sales.fen);
        assert_eq!(sums.iter().map(|sum| sum.units).sum::<i64>(), sales.units);
    }
    assert_eq!(sales.shops.iter().map(|sum| sum.name.as_str()).collect::<Vec<_>>(), ["丙店", "甲店", "乙店"]);
    assert_eq!((sales.tables[0].number, &sales.tables[0].unreadable_rows[..]), (1, &[6][..]));
    assert_eq!((sales.tables[1].merged, sales.tables[1].excluded, sales.tables[1].unreadable), (1, 1, 1));
    assert!(sales.tables[0].mapping.contains("实付金额"), "{}", sales.tables[0].mapping);
    // Who does not get the workbook is told nothing of it.
    let (_, part) = of(HANGZHOU);
    let sales = part.sales.as_ref().expect("sales");
    assert_eq!((sales.fen, sales.tables.len()), (207_300, 1));

    let pdf = compiler.get(&format!("/dossiers/{all}/dossier.pdf")).await.expect(200);
    let text: String = super::custody::text_of(&pdf.bytes).split_whitespace().collect();
    for words in ["销售记录汇总", "14,273.50元", "2张表，计入6行", "12,177.00元"] {
        assert!(text.contains(words), "no «{words}» in {text}");
    }
    let package = compiler.get(&format!("/dossiers/{all}/package.zip")).await.expect(200);
    let key = app.services.signer.public().to_string().parse().expect("a key");
    let report = verify::verify(Cursor::new(package.bytes), &[key], &mut |_, _| {}).expect("readable");
    assert_eq!(report.verdict, verify::Verdict::Authentic, "{:?}", report.faults);

    // The lead is approved: nothing is marked any more.
    compiler.post(&format!("/evidence/{csv}/sales"), &CSV_FORM).await.expect(409);
    compiler.post(&format!("/evidence/{csv}/sales/unmark"), &[]).await.expect(409);
    compiler.get(&format!("/evidence/{csv}/sales")).await.expect(200).has("2,073.00").has_not("formmethod");
}

#[tokio::test]
async fn nothing_is_marked_while_a_lead_is_in_review() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let (lead, csv, xlsx) = tables(&app, &compiler).await;
    let agency = app.seed.agencies[GUANGZHOU];
    story::compose(&compiler, lead, 1, &[agency], &[csv, xlsx], &[]).await.expect(303);
    app.settle().await;
    // What is marked after composing is not what was composed.
    mark(&compiler, csv, &CSV_FORM).await;
    compiler.post(&format!("/leads/{lead}/submit"), &[]).await.expect(409);
    story::compose(&compiler, lead, 2, &[agency], &[csv, xlsx], &[]).await.expect(303);
    app.settle().await;
    story::submit(&compiler, lead).await;
    compiler.post(&format!("/evidence/{xlsx}/sales"), &XLSX_FORM).await.expect(409);
}
