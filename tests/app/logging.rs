//! What the program writes into its log: enough to find a fault by, nothing that opens a door or names a case.

use crate::support::{database::TestDatabase, process::Process, seed::PASSWORD};

/// A word that nobody but the one who looks for it should read.
const LOOKED_FOR: &str = "lantern-street-workshop";

#[tokio::test]
async fn no_link_password_token_or_word_that_was_looked_for_reaches_the_log() {
    for level in ["info", "trace"] {
        let data = tempfile::tempdir().expect("folder");
        let database = TestDatabase::new(data.path());
        let log = data.path().join("log");
        let mut server = Process::serve_logging(data.path(), database.url.as_deref(), level, &log);
        let link = server.says("First administrator, once, within 24 hours: ");
        let secret = link.rsplit('/').next().expect("its secret").to_owned();
        let first = server.stranger();
        first.get(&link).await.expect(200);
        let fields = [
            ("name", "管理员甲"),
            ("email", "admin@example.com"),
            ("username", "desk"),
            ("password", PASSWORD),
            ("repeat", PASSWORD),
        ];
        let entered = first.post(&link, &fields).await.expect(303);
        let cookie = entered.headers["set-cookie"].to_str().expect("text").to_owned();
        let session = cookie.split(['=', ';']).nth(1).expect("its value").to_owned();
        assert!(session.len() > 20, "{cookie}");
        first.get(&format!("/admin/people?q={LOOKED_FOR}")).await.expect(200);
        first.get(&format!("/{LOOKED_FOR}/{secret}")).await.expect(404);
        let token = format!("lh_{secret}");
        let called =
            first.client.get(first.url(&format!("/api/v1/leads?q={LOOKED_FOR}"))).bearer_auth(&token);
        first.send(called).await.expect(401);
        first.post("/login", &[("username", LOOKED_FOR), ("password", PASSWORD)]).await.expect(422);
        assert!(server.stop().success());

        let said = std::fs::read_to_string(&log).expect("the log");
        assert!(said.contains("/invitations/{token}") && said.contains("/admin/people"), "{level}: {said}");
        for (what, word) in [
            ("a one-time link", secret.as_str()),
            ("a session", &session),
            ("a password", PASSWORD),
            ("a word that was looked for", LOOKED_FOR),
        ] {
            let line = said.lines().find(|line| line.contains(word));
            assert_eq!(line, None, "{what} is in the log at {level}");
        }
    }
}
