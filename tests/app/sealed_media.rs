//! An original medium that was sealed is on record beside its item, stands in the list of electronic data, and what was
//! wrong in it is put right without taking anything away.

use lead_handoff::platform::db::Id;

use crate::{
    gallery::png,
    redaction::upload,
    support::{Browser, TestApp, seed::GUANGZHOU, story},
};

const SEALED: [(&str, &str); 7] = [
    ("medium", "手机一部"),
    ("serial", "860000000000001"),
    ("how", "装入封存袋，封口处贴封条"),
    ("sealed_by", "编制人甲、钱某"),
    ("witness", "孙某"),
    ("sealed_at", "2016-05-04 10:30"),
    ("place", "示例市示例仓库"),
];

/// The form as it is filled in, with one field otherwise.
fn with<'a>(name: &'a str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields: Vec<(&str, &str)> = SEALED.iter().copied().filter(|(known, _)| *known != name).collect();
    fields.push((name, value));
    fields
}

/// Where the newest record of an item's page is put right.
async fn correction(browser: &Browser, item: Id) -> String {
    let page = browser.get(&format!("/evidence/{item}")).await.expect(200).text();
    let mut found = page.split('"').filter(|part| part.contains("/sealings/") && part.ends_with("/correct"));
    found.next_back().expect("a way to put it right").to_owned()
}

#[tokio::test]
async fn a_sealed_medium_is_recorded_listed_and_put_right() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "聊天记录", "买家：真的吗").await;
    let photo = upload(&compiler, lead, "封存照片.png", &png(8, 8)).await;
    story::note(&compiler, lead, "封存经过", "手机已关机").await;
    let form = format!("/evidence/{item}/sealing");
    compiler.get(&form).await.expect(200).has("name=\"sealed_at\"");
    app.sign_in("compiler2").await.get(&form).await.expect(409);
    app.sign_in("compiler2").await.post(&form, &SEALED).await.expect(409);
    app.sign_in("approver").await.get(&form).await.expect(404);

    // Wrong turns, each said beside its field.
    let wrong = [
        ("how", "", "f-how-error"),
        ("sealed_at", "2099-01-01 10:00", "f-sealed-at-error"),
        ("photos", "x", "请填写证据序号"),
        ("photos", "1-9", "没有序号为"),
        ("photos", "2-3", "序号 3 的证据不是图片"),
    ];
    for (name, value, said) in wrong {
        let before = app.audit_count().await;
        compiler.post(&form, &with(name, value)).await.expect(422).has(said).has("手机一部");
        // The form that is shown again is a look at the item.
        assert_eq!(
            (app.audit_count().await, app.last_entry().await.verb.as_str()),
            (before + 1, "evidence.view")
        );
    }

    let before = app.audit_count().await;
    compiler.post(&form, &with("photos", "2")).await.expect(303);
    assert_eq!(app.audit_count().await, before + 1);
    let entry = app.last_entry().await;
    assert_eq!(entry.verb, "evidence.record_sealing");
    let objects = entry.objects();
    assert!(objects.contains(&("photograph".to_owned(), photo.to_string())), "{objects:?}");
    // What names people stands in the part that can be erased.
    assert!(!entry.leaf.to_string().contains("钱某"), "{}", entry.leaf);
    let page = compiler.get(&format!("/evidence/{item}")).await.expect(200);
    page.has("860000000000001").has("孙某").has("2 封存照片.png").has_not("已更正");

    // Put right: the earlier record stays, and only the newer one counts.
    let correct = correction(&compiler, item).await;
    compiler.get(&correct).await.expect(200).has("value=\"860000000000001\"").has("value=\"2\"");
    app.sign_in("compiler2").await.post(&correct, &SEALED).await.expect(409);
    let mut right = with("serial", "860000000000002");
    right.push(("photos", "2"));
    compiler.post(&correct, &right).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "evidence.correct_sealing");
    let page = compiler.get(&format!("/evidence/{item}")).await.expect(200);
    page.has("860000000000001").has("已更正").has("860000000000002");
    compiler.post(&correct, &right).await.expect(409);

    // The list of the lead's own items.
    compiler.post(&format!("/evidence/{photo}/withhold"), &[("withheld_reason", "含地址")]).await.expect(303);
    let list = format!("/leads/{lead}/evidence/list");
    compiler.get(&format!("/leads/{lead}/evidence")).await.expect(200).has(&format!("{list}.pdf"));
    let before = app.audit_count().await;
    let csv = compiler.get(&format!("{list}.csv")).await.expect(200).text();
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(app.last_entry().await.verb, "evidence.data_list");
    assert!(
        csv.contains("封存：手机一部；编号：860000000000002；") && csv.contains("照片见序号：2"),
        "{csv}"
    );
    assert!(!csv.contains("860000000000001") && csv.lines().any(|line| line.contains(",是,")), "{csv}");
    let pdf = app.sign_in("auditor").await.get(&format!("{list}.pdf")).await.expect(200);
    let text = super::custody::text_of(&pdf.bytes);
    for said in ["电子数据清单", "手机一部", "860000000000002", "提供人（持有人）", "标记为不予披露"]
    {
        assert!(text.contains(said), "no «{said}» in {text}");
    }
    compiler.get(&format!("{list}.exe")).await.expect(404);
    app.sign_in("liaison").await.get(&format!("{list}.csv")).await.expect(404);

    // And that of a dossier, whose addressee is told of no photograph that is kept from it.
    let gz = app.seed.agencies[GUANGZHOU];
    story::compose(&compiler, lead, 1, &[gz], &[item, photo], &[]).await.expect(303);
    app.settle().await;
    let one = story::dossiers(&app, lead).await.remove(0);
    let csv = compiler.get(&format!("/dossiers/{}/evidence-list.csv", one.id)).await.expect(200).text();
    assert!(csv.contains("封存：手机一部；编号：860000000000002；") && !csv.contains("照片见序号"), "{csv}");
}

#[tokio::test]
async fn a_photograph_stays_as_long_as_a_record_names_it() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "聊天记录", "买家：真的吗").await;
    let photo = upload(&compiler, lead, "封存照片.png", &png(8, 8)).await;
    compiler.post(&format!("/evidence/{item}/sealing"), &with("photos", "2")).await.expect(303);
    let (page, remove) = (format!("/evidence/{photo}"), format!("/evidence/{photo}/remove"));
    let stays = "该证据是封存记录中的照片";
    compiler.get(&page).await.expect(200).has(stays);
    compiler.post(&remove, &[]).await.expect(409).has(stays);

    // The record that takes the other's place names it, too; then there is one that does not.
    let correct = correction(&compiler, item).await;
    compiler.post(&correct, &with("photos", "2")).await.expect(303);
    compiler.post(&remove, &[]).await.expect(409).has(stays);
    let correct = correction(&compiler, item).await;
    compiler.post(&correct, &SEALED).await.expect(303);
    compiler.get(&page).await.expect(200).has_not(stays);
    let before = app.audit_count().await;
    compiler.post(&remove, &[]).await.expect(303);
    assert_eq!(
        (app.audit_count().await, app.last_entry().await.verb.as_str()),
        (before + 1, "evidence.remove")
    );

    // A record goes with its item.
    let other = upload(&compiler, lead, "封存后.png", &png(16, 16)).await;
    let second = story::note(&compiler, lead, "登录日志", "2016-05-04").await;
    compiler.post(&format!("/evidence/{second}/sealing"), &with("photos", "3")).await.expect(303);
    compiler.post(&format!("/evidence/{other}/remove"), &[]).await.expect(409);
    compiler.post(&format!("/evidence/{second}/remove"), &[]).await.expect(303);
    compiler.post(&format!("/evidence/{other}/remove"), &[]).await.expect(303);
}

#[tokio::test]
async fn whoever_composes_is_told_of_photographs_of_a_sealed_medium_that_are_not_chosen() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&compiler, lead, "聊天记录", "买家：真的吗").await;
    let first = upload(&compiler, lead, "封存前.png", &png(8, 8)).await;
    let second = upload(&compiler, lead, "封存后.png", &png(16, 16)).await;
    let other = story::note(&compiler, lead, "登录日志", "2016-05-04").await;
    let gz = app.seed.agencies[GUANGZHOU];
    let said = "的照片（线索证据序号";
    let (new, list) = (format!("/leads/{lead}/dossiers/new"), format!("/leads/{lead}/dossiers"));
    compiler.get(&new).await.expect(200).has_not(said);
    compiler.post(&format!("/evidence/{item}/sealing"), &with("photos", "2-3")).await.expect(303);

    // Everything is ticked at first. What is asked for again says what its ticks leave out.
    compiler.get(&new).await.expect(200).has_not(said);
    story::compose(&compiler, lead, 1, &[], &[item, first, second], &[]).await.expect(422).has_not(said);
    story::compose(&compiler, lead, 1, &[], &[other], &[]).await.expect(422).has_not(said);
    let shown = story::compose(&compiler, lead, 1, &[], &[item, second], &[]).await.expect(422);
    shown.has(&format!("{said} 2）没有选入"));

    // It refuses nothing; before the version is handed over it is told once more, and where the next one is made.
    story::compose(&compiler, lead, 1, &[gz], &[item], &[]).await.expect(303);
    app.settle().await;
    let told = format!("{said} 2-3）没有选入");
    compiler.get(&list).await.expect(200).has(&told).has(&format!("/leads/{lead}/submit"));
    compiler.get(&new).await.expect(200).has(&told);
    compiler.post("/language?to=en", &[]).await.expect(303);
    compiler.get(&list).await.expect(200).has("photographs of it (numbers 2-3 of the").has_not(said);
    compiler.post("/language?to=zh-CN", &[]).await.expect(303);
    // Those who can't hand it over are told nothing that they would have to do.
    app.sign_in("auditor").await.get(&list).await.expect(200).has_not(said);

    // A record that is put right names the photographs anew.
    let correct = correction(&compiler, item).await;
    compiler.post(&correct, &with("photos", "3")).await.expect(303);
    compiler.get(&list).await.expect(200).has(&format!("{said} 3）没有选入"));
    story::compose(&compiler, lead, 2, &[gz], &[item, second], &[]).await.expect(303);
    compiler.get(&list).await.expect(200).has_not(said);
}
