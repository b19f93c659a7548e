//! What an agency answers other than by a case: it refuses, returns, forwards, asks for more and takes longer; without
//! scripts, and with something forgotten at the first press. Two of these once more in English with scripts.

use std::time::Duration;

use lead_handoff::platform::db::Id;

use crate::{
    desk::{Desk, Manner},
    support::{
        TestApp, fixtures,
        seed::{GUANGZHOU, HANGZHOU},
    },
};

/// Longer than it takes by far.
const PATIENCE: Duration = Duration::from_secs(240);

/// The button of a verb's form.
const SEND: &str = "main form.form .buttons button";

/// A lead whose dossier the police of Guangzhou have received; gives it, and the path of the transfer.
pub async fn received(app: &TestApp, number: &str) -> (Id, String) {
    let lead = fixtures::lead(app, number, "疑似销售假冒注册商标的手表").await;
    let dossier = fixtures::sealed(app, lead, GUANGZHOU).await.to_string();
    let compiler = app.sign_in("compiler").await;
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    let transfer = format!("/transfers/{}", compiler.post("/transfers/new", &fields).await.expect(303).id());
    let liaison = app.sign_in("liaison").await;
    liaison.post(&format!("{transfer}/acknowledge"), &[]).await.expect(303);
    (lead, transfer)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agency_refuses_returns_forwards_asks_for_more_and_takes_longer() {
    let app = TestApp::new().await;
    let mut transfers = Vec::new();
    for n in 1..=5 {
        transfers.push(received(&app, &format!("XS-2026-00001{n}")).await.1);
    }
    let liaison = app.sign_in("liaison").await;
    let accepted = &transfers[4];
    liaison.post(&format!("{accepted}/accept"), &[("officer", "王警官")]).await.expect(303);
    let mut desk = Desk::new(&app, Manner { scripts: false, ..Manner::usual() }).await;
    let done = tokio::time::timeout(PATIENCE, turns(&mut desk, &transfers)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agency_refuses_and_asks_for_more_in_english_with_scripts() {
    let app = TestApp::new().await;
    let (_, refused) = received(&app, "XS-2026-000011").await;
    let (_, asked) = received(&app, "XS-2026-000012").await;
    let mut desk = Desk::new(&app, Manner { lang: "en", scripts: true, closely: false }).await;
    let done = tokio::time::timeout(PATIENCE, two_turns(&mut desk, &refused, &asked)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

async fn two_turns(desk: &mut Desk<'_>, refused: &str, asked: &str) {
    desk.seat("liaison", "/transfers").await;
    refuse(desk, refused).await;
    ask_for_more(desk, asked).await;
}

async fn turns(desk: &mut Desk<'_>, transfers: &[String]) {
    let [refused, returned, forwarded, asked, longer] = transfers else { panic!("five: {transfers:?}") };
    desk.scripts(false).await;
    desk.seat("liaison", "/transfers").await;
    desk.look("inbox-full").await;
    refuse(desk, refused).await;
    give_back(desk, returned).await;
    forward(desk, forwarded).await;
    ask_for_more(desk, asked).await;
    take_longer(desk, longer).await;
}

/// Opens the form of a verb from the page of the transfer, and looks at it.
async fn begin(desk: &mut Desk<'_>, transfer: &str, verb: &str) {
    desk.open(transfer).await;
    desk.press(&format!("main a[href$='/{verb}']")).await;
    desk.look(verb).await;
}

/// Presses the button; the form is given back, and says what is missing beside its field.
async fn forget(desk: &mut Desk<'_>, field: &str, name: &str) {
    desk.press(SEND).await;
    desk.expect_refusal().await;
    assert_eq!(desk.count(&format!("#errors a[href='#f-{field}']")).await, 1, "{}", desk.text().await);
    desk.look_as_it_stands(name).await;
}

/// Presses the button, and looks at the page of the transfer as it is then.
async fn end(desk: &mut Desk<'_>, transfer: &str, verb: &str) {
    desk.press(SEND).await;
    assert_eq!(desk.path().await, format!("{transfer}?ok=transfer-{verb}"), "{}", desk.text().await);
    desk.look(&format!("after-{verb}")).await;
}

async fn refuse(desk: &mut Desk<'_>, transfer: &str) {
    begin(desk, transfer, "refuse").await;
    desk.tick("[name=code][value='RF-OTHER']").await;
    forget(desk, "text", "refuse-no-words").await;
    assert_eq!(desk.count("[name=code][value='RF-OTHER']:checked").await, 1, "what was chosen stays");
    desk.write("[name=text]", "不归我们管，请改送。").await;
    end(desk, transfer, "refuse").await;
}

async fn give_back(desk: &mut Desk<'_>, transfer: &str) {
    begin(desk, transfer, "return").await;
    desk.tick("[name=code][value='RT-IDENTITY']").await;
    end(desk, transfer, "return").await;
}

/// An agency of another place is looked for by its name first.
async fn forward(desk: &mut Desk<'_>, transfer: &str) {
    begin(desk, transfer, "forward").await;
    desk.write("main [name=q]", "杭州").await;
    desk.press("main button[name=find]").await;
    let hangzhou = desk.app.seed.agencies[HANGZHOU].to_string();
    desk.set("[name=target]", &hangzhou).await;
    desk.look_as_it_stands("forward-found").await;
    desk.tick("[name=code][value='FW-AREA']").await;
    desk.write("[name=text]", "发货地在杭州。").await;
    end(desk, transfer, "forward").await;
}

async fn ask_for_more(desk: &mut Desk<'_>, transfer: &str) {
    begin(desk, transfer, "supplement").await;
    forget(desk, "code", "supplement-no-reason").await;
    desk.tick("[name=code][value='RQ-TRADE']").await;
    desk.write("[name=text]", "请补充三月的交易流水。").await;
    end(desk, transfer, "supplement").await;
}

/// The time limit for filing is extended, once it is said why.
async fn take_longer(desk: &mut Desk<'_>, transfer: &str) {
    begin(desk, transfer, "extend").await;
    forget(desk, "reason", "extend-no-reason").await;
    desk.write("[name=reason]", "案情复杂，须跨区域取证。").await;
    end(desk, transfer, "extend").await;
}
