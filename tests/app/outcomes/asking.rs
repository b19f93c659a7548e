//! What the forms of entries ask for: whom they offer to pick, where they say what is missing, and by which words.

use diesel::prelude::*;
use lead_handoff::{
    outcome::{model::IdentityKind, named, store},
    platform::db::{Id, schema::lead_subject},
};

use super::{arrest, filed, post};
use crate::support::{TestApp, fixtures, seed::GUANGZHOU};

/// Who was entered by hand in several entries, under one name and with one identifier, is one to pick; who bears the
/// same name only is told apart by the entry that named them.
#[tokio::test]
async fn who_was_entered_by_hand_is_offered_once_and_told_apart() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let mut entries = Vec::new();
    for (kind, day, number) in [
        ("arrest", "2016-06-12", "440100199001011237"),
        ("prosecution", "2016-07-01", "440100 19900101 1237"),
        ("arrest", "2016-06-13", ""),
    ] {
        let mut fields = arrest("");
        (fields[0].1, fields[1].1) = (kind.into(), day.into());
        fields[3] = ("new_person_0", "店主张三".into());
        fields.push(("new_person_id_0", number.into()));
        entries.push(post(&liaison, &path, &fields).await.expect(303).id());
    }
    let form = liaison.get(&format!("{path}?kind=judgment")).await.expect(200).text();
    assert_eq!(form.matches("店主张三").count(), 2, "{form}");
    for line in [
        "店主张三（1）",
        "店主张三（2）",
        "抓获犯罪嫌疑人 · 2016年6月12日 · 证件号尾号 1237",
        "抓获犯罪嫌疑人 · 2016年6月13日 · 无证件号",
    ] {
        assert!(form.contains(line), "{line}: {form}");
    }
    assert!(!form.contains("440100199001011237"), "{form}");

    // A correction begins with the one that is offered for the row of the entry, and may name either.
    let charged = entries[1];
    manager.post(&format!("/outcomes/{charged}/confirm"), &[]).await.expect(303);
    let correct = format!("/outcomes/{charged}/correct");
    let form = manager.get(&correct).await.expect(200).text();
    let boxes = form.split("name=\"subject\" value=\"").skip(1);
    let ticked: Vec<&str> = boxes
        .filter(|part| part.split('>').next().is_some_and(|tag| tag.contains(" checked")))
        .filter_map(|part| part.split('"').next())
        .collect();
    assert_eq!(ticked.len(), 1, "{form}");
    let mut fields = arrest(ticked[0]);
    fields[0].1 = "prosecution".into();
    fields.extend([("reason", String::from("日期有误")), ("instead", String::from("yes"))]);
    post(&manager, &correct, &fields).await.expect(303);
}

/// A fault leads to a field that is there, under the name that stands beside it.
#[tokio::test]
async fn what_is_missing_is_said_at_a_field_of_the_form() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    // Somebody can be picked, no site can.
    post(&liaison, &path, &arrest("")).await.expect(422).has("href=\"#f-subject\"");
    let mut raid = arrest("");
    raid[0].1 = "site_raided".into();
    let page = post(&liaison, &path, &raid).await.expect(422);
    page.has("href=\"#f-new-site-0\"").has("id=\"f-new-site-0-error\"").has_not("href=\"#f-site\"");
    let nobody = app.services.db.write_quiet(move |tx| {
        diesel::delete(lead_subject::table.filter(lead_subject::lead_id.eq(made.lead))).execute(tx.conn())?;
        Ok(())
    });
    nobody.await.expect("a lead that names nobody");
    let page = post(&liaison, &path, &arrest("")).await.expect(422);
    page.has("href=\"#f-new-person-0\"").has("请填写此项").has_not("href=\"#f-subject\"");
    // The line with a number and no name is missed once.
    let mut nameless = arrest("");
    nameless.push(("new_person_id_0", "440100199001011237".into()));
    let page = post(&liaison, &path, &nameless).await.expect(422).text();
    assert_eq!(page.matches("href=\"#f-new-person-0\"").count(), 1, "{page}");
    // Of several lines it is said in which one.
    let mut second = arrest("");
    second.extend([("new_person_0", "主犯".into()), ("new_person_id_1", "440100199001011237".into())]);
    let page = post(&liaison, &path, &second).await.expect(422);
    page.has("href=\"#f-new-person-1\">第 2 名其他人员 · 称呼");
    // So it is of a number that there can't be.
    second.extend([("new_person_1", "从犯".into()), ("new_person_id_0", "440100199001011234".into())]);
    let page = post(&liaison, &path, &second).await.expect(422);
    page.has("href=\"#f-new-person-id-0\"").has("末位校验码不符").has_not("href=\"#f-new-person-id-1\"");

    let mut named = arrest("");
    named.push(("new_person_0", "主犯".into()));
    let id = post(&liaison, &path, &named).await.expect(303).id();
    manager.post(&format!("/outcomes/{id}/confirm"), &[]).await.expect(303);
    let page = manager.post(&format!("/outcomes/{id}/correct"), &[]).await.expect(422);
    page.has("href=\"#f-reason\">更正理由").has_not("href=\"#f-reason\">理由");
}

/// An amount is called what it is.
#[tokio::test]
async fn a_fine_is_not_called_an_amount() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let words = [
        ("goods_seized", "物品价值", "Value of the goods"),
        ("case_value", "涉案价值", "Case value"),
        ("judgment", "罚金数额", "Fine"),
        ("penalty", "罚没金额", "Amount fined and confiscated"),
    ];
    for (kind, zh, en) in words {
        for (language, word) in [("zh-CN", zh), ("en", en)] {
            liaison.post(&format!("/language?to={language}"), &[]).await.expect(303);
            let form = liaison.get(&format!("{path}?kind={kind}")).await.expect(200);
            form.has(&format!("<label for=\"f-amount\">{word}"));
        }
    }
    liaison.post("/language?to=zh-CN", &[]).await.expect(303);
    let judgment = [
        ("kind", "judgment"),
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("amount", "-5"),
        ("source_kind", "paper"),
        ("source_title", "刑事判决书"),
    ];
    liaison.post(&path, &judgment).await.expect(422).has("href=\"#f-amount\">罚金数额");
    let fined = [&judgment[..3], &[("amount", "50 万")], &judgment[4..]].concat();
    let id = liaison.post(&path, &fined).await.expect(303).id();
    liaison.get(&format!("/outcomes/{id}")).await.expect(200).has("<dt>罚金数额</dt>");
}

/// What ended before it became a case takes nothing: that is said before anything is filled in.
#[tokio::test]
async fn no_form_is_shown_for_a_matter_that_ended_unfiled() {
    let app = TestApp::new().await;
    let lead = fixtures::lead(&app, "XS-2026-000001", "假表").await;
    let dossier = fixtures::sealed(&app, lead, GUANGZHOU).await.to_string();
    let (compiler, liaison) = (app.sign_in("compiler").await, app.sign_in("liaison").await);
    let fields = [("dossier", dossier.as_str()), ("channel", "portal")];
    let transfer = compiler.post("/transfers/new", &fields).await.expect(303).id();
    for verb in ["acknowledge", "accept"] {
        liaison.post(&format!("/transfers/{transfer}/{verb}"), &[]).await.expect(303);
    }
    let list = liaison.get("/cases").await.expect(200).text();
    let case = list.split("href=\"/cases/").find_map(|rest| rest.get(..36)?.parse::<Id>().ok());
    let page = format!("/cases/{}", case.expect("a case"));
    let choice = format!("{page}/outcomes/new");
    let form = format!("{choice}?kind=arrest");
    for who in [&liaison, &compiler] {
        who.get(&form).await.expect(200).has("name=\"happened_on\"");
        who.get(&page).await.expect(200).has(&choice);
    }
    let why = [("code", "NF-OTHER"), ("text", "没有犯罪事实")];
    liaison.post(&format!("/transfers/{transfer}/not-file"), &why).await.expect(303);
    for who in [&liaison, &compiler] {
        for path in [&choice, &form] {
            who.get(path).await.expect(409).has("不能登记战果");
        }
        who.get(&page).await.expect(200).has_not(&choice);
    }
    post(&liaison, &choice, &arrest("")).await.expect(409);
}

/// However often the entries of a case name those whom the papers name, or one another's, nobody who was entered by hand
/// is lost for it.
#[tokio::test]
async fn who_was_entered_by_hand_late_in_a_long_case_is_still_offered() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let path = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let first = post(&liaison, &path, &arrest(&made.person.to_string())).await.expect(303).id();
    let mut by_hand = arrest("");
    by_hand[3] = ("new_person_0", "早登记的人".into());
    let early = post(&liaison, &path, &by_hand).await.expect(303).id();
    let written = app.services.db.write_quiet(move |tx| {
        let row = store::find(tx.conn(), first)?;
        let twice = named::named(tx.conn(), early)?;
        for n in 0..1_100 {
            let id = Id::new();
            store::insert(tx.conn(), &store::OutcomeRow { id, ..row.clone() })?;
            let whom = if n % 2 == 0 { made.person } else { twice[0].id };
            named::insert_identity(tx.conn(), id, IdentityKind::Subject, whom)?;
        }
        Ok(())
    });
    written.await.expect("many entries");
    by_hand[3].1 = "晚登记的人".into();
    let late = post(&liaison, &path, &by_hand).await.expect(303).id();
    let form = liaison.get(&format!("{path}?kind=arrest")).await.expect(200).text();
    assert!(form.contains("主犯"), "{form}");
    for name in ["早登记的人", "晚登记的人"] {
        assert_eq!(form.matches(name).count(), 1, "{name}: {form}");
    }
    // A correction of the late entry names whom it named.
    manager.post(&format!("/outcomes/{late}/confirm"), &[]).await.expect(303);
    let whom = app.services.db.read(move |conn| named::named(conn, late)).await.expect("named")[0].id;
    let mut fields = arrest(&whom.to_string());
    fields[1].1 = "2016-06-14".into();
    fields.extend([("reason", String::from("日期有误")), ("instead", String::from("yes"))]);
    post(&manager, &format!("/outcomes/{late}/correct"), &fields).await.expect(303);
}
