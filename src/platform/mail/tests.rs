use super::*;
use proptest::prelude::*;
use smtp_server::{Manner, SmtpServer};

#[path = "../../../tests/support/smtp.rs"]
#[allow(dead_code)] // the journeys use its other parts
mod smtp_server;

const FROM: &str = "线索移送 <handoff@example.org>";

fn message() -> Message {
    Message {
        to: "liaison@example.gov.cn".into(),
        subject: "您有一件新移送的线索待签收，请在三个工作日内登录系统办理签收手续并下载卷宗材料".into(),
        text: "请登录查看：https://example.org/transfers/1\n.\n此邮件由系统发出。\n".into(),
        html: "<p>请登录查看：<a href=\"https://example.org/transfers/1\">移送</a></p>".into(),
        id: "0190aaaa-0000-7000-8000-000000000001".into(),
        reply_to: Some("desk@example.org".into()),
        date: "2016-03-01T08:00:00Z".parse().unwrap(),
    }
}

fn mailer(url: &str) -> Mailer {
    Mailer::from_url(Some(url), FROM, Path::new("/nowhere")).unwrap()
}

/// Sends from a thread that may block, while the server of the test goes on.
async fn send(mailer: &Mailer) -> Result<String, MailError> {
    let mailer = mailer.clone();
    tokio::task::spawn_blocking(move || mailer.send(&message())).await.unwrap()
}

/// The header's value with its folded lines joined.
fn header(mail: &str, name: &str) -> Vec<String> {
    let head = mail.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
    let prefix = format!("{name}: ");
    head.split("\r\n").filter_map(|line| line.strip_prefix(&prefix)).map(str::to_owned).collect()
}

/// Decodes the encoded words of RFC 2047 in base 64.
fn decoded(value: &str) -> String {
    value
        .split(' ')
        .map(|word| match word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?=")) {
            Some(code) => String::from_utf8(data_encoding::BASE64.decode(code.as_bytes()).unwrap()).unwrap(),
            None => word.to_owned(),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // a mailer that is dropped waits for its server
async fn a_message_arrives_with_all_its_parts() {
    let server = SmtpServer::start(Manner::Polite).await;
    let answer = send(&mailer(&server.url())).await.unwrap();
    assert!(answer.starts_with("250 "), "{answer}");
    let received = server.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].from.split(' ').nth(1), Some("FROM:<handoff@example.org>"));
    assert_eq!(received[0].to, ["RCPT TO:<liaison@example.gov.cn>"]);
    let data = &received[0].data;
    assert!(data.is_ascii(), "no server need know more than ASCII");
    assert!(data.split("\r\n").all(|line| line.len() <= 998));
    assert_eq!(decoded(&header(data, "Subject")[0]), message().subject);
    assert!(decoded(&header(data, "From")[0]).starts_with("线索移送"));
    assert_eq!(header(data, "Message-ID"), ["<0190aaaa-0000-7000-8000-000000000001@example.org>"]);
    assert_eq!(header(data, "Auto-Submitted"), ["auto-generated"]);
    assert_eq!(header(data, "Reply-To"), ["desk@example.org"]);
    assert_eq!(header(data, "Date"), ["Tue, 01 Mar 2016 08:00:00 +0000"]);
    assert!(header(data, "Content-Type")[0].starts_with("multipart/alternative"));
    assert!(data.find("text/plain").unwrap() < data.find("text/html").unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // a mailer that is dropped waits for its server
async fn a_connection_is_used_again_and_one_that_was_lost_replaced() {
    let server = SmtpServer::start(Manner::Polite).await;
    let mailer = mailer(&server.url());
    for _ in 0..3 {
        send(&mailer).await.unwrap();
    }
    assert_eq!(server.received().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // a mailer that is dropped waits for its server
async fn a_refusal_for_good_is_told_from_one_for_now() {
    for (manner, permanent) in [
        (Manner::RefusesRecipient(550), true),
        (Manner::RefusesRecipient(450), false),
        (Manner::RefusesMessage(554), true),
        (Manner::RefusesMessage(451), false),
        (Manner::HangsUp, false),
    ] {
        let server = SmtpServer::start(manner).await;
        let error = send(&mailer(&server.url())).await.unwrap_err();
        assert_eq!(error.is_permanent(), permanent, "{manner:?}: {error}");
        assert!(server.received().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // a mailer that is dropped waits for its server
async fn a_login_that_fails_is_a_fault_of_the_settings_and_shows_no_password() {
    let server = SmtpServer::start(Manner::RefusesLogin).await;
    let url = format!("smtp://desk:s3cr3t%2B@127.0.0.1:{}", server.port);
    let mailer = mailer(&url);
    let error = send(&mailer).await.unwrap_err();
    assert!(!error.is_permanent() && error.to_string().contains("535"), "{error}");
    assert!(!format!("{error:?} {mailer:?}").contains("s3cr3t"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // a mailer that is dropped waits for its server
async fn a_mute_server_holds_no_one_up() {
    for manner in [Manner::Mute, Manner::SilentAfterData] {
        let server = SmtpServer::start(manner).await;
        let (url, patience) = (server.url(), Duration::from_millis(300));
        let mailer = Mailer::patient(Some(&url), FROM, Path::new("/nowhere"), patience).unwrap();
        let begun = std::time::Instant::now();
        let error = send(&mailer).await.unwrap_err();
        assert!(!error.is_permanent() && begun.elapsed() < Duration::from_secs(3), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // a mailer that is dropped waits for its server
async fn no_server_and_no_encryption_are_transient() {
    let error = send(&mailer("smtp://127.0.0.1:1")).await.unwrap_err();
    assert!(!error.is_permanent());
    let server = SmtpServer::start(Manner::Polite).await;
    let error = send(&mailer(&format!("{}?tls=required", server.url()))).await.unwrap_err();
    assert!(!error.is_permanent() && error.to_string().contains("STARTTLS"), "{error}");
    assert!(server.received().is_empty(), "never in clear when encryption is required");
    send(&mailer(&format!("{}?tls=opportunistic", server.url()))).await.unwrap();
    send(&mailer(&format!("{}?tls=none", server.url()))).await.unwrap();
}

#[test]
fn another_machine_is_written_to_under_tls_unless_said_otherwise() {
    let meant = |text: &str| {
        let mut url = url::Url::parse(text).unwrap();
        let host = url.host_str().unwrap().to_owned();
        say_tls(&mut url, &host);
        url.query().map(str::to_owned)
    };
    assert_eq!(meant("smtp://u:p@mail.example.org"), Some("tls=required".into()));
    assert_eq!(meant("smtp://10.0.0.3:25?tls=opportunistic"), Some("tls=opportunistic".into()));
    for plain in
        ["smtp://mail.example.org?tls=none", "smtp://localhost:25", "smtp://127.0.0.1:25", "smtp://[::1]"]
    {
        assert_eq!(meant(plain), None, "{plain}");
    }
    assert_eq!(meant("smtps://mail.example.org"), None);
}

#[test]
fn wrong_settings_are_named_without_the_password() {
    for url in ["mail.example.org", "http://u:s3cr3t@x", "smtp://u:s3cr3t@x?tls=maybe", "smtp:///x"] {
        let error = Mailer::from_url(Some(url), FROM, Path::new("/")).unwrap_err();
        assert!(matches!(error, MailError::Setting(_)), "{url}");
        assert!(!error.to_string().contains("s3cr3t"));
    }
    assert!(matches!(Mailer::from_url(None, "nobody", Path::new("/")), Err(MailError::Setting(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)] // a mailer that is dropped waits for its server
async fn without_a_server_a_message_is_one_file() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let mailer = Mailer::from_url(None, FROM, dir.path()).unwrap();
    assert_eq!(mailer.folder(), Some(dir.path().join("mail").as_path()));
    send(&mailer).await.unwrap();
    send(&mailer).await.unwrap();
    let files: Vec<_> = fs::read_dir(dir.path().join("mail")).unwrap().map(|file| file.unwrap()).collect();
    assert_eq!(files.len(), 1, "a second attempt makes no second file");
    assert_eq!(files[0].file_name(), "20160301T080000Z-0190aaaa-0000-7000-8000-000000000001.eml");
    assert_eq!(files[0].metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let mail = fs::read_to_string(files[0].path()).unwrap();
    assert_eq!(decoded(&header(&mail, "Subject")[0]), message().subject);
}

fn built(message: &Message) -> Result<String, MailError> {
    let from = message::mailbox(FROM).unwrap();
    message.build(&from).map(|built| String::from_utf8(built.formatted()).unwrap())
}

#[test]
fn addresses_and_ids_can_not_bring_headers_with_them() {
    let evil = "\r\nBcc: everyone@example.org";
    for change in [
        |m: &mut Message, evil: &str| m.to.push_str(evil),
        |m: &mut Message, evil: &str| m.to = format!("a{evil} <a@example.org>"),
        |m: &mut Message, evil: &str| m.id.push_str(evil),
        |m: &mut Message, evil: &str| m.reply_to = Some(format!("a@example.org{evil}")),
    ] {
        let mut message = message();
        change(&mut message, evil);
        assert!(matches!(built(&message), Err(MailError::Invalid(_))));
    }
}

proptest! {
    #[test]
    fn whatever_the_subject_the_headers_stay_the_same(subject in "(\\PC|[\r\n\t\0 :]|Bcc: ){0,80}") {
        let names = |mail: &str| -> Vec<String> {
            let head = mail.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
            head.split("\r\n").map(|line| line.split(':').next().unwrap().to_owned()).collect()
        };
        let changed = built(&Message { subject, ..message() }).unwrap();
        prop_assert_eq!(names(&changed), names(&built(&message()).unwrap()));
        prop_assert!(!changed.split("\r\n").any(|line| line.contains(['\r', '\n', '\0'])));
    }
}
