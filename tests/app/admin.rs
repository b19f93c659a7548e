//! The administrator's own pages: the first-run guide, settings with where each comes from, the queues, the machine.

use lead_handoff::audit;

use crate::support::{
    Browser, TestApp,
    smtp::{Manner, SmtpServer},
};

/// The part of the guide that is one step.
async fn step(admin: &Browser, id: &str) -> String {
    let page = admin.get("/admin/setup").await.expect(200).text();
    let rest = page.split(&format!("<li class=\"panel\" id=\"{id}\">")).nth(1);
    rest.and_then(|rest| rest.split("</li>").next()).unwrap_or_else(|| panic!("no step {id}")).to_owned()
}

#[tokio::test]
async fn the_guide_ticks_what_is_really_so_until_it_is_put_away() {
    let app = TestApp::new().await;
    let admin = app.sign_in("admin").await;
    admin
        .get("/")
        .await
        .expect(200)
        .has("id=\"guide\"")
        .has("href=\"/admin/setup\"")
        .has("已完成 3 步，共 8 步");
    // What is there is ticked; what is not says what to write where.
    for (id, is_done) in [
        ("organisation", false),
        ("address", false),
        ("factor", true),
        ("mail", false),
        ("agency", true),
        ("colleague", true),
        ("key", false),
        ("backup", false),
    ] {
        let step = step(&admin, id).await;
        assert_eq!(step.contains("chip-good"), is_done, "{id}: {step}");
    }
    let file = app.data.path().join("lead-handoff.toml").display().to_string();
    let organisation = step(&admin, "organisation").await;
    assert!(organisation.contains(&file) && organisation.contains("organisation = &#34;"), "{organisation}");
    assert!(organisation.contains("平台治理部") && organisation.contains("默认值"), "{organisation}");

    // Mail that lies in a folder has arrived nowhere.
    admin.post("/admin/setup/mail", &[]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.objects()[0].0.as_str()), ("mail.test", "mail"));
    assert!(step(&admin, "mail").await.contains("data-refresh"), "it is being sent");
    app.settle().await;
    let mail = step(&admin, "mail").await;
    assert!(
        mail.contains("已写入文件")
            && !mail.contains("已发送")
            && mail.contains(".eml")
            && !mail.contains("chip-good"),
        "{mail}"
    );

    for list in ["/admin/mail", "/admin/mail?state=sent"] {
        admin.get(list).await.expect(200).has("已写入文件").has("写入时间").has(".eml").has_not("已发送");
    }
    admin.get("/admin/jobs").await.expect(200).has("将邮件写入文件").has_not("发送邮件");
    let invited =
        [("name", "沈青"), ("email", "shen@example.com"), ("roles", "approver"), ("language", "zh-CN")];
    let told = admin.post("/admin/people/invite", &invited).await.expect(303).location;
    admin.get(&told).await.expect(200).has("邮件写入文件，不外发");
    app.settle().await;

    // What the program can't see, an administrator says; it holds for the key that is in force.
    admin.post("/admin/setup/key", &[]).await.expect(303);
    assert_eq!(app.last_entry().await.verb, "setup.mark");
    let key = step(&admin, "key").await;
    assert!(key.contains("chip-good") && key.contains("管理员甲"), "{key}");
    assert!(key.contains(&app.services.master.fingerprint()), "{key}");

    // A backup is seen in the log.
    let made = app.services.db.write(lead_handoff::platform::db::Origin::system("system:cli"), |tx| {
        audit::record(tx, audit::Entry::new("backup.create")).map(|_| ())
    });
    made.await.expect("a backup");
    assert!(step(&admin, "backup").await.contains("chip-good"));

    admin.post("/admin/setup/put-away", &[]).await.expect(303);
    admin.get("/").await.expect(200).has_not("id=\"guide\"");
    admin.get("/admin/setup").await.expect(200).has("向导已收起").has_not("action=\"/admin/setup/put-away");
}

#[tokio::test]
async fn a_test_mail_goes_to_oneself_through_the_queue_and_the_servers_answer_is_shown() {
    let server = SmtpServer::start(Manner::Polite).await;
    let app = TestApp::with(&[
        ("LEAD_HANDOFF_SMTP_URL", server.url()),
        ("LEAD_HANDOFF_ORGANISATION", "示例平台".into()),
    ])
    .await;
    let admin = app.sign_in("admin").await;
    admin.post("/admin/setup/mail", &[]).await.expect(303);
    app.settle().await;
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert!(received[0].to[0].contains("admin@example.com"), "{received:?}");
    let mail = step(&admin, "mail").await;
    assert!(mail.contains("chip-good") && mail.contains("250 taken"), "{mail}");
    assert!(step(&admin, "organisation").await.contains("chip-good"));
    // The queue tells the same, and no more than that.
    let queue = admin.get("/admin/mail?template=mail-test").await.expect(200);
    queue.has("250 taken").has("a…n@example.com").has_not("admin@example.com").has_not("示例平台的邮件");
}

#[tokio::test]
async fn a_refused_test_shows_what_the_server_said() {
    let server = SmtpServer::start(Manner::RefusesRecipient(550)).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let admin = app.sign_in("admin").await;
    admin.post("/admin/setup/mail", &[]).await.expect(303);
    app.settle().await;
    let mail = step(&admin, "mail").await;
    assert!(mail.contains("发送失败") && mail.contains("550") && !mail.contains("chip-good"), "{mail}");
}

#[tokio::test]
async fn everything_that_failed_is_tried_again_at_once() {
    let server = SmtpServer::start(Manner::RefusesRecipient(550)).await;
    let app = TestApp::with(&[("LEAD_HANDOFF_SMTP_URL", server.url())]).await;
    let admin = app.sign_in("admin").await;
    for _ in 0..3 {
        admin.post("/admin/setup/mail", &[]).await.expect(303);
    }
    app.settle().await;
    admin.get("/admin/mail?state=failed").await.expect(200).has("重试全部失败项（3）").has("服务器答复");
    admin.post("/admin/mail/retry-failed", &[]).await.expect(303);
    let entry = app.last_entry().await;
    assert_eq!((entry.verb.as_str(), entry.objects().len()), ("mail.retry", 3));
    admin.get("/admin/mail?state=failed").await.expect(200).has_not("重试全部失败项");
    let waiting = admin.get("/admin/mail?state=queued").await.expect(200).text();
    assert_eq!(waiting.matches("data-label=\"下次尝试\"").count(), 3, "{waiting}");
    admin.post("/admin/mail/retry-failed", &[]).await.expect(409).has("没有失败项");
    // Jobs that send mail are tried again on the page of mail, where it is said to whom.
    app.settle().await;
    admin.post("/admin/jobs/retry-failed", &[]).await.expect(409);
}

#[tokio::test]
async fn every_setting_says_what_it_is_and_where_it_comes_from() {
    let app = TestApp::with(&[
        ("LEAD_HANDOFF_SMTP_URL", "smtp://desk:sesame@127.0.0.1:1".into()),
        ("AWS_SECRET_ACCESS_KEY", "sesame".into()),
    ])
    .await;
    let admin = app.sign_in("admin").await;
    let page = admin.get("/admin/settings").await.expect(200);
    let page = page.has("LEAD_HANDOFF_SMTP_URL").has("smtp://desk:").has("--smtp-url").has_not("sesame");
    let page = page.has("lead-handoff.toml: smtp_url").has("邮件服务器").has("环境变量").has("默认值");
    let file = app.data.path().join("lead-handoff.toml").display().to_string();
    let text = page.has("尚不存在").has(&file).has("trusted_keys").text();
    for (name, ..) in &app.services.settings.shown {
        assert!(text.contains(&format!("<code>{name}</code>")), "{name}");
    }
    admin.post("/language?to=en", &[]).await.expect(303);
    admin.get("/admin/settings").await.expect(200).has("Mail server; without it").has_not("sesame");
}

#[tokio::test]
async fn the_machine_says_how_it_is_as_its_health_check_does() {
    let app = TestApp::new().await;
    app.settle().await;
    let admin = app.sign_in("admin").await;
    admin.get("/healthz").await.expect(200).has("ok");
    let page =
        admin.get("/admin/system").await.expect(200).has("各部分均正常").has("磁盘空间").has("近期没有备份");
    let kind = if app.services.db.target().is_sqlite() { "SQLite 3." } else { "PostgreSQL " };
    let page = page.has(kind).has(&app.services.signer.public().fingerprint()).has(&app.services.origin);
    page.has("检查点签署时间").has("等待中的任务").has("Asia/Shanghai");
}
