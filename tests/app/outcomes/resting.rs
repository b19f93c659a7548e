//! What an entry rests on: a file that came with it, of any kind, kept by what takes its place.

use lead_handoff::platform::db::Id;
use reqwest::header;

use super::{arrest, entering::state_of, filed, post};
use crate::{
    handover::{SCAN, with_scan},
    support::{
        Browser, Reply, TestApp,
        ledger::Made,
        seed::{GUANGZHOU, HANGZHOU},
    },
};

/// The entry that was proposed in the act of a counter-entry.
pub(super) async fn instead_of(who: &Browser, old: Id, counter: Id) -> Id {
    let page = who.get(&format!("/outcomes/{counter}")).await.expect(200).text();
    let mut ids = page.split("/outcomes/").filter_map(|rest| rest.get(..36)?.parse::<Id>().ok());
    ids.find(|id| *id != old && *id != counter).expect("the new entry")
}

/// An arrest that rests on a scan.
async fn with_file(who: &Browser, made: Made) -> Id {
    let mut fields = arrest(&made.person.to_string());
    fields[4].1 = "file".into();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let new = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    with_scan(who, &new, &fields, SCAN).await.expect(303).id()
}

/// The same arrest a day later, in the place of another entry.
fn a_day_later(made: Made, rests: &str) -> Vec<(&'static str, String)> {
    let mut fields = arrest(&made.person.to_string());
    fields[1].1 = "2016-06-13".into();
    fields[4].1 = rests.into();
    fields.extend([("reason", "日期有误".to_owned()), ("instead", "yes".to_owned())]);
    fields
}

#[tokio::test]
async fn what_takes_an_entrys_place_rests_on_the_same_file_unless_told_otherwise() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let mut old = with_file(&liaison, made).await;
    manager.post(&format!("/outcomes/{old}/confirm"), &[]).await.expect(303);
    // Each side corrects it once: as the form stands, no file has to be chosen again.
    for (one, other) in [(&manager, &liaison), (&liaison, &manager)] {
        let correct = format!("/outcomes/{old}/correct");
        let form =
            one.get(&correct).await.expect(200).has("value=\"same\" checked").has("沿用原记录所依据的文件");
        form.has(&format!("/outcomes/{old}/source"));
        let counter = post(one, &correct, &a_day_later(made, "same")).await.expect(303).id();
        let new = instead_of(one, old, counter).await;
        let source = format!("/outcomes/{new}/source");
        one.get(&format!("/outcomes/{new}")).await.expect(200).has(&source).has("上传的文件");
        assert_eq!(other.get(&source).await.expect(200).bytes, SCAN);
        other.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);
        old = new;
    }
    // Another file that is chosen is what counts, whatever stands above it.
    let correct = format!("/outcomes/{old}/correct");
    let fields = a_day_later(made, "same");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let other = b"%PDF-1.4\n%another\n";
    let counter = with_scan(&manager, &correct, &fields, other).await.expect(303).id();
    let new = instead_of(&manager, old, counter).await;
    assert_eq!(liaison.get(&format!("/outcomes/{new}/source")).await.expect(200).bytes, other);
    liaison.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);

    // What rests on a paper alone, named in its place, has no file to keep.
    let correct = format!("/outcomes/{new}/correct");
    let counter = post(&manager, &correct, &a_day_later(made, "paper")).await.expect(303).id();
    let named = instead_of(&manager, new, counter).await;
    manager.get(&format!("/outcomes/{named}/source")).await.expect(404);
    liaison.post(&format!("/outcomes/{counter}/confirm"), &[]).await.expect(303);
    let correct = format!("/outcomes/{named}/correct");
    manager.get(&correct).await.expect(200).has_not("value=\"same\"");
    let refused = post(&manager, &correct, &a_day_later(made, "same")).await.expect(422);
    refused.has("href=\"#f-source-kind\"");
    // Nor does an entry that takes nobody's place.
    let mut fields = arrest(&made.person.to_string());
    fields[4].1 = "same".into();
    let new = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    post(&manager, &new, &fields).await.expect(422).has("href=\"#f-source-kind\"");
}

/// Where a colleague confirms for the agency, a file is laid before whoever did not hand it in: not before them, when
/// somebody else lets another entry rest on it.
#[tokio::test]
async fn nobody_confirms_by_a_file_of_their_own_that_is_kept() {
    let app = TestApp::new().await;
    let made = filed(&app, HANGZHOU);
    app.disable("liaison2").await;
    let (one, two) = (app.sign_in("compiler").await, app.sign_in("manager").await);
    let old = with_file(&one, made).await;
    two.post(&format!("/outcomes/{old}/confirm"), &[("paper", &old.to_string())]).await.expect(303);
    let correct = format!("/outcomes/{old}/correct");
    let counter = post(&two, &correct, &a_day_later(made, "same")).await.expect(303).id();
    let confirm = format!("/outcomes/{counter}/confirm");
    one.post(&confirm, &[]).await.expect(409).has("确认须对照其文书的扫描件");
    // Somebody who did not hand it in looks at it there.
    let third = app.sign_in("compiler2").await;
    let new = instead_of(&two, old, counter).await;
    third.get(&confirm).await.expect(200).has(&new.to_string());
    third.post(&confirm, &[("paper", &new.to_string())]).await.expect(303);
}

/// A file of the form of an arrest, under its name, however few its bytes are.
async fn arrest_with(
    who: &Browser,
    path: &str,
    fields: &[(&str, String)],
    (name, bytes): (&str, &str),
) -> Reply {
    let mut body = String::new();
    for (field, value) in fields {
        body += &format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
    }
    body += &format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{bytes}\r\n"
    );
    body += "--x--\r\n";
    let request = who
        .client
        .post(who.url(path))
        .header(header::ORIGIN, &who.base)
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .body(body);
    who.send(request).await
}

/// What is wrong with the file is said at once with all else; an empty one was chosen, and none is not that.
#[tokio::test]
async fn a_file_that_is_empty_is_said_to_be_empty_beside_other_faults_and_alone() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let liaison = app.sign_in("liaison").await;
    let new = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let mut fields = arrest(&made.person.to_string());
    for rests in ["file", "paper"] {
        fields[4].1 = rests.into();
        for title in ["", "拘留证"] {
            fields[5].1 = title.into();
            let refused = arrest_with(&liaison, &new, &fields, ("拘留证.pdf", "")).await.expect(422);
            refused.has("href=\"#f-file\"").has("文件为空").has_not("请选择文件");
        }
    }
    fields[4].1 = "file".into();
    fields[5].1.clear();
    let refused = arrest_with(&liaison, &new, &fields, ("", "")).await.expect(422);
    refused.has("href=\"#f-source-title\"").has("请选择文件").has_not("文件为空");
    // Any kind of file is taken, as the form says, and given back by a name that says what it is.
    liaison.get(&format!("{new}?kind=arrest")).await.expect(200).has("格式不限").has_not("accept=");
    fields[5].1 = "抓获名单".into();
    let id = arrest_with(&liaison, &new, &fields, ("名单.csv", "姓名\n甲\n")).await.expect(303).id();
    let file = liaison.get(&format!("/outcomes/{id}/source")).await.expect(200);
    let name = file.headers.get(header::CONTENT_DISPOSITION).and_then(|value| value.to_str().ok());
    assert!(name.is_some_and(|name| name.ends_with(".csv")), "{name:?}");
}

/// A browser gets no file back: the form asks for it again by its name, and its part is not done without it.
#[tokio::test]
async fn a_file_that_was_chosen_is_asked_for_again_where_the_form_comes_back() {
    let app = TestApp::new().await;
    let made = filed(&app, GUANGZHOU);
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let new = format!("/cases/{}/outcomes/new", made.case.expect("a case"));
    let mut fields = arrest(&made.person.to_string());
    fields[4].1 = "file".into();
    let told = "请重新选择文件：拘留证.pdf";
    // Where none was chosen the part is to be mended.
    let page = post(&liaison, &new, &fields).await.expect(422).text();
    assert_eq!(state_of(&page, "part-source"), "part-mend");
    fields[1].1 = "2199-01-01".into();
    let refused = arrest_with(&liaison, &new, &fields, ("拘留证.pdf", "%PDF-1.4")).await.expect(422);
    let page = refused.has("href=\"#f-happened-on\"").has("href=\"#f-file\"").has(told).text();
    assert_eq!(state_of(&page, "part-source"), "part-mend");
    // Kept by the button it goes along by its name alone, and that is not the file.
    let mut kept = fields.clone();
    kept.push(("file", "拘留证.pdf".into()));
    let place = format!("/unsent?form={new}%3Fkind%3Darrest");
    let back = post(&liaison, &place, &kept).await.expect(303).location;
    let page = liaison.get(&back).await.expect(200).has(told).has("尚缺：依据文件").text();
    assert_eq!(state_of(&page, "part-source"), "part-lacks");
    kept[4].1 = "paper".into();
    let back = post(&liaison, &place, &kept).await.expect(303).location;
    let page = liaison.get(&back).await.expect(200).has(told).text();
    assert_eq!(state_of(&page, "part-source"), "part-complete");
    // So it is where an entry is taken back.
    let old = with_file(&liaison, made).await;
    manager.post(&format!("/outcomes/{old}/confirm"), &[]).await.expect(303);
    let mut later = a_day_later(made, "file");
    later[1].1 = "2199-01-01".into();
    let correct = format!("/outcomes/{old}/correct");
    arrest_with(&manager, &correct, &later, ("拘留证.pdf", "%PDF-1.4")).await.expect(422).has(told);
    // Where nothing takes its place no file is asked for, whatever was chosen before.
    let alone: Vec<_> =
        later.iter().filter(|(name, _)| !matches!(*name, "instead" | "reason")).cloned().collect();
    let refused = arrest_with(&manager, &correct, &alone, ("拘留证.pdf", "%PDF-1.4")).await.expect(422);
    refused.has("href=\"#f-reason\"").has_not("href=\"#f-file\"").has_not(told);
}
