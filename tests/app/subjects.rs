//! Subjects: each once on a lead, with numbers that there can be, and their own pages.

use std::process::Command;

use lead_handoff::{
    casework::lead::store,
    platform::db::{Id, Target},
};
use serde_json::{Value, json};

use crate::support::{Browser, Reply, TestApp, fixtures, ledger::Sent, seed::GUANGZHOU};

const SHOP: [(&str, &str); 4] =
    [("kind", "shop"), ("name", "好运鞋店"), ("identifier", "shop-0042"), ("note", "一层")];

/// The first subject that a page leads to.
fn first(page: &Reply) -> Id {
    let text = page.text();
    text.split("href=\"/subjects/").find_map(|rest| rest.get(..36)?.parse().ok()).expect("a subject")
}

/// The faults of a lead that a program hands in: fields and codes.
async fn refused(app: &TestApp, body: &Value) -> Vec<(String, String)> {
    let (stranger, token) = (app.stranger(), fixtures::token_for(app, "compiler", &["read", "write"]).await);
    let call = stranger.client.post(stranger.url("/api/v1/leads")).bearer_auth(&token).body(body.to_string());
    let problem = stranger.send(call).await.expect(409).json();
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    let word = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
    errors.iter().map(|error| (word(error, "field"), word(error, "code"))).collect()
}

/// What `lead import` says of a file that it does not take.
fn not_imported(app: &TestApp, content: &str) -> String {
    let path = app.data.path().join("leads.csv");
    std::fs::write(&path, content).expect("a file");
    let url = match &app.services.settings.database {
        Target::Sqlite(path) => path.display().to_string(),
        Target::Postgres(url) => url.clone(),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_lead-handoff"));
    command.env("LANG", "en_GB.UTF-8").args(["lead", "import"]).arg(path);
    let done = command.arg("--data").arg(app.data.path()).args(["--database-url", &url]).output();
    let done = done.expect("run");
    assert_eq!(done.status.code(), Some(1));
    String::from_utf8_lossy(&done.stderr).into_owned()
}

/// Added once more it would take the place of what is said of it: whoever does so is led to the one that is there.
#[tokio::test]
async fn a_lead_names_a_subject_once() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let subjects = format!("/leads/{lead}/subjects");
    compiler.post(&subjects, &SHOP).await.expect(303);
    let known = first(&compiler.get(&subjects).await.expect(200));
    let again = [("kind", "shop"), ("name", "旺财店"), ("identifier", "SHOP 0042"), ("note", "二层")];
    let page = compiler.post(&subjects, &again).await.expect(422);
    let page = page.has("f-identifier-error").has("同一主体“好运鞋店”").has("value=\"旺财店\"").has("二层");
    page.has(&format!("已有的一项：<a href=\"{subjects}/{known}\">"));
    // The page with the fault is a look at the lead, and nothing else happened.
    assert_eq!(app.last_entry().await.verb, "lead.view");
    // Nor is another one made it by a correction.
    let other = [("kind", "shop"), ("name", "旺财店"), ("identifier", "shop-0043")];
    compiler.post(&subjects, &other).await.expect(303);
    let said = async || {
        let read = app.services.db.read(move |conn| store::subjects_of(conn, lead)).await.expect("subjects");
        read.into_iter().map(|one| (one.id, one.name, one.note)).collect::<Vec<_>>()
    };
    let before = said().await;
    assert_eq!(before[0], (known, "好运鞋店".into(), "一层".into()));
    let second = before[1].0;
    let page = compiler.post(&format!("{subjects}/{second}"), &again).await.expect(422);
    page.has("f-identifier-error").has(&format!("<a href=\"{subjects}/{known}\">"));
    assert_eq!(said().await, before);

    // Two persons may bear one name: what is said of them tells them apart, and where nothing does they are one.
    let person = [("kind", "person"), ("name", "张某"), ("part", "供货")];
    compiler.post(&subjects, &person).await.expect(303);
    compiler.post(&subjects, &person).await.expect(422).has("f-name-error");
    compiler.post(&subjects, &[person[0], person[1], ("part", "看管仓库")]).await.expect(303);

    // From programs and files alike.
    let shop = |name: &str, number: &str| json!({"kind": "shop", "name": name, "identifier": number});
    let body =
        json!({"title": "线索", "subjects": [shop("甲店", "S-1"), shop("乙店", "S-2"), shop("丙店", "s1")]});
    let fault = ("subjects[2].identifier".to_owned(), "error-subject-twice".to_owned());
    assert_eq!(refused(&app, &body).await, [fault]);
    let head = "title,subjects[0].kind,subjects[0].name,subjects[1].kind,subjects[1].name";
    let said = not_imported(&app, &format!("{head}\n线索,company,示例公司,company,示例 公司\n"));
    assert!(said.contains("line 2, subjects[1].name: ") && said.contains("subject 1"), "{said}");
    // Which one is counted by where it stands, though one before it can't be read.
    let head = format!("{head},subjects[2].kind,subjects[2].name");
    let said = not_imported(&app, &format!("{head}\n线索,odd,某某,company,示例公司,company,示例 公司\n"));
    assert!(said.contains("line 2, subjects[2].name: ") && said.contains("subject 2;"), "{said}");
}

/// A number that there can't be is mistyped; what is no number of an identity card is nobody's fault.
#[tokio::test]
async fn the_number_of_a_person_or_company_is_one_that_there_can_be() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let subjects = format!("/leads/{lead}/subjects");
    for (kind, number, said) in [
        ("person", "440100199001011234", "末位校验码不符"),
        ("person", "440100 19900230 1233", "出生日期不存在"),
        ("person", "999999199001011234", "地区代码不存在"),
        ("person", "440100901301123", "出生日期不存在"),
        ("company", "91440100MA5ABCDE18", "统一社会信用代码"),
    ] {
        let fields = [("kind", kind), ("name", "某某"), ("identifier", number)];
        let page = compiler.post(&subjects, &fields).await.expect(422);
        page.has("f-identifier-error").has(said).has(&format!("value=\"{number}\""));
    }
    assert_eq!(app.last_entry().await.verb, "lead.view");
    for (kind, number) in [
        ("person", "440100 19900101 1237"),
        ("person", "440100900101123"),
        ("person", "护照 E12345678"),
        ("person", "440100********1234"),
        ("company", "91440100MA5ABCDE17"),
        ("company", "440101000012345"),
        ("account", "440100199001011234"),
    ] {
        let fields = [("kind", kind), ("name", "某某"), ("identifier", number)];
        compiler.post(&subjects, &fields).await.expect(303);
    }
    let person = json!({"kind": "person", "name": "某某", "identifier": "440100199001011234"});
    let fault = ("subjects[0].identifier".to_owned(), "error-id-number-check".to_owned());
    assert_eq!(refused(&app, &json!({"title": "线索", "subjects": [person]})).await, [fault]);
    let head = "title,subjects[0].kind,subjects[0].name,subjects[0].identifier";
    let said = not_imported(&app, &format!("{head}\n线索,person,某某,440100199001011234\n"));
    assert!(said.contains("line 2, subjects[0].identifier: "), "{said}");
}

/// An entry of a case that names somebody by hand.
async fn entered(browser: &Browser, case: &str, kind: &str, number: &str, paper: &str) -> Id {
    let fields = [
        ("kind", kind),
        ("happened_on", "2016-06-12"),
        ("region", "440111"),
        ("new_person_0", "店主李某"),
        ("new_person_id_0", number),
        ("source_kind", "paper"),
        ("source_title", paper),
    ];
    browser.post(&format!("/cases/{case}/outcomes/new"), &fields).await.expect(303).id()
}

/// Whom no lead named was named by what came of one: the page says by which entry and which paper, and knows the person
/// again by the number, whoever wrote it down.
#[tokio::test]
async fn the_page_of_a_person_shows_the_results_that_name_them() {
    let app = TestApp::new().await;
    let made = app.handed(&Sent::to(GUANGZHOU, "2016-05-04").filed("2016-06-01"), None);
    let case = made.case.expect("a case").to_string();
    let (liaison, manager) = (app.sign_in("liaison").await, app.sign_in("manager").await);
    let arrest = entered(&liaison, &case, "arrest", "440100199001011237", "拘留证 1 号").await;
    let person = first(&manager.get(&format!("/outcomes/{arrest}")).await.expect(200));
    let page = format!("/subjects/{person}");
    let shown = manager.get(&page).await.expect(200).has("店主李某").has("目前没有线索涉及该主体");
    let shown = shown.has(&format!("href=\"/outcomes/{arrest}\"")).has(&format!("href=\"/cases/{case}\""));
    shown.has("拘留证 1 号").has("抓获犯罪嫌疑人").has("待确认");
    let entry = app.last_entry().await;
    let objects = entry.leaf["objects"].to_string();
    assert!(entry.verb == "subject.view" && objects.contains(&arrest.to_string()), "{}", entry.leaf);
    liaison.get(&page).await.expect(404);

    // By another hand, and on a lead of another compiler.
    let charge = entered(&manager, &case, "prosecution", "440100 19900101 1237", "起诉书 2 号").await;
    let other = entered(&liaison, &case, "arrest", "440100199001010015", "拘留证 3 号").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let named = [("kind", "person"), ("name", "李某"), ("identifier", "440100-19900101-1237")];
    app.sign_in("compiler").await.post(&format!("/leads/{lead}/subjects"), &named).await.expect(303);
    let shown = manager.get(&page).await.expect(200).has("起诉书 2 号").has("拘留证 1 号");
    let shown = shown.has(&format!("href=\"/outcomes/{charge}\"")).has(&format!("href=\"/leads/{lead}\""));
    shown.has_not(&other.to_string()).has_not("目前没有线索涉及该主体");
    let second = first(&manager.get(&format!("/outcomes/{charge}")).await.expect(200));
    assert_ne!(second, person);
    manager.get(&format!("/subjects/{second}")).await.expect(200).has("拘留证 1 号").has("起诉书 2 号");
    // Whom nothing but a lead names has no result.
    let accused = manager.get(&format!("/subjects/{}", made.person)).await.expect(200);
    accused.has("目前没有战果记录涉及该主体");
}
