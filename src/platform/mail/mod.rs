//! E-mail: one message to one person, by SMTP or, without a server, as a file in the folder `mail`.
//!
//! A message says that something waits and links to it; this room neither knows nor checks what it says. Sending is
//! the work of a background job, which keeps what failed for a while and gives up what can't ever arrive.

mod message;

#[cfg(test)]
mod tests;

pub use message::Message;

use chrono::SecondsFormat;
use lettre::{
    SmtpTransport, Transport,
    message::Mailbox,
    transport::smtp::{self, PoolConfig},
};
use std::{
    fmt, fs, io,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::Duration,
};

/// A server that says nothing is given up after this time.
const PATIENCE: Duration = Duration::from_secs(20);

/// So much of a server's answer is kept, in characters.
const LONGEST_ANSWER: usize = 300;

/// What can go wrong with a message. No variant carries a password or a message's text.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// This message can't ever be sent: its address or a header is wrong.
    #[error("the message can't be made: {0}")]
    Invalid(String),
    /// The server refused the message for good (5xx).
    #[error("the mail server refused the message: {0}")]
    Permanent(String),
    /// It may well go later: no connection, no answer, a 4xx, or a fault of the settings that someone will mend.
    #[error("the mail server could not take the message now: {0}")]
    Transient(String),
    /// The setting is wrong. The address is not repeated, since it may hold a password.
    #[error("the mail setting is wrong: {0}")]
    Setting(String),
}

impl MailError {
    /// Whether another attempt is pointless.
    pub fn is_permanent(&self) -> bool {
        matches!(self, MailError::Invalid(_) | MailError::Permanent(_))
    }
}

#[derive(Clone)]
enum Way {
    Smtp { transport: SmtpTransport, host: String },
    Folder(PathBuf),
}

/// Sends messages. Cheap to clone.
#[derive(Clone)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.way {
            Way::Smtp { host, .. } => write!(f, "Mailer(smtp {host})"),
            Way::Folder(path) => write!(f, "Mailer(folder {})", path.display()),
        }
    }
}

impl Mailer {
    /// Reads the settings: `smtp://[user:password@]host[:port]`, with `?tls=required` (STARTTLS; the default for
    /// another machine), `?tls=opportunistic` or `?tls=none` (the default for a relay on this one), or `smtps://…`.
    /// Without a URL each message becomes a file in the folder `mail` of the data folder. `from` is `name@host` or
    /// `Name <name@host>`.
    ///
    /// # Errors
    /// [`MailError::Setting`].
    pub fn from_url(url: Option<&str>, from: &str, data_dir: &Path) -> Result<Self, MailError> {
        Self::patient(url, from, data_dir, PATIENCE)
    }

    /// The same with another time to wait for each of the server's words.
    fn patient(
        url: Option<&str>,
        from: &str,
        data_dir: &Path,
        patience: Duration,
    ) -> Result<Self, MailError> {
        let from = message::mailbox(from)
            .map_err(|_| MailError::Setting(format!("no sender's address: {from:?}")))?;
        let way = match url.map(str::trim).filter(|url| !url.is_empty()) {
            Some(url) => smtp(url, patience)?,
            None => Way::Folder(data_dir.join("mail")),
        };
        Ok(Mailer { from, way })
    }

    /// The folder of the `.eml` files, when there is no server: for the pages to say so.
    pub fn folder(&self) -> Option<&Path> {
        match &self.way {
            Way::Folder(path) => Some(path),
            Way::Smtp { .. } => None,
        }
    }

    /// Sends one message, on a thread that may block, and returns when the server has taken it, or the file is on disk.
    /// After a [`MailError::Transient`] the server may have taken it all the same; the next attempt carries the same
    /// Message-ID. Gives the server's answer (`250 2.0.0 Ok: queued`), or the file's name.
    ///
    /// # Errors
    /// [`MailError::Invalid`], [`MailError::Permanent`], [`MailError::Transient`].
    pub fn send(&self, message: &Message) -> Result<String, MailError> {
        let built = message.build(&self.from)?;
        match &self.way {
            Way::Smtp { transport, .. } => {
                transport.send(&built).map(|reply| said(&reply)).map_err(|error| sorted(&error))
            }
            Way::Folder(folder) => {
                let name = file_name(message);
                let written = write(folder, &name, &built.formatted());
                let failed = |error: io::Error| format!("the folder of messages can't be written: {error}");
                written.map(|()| name).map_err(|error| MailError::Transient(failed(error)))
            }
        }
    }
}

/// A server's answer as one line, cut where it is longer than anybody reads.
fn said(reply: &smtp::response::Response) -> String {
    let words: Vec<&str> = reply.message().collect();
    let line = format!("{} {}", reply.code(), words.join(" "));
    line.chars().filter(|c| !c.is_control()).take(LONGEST_ANSWER).collect()
}

fn smtp(url: &str, patience: Duration) -> Result<Way, MailError> {
    let wrong = |why: &str| MailError::Setting(why.to_owned());
    let mut parsed = url::Url::parse(url).map_err(|_| wrong("it is no address such as smtp://host:25"))?;
    let host = parsed.host_str().ok_or_else(|| wrong("it names no host"))?.to_owned();
    say_tls(&mut parsed, &host);
    let builder = SmtpTransport::from_url(parsed.as_str()).map_err(|_| {
        wrong("it must be smtp://host or smtps://host, with tls=required, tls=opportunistic or tls=none")
    })?;
    let pool = PoolConfig::new().max_size(4).idle_timeout(Duration::from_secs(30));
    let transport = builder.timeout(Some(patience)).pool_config(pool).build();
    Ok(Way::Smtp { transport, host })
}

/// Puts what is meant where nothing is said: passwords and addresses go to another machine in clear only where somebody
/// asked for it.
fn say_tls(url: &mut url::Url, host: &str) {
    let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    match tls.as_deref() {
        Some("none") => url.set_query(None),
        None if url.scheme() == "smtp" && !is_this_machine(host) => url.set_query(Some("tls=required")),
        _ => {}
    }
}

fn is_this_machine(host: &str) -> bool {
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

/// A 5xx to a login is a fault of the settings, not of the message, which is kept until someone has mended them.
fn sorted(error: &smtp::Error) -> MailError {
    let code = error.status().map(u16::from);
    let text = error.to_string(); // has its causes in it
    let login = matches!(code, Some(530 | 534 | 535 | 538));
    if error.is_permanent() && !login { MailError::Permanent(text) } else { MailError::Transient(text) }
}

/// The same message always gets the same name, so that a second attempt makes no second file.
fn file_name(message: &Message) -> String {
    let time = message.date.to_rfc3339_opts(SecondsFormat::Secs, true).replace([':', '-'], "");
    format!("{time}-{}.eml", message.id)
}

/// Writes a file so that whoever reads the folder sees all of it or nothing.
fn write(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = folder.join(format!(".{name}.{}", uuid::Uuid::now_v7()));
    let written = (|| {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&draft, folder.join(name))
    })();
    if written.is_err() {
        let _ = fs::remove_file(&draft); // the first error is the one to tell
    }
    written.and_then(|()| fs::File::open(folder)?.sync_all())
}
