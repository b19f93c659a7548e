//! Leads that other programs and files bring in.

use std::process::{Command, Output};

use lead_handoff::{
    directory::people::token,
    platform::db::{Origin, Target},
};
use serde_json::{Value, json};

use crate::{
    hostile::bombs,
    support::{Browser, Reply, TestApp},
};

async fn token_of(app: &TestApp, who: &str, scopes: &[&'static str]) -> String {
    let (id, scopes) = (app.seed.people[who], scopes.to_vec());
    let new = token::NewToken { name: "t".into(), scopes, days: None };
    let made = app.services.db.write(Origin::system("system:cli"), move |tx| {
        token::create_for(tx, id, new).inspect(|_| {
            let entry = lead_handoff::audit::Entry::new("test.token");
            lead_handoff::audit::record(tx, entry).expect("entry");
        })
    });
    made.await.expect("token")
}

async fn call(browser: &Browser, token: &str, key: &str, body: &Value) -> Reply {
    let request = browser.client.post(browser.url("/api/v1/leads")).bearer_auth(token).body(body.to_string());
    browser.send(if key.is_empty() { request } else { request.header("Idempotency-Key", key) }).await
}

async fn ask(browser: &Browser, token: &str, path: &str) -> Reply {
    browser.send(browser.client.get(browser.url(path)).bearer_auth(token)).await
}

fn whole() -> Value {
    json!({
        "title": "某品牌手表网店涉嫌售假",
        "summary": "经测试购买并由权利人鉴别。",
        "charges": ["CL214"],
        "region": "浙江省杭州市下城区",
        "brands": ["示例表"],
        "occurred_from": "2016-03-01",
        "occurred_to": "2016-05-01",
        "estimated_value": {"fen": 128_450_000, "qualifier": "at_least", "basis": "list_price"},
        "subjects": [{"kind": "shop", "name": "示例店", "identifier": "shop-1", "part": "销售", "region": "330103"}],
        "sites": [{"address": "某路 1 号", "region": "330103", "role": "storage"}],
        "listings": [{"url": "https://shop.example/1", "price_fen": 9900}, "https://shop.example/2"],
        "source": "test_purchase"
    })
}

#[tokio::test]
async fn a_program_hands_in_a_lead_once_and_reads_it_back() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    let token = token_of(&app, "compiler", &["read", "write"]).await;
    let before = app.audit_count().await;
    let made = call(&stranger, &token, "key-1", &whole()).await.expect(201).json();
    assert_eq!(app.audit_count().await, before + 1);
    assert_eq!(made["state"], "draft");
    let again = call(&stranger, &token, "key-1", &whole()).await.expect(201);
    assert_eq!(again.json(), made);
    assert_eq!(app.audit_count().await, before + 1);
    let other = json!({"title": "别的"});
    call(&stranger, &token, "key-1", &other).await.expect(409);

    let id = made["id"].as_str().expect("id");
    let lead = ask(&stranger, &token, &format!("/api/v1/leads/{id}")).await.expect(200).json();
    assert_eq!(lead["region"], "330103");
    assert_eq!(lead["estimated_value"]["fen"], 128_450_000);
    assert_eq!(lead["source"]["kind"], "test_purchase");
    assert_eq!(lead["listings"].as_array().map(Vec::len), Some(2));
    assert_eq!(lead["subjects"][0]["region"], "330103");

    call(&stranger, &token, "", &json!({"title": "第二条"})).await.expect(201);
    let first = ask(&stranger, &token, "/api/v1/leads?limit=1").await.expect(200).json();
    assert_eq!(first["items"][0]["title"], "第二条");
    let after = first["next"].as_str().expect("a cursor");
    let second =
        ask(&stranger, &token, &format!("/api/v1/leads?limit=1&after={after}")).await.expect(200).json();
    assert_eq!((second["items"][0]["id"].as_str(), &second["next"]), (Some(id), &Value::Null));
    let found =
        ask(&stranger, &token, "/api/v1/leads?region=330000&charge=CL214&q=%E6%89%8B%E8%A1%A8").await.json();
    assert_eq!(found["items"].as_array().map(Vec::len), Some(1));
    ask(&stranger, &token, "/api/v1/leads?limit=0").await.expect(422);
    let charges = ask(&stranger, &token, "/api/v1/charges?at=2016-06-01").await.expect(200).json();
    assert!(charges["items"].as_array().is_some_and(|all| all.iter().any(|c| c["code"] == "CL214")));
    let regions = ask(&stranger, &token, "/api/v1/regions?q=%E6%9D%AD%E5%B7%9E").await.expect(200).json();
    assert_eq!(regions["items"][0]["code"], "330100");
}

#[tokio::test]
async fn a_rights_holder_is_never_guessed_nor_dropped() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    let token = token_of(&app, "compiler", &["read", "write"]).await;
    let with = |brands: Value| {
        let mut lead = whole();
        lead["brands"] = brands;
        lead
    };
    let several = with(json!([{"name": "甲牌、乙牌", "owner": "某权利人公司"}]));
    let told = call(&stranger, &token, "", &several).await.expect(409).json();
    assert_eq!(told["errors"][0]["field"], "brands[0].owner", "{told}");
    let two = with(json!([{"name": "甲牌", "owner": "某公司"}, {"name": "甲牌", "owner": "另一公司"}]));
    let told = call(&stranger, &token, "", &two).await.expect(409).json();
    assert_eq!(told["errors"][0]["field"], "brands[1].owner", "{told}");
    let each = with(json!([{"name": "甲牌", "owner": "某公司"}, {"name": "乙牌", "owner": "某公司"}]));
    let made = call(&stranger, &token, "", &each).await.expect(201).json();
    let id = made["id"].as_str().expect("id");
    let compiler = app.sign_in("compiler").await;
    let brands = format!("/leads/{id}/brands");
    compiler.get(&brands).await.expect(200).has("甲牌").has("乙牌").has("某公司");
    let typed = [("brand", "丙牌、丁牌"), ("rights_holder", "某公司")];
    compiler.post(&brands, &typed).await.expect(422).has("一次填写一个品牌").has("丙牌、丁牌");
}

#[tokio::test]
async fn every_fault_of_a_document_is_named_by_its_path() {
    let app = TestApp::new().await;
    let stranger = app.stranger();
    let token = token_of(&app, "compiler", &["read", "write"]).await;
    let before = app.audit_count().await;
    let long = "x".repeat(10 << 20);
    for (path, value, field, status) in [
        ("/title", json!(""), "title", 422),
        ("/title", json!(long), "title", 422),
        ("/title", json!("a\u{0}b"), "title", 422),
        ("/title", json!("a\u{202E}b"), "title", 422),
        ("/title", json!({"zh": "x"}), "title", 422),
        ("/estimated_value/fen", json!(-1), "estimated_value.fen", 422),
        ("/estimated_value/fen", json!(1.5), "estimated_value.fen", 422),
        ("/estimated_value/qualifier", json!("sure"), "estimated_value.qualifier", 422),
        // As the document says, but not on file, or against another field.
        ("/charges/0", json!("CL999"), "charges[0]", 409),
        ("/occurred_to", json!("2015-01-01"), "occurred_to", 409),
        ("/sites/0/region", json!("某地"), "sites[0].region", 409),
        ("/subjects/0/kind", json!("ghost"), "subjects[0].kind", 422),
        ("/listings/1", json!("ftp://x"), "listings[1]", 422),
    ] {
        let mut body = whole();
        *body.pointer_mut(path).expect("a place") = value;
        let problem = call(&stranger, &token, "", &body).await.expect(status);
        assert_eq!(problem.headers["content-type"], "application/problem+json");
        let errors = problem.json()["errors"].clone();
        let named = errors.as_array().is_some_and(|all| all.iter().any(|e| e["field"] == field));
        assert!(named, "{path}: {errors}");
    }
    // A value of another kind than the field's is not taken for one of its kind, nor for nothing.
    for (field, value) in [
        ("title", json!(5)),
        ("title", json!(true)),
        ("summary", json!(7)),
        ("charges", json!("CL213")),
        ("region", json!(440_100)),
        ("brands", json!("示例表")),
        ("occurred_from", json!(20_160_101)),
        ("sites", json!({})),
        ("source", json!([])),
        ("estimated_value", json!(12)),
    ] {
        let mut body = whole();
        body[field] = value;
        let errors = call(&stranger, &token, "", &body).await.expect(422).json()["errors"].clone();
        assert_eq!(errors.as_array().map(Vec::len), Some(1), "{field}: {errors}");
        assert_eq!(errors[0]["field"], field, "{errors}");
        let code = errors[0]["code"].as_str().unwrap_or_default();
        assert!(code.starts_with("error-json-"), "{field}: {errors}");
    }
    let mut misspelt = whole();
    misspelt["sumary"] = json!("x");
    let errors = call(&stranger, &token, "", &misspelt).await.expect(422).json()["errors"].clone();
    assert_eq!((&errors[0]["field"], &errors[0]["code"]), (&json!("sumary"), &json!("error-unknown-field")));
    // What is more than any document of ours has is refused before it is read as one; the field that fills it is named.
    for (field, value) in [
        ("title", json!("长".repeat(6_000_000))),
        ("sites", json!([{"region": "某地", "address": "x".repeat(17 << 20)}])),
    ] {
        let mut body = whole();
        body[field] = value;
        let problem = call(&stranger, &token, "", &body).await.expect(413);
        assert_eq!(problem.headers["content-type"], "application/problem+json");
        let problem = problem.json();
        assert_eq!(problem["errors"][0]["field"], field, "{problem}");
        assert_eq!(problem["errors"][0]["code"], "error-text-too-large");
        assert!(problem["detail"].as_str().is_some_and(|text| text.starts_with(&format!("{field}: "))));
    }
    assert_eq!(app.audit_count().await, before);

    let readers = token_of(&app, "compiler", &["read"]).await;
    call(&stranger, &readers, "", &whole()).await.expect(403);
    call(&stranger, "nonsense", "", &whole()).await.expect(401);
    let manager = token_of(&app, "manager", &["read", "write"]).await;
    call(&stranger, &manager, "", &whole()).await.expect(404);
}

fn import(app: &TestApp, file: &str, content: &[u8], more: &[&str]) -> Output {
    let path = app.data.path().join(file);
    std::fs::write(&path, content).expect("file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_lead-handoff"));
    let url = match &app.services.settings.database {
        Target::Sqlite(path) => path.display().to_string(),
        Target::Postgres(url) => url.clone(),
    };
    command.env("LANG", "en_GB.UTF-8").args(["lead", "import"]).arg(path).args(more);
    command.arg("--data").arg(app.data.path()).args(["--database-url", &url]).output().expect("run")
}

#[tokio::test]
async fn a_file_comes_in_whole_or_not_at_all() {
    let app = TestApp::new().await;
    let before = app.audit_count().await;
    let csv = "标题,地区,开始日期,罪名,金额,basis\n甲线索,330103,2016-05-01,CL213;CL214,12万,list_price\n乙线索,浙江省杭州市,,CL214,,\n";
    let bad = format!("{csv}丙线索,某地,,CL999,-3,list_price\n");
    let refused = import(&app, "bad.csv", bad.as_bytes(), &[]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    for fault in ["line 4, 地区:", "line 4, 罪名:", "line 4, 金额:"] {
        assert!(said.contains(fault), "{said}");
    }
    // A line that can't be taken apart hides no other fault of the file.
    let odd = format!("not JSON\n\n{}\n{{\"titel\": \"丙线索\"}}\n[1]\n{{\"title\": 5}}\n", whole());
    let refused = import(&app, "odd.jsonl", odd.as_bytes(), &[]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    for fault in ["line 1: ", "line 4, titel:", "line 4, title:", "line 5: ", "line 6, title: ", "5 faults"] {
        assert!(said.contains(fault), "{said}");
    }
    // Nor does one fault of a line hide another one of it.
    let several = "{\"title\": 5, \"region\": \"某地\", \"charges\": \"CL214\", \"sites\": [{\"address\": 3, \"role\": \"x\"}]}\n";
    let refused = import(&app, "several.jsonl", several.as_bytes(), &[]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(1), "{said}");
    for field in ["title", "region", "charges", "sites[0].address", "sites[0].region", "sites[0].role"] {
        assert_eq!(said.matches(&format!("line 1, {field}: ")).count(), 1, "{field}: {said}");
    }
    assert!(said.contains("6 faults"), "{said}");
    let ragged = import(&app, "ragged.csv", format!("{csv}丙线索\n丁线索,某地,,,,\n").as_bytes(), &[]);
    let said = String::from_utf8_lossy(&ragged.stderr).into_owned();
    assert_eq!(ragged.status.code(), Some(1), "{said}");
    assert!(said.contains("line 4: ") && said.contains("line 5, 地区:"), "{said}");
    // A fault stands beside the column of the file, with the words that may stand there.
    let worded = import(&app, "words.csv", "title,value,basis\n甲线索,12万,list\n".as_bytes(), &[]);
    let said = String::from_utf8_lossy(&worded.stderr).into_owned();
    assert!(said.contains("line 2, basis: “list” can’t be read") && said.contains("list_price"), "{said}");
    assert!(!said.contains("choose from the list"), "{said}");
    assert!(!said.contains("estimated_value"), "{said}");
    assert_eq!(app.audit_count().await, before);
    let dry = import(&app, "leads.csv", csv.as_bytes(), &["--dry-run"]);
    assert_eq!(dry.status.code(), Some(0), "{}", String::from_utf8_lossy(&dry.stderr));
    assert_eq!(app.audit_count().await, before);

    let done = import(&app, "leads.csv", csv.as_bytes(), &["--owner", "compiler2"]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    // Sent a second time by mistake: nothing comes in twice unless it is said.
    let twice = import(&app, "copy.csv", csv.as_bytes(), &["--owner", "compiler2"]);
    let said = String::from_utf8_lossy(&twice.stderr).into_owned();
    assert!(twice.status.code() != Some(0) && said.contains("already") && said.contains("--again"), "{said}");
    assert_eq!(app.audit_count().await, before + 1);
    let line = format!("{}\n", whole());
    let done = import(&app, "leads.jsonl", line.as_bytes(), &[]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    assert_eq!(app.audit_count().await, before + 2);
    assert_eq!(app.last_entry().await.actor_name, "system:cli");

    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, (head, cell)) in (0..).zip([("title", "丁线索"), ("region", "330106"), ("value", "3000")])
    {
        sheet.write_string(0, column, head).expect("cell");
        sheet.write_string(1, column, cell).expect("cell");
    }
    sheet.write_string(0, 3, "basis").expect("cell");
    sheet.write_string(1, 3, "sales").expect("cell");
    sheet.write_string(0, 4, "qualifier").expect("cell");
    sheet.write_string(1, 4, "about").expect("cell");
    let done = import(&app, "leads.xlsx", &book.save_to_buffer().expect("book"), &[]);
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    let list = app.sign_in("compiler2").await.get("/leads").await.expect(200);
    list.has("甲线索").has("乙线索").has("丁线索").has("某品牌手表网店涉嫌售假");
}

/// A workbook is opened as one of evidence is: what it claims to be is not believed, and what stands in no column is left out.
#[tokio::test]
async fn a_workbook_that_claims_more_than_it_is_brings_nothing_in() {
    let app = TestApp::new().await;
    let before = app.audit_count().await;
    let one = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>title</v></c></row>";
    let bomb = bombs::workbook(
        one,
        &[("xl/sharedStrings.xml", "<sst uniqueCount=\"1000000000000000\"><si><t>x</t></si></sst>")],
    );
    // Its last cell is the last that there can be.
    let corner = format!("{one}<row r=\"1048576\"><c r=\"XFD1048576\"><v>7</v></c></row>");
    let corner = bombs::workbook(&corner, &[]);
    for (file, bytes, wanted) in [
        ("bomb.xlsx", bomb.as_slice(), "too large"),
        ("corner.xlsx", &corner, "no leads in it"),
        ("none.xlsx", b"PK\x03\x04", "no XLSX workbook"),
    ] {
        let done = import(&app, file, bytes, &[]);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(done.status.code(), Some(2), "{file}: {said}");
        assert!(said.contains(wanted) && said.lines().count() == 1, "{file}: {said}");
    }
    assert_eq!(app.audit_count().await, before);

    // A table that begins somewhere in the sheet: rows are told by their numbers there.
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, head) in (2..).zip(["标题", "地区", "金额", "金额口径", "准确程度"]) {
        sheet.write_string(3, column, head).expect("cell");
    }
    for (row, region) in [(4, "330106"), (6, "没有的地方")] {
        for (column, cell) in (2..).zip(["戊线索", region, "3000", "sales", "about"]) {
            sheet.write_string(row, column, cell).expect("cell");
        }
    }
    let bytes = book.save_to_buffer().expect("book");
    let done = import(&app, "begins.xlsx", &bytes, &[]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(1), "{said}");
    assert!(said.contains("line 7, 地区:") && !said.contains("line 5"), "{said}");
    assert_eq!(app.audit_count().await, before);
}
