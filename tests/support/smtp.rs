//! A small SMTP server for tests, on the loopback: takes messages, or behaves as badly as it is told to.

use std::sync::{Arc, Mutex};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

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
    /// Answers the end of the message with this code.
    RefusesMessage(u16),
    /// Answers every login with 535.
    RefusesLogin,
    /// Hangs up after the greeting.
    HangsUp,
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
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let store = received.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, manner, store.clone()));
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

async fn say(out: &mut OwnedWriteHalf, line: &str) -> Option<()> {
    out.write_all(format!("{line}\r\n").as_bytes()).await.ok()
}

/// One conversation; ends (with None) when the other side is gone.
async fn converse(stream: TcpStream, manner: Manner, store: Arc<Mutex<Vec<Received>>>) -> Option<()> {
    let (read, mut out) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    if manner == Manner::Mute {
        return std::future::pending().await;
    }
    say(&mut out, "220 test.invalid ESMTP").await?;
    if manner == Manner::HangsUp {
        return None;
    }
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

async fn read_data(lines: &mut Lines<BufReader<OwnedReadHalf>>) -> Option<String> {
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
