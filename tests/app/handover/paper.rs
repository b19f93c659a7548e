//! Agencies without accounts: what they do is recorded from their papers, by a second person.

use lead_handoff::platform::db::Id;

use super::{SCAN, Story, scan, send, with_scan};
use crate::support::{
    Browser, TestApp, fixtures,
    ledger::Sent,
    seed::{GUANGZHOU, HANGZHOU},
    today,
};

/// A lead that went to an agency without accounts on paper and was received there: the transfer, the one who sent it,
/// and a second person.
pub(super) async fn received_on_paper(app: &TestApp) -> (String, Browser, Browser) {
    let lead = fixtures::lead(app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(app, lead, GUANGZHOU).await;
    app.disable("liaison").await;
    let (compiler, manager) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let id = send(&compiler, dossier, "paper").await.expect(303).id();
    let page = compiler.get(&format!("/transfers/{id}")).await.text();
    let upload = page.split('"').find(|part| part.contains("/receipt/")).expect("a link").to_owned();
    manager.get(&format!("/transfers/{id}/acknowledge")).await.expect(200).has("请先上传纸质回执的扫描件");
    scan(&compiler, &upload, SCAN).await.expect(303);
    manager.get(&format!("/transfers/{id}/acknowledge")).await.expect(200).has_not("请先上传");
    manager.post(&format!("/transfers/{id}/acknowledge"), &[("on_day", &today())]).await.expect(303);
    (format!("/transfers/{id}"), compiler, manager)
}

#[tokio::test]
async fn no_step_of_an_agency_is_recorded_without_its_paper() {
    let app = TestApp::new().await;
    let (at, compiler, manager) = received_on_paper(&app).await;
    let today = today();
    let day = ("on_day", today.as_str());
    let verbs: [(&str, &[(&str, &str)]); 5] = [
        ("accept", &[day]),
        ("refuse", &[day, ("code", "RF-OTHER"), ("text", "x")]),
        ("return", &[day, ("code", "RT-IDENTITY"), ("text", "x")]),
        ("supplement", &[day, ("code", "RQ-TRADE"), ("text", "x")]),
        ("not-ours", &[day]),
    ];
    for (verb, fields) in verbs {
        let form = format!("{at}/{verb}");
        manager.get(&form).await.expect(200).has("multipart/form-data").has("文书的扫描件");
        let before = app.audit_count().await;
        manager.post(&form, fields).await.expect(422).has("href=\"#f-file\"");
        with_scan(&manager, &form, fields, b"").await.expect(422).has("href=\"#f-file\"");
        with_scan(&manager, &form, fields, b"just a text")
            .await
            .expect(422)
            .has("href=\"#f-file\"")
            .has("PDF");
        // What is wrong besides is said at once.
        with_scan(&manager, &form, &fields[1..], b"")
            .await
            .expect(422)
            .has("href=\"#f-file\"")
            .has("href=\"#f-on-day\"");
        with_scan(&compiler, &form, fields, SCAN).await.expect(409).has("另一位同事");
        // Four forms were shown again, one refused.
        assert_eq!(app.audit_count().await, before + 5, "{verb}");
    }
    // Who sent it is told so before anything is filled in, and is led back; nothing is offered that would be refused.
    for verb in ["accept", "refuse", "return", "supplement", "forward", "not-ours"] {
        let page = compiler.get(&format!("{at}/{verb}")).await.expect(200).has("另一位同事");
        page.has_not("name=\"on_day\"").has_not("multipart/form-data").has(&format!("href=\"{at}\""));
    }
    let stored = app.stored_objects().await;
    with_scan(&manager, &format!("{at}/accept"), &[day], b"%PDF-1.4\n%letter\n").await.expect(303);
    assert_eq!(app.stored_objects().await, stored + 1);
    let entry = app.last_entry().await;
    assert_eq!(
        (entry.verb.as_str(), entry.leaf["facts"]["by_paper"].as_bool()),
        ("transfer.accept", Some(true))
    );
    assert!(entry.leaf["objects"].to_string().contains("transfer_paper"));
    let page = manager.get(&at).await.expect(200).has("查看文书扫描件").text();
    let paper = page.split('"').find(|part| part.contains("/papers/")).expect("a scan").to_owned();
    let file = compiler.get(&paper).await.expect(200);
    assert_eq!(file.bytes, b"%PDF-1.4\n%letter\n");
    assert_eq!(app.last_entry().await.verb, "transfer.paper_view");
    for nobody in ["liaison2", "admin"] {
        app.sign_in(nobody).await.get(&paper).await.expect(404);
    }
    // One letter can say that it was accepted and filed.
    let id = paper.rsplit('/').next().expect("an id");
    let filing = [("number", "穗公立字〔2026〕1号"), ("filed_on", today.as_str())];
    manager.get(&format!("{at}/file")).await.expect(200).has(id);
    let file = format!("{at}/file");
    manager.post(&file, &filing).await.expect(422).has("href=\"#f-file\"");
    let other = Id::new().to_string();
    manager
        .post(&file, &[&filing[..], &[("paper", &other)]].concat())
        .await
        .expect(422)
        .has("href=\"#f-paper\"");
    manager.post(&file, &[&filing[..], &[("paper", id)]].concat()).await.expect(303);
    assert_eq!(app.stored_objects().await, stored + 1);
}

#[tokio::test]
async fn the_platform_does_not_act_for_an_agency_that_can() {
    let s = Story::sent().await;
    let manager = s.app.sign_in("manager").await;
    manager.post(&s.at("acknowledge"), &[("on_day", &today())]).await.expect(409).has("自行办理");
}

#[tokio::test]
async fn what_an_agency_calls_its_case_is_changed_by_a_second_person_from_its_paper() {
    let app = TestApp::new().await;
    let (transfer, compiler, manager) = received_on_paper(&app).await;
    let other = app.sign_in("compiler2").await;
    let today = today();
    let accepted = with_scan(&manager, &format!("{transfer}/accept"), &[("on_day", &today)], SCAN).await;
    accepted.expect(303);
    let list = manager.get("/cases").await.expect(200).text();
    let case = list.split("href=\"/cases/").find_map(|rest| rest.get(..36)?.parse::<Id>().ok());
    let at = format!("/cases/{}", case.expect("a case"));
    let (edit, new) = (format!("{at}/edit"), format!("{at}/papers/new"));
    let called = [("number", "穗公受〔2026〕1号"), ("title", "假表案"), ("officer", "李警官")];
    // Nobody says by which paper.
    for who in [&manager, &other] {
        who.get(&at).await.expect(200).has_not(&edit).has("须对照另一位同事上传的扫描件");
        who.get(&edit).await.expect(409).has("扫描件");
    }
    let before = app.audit_count().await;
    other.post(&edit, &called).await.expect(409).has("请先由另一位同事上传").has("李警官");
    assert_eq!((app.audit_count().await, app.last_entry().await.outcome.as_str()), (before + 1, "refused"));
    scan(&manager, &new, SCAN).await.expect(303);
    let page = other.get(&at).await.expect(200).has(&edit).has_not("李警官").text();
    let paper =
        page.split('"').find(|part| part.contains("/papers/") && !part.ends_with("/new")).expect("a scan");
    let id = paper.rsplit('/').find(|part| part.parse::<Id>().is_ok()).expect("an id");
    let by_paper = [&called[..], &[("paper", id)]].concat();
    // Neither the one who sent the dossier, who is not offered what would be refused, nor the one who took in the scan.
    let page = compiler.get(&at).await.expect(200);
    page.has_not(&edit).has_not(&format!("{at}/steps")).has("本案的卷宗由您移送").has(&new);
    compiler.get(&edit).await.expect(409).has("移送人");
    compiler.post(&edit, &by_paper).await.expect(409).has("移送人").has("另一位同事");
    manager.post(&edit, &by_paper).await.expect(409).has("上传扫描件的人");
    other.get(&edit).await.expect(200).has("scan.pdf");
    other.post(&edit, &called).await.expect(422).has("href=\"#f-paper\"").has("李警官");
    let before = app.audit_count().await;
    other.post(&edit, &by_paper).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((app.audit_count().await, entry.verb.as_str()), (before + 1, "case.edit"));
    assert_eq!(entry.leaf["facts"]["by_paper"].as_bool(), Some(true));
    assert!(entry.leaf["objects"].to_string().contains(id), "{}", entry.leaf);
    manager.get(&at).await.expect(200).has("李警官").has("穗公受〔2026〕1号");
    // What the change rests on is not for the one to replace who made it.
    let replace = format!("{at}/papers/{id}/replace");
    other.get(&at).await.expect(200).has_not(&replace);
    other.get(&replace).await.expect(409).has("据此扫描件登记或确认过的人");
    with_scan(&other, &replace, &[("reason", "缺页")], b"%PDF-1.4\n%other\n").await.expect(409);
    manager.get(&at).await.expect(200).has(&replace);
    manager.get(&replace).await.expect(200);
}

#[tokio::test]
async fn a_case_goes_on_by_a_scan_that_another_person_took_in() {
    let app = TestApp::new().await;
    let made = app.handed(&Sent::to(HANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let case = made.case.expect("a case");
    let (at, steps, new) =
        (format!("/cases/{case}"), format!("/cases/{case}/steps"), format!("/cases/{case}/papers/new"));
    let (one, two) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    // As long as the agency has accounts it acts itself.
    scan(&one, &new, b"%PDF-1.4\n%scan\n").await.expect(409).has("自行办理");
    app.disable("liaison2").await;
    two.get(&steps).await.expect(409).has("扫描件");
    let step = [("kind", "referred"), ("on", "2016-07-01"), ("text", "移送审查起诉")];
    two.post(&steps, &step).await.expect(409).has("移送审查起诉");
    one.get(&at).await.expect(200).has("还没有扫描件").has("papers/new");
    scan(&one, &new, b"just a text").await.expect(422).has("PDF");
    let before = app.audit_count().await;
    scan(&one, &new, b"%PDF-1.4\n%scan\n").await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    let page = one.get(&at).await.expect(200).has("须对照另一位同事上传的扫描件").text();
    let paper =
        page.split('"').find(|part| part.contains("/papers/") && !part.ends_with("/new")).expect("a scan");
    let id = paper.rsplit('/').next().expect("an id").to_owned();
    let with_paper = |id: &str| {
        [&step[..], &[("paper", id)]]
            .concat()
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect::<Vec<_>>()
    };
    let post = async |who: &Browser, id: &str| {
        let fields = with_paper(id);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
        who.post(&steps, &fields).await
    };
    post(&one, &id).await.expect(409).has("上传扫描件的人");
    two.post(&steps, &step).await.expect(422).has("href=\"#f-paper\"");
    post(&two, &case.to_string()).await.expect(422);
    two.get(&steps).await.expect(200).has("scan.pdf");
    post(&two, &id).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "case.step");
    two.get(&at).await.expect(200).has("依据 2016年7月1日 的纸质文书登记").has("移送审查起诉");
    let file = two.get(paper).await.expect(200);
    assert_eq!(file.bytes, b"%PDF-1.4\n%scan\n");
    assert_eq!(app.last_entry().await.verb, "case.paper_view");
    // Closed by mistake: opened again by the same rule.
    let rests_on = ("paper", id.as_str());
    two.post(&steps, &[("kind", "closed"), ("on", "2016-08-01"), rests_on]).await.expect(303);
    let (reopen, again) = (format!("{at}/reopen"), [("on", "2016-08-02"), ("text", "误登记"), rests_on]);
    one.post(&reopen, &again).await.expect(409).has("上传扫描件的人");
    two.post(&reopen, &again[..2]).await.expect(422).has("href=\"#f-paper\"");
    two.post(&reopen, &again).await.expect(303);
    two.get(&at).await.expect(200).has("依据 2016年8月2日 的纸质文书登记").has("重新开启");
    // A wrong scan is replaced, and the steps that rest on it lead to the new one.
    let replace = format!("{paper}/replace");
    with_scan(&one, &replace, &[("reason", "传错文件")], b"%PDF-1.4\n%right\n").await.expect(303);
    assert_eq!(app.last_entry().await.verb, "case.replace_scan");
    let page = two.get(&at).await.expect(200).has("传错文件").text();
    let new_scan = page.split('"').find(|part| part.contains("/replacements/")).expect("the new scan");
    assert_eq!(two.get(new_scan).await.expect(200).bytes, b"%PDF-1.4\n%right\n");
    // Who puts a scan in its place has taken it in too: no further step is confirmed against one's own paper.
    // And who confirmed by it puts no other one in its place.
    let further = [("kind", "judged"), ("on", "2016-09-01"), ("text", "一审判决"), rests_on];
    two.get(&steps).await.expect(200).has("scan.pdf");
    let three = app.sign_in("compiler2").await;
    three.get(&at).await.expect(200).has(&replace);
    two.get(&at).await.expect(200).has_not(&replace);
    two.get(&replace).await.expect(409).has("据此扫描件登记或确认过的人");
    let entries = app.audit_count().await;
    with_scan(&two, &replace, &[("reason", "缺页")], b"%PDF-1.4\n%other\n").await.expect(409);
    assert_eq!((app.audit_count().await, app.last_entry().await.outcome.as_str()), (entries + 1, "refused"));
    with_scan(&three, &replace, &[("reason", "缺页")], b"%PDF-1.4\n%other\n").await.expect(303);
    three.get(&at).await.expect(200).has("须对照另一位同事上传的扫描件");
    three.get(&steps).await.expect(409).has("扫描件");
    three.post(&steps, &further).await.expect(409).has("上传扫描件的人");
    two.post(&steps, &further).await.expect(303);
    for nobody in ["liaison", "admin"] {
        let browser = app.sign_in(nobody).await;
        browser.get(new_scan).await.expect(404);
        browser.get(paper).await.expect(404);
        browser.get(&new).await.expect(404);
    }
}

/// An agency that can sign in again carries its case on by itself, whatever papers are on file.
#[tokio::test]
async fn nothing_is_asked_about_a_case_whose_agency_can_sign_in_again() {
    let app = TestApp::new().await;
    let (transfer, _, manager) = received_on_paper(&app).await;
    let other = app.sign_in("compiler2").await;
    let today = today();
    let accepted = with_scan(&manager, &format!("{transfer}/accept"), &[("on_day", &today)], SCAN).await;
    accepted.expect(303);
    let list = manager.get("/cases").await.expect(200).text();
    let case = list.split("href=\"/cases/").find_map(|rest| rest.get(..36)?.parse::<Id>().ok());
    let at = format!("/cases/{}", case.expect("a case"));
    scan(&manager, &format!("{at}/papers/new"), SCAN).await.expect(303);
    let edit = format!("{at}/edit");
    other.get(&edit).await.expect(200).has("name=\"officer\"");
    let liaison = app.seed.people["liaison"];
    let enable = format!("/admin/people/{liaison}/enable");
    app.sign_in("admin").await.post(&enable, &[]).await.expect(303);
    other.get(&edit).await.expect(409).has("应由其自行办理");
    app.sign_in("liaison").await.get(&edit).await.expect(200).has("name=\"officer\"");
}
