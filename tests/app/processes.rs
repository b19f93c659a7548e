//! The program as its administrator runs it: started on nothing, killed in the middle, several at once, on a full disk.

use std::{collections::HashSet, time::Duration};

use diesel::prelude::*;
use lead_handoff::platform::db::{
    Id, Instant,
    schema::{dossier, dossier_freeze, job, mail_message},
};
use reqwest::{
    StatusCode,
    multipart::{Form, Part},
};

use crate::support::{
    Browser, TestApp,
    database::TestDatabase,
    process::{Process, run},
    seed::{GUANGZHOU, PASSWORD},
    smtp::{Manner, SmtpServer},
    story,
};

#[tokio::test]
async fn an_empty_folder_leads_to_a_first_administrator_once() {
    let data = tempfile::tempdir().expect("folder");
    let database = TestDatabase::new(data.path());
    let mut server = Process::serve(data.path(), database.url.as_deref(), &[]);
    let link = server.says("First administrator, once, within 24 hours: ");
    assert!(link.starts_with(&server.base), "{link}");
    let first = server.stranger();
    first.get("/healthz").await.expect(200).has("ok");
    first.get(&link).await.expect(200);
    let fields = |password: &'static str| {
        [
            ("name", "管理员甲"),
            ("email", "admin@example.com"),
            ("username", "desk"),
            ("password", password),
            ("repeat", password),
        ]
    };
    first.post(&link, &fields("password1234")).await.expect(422).has("value=\"desk\"");
    first.post(&link, &fields(PASSWORD)).await.expect(303);
    first.get("/admin/people").await.expect(200).has("管理员甲");
    // An empty installation says what comes first, with the way there.
    let home = first.get("/").await.expect(200).has("开始使用前").has("登记接收单位").has("邀请审核人");
    home.has("href=\"/agencies/new\"").has("href=\"/agencies/import\"").has("href=\"/admin/people/invite\"");
    let invited =
        [("name", "沈青"), ("email", "shen@example.com"), ("roles", "compiler"), ("language", "zh-CN")];
    first.post("/admin/people/invite", &invited).await.expect(303);
    first.get("/").await.expect(200).has("邀请审核人").has_not("邀请编制人");
    server.stranger().post(&link, &fields(PASSWORD)).await.expect(404);
    assert!(server.stop().success());

    // With an account there, the next start gives no such link; the account is still there.
    let server = Process::serve(data.path(), database.url.as_deref(), &[]);
    let again = server.stranger();
    again.post("/login", &[("username", "desk"), ("password", PASSWORD)]).await.expect(303);
    again.get("/admin/people").await.expect(200).has("管理员甲");
    let listed = run(data.path(), database.url.as_deref(), &["user", "list"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    assert!(listed.contains("desk"), "{listed}");
    let checked = run(data.path(), database.url.as_deref(), &["check"]);
    assert_eq!(checked.status.code(), Some(0), "{}", String::from_utf8_lossy(&checked.stdout));
}

/// What the server confirmed before it was killed.
#[derive(Default)]
struct Confirmed {
    leads: Vec<Id>,
    files: Vec<(Id, Vec<u8>)>,
    composed: Vec<Id>,
}

/// A form; `None` if the server is gone.
async fn post(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Option<(StatusCode, String)> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = browser
        .client
        .post(browser.url(path))
        .header("origin", &browser.base)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    let reply = request.send().await.ok()?;
    let to = reply.headers().get("location").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    Some((reply.status(), to))
}

async fn upload(browser: &Browser, lead: Id, bytes: &[u8]) -> Option<StatusCode> {
    let mut form = Form::new().part("file", Part::bytes(bytes.to_vec()).file_name("截图.bin"));
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    let url = browser.url(&format!("/leads/{lead}/evidence"));
    let reply = browser.client.post(url).header("origin", &browser.base).multipart(form).send().await.ok()?;
    Some(reply.status())
}

fn id_in(path: &str) -> Id {
    path.split(['/', '?']).find_map(|part| part.parse().ok()).expect("an id")
}

/// Lead after lead, each with a file and a dossier, until the server is gone; a handful, since each is frozen later.
async fn work(desk: Browser, agency: Id, round: u8, done: &mut Confirmed) -> Option<()> {
    for n in 0u8..5 {
        let facts = [
            ("title", "疑似假冒手表"),
            ("region", "440100"),
            ("source.kind", "complaint"),
            ("sender_role", "reporter"),
        ];
        let (status, to) = post(&desk, "/leads/new", &facts).await?;
        assert_eq!(status, 303);
        let lead = id_in(&to);
        done.leads.push(lead);
        let bytes: Vec<u8> = (0..300_000u32).map(|i| (i % 251) as u8 ^ n ^ (round << 5)).collect();
        assert_eq!(upload(&desk, lead, &bytes).await?, 303);
        done.files.push((lead, bytes));
        let agency = agency.to_string();
        let page = desk.client.get(desk.url(&format!("/leads/{lead}/evidence"))).send().await.ok()?;
        let page = page.text().await.ok()?;
        let item = page.split("href=\"/evidence/").nth(1).and_then(|rest| rest.get(..36)).expect("the item");
        let fields = [("version", "1"), ("agencies", agency.as_str()), ("evidence", item)];
        let (status, _) = post(&desk, &format!("/leads/{lead}/dossiers"), &fields).await?;
        assert_eq!(status, 303);
        done.composed.push(lead);
    }
    None
}

/// As if the leases of workers that are gone had run out.
async fn later(app: &TestApp) {
    let out = app.services.db.write_quiet(|tx| {
        let past = tx.now().plus_seconds(-1);
        diesel::update(job::table.filter(job::lease_until.is_not_null()))
            .set((job::lease_until.eq(Some(past)), job::run_at.eq(Instant::from_micros(0))))
            .execute(tx.conn())?;
        Ok(())
    });
    out.await.expect("later");
}

#[tokio::test]
async fn a_server_killed_in_the_middle_keeps_all_that_it_confirmed() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let agency = app.seed.agencies[GUANGZHOU];
    let mut done = Confirmed::default();
    for round in 0..4u8 {
        let mut server = app.process(&[]);
        let desk = server.browser(&compiler);
        let enough = async {
            tokio::time::sleep(Duration::from_millis(900 + 230 * u64::from(round))).await;
            server.kill();
        };
        tokio::join!(work(desk, agency, round, &mut done), enough);
    }
    assert!(done.composed.len() >= 4, "too slow to be killed at work: {}", done.leads.len());
    later(&app).await;
    app.settle().await;

    for lead in &done.leads {
        compiler.get(&format!("/leads/{lead}")).await.expect(200).has("疑似假冒手表");
    }
    for (lead, bytes) in &done.files {
        let items = story::items(&compiler, *lead).await;
        assert_eq!(items.len(), 1);
        let kept = compiler.get(&format!("/evidence/{}/content", items[0])).await.expect(200);
        assert!(kept.bytes == *bytes, "a confirmed file is not what was sent");
    }
    let frozen: HashSet<Id> = {
        let ids = |conn: &mut _| {
            let frozen = dossier::table.inner_join(dossier_freeze::table);
            Ok(frozen.select(dossier::lead_id).load::<Id>(conn)?)
        };
        app.services.db.read(ids).await.expect("dossiers").into_iter().collect()
    };
    let lost: Vec<&Id> = done.composed.iter().filter(|lead| !frozen.contains(lead)).collect();
    assert!(lost.is_empty(), "never frozen: {lost:?}");
    // The next start sweeps what uploads in the middle have left behind.
    assert!(app.process(&[]).stop().success());
    app.expect_in_order();
}

#[tokio::test]
async fn two_servers_on_one_database_share_the_work_and_double_none() {
    let app = TestApp::new().await;
    let mail = SmtpServer::start(Manner::Polite).await;
    let url = mail.url();
    let servers = [0, 1].map(|_| app.process(&[("LEAD_HANDOFF_SMTP_URL", &url)]));
    let admin = app.sign_in("admin").await;
    let desks = [servers[0].browser(&admin), servers[1].browser(&admin)];
    for n in 0..12 {
        let email = format!("guest{n}@example.com");
        let fields = [("name", "沈青"), ("email", &email), ("roles", "compiler"), ("language", "zh-CN")];
        desks[n % 2].post("/admin/people/invite", &fields).await.expect(303);
    }
    // One person's forms at both servers at once: one of them wins, the other says so.
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = story::note(&servers[0].browser(&compiler), lead, "页面.txt", "标价 199 元。").await;
    let agencies = [app.seed.agencies[GUANGZHOU]];
    let (left, right) = (servers[0].browser(&compiler), servers[1].browser(&compiler));
    let evidence = [item];
    let (a, b) = tokio::join!(
        story::compose(&left, lead, 1, &agencies, &evidence, &[]),
        story::compose(&right, lead, 1, &agencies, &evidence, &[]),
    );
    let mut statuses = [a.status.as_u16(), b.status.as_u16()];
    statuses.sort_unstable();
    assert!(matches!(statuses, [303, 303] | [303, 409] | [303, 422]), "{statuses:?}");
    assert_eq!(story::newest(&app, lead).await.len(), 1);

    let waiting = |conn: &mut _| {
        let unsent = mail_message::table.filter(mail_message::sent_at.is_null()).count();
        let dossiers: i64 = dossier::table.count().get_result(conn)?;
        let frozen: i64 = dossier_freeze::table.count().get_result(conn)?;
        Ok(unsent.get_result::<i64>(conn)? + dossiers - frozen)
    };
    for _ in 0..240 {
        if app.services.db.read(waiting).await.expect("count") == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(app.services.db.read(waiting).await.expect("count"), 0, "work is left undone");
    let mut to: Vec<String> = mail.received().into_iter().flat_map(|m| m.to).collect();
    to.retain(|line| line.contains("guest"));
    to.sort_unstable();
    let all = to.len();
    to.dedup();
    assert_eq!((all, to.len()), (12, 12), "each mail once");
    drop(servers);
    later(&app).await;
    app.settle().await;
    app.expect_in_order();
}

#[tokio::test]
async fn a_full_disk_is_said_and_leaves_nothing_half_written() {
    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let before = app.audit_count().await;
    // 16 MiB: enough for the database, too little for the file.
    let mut server = Process::serve_within(app.data.path(), app.database.url.as_deref(), 32 * 1024);
    let desk = server.browser(&compiler);
    let mut form = Form::new().part("file", Part::bytes(vec![7u8; 24 << 20]).file_name("录像.bin"));
    for (name, value) in story::DETAILS {
        form = form.text(name, value);
    }
    let url = desk.url(&format!("/leads/{lead}/evidence"));
    let reply =
        desk.client.post(url).header("origin", &desk.base).multipart(form).send().await.expect("an answer");
    assert_eq!(reply.status(), StatusCode::INSUFFICIENT_STORAGE);
    let page = reply.text().await.expect("a page");
    assert!(page.contains("存储空间"), "{page}");
    assert_eq!(story::items(&compiler, lead).await.len(), 0);
    // The server goes on with what fits.
    assert_eq!(upload(&desk, lead, b"small").await, Some(StatusCode::SEE_OTHER));
    assert_eq!(story::items(&compiler, lead).await.len(), 1);
    assert!(app.audit_count().await > before);
    assert!(server.stop().success());
    app.settle().await;
    app.expect_in_order();
}
