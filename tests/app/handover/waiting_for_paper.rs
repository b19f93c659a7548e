//! What waits for the platform because nobody at the agency can sign in: the agency's steps and receipts on paper, and
//! the scans of its cases.

use lead_handoff::{
    handover::transfer::store::{self, StepRow},
    platform::db::Id,
};

use super::{
    SCAN, Story, scan, send,
    waiting::{listed, waits},
    with_scan,
};
use crate::support::{
    TestApp, fixtures,
    ledger::{Sent, noon},
    seed::{GUANGZHOU, HANGZHOU},
    today,
};

/// What an agency would do itself if anybody there could sign in is on the first page of the lead's compiler and of the
/// manager, until it is recorded; what is due stands first, as in the list behind it.
#[tokio::test]
async fn what_an_agency_without_accounts_has_to_do_waits_for_the_platform() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let other = app.sign_in("compiler2").await;
    let id = send(&compiler, dossier, "paper").await.expect(303).id();
    let at = format!("/transfers/{id}");
    let stand = async || {
        let mut found = Vec::new();
        for who in [&compiler, &manager, &other] {
            let n = waits(who, "paper").await;
            assert_eq!(n, listed(who, "paper").await);
            found.push(n);
        }
        found
    };
    // Somebody there can sign in: it is theirs.
    assert_eq!(stand().await, [0, 0, 0]);
    app.disable("liaison").await;
    assert_eq!(stand().await, [1, 1, 0]);
    let before = app.audit_count().await;
    compiler
        .get("/")
        .await
        .expect(200)
        .has("对方没有账号，待依纸质文书登记")
        .has(&at)
        // Of several with the same number the title tells which; who sent it learns what is left to them.
        .has(" · 假表</a>")
        .has("各步骤由另一位同事凭扫描件登记");
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "worklist.view"));
    assert!(entry.leaf["objects"].to_string().contains(&id.to_string()), "{}", entry.leaf);
    compiler.post("/language?to=en", &[]).await.expect(303);
    compiler.get("/").await.expect(200).has("Agencies without accounts").has_not("对方没有账号");
    // Once its receipt is on file it waits for those who may record that, and in one place.
    let page = compiler.get(&at).await.text();
    let upload = page.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    scan(&compiler, &upload, SCAN).await.expect(303);
    assert_eq!(stand().await, [0, 0, 0]);
    assert_eq!((waits(&manager, "receipts").await, waits(&compiler, "receipts").await), (1, 0));
    assert_eq!(waits(&other, "receipts").await, 1);
    other.get("/").await.expect(200).has(&at).has(" · 假表</a>");
    let today = today();
    let day = ("on_day", today.as_str());
    manager.post(&format!("{at}/acknowledge"), &[day]).await.expect(303);
    assert_eq!((stand().await, waits(&manager, "receipts").await), (vec![1, 1, 0], 0));
    with_scan(&manager, &format!("{at}/accept"), &[day], SCAN).await.expect(303);
    assert_eq!(stand().await, [1, 1, 0]);
    let filing = [("number", "穗公立字〔2026〕1号"), ("filed_on", today.as_str())];
    with_scan(&manager, &format!("{at}/file"), &filing, SCAN).await.expect(303);
    assert_eq!(stand().await, [0, 0, 0]);
    // Of an agency it is no list.
    app.sign_in("liaison2").await.get("/transfers?waits=paper").await.expect(422);
}

/// What had gone by the portal before the last account of its agency was closed is received on paper, and its receipt
/// waits as any other.
#[tokio::test]
async fn the_receipt_of_an_agency_that_lost_its_accounts_waits_too() {
    let s = Story::sent().await;
    let (manager, at) = (s.app.sign_in("manager").await, format!("/transfers/{}", s.transfer));
    s.app.disable("liaison").await;
    assert_eq!((waits(&s.compiler, "paper").await, waits(&manager, "receipts").await), (1, 0));
    let page = s.compiler.get(&at).await.expect(200).text();
    let upload = page.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    scan(&s.compiler, &upload, SCAN).await.expect(303);
    assert_eq!((waits(&s.compiler, "paper").await, waits(&manager, "receipts").await), (0, 1));
    manager.post(&s.at("acknowledge"), &[("on_day", &today())]).await.expect(303);
    assert_eq!((waits(&s.compiler, "paper").await, waits(&manager, "receipts").await), (1, 0));
}

/// A scan that one person took in for a case waits for the others until one of them has recorded from it.
#[tokio::test]
async fn a_scan_of_a_case_waits_for_those_who_may_record_from_it() {
    let app = TestApp::new().await;
    let made = app.handed(&Sent::to(HANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let case = format!("/cases/{}", made.case.expect("a case"));
    let (one, two) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let three = app.sign_in("compiler2").await;
    app.disable("liaison2").await;
    let stand = async || {
        let all = [&one, &two, &three];
        let mut found = Vec::new();
        for who in all {
            found.push(waits(who, "case-papers").await);
        }
        found
    };
    assert_eq!(stand().await, [0, 0, 0]);
    scan(&one, &format!("{case}/papers/new"), SCAN).await.expect(303);
    assert_eq!(stand().await, [0, 1, 1]);
    two.get("/").await.expect(200).has("同事已上传案件文书，待您登记").has(&case).has("假冒润滑油案");
    app.sign_in("approver").await.get("/").await.expect(200).has_not(&case);
    let page = two.get(&case).await.expect(200).text();
    let paper = page.split('"').find(|part| part.contains("/papers/") && !part.ends_with("/new"));
    let paper = paper.and_then(|part| part.split('/').nth(4)).expect("a scan").to_owned();
    let step =
        [("kind", "referred"), ("on", "2016-07-01"), ("text", "移送审查起诉"), ("paper", paper.as_str())];
    let before = app.audit_count().await;
    two.post(&format!("{case}/steps"), &step).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "case.step"));
    assert_eq!(stand().await, [0, 0, 0]);
}

/// Who sent what the agency has may not record from its papers; who sent an earlier version may.
#[tokio::test]
async fn a_scan_of_a_case_does_not_wait_for_the_one_who_sent_what_its_agency_has() {
    let app = TestApp::new().await;
    let made = app.handed(&Sent::to(HANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    for (kind, sender, day) in [("sent", "compiler", "2016-05-04"), ("delivered", "manager", "2016-05-20")] {
        let row = StepRow {
            id: Id::new(),
            kind: kind.into(),
            actor_id: Some(app.seed.people[sender]),
            side: "platform".into(),
            at: noon(day),
            on_day: None,
            reason_code: None,
            target_agency_id: None,
            delivery_id: None,
            remark_id: None,
            by_paper: false,
            paper_id: None,
        };
        let written =
            app.services.db.write_quiet(move |tx| store::insert_step(tx.conn(), made.transfer, &row));
        written.await.expect("a step");
    }
    app.disable("liaison2").await;
    let case = format!("/cases/{}", made.case.expect("a case"));
    scan(&app.sign_in("compiler2").await, &format!("{case}/papers/new"), SCAN).await.expect(303);
    for (who, n) in [("compiler", 1), ("manager", 0), ("compiler2", 0)] {
        assert_eq!(waits(&app.sign_in(who).await, "case-papers").await, n, "{who}");
    }
}
