//! The steps of the guide, and when each is done; pure.

use crate::platform::{
    db::Instant,
    notice::MessageRow,
    services::Services,
    settings::{Settings, Whence},
};

/// The notice that tests whether mail arrives.
pub const TEST: &str = "mail-test";
/// What an administrator marks: that a copy of the master key lies elsewhere (with the key's mark), that the guide is put
/// away.
pub const KEY: &str = "key";
pub const AWAY: &str = "away";

/// One step of the guide, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Organisation,
    Address,
    Factor,
    Mail,
    Agency,
    Colleague,
    Key,
    Backup,
}

impl Step {
    pub const ALL: [Step; 8] = [
        Step::Organisation,
        Step::Address,
        Step::Factor,
        Step::Mail,
        Step::Agency,
        Step::Colleague,
        Step::Key,
        Step::Backup,
    ];

    /// Its word: the end of its messages' keys, and its place on the page.
    pub fn as_str(self) -> &'static str {
        match self {
            Step::Organisation => "organisation",
            Step::Address => "address",
            Step::Factor => "factor",
            Step::Mail => "mail",
            Step::Agency => "agency",
            Step::Colleague => "colleague",
            Step::Key => "key",
            Step::Backup => "backup",
        }
    }
}

/// What the settings and the keys say.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Whether the organisation's name was set, and the address that others reach the program by.
    pub organisation: bool,
    pub address: bool,
    /// Whether mail goes to a server; to a folder otherwise.
    pub by_server: bool,
    /// The mark of the master key.
    pub key: String,
}

impl Known {
    pub fn of(services: &Services) -> Self {
        let is_set = |settings: &Settings, name: &str| settings.whence(name) != Whence::Default;
        Self {
            organisation: is_set(&services.settings, "LEAD_HANDOFF_ORGANISATION"),
            address: is_set(&services.settings, "LEAD_HANDOFF_BASE_URL"),
            by_server: services.mailer.folder().is_none(),
            key: services.master.fingerprint(),
        }
    }
}

/// What an administrator said, and when.
#[derive(Clone, Debug)]
pub struct Mark {
    pub step: String,
    pub detail: String,
    /// The name of whoever said so.
    pub by: String,
    pub at: Instant,
}

/// What the database holds.
#[derive(Clone, Debug, Default)]
pub struct There {
    pub marks: Vec<Mark>,
    /// The newest test of the mail.
    pub test: Option<MessageRow>,
    /// Why the test's last try failed; empty: it did not.
    pub test_error: String,
    /// Whether the directory has an agency that is in force.
    pub agency: bool,
    /// Whether somebody else has an open account.
    pub colleague: bool,
    /// Whether somebody is invited.
    pub invited: bool,
    /// When a backup was last made.
    pub backup: Option<Instant>,
    /// Whether the reader's account has a second factor.
    pub factor: bool,
}

impl There {
    pub fn mark(&self, step: &str) -> Option<&Mark> {
        self.marks.iter().find(|mark| mark.step == step)
    }

    /// Whether the guide was put away.
    pub fn is_away(&self) -> bool {
        self.mark(AWAY).is_some()
    }

    /// Whether a step is done.
    pub fn has(&self, step: Step, known: &Known) -> bool {
        match step {
            Step::Organisation => known.organisation,
            Step::Address => known.address,
            Step::Factor => self.factor,
            Step::Mail => known.by_server && self.test.as_ref().is_some_and(arrived_at_server),
            Step::Agency => self.agency,
            Step::Colleague => self.colleague,
            // Of another key than the one in force nothing was said.
            Step::Key => self.mark(KEY).is_some_and(|mark| mark.detail == known.key),
            Step::Backup => self.backup.is_some(),
        }
    }

    /// How many steps are done.
    pub fn done(&self, known: &Known) -> usize {
        Step::ALL.into_iter().filter(|step| self.has(*step, known)).count()
    }
}

/// Whether a mail server took the message; one that was written to the folder has a file's name for an answer.
fn arrived_at_server(test: &MessageRow) -> bool {
    test.state == "sent" && test.answer.starts_with(|c: char| c.is_ascii_digit()) && !test.is_written()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::Id;

    fn test_mail(state: &str, answer: &str) -> MessageRow {
        let now = Instant::from_micros(0);
        MessageRow {
            id: Id::new(),
            template: TEST.into(),
            to_address: "a@example.com".into(),
            locale: "en".into(),
            params: "{}".into(),
            link: "/".into(),
            about_kind: String::new(),
            about_id: None,
            job_id: None,
            state: state.into(),
            created_at: now,
            sent_at: None,
            answer: answer.into(),
        }
    }

    #[test]
    fn mail_is_tested_once_a_server_took_it() {
        let known = Known { by_server: true, ..Known::default() };
        let there =
            |state: &str, answer: &str| There { test: Some(test_mail(state, answer)), ..There::default() };
        assert!(there("sent", "250 2.0.0 Ok: queued").has(Step::Mail, &known));
        assert!(!there("queued", "").has(Step::Mail, &known));
        // Written to the folder, before there was a server.
        assert!(!there("sent", "20160301T080000Z-0190.eml").has(Step::Mail, &known));
        assert!(!there("sent", "250 ok").has(Step::Mail, &Known::default()));
        assert!(!There::default().has(Step::Mail, &known));
    }

    #[test]
    fn what_was_said_of_another_key_counts_for_nothing() {
        let mark =
            Mark { step: KEY.into(), detail: "aa".into(), by: String::new(), at: Instant::from_micros(0) };
        let there = There { marks: vec![mark], ..There::default() };
        let key = |key: &str| Known { key: key.into(), ..Known::default() };
        assert!(there.has(Step::Key, &key("aa")) && !there.has(Step::Key, &key("bb")));
        assert_eq!((there.done(&key("aa")), there.is_away()), (1, false));
    }
}
