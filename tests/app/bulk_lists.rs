//! Ticked rows of the lists of transfers, cases and outcomes.

use lead_handoff::platform::{db::Id, http::selection::word};

use crate::{
    bulk::{newest, post, pressed},
    support::{
        TestApp, fixtures,
        ledger::Sent,
        seed::{GUANGZHOU, HANGZHOU},
        table,
    },
};

/// A transfer to Guangzhou that its liaison has received, and returned where `returned`.
async fn transfer(app: &TestApp, number: &str, returned: bool) -> Id {
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let lead = fixtures::lead(app, number, "移送").await;
    let dossier = fixtures::sealed(app, lead, GUANGZHOU).await.to_string();
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    let id = compiler.post("/transfers/new", &fields).await.expect(303).id();
    liaison.post(&format!("/transfers/{id}/acknowledge"), &[]).await.expect(303);
    if returned {
        let reason = [("code", "RT-IDENTITY")];
        liaison.post(&format!("/transfers/{id}/return"), &reason).await.expect(303);
    }
    id
}

#[tokio::test]
async fn what_came_back_is_taken_note_of_together_and_what_did_not_is_refused() {
    let app = TestApp::new().await;
    let back = [
        transfer(&app, "XS-2026-910001", true).await,
        transfer(&app, "XS-2026-910002", true).await,
        transfer(&app, "XS-2026-910003", false).await,
    ];
    let compiler = app.sign_in("compiler").await;
    let list = compiler.get("/transfers").await.expect(200).text();
    let page = compiler.get(&pressed(&list, "/transfers/selected", &back, None)).await.expect(200);
    page.has("所选移送（3 条）").has("所勾选的标为已阅");
    let before = app.audit_count().await;
    let done = post(&compiler, "/transfers/selected/take-note", &back, &[]).await.expect(303).location;
    assert_eq!(app.audit_count().await, before + 3);
    let mut entries = newest(&app, 3).await;
    entries.sort();
    let outcomes: Vec<&str> = entries.iter().map(|(_, outcome, _)| outcome.as_str()).collect();
    assert_eq!(outcomes, ["done", "done", "refused"], "{entries:?}");
    assert!(entries.iter().all(|(verb, ..)| verb == "transfer.take_note"), "{entries:?}");
    let told = compiler.get(&done).await.expect(200).has("已办理 2 条").has("1 条未办理");
    let told = told.has("-0001 · 广州市公安局经侦支队");
    told.has("批量标为已阅").has(&format!("href=\"/transfers/{}\"", back[0]));
    // A lead of somebody else's is refused as on its own page; an agency has no part in it.
    let other = app.sign_in("compiler2").await;
    let done = post(&other, "/transfers/selected/take-note", &back, &[]).await.expect(303).location;
    other.get(&done).await.expect(200).has("没有办理任何一条").has("3 条未办理");
    let liaison = app.sign_in("liaison").await;
    post(&liaison, "/transfers/selected/take-note", &back, &[]).await.expect(404);
    liaison.get(&done).await.expect(404);
    compiler.post("/transfers/selected/take-note", &[]).await.expect(422).has("请至少勾选一条");
    compiler.get("/transfers/selected?all=yes&state=returned").await.expect(200).has("所选移送（2 条）");
}

#[tokio::test]
async fn the_file_of_ticked_rows_holds_those_and_none_that_is_not_for_the_reader() {
    let app = TestApp::new().await;
    let sent = |agency| Sent::to(agency, "2016-05-04").filed("2016-06-01");
    let cases: Vec<Id> = [GUANGZHOU, GUANGZHOU, HANGZHOU]
        .into_iter()
        .map(|agency| app.handed(&sent(agency), None).case.expect("a case"))
        .collect();
    let (manager, liaison) = (app.sign_in("manager").await, app.sign_in("liaison").await);
    let csv = Some(("format", "csv"));
    let list = manager.get("/cases").await.expect(200).text();
    let file = manager.get(&pressed(&list, "/cases/export", &cases[1..], csv)).await.expect(200).text();
    assert!(table(&file).len() == 3 && file.contains("所选记录：2"), "{file}");
    let list = liaison.get("/cases").await.expect(200).text();
    // One of another agency's is named in the address, and not given out.
    let file = liaison.get(&pressed(&list, "/cases/export", &cases[1..], csv)).await.expect(200).text();
    assert_eq!(table(&file).len(), 2, "{file}");
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "case.export");
    assert!(!entry.leaf.to_string().contains(&cases[2].to_string()), "{}", entry.leaf);

    let page = manager.get("/transfers").await.expect(200).text();
    let picks: Vec<&str> = page.split("name=\"pick\" value=\"").skip(1).filter_map(|r| r.get(..22)).collect();
    assert_eq!(picks.len(), 3, "{page}");
    let address = format!("/transfers/export?format=csv&pick={}&pick={}", picks[0], picks[2]);
    let file = manager.get(&address).await.expect(200).text();
    assert_eq!(table(&file).len(), 3, "{file}");
    let book = manager.get(&address.replace("csv", "xlsx")).await.expect(200);
    assert!(book.bytes.starts_with(b"PK"));
}

#[tokio::test]
async fn entries_are_confirmed_one_by_one_and_the_place_is_kept() {
    let app = TestApp::new().await;
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let person = made.person.to_string();
    let mut entries = Vec::new();
    for day in ["2016-06-12", "2016-06-13", "2016-06-14"] {
        let fields = [
            ("kind", "arrest"),
            ("happened_on", day),
            ("region", "440111"),
            ("subject", person.as_str()),
            ("source_kind", "paper"),
            ("source_title", "拘留证 穗公（经）拘字〔2016〕1号"),
        ];
        let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
        entries.push(liaison.post(&path, &fields).await.expect(303).id());
    }
    let list = manager.get("/outcomes").await.expect(200).has("aria-label=\"勾选 2016").text();
    let ticked = [entries[0], entries[2]];
    let first = manager.get(&pressed(&list, "/outcomes/queue", &ticked, None)).await.expect(303).location;
    let queue = format!("queue={}.{}", word(entries[0]), word(entries[2]));
    assert_eq!(first, format!("/outcomes/{}?{queue}", entries[0]));
    let confirm = format!("/outcomes/{}/confirm?{queue}", entries[0]);
    let page = manager.get(&first).await.expect(200).has("第 1 条，共 2 条").text();
    assert!(page.contains(&format!("href=\"{confirm}\"")), "{page}");
    manager.get(&confirm).await.expect(200).has(&format!("action=\"{confirm}&#38;once="));
    let then = manager.post(&confirm, &[]).await.expect(303).location;
    assert_eq!(then, format!("/outcomes/{}?{queue}&ok=outcome-confirmed-next", entries[2]));
    manager.get(&then).await.expect(200).has("上一条已确认").has("第 2 条，共 2 条");
    let reject = format!("/outcomes/{}/reject", entries[2]);
    let fields = [("queue", &queue["queue=".len()..]), ("reason", "重复")];
    let then = manager.post(&reject, &fields).await.expect(303).location;
    assert_eq!(then, format!("/outcomes/{}?{queue}&ok=outcome-rejected", entries[2]));
    // What was not ticked waits as before; another agency goes through none of them.
    manager.get(&format!("/outcomes/{}", entries[1])).await.expect(200).has("待确认");
    let elsewhere = app.sign_in("liaison2").await;
    elsewhere.get(&format!("/outcomes/queue?pick={}", word(entries[0]))).await.expect(404);
}
