//! What the platform does beside sending a dossier: it takes one back, lets a forward rest, takes a receipt on paper in and records
//! it by a second person, rejects an outcome, begins an operation, and gives leads to somebody else; and what changed is seen.

use lead_handoff::platform::db::Id;

use crate::{
    acts::{CHINESE, ENGLISH, PATIENCE, SEND, without_query},
    desk::{Desk, Manner},
    desk_refused::received,
    support::{
        Browser, TestApp, fixtures,
        ledger::Sent,
        seed::{GUANGZHOU, HANGZHOU},
        today,
    },
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_and_a_compiler_keep_the_platforms_side() {
    go(CHINESE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_manager_and_a_compiler_keep_the_platforms_side_in_english_with_scripts() {
    go(ENGLISH).await;
}

/// By their paths: a transfer that the agency has not accepted, a forward that waits for the platform, a transfer that went on
/// paper, and an outcome that an agency proposed; and a draft.
struct OnHand {
    sent: String,
    forwarded: String,
    on_paper: String,
    outcome: String,
    draft: Id,
}

async fn go(manner: Manner) {
    let app = TestApp::new().await;
    let found = prepare(&app).await;
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, turn(&mut desk, &found)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

async fn prepare(app: &TestApp) -> OnHand {
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let (_, sent) = received(app, "XS-2026-000041").await;
    let (_, forwarded) = received(app, "XS-2026-000042").await;
    // Nobody there can sign in: what is forwarded waits for the platform.
    app.disable("liaison2").await;
    let target = app.seed.agencies[HANGZHOU].to_string();
    let fields = [("target", target.as_str()), ("code", "FW-AREA")];
    liaison.post(&format!("{forwarded}/forward"), &fields).await.expect(303);
    OnHand {
        sent,
        forwarded,
        on_paper: send_on_paper(app, &compiler).await,
        outcome: propose(app, &liaison).await,
        draft: app.seed.lead(&app.services, "compiler"),
    }
}

/// Gives the path of the transfer.
async fn send_on_paper(app: &TestApp, compiler: &Browser) -> String {
    let lead = fixtures::lead(app, "XS-2026-000043", "疑似销售假冒注册商标的手表").await;
    let dossier = fixtures::sealed(app, lead, GUANGZHOU).await.to_string();
    let day = today();
    let fields = [
        ("dossier", dossier.as_str()),
        ("channel", "paper"),
        ("handed_on", day.as_str()),
        ("handed_by", "李某"),
        ("tracking_number", "SF0001"),
    ];
    format!("/transfers/{}", compiler.post("/transfers/new", &fields).await.expect(303).id())
}

/// An arrest that the liaison proposed; gives its path.
async fn propose(app: &TestApp, liaison: &Browser) -> String {
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let person = made.person.to_string();
    let fields = [
        ("kind", "arrest"),
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("subject", person.as_str()),
        ("source_kind", "paper"),
        ("source_title", "拘留证 穗公（经）拘字〔2016〕1号"),
    ];
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    format!("/outcomes/{}", liaison.post(&path, &fields).await.expect(303).id())
}

async fn turn(desk: &mut Desk<'_>, found: &OnHand) {
    desk.scripts(desk.manner.scripts).await;
    see_what_changed(desk).await;
    withdraw(desk, &found.sent).await;
    let_rest(desk, &found.forwarded).await;
    take_in(desk, &found.on_paper).await;
    record(desk, &found.on_paper).await;
    reject(desk, &found.outcome).await;
    begin(desk).await;
    assign(desk, found.draft).await;
}

/// What the agency did is new on the first page until it is marked as seen.
async fn see_what_changed(desk: &Desk<'_>) {
    desk.seat("compiler", "/").await;
    assert!(desk.count("#since li").await > 0, "{}", desk.text().await);
    desk.press("#since form[action*='/changes/seen?'] button").await;
    assert_eq!(desk.count("#since").await, 0, "{}", desk.text().await);
    desk.open("/changes").await;
    assert_eq!(desk.count("main .empty").await, 1, "{}", desk.text().await);
}

/// What the agency has not accepted is taken back, once it is said why.
async fn withdraw(desk: &mut Desk<'_>, transfer: &str) {
    desk.open(transfer).await;
    desk.press("main a[href$='/withdraw']").await;
    desk.refused(SEND, "text").await;
    desk.glance("withdraw-refused").await;
    desk.write("[name=text]", "权利人撤回通知。").await;
    desk.act(SEND, "transfer.withdraw").await;
    desk.arrived(transfer, "transfer-withdraw").await;
    desk.has_in("已撤回", "Withdrawn").await;
    assert_eq!(desk.count("main a[href$='/withdraw']").await, 0, "{}", desk.text().await);
}

/// What was forwarded is not sent on, for another reason than those in the list.
async fn let_rest(desk: &mut Desk<'_>, transfer: &str) {
    desk.open(transfer).await;
    desk.press("main a[href$='/not-passed']").await;
    desk.tick("[name=code][value='NP-OTHER']").await;
    desk.refused(SEND, "text").await;
    assert_eq!(desk.count("[name=code][value='NP-OTHER']:checked").await, 1, "what was chosen stays");
    desk.glance("not-passed-refused").await;
    desk.write("[name=text]", "权利人另行报案。").await;
    desk.act(SEND, "transfer.not_pass_on").await;
    desk.arrived(transfer, "transfer-not-passed").await;
    desk.has("权利人另行报案。").await;
    assert_eq!(desk.count("main a[href$='/not-passed']").await, 0, "{}", desk.text().await);
}

/// The scan of a receipt on paper is taken in, once it is a scan.
async fn take_in(desk: &mut Desk<'_>, transfer: &str) {
    let folder = desk.app.data.path();
    let (text, scan) = (folder.join("说明.txt"), folder.join("回执.pdf"));
    std::fs::write(&text, "回执待补").expect("written");
    std::fs::write(&scan, "%PDF-1.4\n%scan\n").expect("written");
    desk.open(transfer).await;
    desk.press("main a[href*='/receipt/'][href$='/new']").await;
    desk.write("main [name=file]", &text.display().to_string()).await;
    desk.refused(SEND, "file").await;
    desk.glance("receipt-refused").await;
    desk.write("main [name=file]", &scan.display().to_string()).await;
    desk.act(SEND, "transfer.receipt").await;
    desk.arrived(transfer, "transfer-receipt").await;
    assert_eq!(desk.count("main a[href$='/acknowledge']").await, 0, "not by the one who sent it");
}

/// A second person records by it that the dossier was received.
async fn record(desk: &mut Desk<'_>, transfer: &str) {
    desk.seat("manager", transfer).await;
    desk.press("main a[href$='/acknowledge']").await;
    desk.refused(SEND, "on-day").await;
    desk.write("[name=on_day]", &today()).await;
    desk.act(SEND, "transfer.acknowledge").await;
    desk.arrived(transfer, "transfer-acknowledge").await;
    desk.has_in("已签收", "Acknowledged").await;
}

/// An outcome is not confirmed, once it is said why; its agency takes note.
async fn reject(desk: &mut Desk<'_>, outcome: &str) {
    let press = "form[action*='/reject?'] .buttons button";
    desk.open(outcome).await;
    desk.refused(press, "reason").await;
    desk.glance("reject-refused").await;
    desk.write("[name=reason]", "没有文书。").await;
    desk.act(press, "outcome.reject").await;
    desk.arrived(outcome, "outcome-rejected").await;
    desk.has_in("未获确认", "Not confirmed").await;

    desk.seat("liaison", outcome).await;
    desk.has("没有文书。").await;
    desk.act("form[action*='/seen?'] button", "outcome.take_note").await;
    desk.arrived(outcome, "outcome-seen").await;
    assert_eq!(desk.count("form[action*='/seen?']").await, 0, "{}", desk.text().await);
}

/// An operation, once it has a name.
async fn begin(desk: &mut Desk<'_>) {
    desk.seat("manager", "/operations").await;
    desk.press("main a[href='/operations/new']").await;
    desk.write("[name=note]", "打击假冒手表专项行动。").await;
    desk.refused(SEND, "name-zh").await;
    desk.keeps("[name=note]", "打击假冒手表专项行动。").await;
    desk.write("[name=name_zh]", "云剑行动").await;
    desk.write("[name=name_en]", "Operation Cloud Sword").await;
    desk.act(SEND, "operation.create").await;
    let path = desk.path().await;
    assert!(path.ends_with("?ok=operation-created"), "{path}: {}", desk.text().await);
    desk.has_in("云剑行动", "Operation Cloud Sword").await;
    desk.open("/operations").await;
    assert_eq!(desk.count(&format!("main a[href='{}']", without_query(&path))).await, 1);
}

/// A lead that is ticked is given to somebody else.
async fn assign(desk: &Desk<'_>, draft: Id) {
    desk.open("/leads?state=draft").await;
    desk.tick("tbody tr:nth-child(1) [name=pick]").await;
    desk.press(".picking-bar button[formaction='/leads/selected']:not([name])").await;
    assert_eq!(desk.count("tbody tr").await, 1, "{}", desk.text().await);
    desk.set("[name=assignee]", &desk.app.seed.people["compiler2"].to_string()).await;
    desk.act("form.ticked button.button-primary", "lead.assign").await;
    assert_eq!(desk.count("tbody tr").await, 1, "{}", desk.text().await);
    desk.open(&format!("/leads/{draft}")).await;
    desk.has("编制人乙").await;
}
