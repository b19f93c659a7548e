//! What a list is asked for and can't be understood is refused, not passed over: the list would pass for an answer.

use lead_handoff::{
    audit,
    platform::{db::schema::saved_view, http::field_name::field_name, i18n::Lang},
};

use crate::support::{Browser, TestApp, fixtures};

/// Lists, and what each refuses: parameter, value.
const ODD: &[(&str, &[(&str, &str)])] = &[
    (
        "/leads",
        &[
            ("state", "odd"),
            ("charge", "odd"),
            ("region", "某地"),
            ("region", "\0"),
            ("brand", "\0"),
            ("owner", "odd"),
            ("agency", "odd"),
            ("returned", "perhaps"),
            ("synthetic", "perhaps"),
            ("min", "many"),
            ("from", "2016-02-30"),
            ("to", "soon"),
            ("sort", "up"),
            ("after", "x"),
        ],
    ),
    (
        "/transfers",
        &[
            ("state", "odd"),
            ("agency", "odd"),
            ("region", "abc"),
            ("overdue", "perhaps"),
            ("waits", "odd"),
            ("from", "2016-02-30"),
            ("to", "soon"),
            ("sort", "up"),
            ("counted", "odd"),
            ("month", "13"),
            ("log_size", "-1"),
            ("after", "x"),
        ],
    ),
    (
        "/cases",
        &[
            ("status", "odd"),
            ("state", "filed"),
            ("agency", "odd"),
            ("filed_year", "x"),
            ("waits", "odd"),
            ("region", "abc"),
            ("charge", "'"),
            ("month", "0"),
            ("dated", "odd"),
            ("officer", "\0"),
            ("from", "2016-02-30"),
            ("sort", "up"),
            ("before", "x"),
        ],
    ),
    ("/dossiers", &[("state", "odd"), ("agency", "odd"), ("waits", "odd"), ("sort", "up"), ("after", "x")]),
    (
        "/outcomes",
        &[
            ("year", "x"),
            ("month", "13"),
            ("kind", "odd"),
            ("state", "odd"),
            ("agency", "odd"),
            ("region", "某地"),
            ("case", "x"),
            ("synthetic", "perhaps"),
            ("counted", "2"),
            ("basis", "odd"),
            ("by", "odd"),
            ("log_size", "x"),
            ("sort", "up"),
            ("after", "x"),
        ],
    ),
    (
        "/audit",
        &[
            ("verb", "L E A D"),
            ("verb", "bogus."),
            ("verb", "lead.bogus"),
            ("actor", "nobody-here"),
            ("outcome", "odd"),
            ("object", "x"),
            ("from", "2016-02-30"),
            ("to", "soon"),
            ("sort", "up"),
            ("after", "x"),
        ],
    ),
    (
        "/approvals",
        &[
            ("state", "nonsense"),
            ("q", "\0"),
            ("by", "nobody-here"),
            ("acts", "you"),
            ("sort", "up"),
            ("after", "x"),
        ],
    ),
    ("/reference/charges", &[("at", "zz"), ("at", "2999-01-01")]),
    ("/reference/regions", &[("at", "zz")]),
    ("/reference/reasons", &[("at", "zz")]),
    ("/reference/clocks", &[("at", "zz")]),
    (
        "/agencies",
        &[
            ("type", "odd"),
            ("region", "某地"),
            ("level", "odd"),
            ("family", "odd"),
            ("state", "odd"),
            ("sort", "up"),
        ],
    ),
];

fn asked(path: &str, name: &str, value: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
    let join = if path.contains('?') { '&' } else { '?' };
    format!("{path}{join}{query}")
}

async fn reader(app: &TestApp, path: &str) -> Browser {
    app.sign_in(if path == "/audit" { "auditor" } else { "manager" }).await
}

#[tokio::test]
async fn a_strange_filter_is_refused_beside_its_field_and_the_rest_of_the_form_stays() {
    let app = TestApp::new().await;
    app.seed.lead(&app.services, "compiler");
    for (path, odd) in ODD {
        let browser = reader(&app, path).await;
        browser.get(path).await.expect(200).has_not("id=\"errors\"");
        for (name, value) in *odd {
            let address = asked(path, name, value);
            let page = browser.get(&address).await;
            assert_eq!(page.status.as_u16(), 422, "{address}");
            let text = page.text();
            assert!(text.contains("id=\"errors\""), "{address} does not say what was not understood");
            for answer in ["没有符合条件的记录", "没有待审核的线索"] {
                assert!(!text.contains(answer), "{address} passes for an answer");
            }
            assert!(!text.contains("保存当前筛选"), "{address} could be saved and shared");
            // Beside its field where there is one, else by the words that all lists have for it.
            let link = format!("href=\"#f-{}\">", name.replace('_', "-"));
            let said =
                text.split(&link).nth(1).and_then(|rest| rest.split("</a>").next()).unwrap_or_default();
            assert!(said.contains('：'), "{address}: the parameter is not named: «{said}»");
            assert!(!said.starts_with(name), "{address}: named as only the address does: «{said}»");
        }
        // The other fields stay as they were typed.
        let (name, value) = odd[0];
        let other = if *path == "/audit" {
            ("object", "0190aaaa-0000-7000-8000-000000000000")
        } else {
            ("q", "手表")
        };
        let other = if *path == "/outcomes" { ("year", "2016") } else { other };
        let (name, value) = if *path == "/outcomes" { odd[2] } else { (name, value) };
        let page = browser.get(&asked(&asked(path, name, value), other.0, other.1)).await.expect(422);
        page.has(&format!("value=\"{}\"", other.1));
    }
}

#[tokio::test]
async fn cases_refuse_what_other_lists_call_their_state_and_do_not_keep_it() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    let page = manager.get("/cases?state=filed&q=a").await.expect(422).has("状态：");
    page.has("href=\"/cases?q=a&#38;status=filed\"").has_not("name=\"state\"");
    manager.get("/cases/export?format=csv&state=filed").await.expect(422);
}

#[tokio::test]
async fn a_mark_of_a_page_is_called_the_same_on_every_list() {
    let app = TestApp::new().await;
    let manager = app.sign_in("manager").await;
    for path in ["/leads", "/dossiers", "/transfers", "/cases", "/outcomes", "/audit", "/approvals"] {
        for name in ["after", "before"] {
            let page = manager.get(&asked(path, name, "bogus")).await.expect(422);
            page.has(&format!("href=\"#f-{name}\">页码标记："));
        }
    }
    manager.get("/reports/2016/leads?step=sent&after=bogus").await.expect(422).has("页码标记：");
    manager.post("/language?to=en", &[]).await.expect(303);
    manager.get("/transfers?after=bogus").await.expect(422).has("Page mark: ");
}

#[tokio::test]
async fn a_broken_upload_is_told_in_words() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let compiler = app.sign_in("compiler").await;
    let path = format!("/leads/{lead}/evidence");
    let before = app.audit_count().await;
    // The body ends in the middle of its first part.
    let body = "--b\r\nContent-Disposition: form-data; name=\"source\"\r\n\r\n网页";
    let request = compiler
        .client
        .post(compiler.url(&path))
        .header("origin", &compiler.base)
        .header("content-type", "multipart/form-data; boundary=b")
        .body(body);
    let page = compiler.send(request).await.expect(422).has("传输中断");
    page.has_not("form:").has_not("file:").has_not("form：").has_not("file：");
    // A name of a file that is no text, or has a character that no name has: nothing broke off.
    for name in [&b"\xFF\xFE.pdf"[..], b"a\0b.pdf"] {
        let head = b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"";
        let rest = b"\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\r\n--b--\r\n";
        let request = compiler
            .client
            .post(compiler.url(&path))
            .header("origin", &compiler.base)
            .header("content-type", "multipart/form-data; boundary=b")
            .body([&head[..], name, &rest[..]].concat());
        compiler.send(request).await.expect(422).has("请更改文件名").has_not("传输中断");
    }
    assert_eq!(app.audit_count().await, before, "nothing was done");
}

#[tokio::test]
async fn days_the_wrong_way_round_are_refused() {
    let app = TestApp::new().await;
    for path in ["/leads", "/transfers", "/audit"] {
        let address = format!("{path}?from=2016-05-02&to=2016-05-01");
        let page = reader(&app, path).await.get(&address).await.expect(422);
        page.has("结束日期不能早于开始日期").has("value=\"2016-05-02\"").has("value=\"2016-05-01\"");
        let one_day = format!("{path}?from=2016-05-01&to=2016-05-01");
        reader(&app, path).await.get(&one_day).await.expect(200);
    }
}

#[tokio::test]
async fn a_file_does_not_hold_more_than_was_asked_for() {
    let app = TestApp::new().await;
    let files = [
        ("/leads", "/leads/export.csv"),
        ("/leads", "/leads/export.xlsx"),
        ("/transfers", "/transfers/export?format=csv"),
        ("/cases", "/cases/export?format=xlsx"),
        ("/outcomes", "/outcomes/export?format=csv"),
        ("/audit", "/audit/export.csv"),
        ("/audit", "/audit/export.jsonl"),
        ("/agencies", "/agencies/export.csv"),
    ];
    for (list, file) in files {
        let odd = ODD.iter().find(|(path, _)| *path == list).expect("a list").1;
        let browser = reader(&app, list).await;
        browser.get(file).await.expect(200);
        for (name, value) in odd.iter().filter(|(name, _)| !["after", "before"].contains(name)) {
            let address = asked(file, name, value);
            let before = app.audit_count().await;
            let page = browser.get(&address).await;
            assert_eq!(page.status.as_u16(), 422, "{address}");
            let named = format!("{}：", field_name(Lang::Zh, name));
            assert!(page.text().contains(&named), "{address}: no «{named}» in {}", page.text());
            assert!(!page.text().contains(&format!("<p>{name}:")), "{address}: {}", page.text());
            assert_eq!(app.audit_count().await, before, "{address}: nothing left, nothing to record");
        }
    }
}

#[tokio::test]
async fn the_lists_of_the_api_name_the_field() {
    let app = TestApp::new().await;
    let token = fixtures::token_for(&app, "manager", &["read"]).await;
    let stranger = app.stranger();
    let call = |address: String| {
        let request = stranger.client.get(stranger.url(&address)).bearer_auth(&token);
        stranger.send(request)
    };
    // Neither the log nor the reviews are read there.
    // The calls of the reference have addresses of their own.
    let has_call = |path: &str| !["/audit", "/approvals"].contains(&path) && !path.starts_with("/reference/");
    for (path, odd) in ODD.iter().filter(|(path, _)| has_call(path)) {
        let path = format!("/api/v1{path}");
        call(path.clone()).await.expect(200);
        let more = [("limit", "0"), ("limit", "x"), ("limit", "201")];
        // Dossiers are asked for by their lead there.
        let odd: &[(&str, &str)] = if path == "/api/v1/dossiers" { &[("lead", "x")] } else { odd };
        for (name, value) in odd.iter().chain(&more) {
            // The API goes forward only.
            if *name == "before" {
                continue;
            }
            let address = asked(&path, name, value);
            let answer = call(address.clone()).await;
            // What is written as a code or a name is as the document says: there is merely none of it.
            let is_described =
                ["charge", "type", "family"].contains(name) && *value == "odd" || *value == "某地";
            let status = if is_described { 409 } else { 422 };
            assert_eq!(answer.status.as_u16(), status, "{address}: {}", answer.text());
            let problem = answer.json();
            assert_eq!(problem["errors"][0]["field"], *name, "{address}: {problem}");
            assert!(problem["errors"][0]["message"].as_str().is_some_and(|text| !text.is_empty()));
        }
    }
    for (as_at, status) in [("bald", 422), ("2099-01-01", 409)] {
        let problem = call(format!("/api/v1/reports/2016?as_at={as_at}")).await.expect(status).json();
        assert_eq!(problem["errors"][0]["field"], "as_at");
    }
    // A filter that is mistyped does not give everything: a program would not notice.
    for path in ["leads?stat=draft", "transfers?nonsense=1", "regions?paren=330000", "dossiers?x=", "me?x=1"]
    {
        let problem = call(format!("/api/v1/{path}")).await.expect(422).json();
        let (name, error) = (path.split(['?', '=']).nth(1), &problem["errors"][0]);
        assert_eq!(error["field"].as_str(), name, "{problem}");
        assert_eq!(error["code"], "error-parameter-unknown", "{problem}");
    }
}

#[tokio::test]
async fn nothing_is_on_record_as_shown_that_was_not() {
    let app = TestApp::new().await;
    let lead = app.seed.lead(&app.services, "compiler");
    let manager = app.sign_in("manager").await;
    manager.get("/leads").await.expect(200);
    let named = |entry: &audit::Row| entry.objects().iter().any(|(_, id)| *id == lead.to_string());
    assert!(named(&app.last_entry().await));
    manager.get("/leads?state=odd").await.expect(422);
    let entry = app.last_entry().await;
    assert!(entry.verb == "lead.list" && !named(&entry), "{:?}", entry.objects());
}

/// Saved by hand it would be a link that its list refuses.
#[tokio::test]
async fn what_a_list_does_not_understand_is_not_saved_as_a_filter_of_it() {
    let app = TestApp::new().await;
    let views = async || {
        use diesel::prelude::*;
        let read = app.services.db.read(|conn| Ok(saved_view::table.count().get_result::<i64>(conn)?));
        read.await.expect("a count")
    };
    let lists: [(&str, &[(&str, &str)]); 1] = [("/admin/people", &[("role", "odd"), ("state", "odd")])];
    let lists = ODD.iter().copied().filter(|(path, _)| !path.starts_with("/reference/")).chain(lists);
    for (path, odd) in lists {
        let browser = match path {
            "/admin/people" => app.sign_in("admin").await,
            path => reader(&app, path).await,
        };
        let list = path.rsplit('/').next().unwrap_or_default();
        for (n, (name, value)) in odd.iter().enumerate() {
            // Which page is open is no part of what is saved.
            if ["after", "before"].contains(name) {
                continue;
            }
            let asked =
                url::form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
            let fields = [("list", list), ("asked", asked.as_str()), ("name", "手工填写")];
            let before = views().await;
            let page = browser.post("/views/new", &fields).await.expect(422);
            assert_eq!(views().await, before, "{list}: {asked}");
            if n == 0 {
                page.has("列表无法识别该筛选中的以下条件").has("value=\"手工填写\"");
            }
        }
        browser.get(path).await.expect(200).has_not("手工填写");
        // What it understands is saved as ever.
        let fields = [("list", list), ("asked", "q=a"), ("name", "可用的筛选")];
        if path != "/audit" {
            browser.post("/views/new", &fields).await.expect(303);
            assert_eq!(app.last_entry().await.verb, "view.save");
        }
    }
}
