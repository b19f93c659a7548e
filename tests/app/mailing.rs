//! Mail leaves encrypted, to a server that proves who it is, or it does not leave.

use std::time::Duration;

use diesel::prelude::*;
use lead_handoff::platform::db::schema::job;

use crate::support::{
    TestApp,
    smtp::{Manner, SmtpServer, Tls, certified},
};

/// An administrator invites somebody at a server of its own, which writes to `url` and trusts `ca` alone. Gives the
/// last failure of the job of mail, if there is one before a message has come.
async fn invite(app: &TestApp, mail: &SmtpServer, url: &str, ca: &str) -> Option<String> {
    let file = app.data.path().join("ca.pem");
    std::fs::write(&file, ca).expect("written");
    let file = file.display().to_string();
    let server = app.process(&[("LEAD_HANDOFF_SMTP_URL", url), ("SSL_CERT_FILE", &file)]);
    let admin = server.browser(&app.sign_in("admin").await);
    let fields =
        [("name", "沈青"), ("email", "shen@example.com"), ("roles", "approver"), ("language", "zh-CN")];
    admin.post("/admin/people/invite", &fields).await.expect(303);
    for _ in 0..240 {
        if !mail.received().is_empty() {
            return None;
        }
        let failed = |conn: &mut _| {
            let errors = job::table.filter(job::last_error.is_not_null()).select(job::last_error);
            Ok(errors.first::<Option<String>>(conn).optional()?.flatten())
        };
        if let Some(error) = app.services.db.read(failed).await.expect("jobs") {
            return Some(error);
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    panic!("neither sent nor refused");
}

#[tokio::test]
async fn a_message_goes_encrypted_from_the_first_byte_or_once_asked() {
    for at_once in [true, false] {
        let app = TestApp::new().await;
        let (acceptor, ca) = certified();
        let (scheme, tls) =
            if at_once { ("smtps", Tls::AtOnce(acceptor)) } else { ("smtp", Tls::WhenAsked(acceptor)) };
        let mail = SmtpServer::start_with(Manner::Polite, tls).await;
        // This machine's relay may be written to in clear; here it is said that it may not.
        let query = if at_once { "" } else { "?tls=required" };
        let url = format!("{scheme}://desk:sesame@localhost:{}{query}", mail.port);
        assert_eq!(invite(&app, &mail, &url, &ca).await, None, "{url}");
        let received = mail.received();
        assert!(received[0].to[0].contains("shen@example.com"), "{received:?}");
    }
}

#[tokio::test]
async fn a_server_that_can_not_prove_its_name_gets_nothing() {
    for (at_once, own_authority, host) in
        [(true, false, "localhost"), (false, false, "localhost"), (true, true, "127.0.0.1")]
    {
        let app = TestApp::new().await;
        let ((acceptor, right), (_, wrong)) = (certified(), certified());
        let (scheme, tls) =
            if at_once { ("smtps", Tls::AtOnce(acceptor)) } else { ("smtp", Tls::WhenAsked(acceptor)) };
        let mail = SmtpServer::start_with(Manner::Polite, tls).await;
        let query = if at_once { "" } else { "?tls=required" };
        let url = format!("{scheme}://desk:sesame@{host}:{}{query}", mail.port);
        let ca = if own_authority { right } else { wrong };
        let error = invite(&app, &mail, &url, &ca).await.expect("refused");
        assert!(error.to_lowercase().contains("cert"), "{url}: {error}");
        assert!(!error.contains("sesame"), "{error}");
        assert!(mail.received().is_empty());
    }
}
