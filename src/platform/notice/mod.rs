//! Notices by e-mail: that something waits, and where. Queued in the transaction of the act that gives the reason,
//! sent by a background job, each try on record. A notice never carries case content: a room names a template, a few
//! harmless parameters (see [`PARAMS`]) and a path; the texts are ours (`templates/mail`, `mail.ftl`).
//!
//! ```ignore
//! notice::queue(tx, Notice::new("transfer-sent", &email, lang)
//!     .param("number", transfer_number)
//!     .link(paths::transfer(id))
//!     .about("transfer", id))?;
//! ```
//!
//! An account chooses for each kind of event whether its notices come at once, are counted in one mail a day, or not at
//! all; a notice that names its account ([`Notice::to_account`]) goes by that.
//!
//! Tables: `mail_message`, `notice_choice`, `notice_pending`; jobs of kind `mail.send`.

mod deliver;
mod event;
mod letter;
mod store;

pub use deliver::{given_up, handler};
pub use event::{Event, Way, choices, choose, take_waiting, waiting_for};
pub use store::{
    Filter, MessageRow, Notice, find, lately, newest, page, queue, retry, retry_failed, unsent, without_jobs,
};

/// The kind of the job that sends one message.
pub const JOB: &str = "mail.send";

/// The notices that exist; each has a folder in `templates/mail`.
pub const TEMPLATES: [&str; 19] = [
    "invitation",
    "password-reset",
    "mail-test",
    "transfer-sent",
    "transfer-forwarded",
    "transfer-moved",
    "supplement-asked",
    "supplement-answered",
    "deadline-soon",
    "deadline-passed",
    "message-received",
    "dossier-returned",
    "approval-waiting",
    "outcome-to-confirm",
    "forward-waiting",
    "digest",
    "comment-mention",
    "evidence-alarm",
    "redaction-ended",
];

/// The parameters that may stand in a notice: the addressee's name, an agency's, a number (of a lead for the platform,
/// of a transfer for an agency), a date, what kind of deadline or how something ended, how long a link holds, how many, which step is asked
/// for, how many of each kind of event.
pub const PARAMS: [&str; 11] =
    ["name", "role", "agency", "number", "due", "what", "days", "hours", "count", "asked", "counts"];

/// Notices whose link is a secret: it is taken out of the table once the message has left.
const SECRET_LINKS: [&str; 2] = ["invitation", "password-reset"];

/// Whether `text` can be written to.
pub fn is_address(text: &str) -> bool {
    text.len() <= 254 && !text.chars().any(char::is_control) && text.parse::<lettre::Address>().is_ok()
}
