//! Tables beside little room: on a phone ours stack, so that nothing is read by scrolling sideways, and the one of somebody's
//! own file scrolls in a region that has a name and that the keys reach; on a laptop no word of theirs is in two.

use std::time::Duration;

use lead_handoff::platform::db::Id;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::{
    desk::{Desk, Manner},
    support::{TestApp, ledger::Sent, seed::GUANGZHOU, story},
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(300);

/// Wider than a phone by far, and with a cell in which nothing stands.
const ORDERS: &str = "订单编号,店铺名称,商品标题,商品单价,购买数量,实付金额,付款时间,订单状态,收货地址
A001,名表折扣店,国际名牌机械手表男士全自动防水,199.00,2,398.00,2016-05-01 10:00:00,交易成功,广东省广州市番禺区大石街道
A002,名表折扣店,国际名牌石英手表女士,1299.00,1,1299.00,2016-05-02 09:00:00,交易成功,浙江省杭州市余杭区文一西路
A003,腕间世界,国际名牌机械手表男士全自动防水,199.00,1,199.00,2016-05-03 11:00:00,交易成功,
";

/// What the columns mean.
const MEANT: [(&str, &str); 11] = [
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tables_fit_a_phone_and_a_narrow_column() {
    let app = TestApp::new().await;
    let (lead, item) = orders(&app).await;
    app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    app.publish_conflict().await;
    app.settle().await;
    let manner = Manner { lang: "zh-CN", scripts: true, closely: false };
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, look(&mut desk, lead, item)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("it ends in time");
}

/// A lead of the compiler with a table of orders that is marked as sales records.
async fn orders(app: &TestApp) -> (Id, Id) {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut form = Form::new();
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    let form = form.part("file", Part::bytes(ORDERS.as_bytes()).file_name("订单.csv"));
    let path = compiler.url(&format!("/leads/{lead}/evidence"));
    let request = compiler.client.post(path).header("origin", &compiler.base).multipart(form);
    compiler.send(request).await.expect(303);
    let item = story::items(&compiler, lead).await[0];
    compiler.post(&format!("/evidence/{item}/sales"), &MEANT).await.expect(303);
    (lead, item)
}

async fn look(desk: &mut Desk<'_>, lead: Id, item: Id) {
    let (lead, item) = (format!("/leads/{lead}"), format!("/evidence/{item}"));
    desk.seat("compiler", &lead).await;
    for (name, path, cell) in [
        ("narrow-compose", format!("{lead}/dossiers/new"), ".table-stack td[data-label] [name=evidence]"),
        ("narrow-first-rows", format!("{item}/sales"), "#first .table-stack td[data-label]"),
        ("narrow-sums", format!("{item}/sales"), "#sums .table-stack td[data-label]"),
        ("narrow-rows", format!("{item}/sales/rows"), ".table-stack td[data-label]"),
    ] {
        stacks(desk, name, &path, cell).await;
    }
    beside_the_story(desk, &lead).await;
    own_table(desk, &format!("{item}/read")).await;

    desk.seat("manager", "/reports/2016").await;
    for id in ["figures", "months", "regions", "published"] {
        assert!(desk.count(&format!("#{id} .table-stack td[data-label]")).await > 0, "{id}");
    }
    stacks(desk, "narrow-report", "/reports/2016", "#months td[data-label]").await;
    words_are_whole(desk, "/reports/2016").await;
    desk.open("/reference/clocks").await;
    lines_keep_to_the_rules(desk).await;

    desk.sit_down("admin").await;
    desk.open("/admin/components").await;
    components(desk).await;
}

/// Looks at a page as narrow as a phone and narrower (tests/browser/page.js says what must not be); there is such a cell.
async fn stacks(desk: &mut Desk<'_>, name: &str, path: &str, cell: &str) {
    desk.open(path).await;
    assert!(desk.count(cell).await > 0, "no {cell} on {path}: {}", desk.text().await);
    for width in [320, 360] {
        desk.resize(width).await;
        desk.glance(name).await;
    }
    desk.resize(1280).await;
}

/// The page of every component: neither it nor any table in it is wider than a phone.
async fn components(desk: &mut Desk<'_>) {
    let wide = "const boxes = [...document.querySelectorAll('.table')]; \
                const wide = boxes.filter((box) => box.scrollWidth > box.clientWidth); \
                return [boxes.length > 3, document.documentElement.scrollWidth, wide.map((box) => box.ariaLabel)]";
    desk.resize(360).await;
    assert_eq!(desk.js(wide).await, json!([true, 360, []]));
    desk.resize(1280).await;
}

/// The sums stand in lines beside the story, and none of them runs out of its column.
async fn beside_the_story(desk: &mut Desk<'_>, lead: &str) {
    desk.open(lead).await;
    assert_eq!(desk.count("#sales table").await, 0);
    assert_eq!(desk.count("#sales .lines > li").await, 4, "two shops, two products: {}", desk.text().await);
    let out = "const box = document.querySelector('#sales'); return box.scrollWidth - box.clientWidth";
    for width in [320, 360, 1000, 1280] {
        desk.resize(width).await;
        assert_eq!(desk.js(out).await, json!(0), "at {width}");
    }
}

/// No line of a Chinese page begins with a mark that closes or ends with one that opens; were there one, it would be seen.
async fn lines_keep_to_the_rules(desk: &mut Desk<'_>) {
    for width in [320, 360] {
        desk.resize(width).await;
        for (rule, is_broken) in [("", false), ("anywhere", true)] {
            desk.js(&format!("document.body.style.lineBreak = '{rule}'")).await;
            let faults = desk.own_faults().await;
            let broken = faults.iter().any(|fault| fault.starts_with("a line is broken between"));
            assert_eq!(broken, is_broken, "«{rule}» at {width}: {faults:?}");
        }
    }
    desk.resize(1280).await;
}

/// A table of somebody's own file keeps its rows and columns: it scrolls in a region that has a name and that keys reach,
/// and the page does not.
async fn own_table(desk: &mut Desk<'_>, path: &str) {
    desk.open(path).await;
    desk.resize(360).await;
    let region = "const box = document.querySelector('.table-scroll'); \
                  return [box.scrollWidth > box.clientWidth, box.role, box.ariaLabel.length > 0, box.tabIndex]";
    assert_eq!(desk.js(region).await, json!([true, "region", true, 0]));
    desk.glance("narrow-own-table").await;
    desk.resize(1280).await;
}

/// No word of the first column is in two lines, in English, where words are long.
async fn words_are_whole(desk: &mut Desk<'_>, path: &str) {
    desk.speak("en", path).await;
    for width in [800, 1280] {
        desk.resize(width).await;
        let broken = desk
            .js("const found = []; \
                 for (const cell of document.querySelectorAll('tbody th')) { \
                   const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT); \
                   while (texts.nextNode()) \
                     for (const word of texts.currentNode.data.matchAll(/[A-Za-z]+/g)) { \
                       const range = document.createRange(); \
                       range.setStart(texts.currentNode, word.index); \
                       range.setEnd(texts.currentNode, word.index + word[0].length); \
                       if (range.getClientRects().length > 1) found.push(word[0]); \
                     } \
                 } \
                 return found")
            .await;
        assert_eq!(broken, json!([]), "{path} at {width}");
    }
    desk.resize(1280).await;
    desk.speak("zh-CN", path).await;
}
