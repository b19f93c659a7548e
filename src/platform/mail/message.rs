use super::MailError;
use chrono::{DateTime, Utc};
use lettre::message::{
    Mailbox, MultiPart,
    header::{HeaderName, HeaderValue},
};

/// One message to one person.
#[derive(Clone, Debug)]
pub struct Message {
    /// `name@host` or `Name <name@host>`.
    pub to: String,
    /// Any text; line breaks become spaces.
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Names the message for good, so that repeated attempts can be told from new messages: letters, digits, `.`, `-`
    /// and `_`; the sender's host is added.
    pub id: String,
    pub reply_to: Option<String>,
    /// When it was written.
    pub date: DateTime<Utc>,
}

impl Message {
    /// Makes the message as it is sent: text and HTML as alternatives, marked as sent by a machine, so that no absence
    /// notice answers it.
    pub(super) fn build(&self, from: &Mailbox) -> Result<lettre::Message, MailError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        if self.id.is_empty() || self.id.len() > 100 || !self.id.chars().all(plain) {
            return Err(MailError::Invalid("its id has characters that can't stand in a header".into()));
        }
        let mut builder = lettre::Message::builder()
            .from(from.clone())
            .to(mailbox(&self.to)?)
            .subject(one_line(&self.subject))
            .message_id(Some(format!("<{}@{}>", self.id, from.email.domain())))
            .date(self.date.into())
            .raw_header(fixed("Auto-Submitted", "auto-generated"))
            .raw_header(fixed("X-Auto-Response-Suppress", "All"));
        if let Some(reply_to) = &self.reply_to {
            builder = builder.reply_to(mailbox(reply_to)?);
        }
        let body = MultiPart::alternative_plain_html(self.text.clone(), self.html.clone());
        builder.multipart(body).map_err(|error| MailError::Invalid(error.to_string()))
    }
}

fn fixed(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// Reads an address; one with control characters, such as a line break, is none.
pub(super) fn mailbox(address: &str) -> Result<Mailbox, MailError> {
    let wrong = || MailError::Invalid(format!("no e-mail address: {address:?}"));
    if address.chars().any(char::is_control) {
        return Err(wrong());
    }
    address.trim().parse().map_err(|_| wrong())
}

/// Control characters (line breaks above all) and runs of spaces become one space.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_control() || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
