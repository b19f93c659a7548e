//! What a liaison does beside taking a lead over: a message, a matter that is not theirs, a decision not to file and its notice, a
//! lead that joins a case, and a case that is carried on, closed by mistake and opened again.

use diesel::prelude::*;
use lead_handoff::platform::db::{Id, schema::transfer as transfers};

use crate::{
    acts::{CHINESE, ENGLISH, PATIENCE, SEND},
    desk::{Desk, Manner},
    desk_refused::received,
    support::{TestApp, today},
};

const MESSAGE: &str = "请说明仓库的地址。";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agency_writes_declines_joins_and_carries_a_case_on() {
    go(CHINESE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_agency_writes_declines_joins_and_carries_a_case_on_in_english_with_scripts() {
    go(ENGLISH).await;
}

/// By their paths: a transfer that was received, one that was accepted of an accuser, one that was accepted and is to join the
/// case, and the case.
struct Inbox {
    received: String,
    declined: String,
    joining: String,
    case: String,
}

async fn go(manner: Manner) {
    let app = TestApp::new().await;
    let inbox = fill(&app).await;
    let mut desk = Desk::new(&app, manner).await;
    let done = tokio::time::timeout(PATIENCE, turn(&mut desk, &inbox)).await;
    let faults = &desk.faults;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    done.expect("the story ends in time");
}

async fn fill(app: &TestApp) -> Inbox {
    let mut paths = Vec::new();
    for n in 1..=4 {
        paths.push(received(app, &format!("XS-2026-00003{n}")).await.1);
    }
    let liaison = app.sign_in("liaison").await;
    for accepted in &paths[1..] {
        liaison.post(&format!("{accepted}/accept"), &[("officer", "王警官")]).await.expect(303);
    }
    let [received, declined, joining, filed] = <[String; 4]>::try_from(paths).expect("four");
    send_as_accuser(app, &declined).await;
    let day = today();
    let fields = [("number", "穗公（经）立字〔2026〕3号"), ("filed_on", day.as_str())];
    liaison.post(&format!("{filed}/file"), &fields).await.expect(303);
    let page = liaison.get(&filed).await.expect(200).text();
    let case = page.split('"').find(|part| part.starts_with("/cases/")).expect("a case").to_owned();
    Inbox { received, declined, joining, case }
}

/// The dossier was sent as that of an accuser, who has a remedy against a decision not to file.
async fn send_as_accuser(app: &TestApp, transfer: &str) {
    let id: Id = transfer.trim_start_matches("/transfers/").parse().expect("an id");
    let sent = app.services.db.write_quiet(move |tx| {
        diesel::update(transfers::table.filter(transfers::id.eq(id)))
            .set(transfers::sender_role.eq("accuser_joint"))
            .execute(tx.conn())?;
        Ok(())
    });
    sent.await.expect("the role");
}

async fn turn(desk: &mut Desk<'_>, inbox: &Inbox) {
    desk.scripts(desk.manner.scripts).await;
    desk.seat("liaison", &inbox.received).await;
    write(desk, &inbox.received).await;
    find_not_ours(desk, &inbox.received).await;
    decline(desk, &inbox.declined).await;
    join(desk, &inbox.joining, &inbox.case).await;
    carry_on(desk, &inbox.case).await;
    close_and_reopen(desk, &inbox.case).await;
    ask_again(desk, &inbox.declined).await;
}

/// A message, once there is one; the platform says that it needs no answer.
async fn write(desk: &mut Desk<'_>, transfer: &str) {
    desk.refused(".message-form > button", "body").await;
    desk.glance("message-refused").await;
    desk.write("main form.panel [name=body]", MESSAGE).await;
    desk.act(SEND, "transfer.message").await;
    desk.arrived(transfer, "transfer-message").await;
    desk.has(MESSAGE).await;

    desk.seat("compiler", transfer).await;
    desk.has(MESSAGE).await;
    desk.act("form[action*='/message/noted?'] button", "transfer.message_note").await;
    desk.arrived(transfer, "transfer-message-noted").await;
    assert_eq!(desk.count("form[action*='/message/noted?']").await, 0, "{}", desk.text().await);
    desk.seat("liaison", transfer).await;
}

/// It is found not to be theirs, and to be forwarded next.
async fn find_not_ours(desk: &mut Desk<'_>, transfer: &str) {
    desk.press("main a[href$='/not-ours']").await;
    desk.write("[name=found_at]", "xx").await;
    desk.write("[name=text]", "发货地在杭州。").await;
    desk.refused(SEND, "found-at").await;
    desk.keeps("[name=text]", "发货地在杭州。").await;
    desk.find("[name=found_at]").await.clear().await.expect("cleared");
    desk.act(SEND, "transfer.not_ours").await;
    desk.arrived(transfer, "transfer-not-ours").await;
    desk.has_in("发现不属于本单位管辖", "Found not to be within competence").await;
    assert_eq!(desk.count("main a.button-primary[href$='/forward']").await, 1, "{}", desk.text().await);
}

/// No case is filed, for a reason; and the notice of it is served on the accuser, on a day that was.
async fn decline(desk: &mut Desk<'_>, transfer: &str) {
    desk.open(transfer).await;
    desk.press("main a[href$='/not-file']").await;
    desk.write("[name=text]", "没有犯罪事实。").await;
    desk.refused(SEND, "code").await;
    desk.keeps("[name=text]", "没有犯罪事实。").await;
    desk.glance("not-file-refused").await;
    desk.tick("[name=code][value='NF-NOFACT']").await;
    desk.act(SEND, "transfer.not_file").await;
    desk.arrived(transfer, "transfer-not-file").await;
    desk.has_in("不予立案", "Not filed").await;

    desk.press("main a[href$='/remedy-served']").await;
    desk.write("[name=on]", "2999-01-01").await;
    desk.write("[name=paper_number]", "穗公不立字〔2026〕7号").await;
    desk.refused(SEND, "on").await;
    desk.keeps("[name=paper_number]", "穗公不立字〔2026〕7号").await;
    desk.write("[name=on]", &today()).await;
    desk.act(SEND, "transfer.serve_no_filing").await;
    desk.arrived(transfer, "transfer-remedy").await;
    desk.has("穗公不立字〔2026〕7号").await;
}

/// What was accepted joins a case that the agency has already.
async fn join(desk: &mut Desk<'_>, transfer: &str, case: &str) {
    desk.open(transfer).await;
    desk.press("main a[href$='/file']").await;
    desk.write("[name=title]", "假冒手表案").await;
    desk.refused(SEND, "number").await;
    desk.keeps("[name=title]", "假冒手表案").await;
    desk.glance("file-refused").await;
    desk.set("[name=join]", case.trim_start_matches("/cases/")).await;
    desk.act(SEND, "transfer.file").await;
    desk.arrived(transfer, "transfer-file").await;
    assert!(desk.count(&format!("main a[href='{case}']")).await > 0, "{}", desk.text().await);
}

/// The case gets an officer and a step.
async fn carry_on(desk: &mut Desk<'_>, case: &str) {
    desk.open(case).await;
    desk.press(&format!("a[href='{case}/edit']")).await;
    desk.write("[name=officer]", "李警官").await;
    desk.find("[name=title]").await.clear().await.expect("cleared");
    desk.refused(SEND, "title").await;
    desk.keeps("[name=officer]", "李警官").await;
    desk.write("[name=title]", "甲店假冒手表案").await;
    desk.act(SEND, "case.edit").await;
    desk.arrived(case, "case-edit").await;
    for text in ["李警官", "甲店假冒手表案"] {
        desk.has(text).await;
    }

    desk.press(&format!("a[href='{case}/steps']")).await;
    desk.write("[name=text]", "移送检察院。").await;
    desk.refused(SEND, "kind").await;
    desk.keeps("[name=text]", "移送检察院。").await;
    desk.glance("step-refused").await;
    desk.tick("[name=kind][value=referred]").await;
    desk.act(SEND, "case.step").await;
    desk.arrived(case, "case-step").await;
    desk.has("移送检察院。").await;
    desk.has_in("移送审查起诉", "Referred for prosecution").await;
}

/// Closed by mistake, and opened again once it is said why.
async fn close_and_reopen(desk: &mut Desk<'_>, case: &str) {
    desk.press(&format!("a[href='{case}/steps']")).await;
    desk.tick("[name=kind][value=closed]").await;
    desk.act(SEND, "case.step").await;
    desk.arrived(case, "case-step").await;
    desk.has_in("结案", "Closed").await;
    assert_eq!(desk.count(&format!("a[href='{case}/steps']")).await, 0, "{}", desk.text().await);

    desk.press(&format!("a[href='{case}/reopen']")).await;
    desk.refused(SEND, "text").await;
    desk.write("[name=text]", "误登记为结案。").await;
    desk.act(SEND, "case.reopen").await;
    desk.arrived(case, "case-reopen").await;
    desk.has("误登记为结案。").await;
    assert_eq!(desk.count(&format!("a[href='{case}/steps']")).await, 1, "{}", desk.text().await);
}

/// The accuser asks for reconsideration of what was not filed.
async fn ask_again(desk: &mut Desk<'_>, transfer: &str) {
    desk.seat("compiler", transfer).await;
    desk.press("main a[href$='/remedy-asked']").await;
    desk.refused(SEND, "on").await;
    desk.write("[name=on]", &today()).await;
    desk.act(SEND, "transfer.ask_reconsideration").await;
    desk.arrived(transfer, "transfer-remedy").await;
    desk.has_in("申请复议", "Reconsideration asked for").await;
}
