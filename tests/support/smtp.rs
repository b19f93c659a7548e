//! A small SMTP server for tests, on the loopback: takes messages, or behaves as badly as it is told to.

use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncWrite, AsyncWriteExt, BufReader, Lines, ReadHalf, WriteHalf},
    net::TcpListener,
};
use tokio_rustls::{TlsAcceptor, rustls};

/// How the server behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes every message.
    Polite,
    /// Accepts the connection and never says a word.
    Mute,
    /// Falls silent when the message has come.
    SilentAfterData,
    /// Answers RCPT with this code.
    RefusesRecipient(u16),
    /// Knows no recipient with this in the address.
    KnowsNot(&'static str),
    /// Answers the end of the message with this code.
    RefusesMessage(u16),
    /// Answers every login with 535.
    RefusesLogin,
    /// Hangs up after the greeting.
    HangsUp,
}

/// When the server encrypts.
#[derive(Clone)]
pub enum Tls {
    Never,
    /// From the first byte (`smtps`).
    AtOnce(TlsAcceptor),
    /// After STARTTLS, without which it takes no message.
    WhenAsked(TlsAcceptor),
}

/// A certificate for `localhost`, and the text of the authority's that signed it; both made up here and now.
pub fn certified() -> (TlsAcceptor, String) {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, KeyUsagePurpose};
    let (ca_key, key) = (KeyPair::generate().expect("a key"), KeyPair::generate().expect("a key"));
    let mut params = CertificateParams::new(Vec::new()).expect("params");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::DigitalSignature];
    let ca = params.self_signed(&ca_key).expect("an authority").pem();
    let issuer = Issuer::new(params, ca_key);
    let own = CertificateParams::new(vec!["localhost".to_owned()]).expect("params");
    let certificate = own.signed_by(&key, &issuer).expect("a certificate");
    let key = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .expect("a server");
    (TlsAcceptor::from(Arc::new(config)), ca)
}

/// What the server has been given.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// The MAIL line.
    pub from: String,
    /// The RCPT lines.
    pub to: Vec<String>,
    /// The message as it came, dots unstuffed, lines ending in CRLF.
    pub data: String,
}

/// A running server; it ends with the runtime of the test.
pub struct SmtpServer {
    pub port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

impl SmtpServer {
    /// Starts a server on a free port.
    pub async fn start(manner: Manner) -> Self {
        Self::start_with(manner, Tls::Never).await
    }

    /// Starts a server that encrypts.
    pub async fn start_with(manner: Manner, tls: Tls) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let store = received.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, store) = (tls.clone(), store.clone());
                tokio::spawn(async move {
                    match tls {
                        Tls::AtOnce(acceptor) => {
                            let stream = acceptor.accept(stream).await.ok()?;
                            converse(stream, manner, store, None).await
                        }
                        Tls::WhenAsked(acceptor) => converse(stream, manner, store, Some(acceptor)).await,
                        Tls::Never => converse(stream, manner, store, None).await,
                    }
                });
            }
        });
        SmtpServer { port, received }
    }

    /// The address for the mail setting.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// All messages so far.
    pub fn received(&self) -> Vec<Received> {
        self.received.lock().expect("no panic elsewhere").clone()
    }
}

async fn say(out: &mut (impl AsyncWrite + Unpin), line: &str) -> Option<()> {
    out.write_all(format!("{line}\r\n").as_bytes()).await.ok()
}

/// One conversation; ends (with None) when the other side is gone. With `upgrade` it takes nothing before STARTTLS.
async fn converse<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    manner: Manner,
    store: Arc<Mutex<Vec<Received>>>,
    upgrade: Option<TlsAcceptor>,
) -> Option<()> {
    let (read, mut out) = tokio::io::split(stream);
    let lines = BufReader::new(read).lines();
    if manner == Manner::Mute {
        return std::future::pending().await;
    }
    say(&mut out, "220 test.invalid ESMTP").await?;
    if manner == Manner::HangsUp {
        return None;
    }
    if let Some(acceptor) = upgrade {
        let stream = until_starttls(lines, out).await?;
        let secured = acceptor.accept(stream).await.ok()?;
        let (read, out) = tokio::io::split(secured);
        return take_mail(BufReader::new(read).lines(), out, manner, store).await;
    }
    take_mail(lines, out, manner, store).await
}

/// Refuses everything but the greeting, until encryption is asked for.
async fn until_starttls<S: AsyncRead + AsyncWrite + Unpin>(
    mut lines: Lines<BufReader<ReadHalf<S>>>,
    mut out: WriteHalf<S>,
) -> Option<S> {
    while let Some(line) = lines.next_line().await.ok()? {
        match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => say(&mut out, "250-test.invalid\r\n250 STARTTLS").await?,
            "STAR" => {
                say(&mut out, "220 go on").await?;
                return Some(lines.into_inner().into_inner().unsplit(out));
            }
            _ => say(&mut out, "530 5.7.0 encrypt first").await?,
        }
    }
    None
}

async fn take_mail<R: AsyncRead + Unpin>(
    mut lines: Lines<BufReader<R>>,
    mut out: impl AsyncWrite + Unpin,
    manner: Manner,
    store: Arc<Mutex<Vec<Received>>>,
) -> Option<()> {
    let mut mail = Received::default();
    while let Some(line) = lines.next_line().await.ok()? {
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        match (verb.as_str(), manner) {
            ("EHLO", _) => say(&mut out, "250-test.invalid\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME").await?,
            ("AUTH", Manner::RefusesLogin) => say(&mut out, "535 5.7.8 wrong password").await?,
            ("AUTH", _) => say(&mut out, "235 welcome").await?,
            ("MAIL", _) => {
                mail = Received { from: line, ..Received::default() };
                say(&mut out, "250 ok").await?;
            }
            ("RCPT", Manner::RefusesRecipient(code)) => {
                say(&mut out, &format!("{code} no such person")).await?
            }
            ("RCPT", Manner::KnowsNot(part)) if line.contains(part) => {
                say(&mut out, "550 no such person").await?;
            }
            ("RCPT", _) => {
                mail.to.push(line);
                say(&mut out, "250 ok").await?;
            }
            ("DATA", _) => {
                say(&mut out, "354 go on").await?;
                mail.data = read_data(&mut lines).await?;
                match manner {
                    Manner::SilentAfterData => return std::future::pending().await,
                    Manner::RefusesMessage(code) => say(&mut out, &format!("{code} not this one")).await?,
                    _ => {
                        store.lock().ok()?.push(mail.clone());
                        say(&mut out, "250 taken").await?;
                    }
                }
            }
            ("QUIT", _) => return say(&mut out, "221 bye").await,
            ("NOOP" | "RSET", _) => say(&mut out, "250 ok").await?,
            _ => say(&mut out, "500 what?").await?,
        }
    }
    Some(())
}

async fn read_data<R: AsyncRead + Unpin>(lines: &mut Lines<BufReader<R>>) -> Option<String> {
    let mut data = String::new();
    loop {
        let line = lines.next_line().await.ok()??;
        if line == "." {
            return Some(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
        data.push_str("\r\n");
    }
}

/// The text part of a message as it came, decoded.
pub fn text_of(data: &str) -> String {
    let part = data.split("Content-Type: text/plain").nth(1).expect("a text part");
    let (head, body) = part.split_once("\r\n\r\n").expect("a body");
    let body = body.split("\r\n--").next().unwrap_or_default();
    assert!(head.contains("base64"), "{head}");
    let bytes = data_encoding::BASE64.decode(body.replace("\r\n", "").as_bytes()).expect("base 64");
    String::from_utf8(bytes).expect("text")
}
