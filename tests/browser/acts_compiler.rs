//! What a compiler does with a lead beside writing it: brands and listings come and go, a copy is made of it, it goes to the
//! trash and comes back, a colleague is called, and what looks like another lead is submitted once it is said why it is none.

use crate::{
    acts::{CHINESE, ENGLISH, PATIENCE, SEND, without_query},
    desk::{Desk, Manner},
    support::{TestApp, seed::GUANGZHOU, story},
};

const COMMENT: &str = "请先核对商品链接。";
const REASON: &str = "商品不同，系另一批次。";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_is_added_to_copied_put_away_and_submitted_though_it_looks_like_another() {
    go(CHINESE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lead_is_added_to_copied_put_away_and_submitted_in_english_with_scripts() {
    go(ENGLISH).await;
}

/// Leads by their paths: a draft, and one that is composed and looks like a colleague's.
struct Leads {
    draft: String,
    alike: String,
    known: String,
}

async fn go(manner: Manner) {
    let app = TestApp::new().await;
    let leads = prepare(&app).await;
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, turn(&mut desk, &leads)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

async fn prepare(app: &TestApp) -> Leads {
    let (compiler, other) = (app.sign_in("compiler").await, app.sign_in("compiler2").await);
    let known = app.seed.lead(&app.services, "compiler2");
    let alike = app.seed.lead(&app.services, "compiler");
    let draft = app.seed.lead(&app.services, "compiler");
    let offer = [("url", "https://shop.example/item/1")];
    other.post(&format!("/leads/{known}/listings"), &offer).await.expect(303);
    compiler.post(&format!("/leads/{alike}/listings"), &offer).await.expect(303);
    let item = story::note(&compiler, alike, "商品页面.txt", "标价 199 元。").await;
    story::compose(&compiler, alike, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
    app.settle().await;
    let path = |id| format!("/leads/{id}");
    Leads { draft: path(draft), alike: path(alike), known: path(known) }
}

async fn turn(desk: &mut Desk<'_>, leads: &Leads) {
    desk.scripts(desk.manner.scripts).await;
    brands(desk, &leads.draft).await;
    listings(desk, &leads.draft).await;
    call(desk, &leads.draft).await;
    let copy = copy(desk, &leads.draft).await;
    put_away(desk, &copy).await;
    let review = submit(desk, leads).await;
    take_back(desk, leads, &review).await;
}

/// A brand with its rights holder; what is typed of it stays while its name is missing.
async fn brands(desk: &mut Desk<'_>, lead: &str) {
    let page = format!("{lead}/brands");
    desk.seat("compiler", &page).await;
    assert_eq!(desk.count(".entries li").await, 1, "{}", desk.text().await);
    desk.write("[name=rights_holder]", "示例权利人").await;
    desk.refused(SEND, "brand").await;
    desk.keeps("[name=rights_holder]", "示例权利人").await;
    desk.glance("brand-refused").await;
    desk.write("[name=brand]", "第三牌").await;
    desk.write("[name=rights_holder]", "另一权利人").await;
    desk.act(SEND, "lead.brand.add").await;
    desk.arrived(&page, "lead-saved").await;
    desk.has("第三牌").await;
    assert_eq!(desk.count(".entries li").await, 2, "{}", desk.text().await);
    desk.act(".entries button[aria-label$='第三牌']", "lead.brand.remove").await;
    assert_eq!(desk.count(".entries li").await, 1, "{}", desk.text().await);
}

/// A listing is added, at the second try, changed and removed.
async fn listings(desk: &mut Desk<'_>, lead: &str) {
    let page = format!("{lead}/listings");
    desk.open(&page).await;
    desk.write("[name=url]", "https://shop.example/item/7").await;
    desk.write("[name=sold]", "1.5").await;
    desk.refused(SEND, "sold").await;
    desk.keeps("[name=url]", "https://shop.example/item/7").await;
    desk.write("[name=price]", "99.90").await;
    desk.write("[name=sold]", "1200").await;
    desk.act(SEND, "lead.listing.add").await;
    desk.arrived(&page, "lead-saved").await;
    desk.has("99.90").await;

    desk.press(".entries a.button").await;
    desk.keeps("[name=url]", "https://shop.example/item/7").await;
    desk.write("[name=price]", "89.50").await;
    desk.act(SEND, "lead.listing.edit").await;
    desk.has("89.50").await;
    assert!(!desk.says("99.90").await, "{}", desk.text().await);
    desk.act(".entries button", "lead.listing.remove").await;
    assert_eq!(desk.count(".entries").await, 0, "{}", desk.text().await);
}

/// A colleague is called by a tick, once there is something to say.
async fn call(desk: &mut Desk<'_>, lead: &str) {
    let colleague = format!("#write [name=mentions][value='{}']", desk.app.seed.people["compiler2"]);
    desk.open(lead).await;
    desk.click("#write details.call > summary").await;
    desk.tick(&colleague).await;
    desk.refused("#write .buttons button", "body").await;
    assert_eq!(desk.count(&format!("{colleague}:checked")).await, 1, "who was ticked stays");
    desk.glance("comment-refused").await;
    desk.write("#write [name=body]", COMMENT).await;
    desk.act("#write .buttons button", "lead.comment.add").await;
    desk.arrived(lead, "comment-added").await;
    desk.has(COMMENT).await;
}

/// Gives the path of the copy.
async fn copy(desk: &mut Desk<'_>, lead: &str) -> String {
    desk.open(lead).await;
    desk.press("main a[href$='/clone']").await;
    desk.find("[name=title]").await.clear().await.expect("cleared");
    desk.refused(SEND, "title").await;
    desk.write("[name=title]", "同一店铺的另一批手表").await;
    desk.act(SEND, "lead.clone").await;
    let path = desk.path().await;
    assert!(path.ends_with("?ok=lead-cloned") && !path.starts_with(lead), "{path}: {}", desk.text().await);
    desk.has("同一店铺的另一批手表").await;
    without_query(&path)
}

/// Into the trash, once it is asked whether it shall, and out of it again.
async fn put_away(desk: &Desk<'_>, lead: &str) {
    desk.press("main a[href$='/trash']").await;
    desk.act(SEND, "lead.trash").await;
    desk.arrived(lead, "lead-trashed").await;
    desk.has_in("回收站", "In the trash").await;
    desk.open("/leads/trash").await;
    desk.act("main form[action*='/restore?'] button", "lead.restore").await;
    desk.arrived(lead, "lead-restored").await;
    desk.has_in("草稿", "Draft").await;
    desk.open("/leads/trash").await;
    assert_eq!(desk.count("main form[action*='/restore?']").await, 0, "{}", desk.text().await);
}

/// What looks like another lead is asked about; the question has an address of its own. Gives the path of the review.
async fn submit(desk: &mut Desk<'_>, leads: &Leads) -> String {
    desk.open(&format!("{}/dossiers", leads.alike)).await;
    desk.press("form[action*='/submit?'] button").await;
    desk.expect_refusal().await;
    assert_eq!(desk.count("#errors").await, 0, "no mistake yet: {}", desk.text().await);
    assert_eq!(desk.count(&format!("main .lines a[href^='{}']", leads.known)).await, 1);
    desk.glance("duplicates").await;
    desk.refused(SEND, "not-duplicate").await;
    // Its address is that of the refusal, which may still be there for a moment; and once the page has heard that more was
    // kept, it opens itself anew.
    desk.open("/leads").await;
    tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    desk.open(&format!("{}/submit", leads.alike)).await;
    desk.until("document.querySelector('[name=not_duplicate]') && !document.querySelector('#errors')").await;
    desk.write("[name=not_duplicate]", REASON).await;
    desk.acts(SEND, &["lead.not_duplicate", "lead.submit"]).await;
    let review = desk.path().await;
    assert!(review.starts_with("/approvals/") && review.ends_with("?ok=review-submitted"), "{review}");
    desk.has(REASON).await;
    without_query(&review)
}

/// What was submitted is taken back, and is a draft again.
async fn take_back(desk: &Desk<'_>, leads: &Leads, review: &str) {
    desk.act(&format!("main form[action^='{review}/withdraw?'] button"), "review.withdraw").await;
    desk.arrived(&format!("{}/dossiers", leads.alike), "review-withdrawn").await;
    desk.open(review).await;
    assert_eq!(desk.count("main form[action*='/withdraw?']").await, 0, "{}", desk.text().await);
    desk.open(&leads.alike).await;
    desk.has_in("草稿", "Draft").await;
}
