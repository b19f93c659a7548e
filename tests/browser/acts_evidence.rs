//! What a compiler does with an item of evidence: it is kept back and given out again, a redacted copy is made of a text and of
//! a picture, a table is marked as sales, the medium that it came from is sealed, and it is taken out of the draft.

use std::io::Cursor;

use lead_handoff::platform::db::Id;

use crate::{
    acts::{CHINESE, ENGLISH, PATIENCE, SEND},
    desk::{Desk, Manner},
    support::{TestApp, story},
};

/// Nobody's number.
const SECRET: &str = "110101199001011234";

const ORDERS: &str = "店铺名称,商品标题,购买数量,实付金额,订单状态
甲店,手表A,2,398.00,交易成功
乙店,手表B,1,299.00,交易成功
";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_is_kept_back_redacted_summed_sealed_and_taken_out() {
    go(CHINESE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evidence_is_kept_back_redacted_summed_sealed_and_taken_out_in_english_with_scripts() {
    go(ENGLISH).await;
}

/// The pages of the items, and of the list that they are in.
struct Items {
    list: String,
    text: String,
    picture: String,
    orders: String,
    spare: String,
}

async fn go(manner: Manner) {
    let app = TestApp::new().await;
    let items = register(&app).await;
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, turn(&mut desk, &items)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

async fn register(app: &TestApp) -> Items {
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let mut shot = Cursor::new(Vec::new());
    let picture = image::RgbImage::from_pixel(100, 80, image::Rgb([200, 60, 40]));
    picture.write_to(&mut shot, image::ImageFormat::Png).expect("a picture");
    let said = format!("买家张某，身份证 {SECRET}。\n已收货。\n");
    let text = story::upload(&compiler, lead, "聊天.txt", said.as_bytes()).await;
    let picture = story::upload(&compiler, lead, "截图.png", shot.get_ref()).await;
    let orders = story::upload(&compiler, lead, "订单.csv", ORDERS.as_bytes()).await;
    let spare = story::note(&compiler, lead, "误登记.txt", "与本案无关。").await;
    let page = |item: Id| format!("/evidence/{item}");
    Items {
        list: format!("/leads/{lead}/evidence"),
        text: page(text),
        picture: page(picture),
        orders: page(orders),
        spare: page(spare),
    }
}

async fn turn(desk: &mut Desk<'_>, items: &Items) {
    desk.scripts(desk.manner.scripts).await;
    keep_back(desk, items).await;
    redact_text(desk, &items.text).await;
    redact_picture(desk, &items.picture).await;
    sum(desk, &items.orders).await;
    seal(desk, &items.text).await;
    take_out(desk, items).await;
}

/// Kept back, once it is said why, and given out again.
async fn keep_back(desk: &mut Desk<'_>, items: &Items) {
    let press = "#withhold .buttons button";
    desk.seat("compiler", &items.text).await;
    desk.refused(press, "withheld-reason").await;
    desk.glance("withhold-refused").await;
    desk.write("#withhold [name=withheld_reason]", "含身份证号码").await;
    desk.act(press, "evidence.withhold").await;
    desk.arrived(&items.list, "evidence-withheld").await;
    assert_eq!(desk.count("#evidence-rows .chip-warn").await, 1, "{}", desk.text().await);
    desk.open(&items.text).await;
    desk.has("含身份证号码").await;
    desk.act("form[action*='/disclose?'] button", "evidence.disclose").await;
    desk.arrived(&items.list, "evidence-disclosed").await;
    assert_eq!(desk.count("#evidence-rows .chip-warn").await, 0, "{}", desk.text().await);
}

/// A passage is blacked out, once it is one that stands in the text; the original is kept back, as is usual.
async fn redact_text(desk: &mut Desk<'_>, item: &str) {
    desk.open(item).await;
    desk.press("#redactions a[href$='/redact']").await;
    desk.write("[name=phrases]", "没有这样的话").await;
    desk.write("[name=reason]", "含身份证号码").await;
    desk.refused(SEND, "phrases").await;
    desk.keeps("[name=reason]", "含身份证号码").await;
    desk.glance("redact-refused").await;
    desk.write("[name=phrases]", SECRET).await;
    desk.acts(SEND, &["evidence.redact", "evidence.register", "evidence.withhold"]).await;
    made_of(desk, item).await;
    desk.open(item).await;
    assert_eq!(desk.count("#redactions .sealing a").await, 1, "{}", desk.text().await);
    assert_eq!(desk.count("form[action*='/disclose?']").await, 1, "{}", desk.text().await);
}

/// A rectangle is blacked out by its numbers; the original goes out as well.
async fn redact_picture(desk: &mut Desk<'_>, item: &str) {
    desk.open(&format!("{item}/redact")).await;
    desk.write("[name=reason]", "含面部").await;
    desk.refused(SEND, "regions-0-left").await;
    desk.keeps("[name=reason]", "含面部").await;
    desk.glance("redact-picture-refused").await;
    for (name, share) in [("left", "20"), ("top", "25"), ("width", "40"), ("height", "50")] {
        desk.write(&format!("[name='regions[0].{name}']"), share).await;
    }
    desk.tick("[name=withhold][value=no]").await;
    desk.acts(SEND, &["evidence.redact", "evidence.register"]).await;
    made_of(desk, item).await;
    assert_eq!(desk.count("figure.preview img").await, 1, "{}", desk.text().await);
}

/// The page is that of what was made of an item.
async fn made_of(desk: &Desk<'_>, item: &str) {
    let path = desk.path().await;
    assert!(path.ends_with("?ok=redaction-made") && !path.starts_with(item), "{path}");
    assert_eq!(desk.count(&format!("#redacted-from a[href='{item}']")).await, 1, "{}", desk.text().await);
}

/// A table is summed as sales, once it is said which column has the amounts; and the mark is taken off again.
async fn sum(desk: &mut Desk<'_>, item: &str) {
    let page = format!("{item}/sales");
    desk.open(item).await;
    desk.press(&format!("#sales a[href='{page}']")).await;
    desk.set("[name=amount]", "").await;
    desk.refused(SEND, "amount").await;
    desk.keeps("[name=units]", "2").await;
    desk.glance("sales-refused").await;
    desk.set("[name=amount]", "3").await;
    desk.act(SEND, "evidence.mark_sales").await;
    assert!(desk.path().await.starts_with(&format!("{page}?ok=")), "{}", desk.text().await);
    assert_eq!(desk.count("#sums").await, 1, "{}", desk.text().await);
    desk.has("697.00").await;
    desk.act("form[action*='/sales/unmark?'] button", "evidence.unmark_sales").await;
    assert_eq!(desk.count("#sums").await, 0, "{}", desk.text().await);
}

/// The medium that an item came from is recorded as sealed, once it is said how.
async fn seal(desk: &mut Desk<'_>, item: &str) {
    desk.open(item).await;
    desk.press("#sealing a[href$='/sealing']").await;
    for (name, text) in
        [("medium", "手机一部"), ("sealed_at", "2016-05-04 10:30"), ("place", "示例市示例仓库")]
    {
        desk.write(&format!("[name={name}]"), text).await;
    }
    desk.refused(SEND, "how").await;
    desk.keeps("[name=medium]", "手机一部").await;
    desk.keeps("[name=sealed_at]", "2016-05-04 10:30").await;
    desk.glance("sealing-refused").await;
    desk.write("[name=how]", "装入封存袋，封口处贴封条").await;
    desk.act(SEND, "evidence.record_sealing").await;
    desk.arrived(item, "sealing-recorded").await;
    assert_eq!(desk.count("#sealing .sealing").await, 1, "{}", desk.text().await);
    desk.has("示例市示例仓库").await;
}

/// What no dossier has is taken out of the draft.
async fn take_out(desk: &Desk<'_>, items: &Items) {
    desk.open(&items.list).await;
    assert_eq!(desk.count("#evidence-rows tbody tr").await, 6, "{}", desk.text().await);
    desk.open(&items.spare).await;
    desk.act("form[action*='/remove?'] button", "evidence.remove").await;
    desk.arrived(&items.list, "evidence-removed").await;
    assert_eq!(desk.count("#evidence-rows tbody tr").await, 5, "{}", desk.text().await);
    assert!(!desk.says("误登记.txt").await, "{}", desk.text().await);
}
