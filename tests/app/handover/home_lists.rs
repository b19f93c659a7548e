//! The number that the first page says is the number of rows of the list that it leads to: of each duty, for each role.

use std::collections::BTreeSet;

use lead_handoff::platform::db::Id;

use super::{
    SCAN,
    forwarding::{forward, received},
    scan, send,
};
use crate::support::{
    Browser, TestApp, fixtures,
    ledger::Sent,
    seed::{GUANGZHOU, HANGZHOU},
    story,
};

/// A panel of a first page: its id, the number in its heading, and the list that it leads to.
struct Duty {
    id: String,
    count: usize,
    list: Option<String>,
}

async fn duties(who: &Browser) -> Vec<Duty> {
    let page = who.get("/").await.expect(200).text();
    let panel = |text: &str| {
        let (id, rest) = text.split_once('"')?;
        let body = rest.split("</section>").next()?;
        let count = body.split("class=\"count\">").nth(1)?.split('<').next()?.parse().ok()?;
        let link =
            body.rsplit("<p class=\"unprinted\"><a href=\"").next().filter(|last| last.contains("查看全部"));
        let list = link.and_then(|last| last.split('"').next()).map(unescaped);
        Some(Duty { id: id.to_owned(), count, list })
    };
    page.split("<section class=\"panel\" id=\"").skip(1).filter_map(panel).collect()
}

fn unescaped(href: &str) -> String {
    href.replace("&amp;", "&").replace("&#38;", "&")
}

/// How many things a list shows, over all its pages.
async fn shown(who: &Browser, list: &str) -> usize {
    let link = format!("href=\"{}/0", list.split('?').next().unwrap_or_default());
    let (mut at, mut found) = (list.to_owned(), BTreeSet::new());
    loop {
        let page = who.get(&at).await.expect(200).text();
        found.extend(page.split(&link).skip(1).filter_map(|rest| rest.get(..35).map(str::to_owned)));
        match page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()) {
            Some(next) => at = unescaped(next),
            None => return found.len(),
        }
    }
}

/// An agency where nobody can sign in.
async fn without_accounts(app: &mut TestApp) {
    let fields = [
        ("code", "SZ-ECD"),
        ("name_zh", "深圳市公安局经侦支队"),
        ("type", "PS-ECD"),
        ("level", "province"),
        ("region", "广东省"),
        ("channel", "portal"),
        ("takes", "trademark"),
    ];
    let id = app.sign_in("admin").await.post("/agencies", &fields).await.expect(303).id();
    app.seed.agencies.insert("SZ-ECD", id);
}

/// A lead of `compiler` with a sealed dossier for an agency that went there.
async fn sent(app: &TestApp, number: usize, agency: &'static str, channel: &str) -> (Id, Id) {
    let lead = fixtures::lead(app, &format!("XS-2015-{number:06}"), "假冒品牌手表").await;
    let dossier = fixtures::sealed(app, lead, agency).await;
    let transfer = send(&app.sign_in("compiler").await, dossier, channel).await.expect(303).id();
    (lead, transfer)
}

/// More supplements than a first page shows, and one that nobody waits for.
async fn supplements(app: &TestApp) {
    let liaison = app.sign_in("liaison").await;
    for number in 1..=12 {
        let (_, transfer) = sent(app, number, GUANGZHOU, "portal").await;
        let at = |verb: &str| format!("/transfers/{transfer}/{verb}");
        liaison.post(&at("acknowledge"), &[]).await.expect(303);
        liaison.post(&at("supplement"), &[("code", "RQ-TRADE")]).await.expect(303);
        if number == 12 {
            liaison.post(&at("not-ours"), &[]).await.expect(303);
        }
    }
}

/// A forward that waits, as the platform took the lead back from where it goes.
async fn forwarded(app: &TestApp) {
    let (lead, transfer) = sent(app, 20, GUANGZHOU, "portal").await;
    app.sign_in("liaison").await.post(&format!("/transfers/{transfer}/acknowledge"), &[]).await.expect(303);
    let there = received(app, fixtures::sealed(app, lead, HANGZHOU).await, "liaison2").await;
    let compiler = app.sign_in("compiler").await;
    compiler.post(&format!("/transfers/{there}/withdraw"), &[("text", "发错单位")]).await.expect(303);
    forward(app, "liaison", transfer, HANGZHOU).await.expect(303);
}

/// Papers that one person took in and another is to record from: a receipt, and one of a case.
async fn papers(app: &TestApp) {
    let compiler = app.sign_in("compiler").await;
    let (_, transfer) = sent(app, 30, "SZ-ECD", "paper").await;
    let page = compiler.get(&format!("/transfers/{transfer}")).await.expect(200).text();
    let upload = page.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    scan(&compiler, &upload, SCAN).await.expect(303);
    let made = app.handed(&Sent::to("SZ-ECD", "2016-05-04").filed("2016-06-01"), None);
    let case = made.case.expect("a case");
    scan(&compiler, &format!("/cases/{case}/papers/new"), SCAN).await.expect(303);
}

/// A lead that was sent back, one whose version is sealed, and one whose version is being made.
async fn versions(app: &TestApp) {
    let compiler = app.sign_in("compiler").await;
    let made = async || {
        let lead = app.seed.lead(&app.services, "compiler");
        let item = story::note(&compiler, lead, "商品页面.txt", "标价 199 元").await;
        story::compose(&compiler, lead, 1, &[app.seed.agencies[GUANGZHOU]], &[item], &[]).await.expect(303);
        lead
    };
    let back = made().await;
    app.settle().await;
    let review = story::submit(&compiler, back).await;
    let approver = app.sign_in("approver").await;
    approver
        .post(&format!("/approvals/{review}/return"), &[("reasons", "请补充成交记录。")])
        .await
        .expect(303);
    story::sealed(app, &[GUANGZHOU]).await;
    made().await;
}

/// Duties of those who keep the house, and what is no duty but stands beside them.
const OTHERS: [&str; 9] =
    ["guide", "begin", "jobs", "mail", "invitations", "keys", "refused", "mentions", "since"];

#[tokio::test]
async fn every_number_of_the_first_page_is_that_of_a_list() {
    let mut app = TestApp::new().await;
    without_accounts(&mut app).await;
    supplements(&app).await;
    forwarded(&app).await;
    papers(&app).await;
    versions(&app).await;
    let at_least: [(&str, &[&str]); 7] = [
        ("compiler", &["supplements", "returned", "unsent", "freezing", "forwards", "drafts"]),
        ("compiler2", &["receipts", "case-papers"]),
        ("manager", &["asked", "receipts", "case-papers", "forwards"]),
        ("approver", &[]),
        ("auditor", &[]),
        ("liaison", &["forward"]),
        ("liaison2", &[]),
    ];
    for (username, expected) in at_least {
        let who = app.sign_in(username).await;
        let found = duties(&who).await;
        for id in expected {
            assert!(found.iter().any(|duty| duty.id == **id), "{username} has no {id}");
        }
        for Duty { id, count, list } in found {
            if OTHERS.contains(&id.as_str()) {
                continue;
            }
            let list = list.unwrap_or_else(|| panic!("{username}: {id} leads to no list"));
            assert_eq!(shown(&who, &list).await, count, "{username}: {id} at {list}");
        }
    }
    // Of twelve one was found not to be its agency's: nobody waits for that supplement, nor is shown it.
    for (username, id) in [("compiler", "supplements"), ("manager", "asked")] {
        let found = duties(&app.sign_in(username).await).await;
        let duty = found.iter().find(|duty| duty.id == id).expect("a duty");
        assert_eq!(duty.count, 11, "{username}");
    }
}

#[tokio::test]
async fn a_list_of_what_waits_says_so_and_is_given_out_as_it_is() {
    let mut app = TestApp::new().await;
    without_accounts(&mut app).await;
    papers(&app).await;
    versions(&app).await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    compiler.get("/dossiers?waits=freezing").await.expect(200).has("正在生成的卷宗");
    compiler.get("/leads?state=draft&owner=me&returned=yes").await.expect(200).has("退回修改");
    manager.get("/cases?waits=papers").await.expect(200).has("同事已上传案件文书，待您登记");
    // The sender records neither, whatever the list is asked for.
    for (list, n) in [("/transfers?waits=receipts", 1), ("/cases?waits=papers", 1)] {
        assert_eq!((shown(&manager, list).await, shown(&compiler, list).await), (n, 0), "{list}");
    }
    let file = |list: &str| format!("/{list}&format=csv");
    let receipts = file("transfers/export?waits=receipts");
    let before = app.audit_count().await;
    manager.get(&receipts).await.expect(200).has("假冒品牌手表");
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "transfer.export"));
    assert_eq!(entry.leaf["facts"]["waits_for"].as_str(), Some("receipts"));
    compiler.get(&receipts).await.expect(200).has_not("假冒品牌手表");
    manager.get(&file("cases/export?waits=papers")).await.expect(200).has("假冒润滑油案");
    compiler.get(&file("dossiers/export?waits=unsent")).await.expect(200).has("已批准，待移送");
    // To whom nothing can wait so it is no list.
    let liaison = app.sign_in("liaison").await;
    for list in ["/transfers?waits=receipts", "/transfers?waits=forwards", "/cases?waits=papers"] {
        liaison.get(list).await.expect(422);
    }
    app.sign_in("approver").await.get("/cases?waits=papers").await.expect(422);
    // A reader who works on no lead waits for none of it.
    let auditor = app.sign_in("auditor").await;
    for list in ["/transfers?waits=receipts", "/transfers?waits=forwards", "/dossiers?waits=unsent"] {
        assert_eq!(shown(&auditor, list).await, 0, "{list}");
    }
}
