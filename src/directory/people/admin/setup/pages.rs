//! What the guide shows.

use askama::Template;

use super::model::{KEY, Known, Step, There};
use crate::{
    directory::people::time::said,
    platform::{
        http::{
            layout::Chrome,
            view::{Chip, Fact, Link, Tone},
        },
        services::Services,
        settings::{Whence, shown},
    },
};

/// A line to be copied, with what it is for.
pub struct Line {
    pub label: String,
    pub text: String,
}

/// One step.
pub struct StepView {
    pub id: &'static str,
    pub title: String,
    /// What it is good for, and what to do.
    pub text: String,
    pub state: Chip,
    pub done: bool,
    pub facts: Vec<Fact>,
    pub lines: Vec<Line>,
    /// Where it is done.
    pub links: Vec<Link>,
    /// Form that does it: its address and its button; empty: none.
    pub action: &'static str,
    pub button: String,
    /// Whether something is under way that the page should look for again.
    pub waits: bool,
}

/// The guide.
#[derive(Template)]
#[template(path = "directory/people/admin_setup.html")]
pub struct SetupPage {
    pub c: Chrome,
    pub steps: Vec<StepView>,
    pub done: usize,
    pub all: usize,
    pub away: bool,
}

/// What the page is made of.
pub struct Made<'a> {
    pub c: &'a Chrome,
    pub services: &'a Services,
    pub known: &'a Known,
    pub there: &'a There,
    /// Today, as the backup's folder is called in the example.
    pub today: String,
}

impl Made<'_> {
    fn whence(&self, name: &str) -> String {
        let key = match self.services.settings.whence(name) {
            Whence::Flag => "people-whence-flag",
            Whence::Environment => "people-whence-environment",
            Whence::File => "people-whence-file",
            Whence::Default => "people-whence-default",
        };
        self.c.t(key)
    }

    /// A setting as it is, and where that comes from.
    fn setting(&self, name: &str) -> Vec<Fact> {
        let shown = self.services.settings.shown.iter().find(|(known, ..)| *known == name);
        let value = shown.map(|(_, value, _)| value.clone()).filter(|value| !value.is_empty());
        let value = value.unwrap_or_else(|| self.c.t("not-given"));
        vec![
            Fact::new(self.c.t("people-value"), value),
            Fact::new(self.c.t("people-whence"), self.whence(name)),
        ]
    }

    /// The line of the settings file that sets `name` to `example`.
    fn line(&self, name: &str, example: &str) -> Line {
        let key = shown::key(name).unwrap_or_default();
        Line {
            label: self.c.tv("setup-line-file", "file", self.services.settings.file().display()),
            text: format!("{key} = \"{example}\""),
        }
    }

    fn command(&self, text: String) -> Line {
        Line { label: self.c.t("setup-line-command"), text }
    }

    fn facts(&self, step: Step) -> Vec<Fact> {
        let fact = |key: &str, value: String| Fact::new(self.c.t(key), value);
        let zone = self.services.settings.time_zone;
        match step {
            Step::Organisation => self.setting("LEAD_HANDOFF_ORGANISATION"),
            Step::Address => self.setting("LEAD_HANDOFF_BASE_URL"),
            Step::Mail => self.mail_facts(),
            Step::Colleague if self.there.invited => {
                vec![fact("setup-colleague-invited", self.c.t("yes"))]
            }
            Step::Key => {
                let mut facts = self.setting("LEAD_HANDOFF_MASTER_KEY");
                facts.push(fact("setup-key-mark", self.known.key.clone()));
                if let Some(mark) = self.there.mark(KEY).filter(|mark| mark.detail == self.known.key) {
                    let said = format!("{} · {}", said(mark.at, zone, self.c.language), mark.by);
                    facts.push(fact("setup-key-said", said));
                }
                facts
            }
            Step::Backup => {
                let last = self
                    .there
                    .backup
                    .map_or_else(|| self.c.t("people-never"), |at| said(at, zone, self.c.language));
                vec![fact("people-system-backup", last)]
            }
            _ => Vec::new(),
        }
    }

    fn mail_facts(&self) -> Vec<Fact> {
        let mut facts = self.setting("LEAD_HANDOFF_SMTP_URL");
        let zone = self.services.settings.time_zone;
        let fact = |key: &str, value: String| Fact::new(self.c.t(key), value);
        if let Some(folder) = self.services.mailer.folder() {
            facts.push(fact("setup-mail-folder", folder.display().to_string()));
        }
        let Some(test) = &self.there.test else { return facts };
        facts.push(fact("setup-mail-test", said(test.created_at, zone, self.c.language)));
        facts.push(fact("state", self.c.t(format!("people-mail-{}", test.standing()))));
        let said = if test.state == "sent" { &test.answer } else { &self.there.test_error };
        if !said.is_empty() {
            let hidden = said.replace(&test.to_address, &super::super::mail::masked(&test.to_address));
            let key = if test.is_written() { "people-mail-file" } else { "people-mail-answer" };
            facts.push(fact(key, hidden));
        }
        facts
    }

    fn lines(&self, step: Step) -> Vec<Line> {
        let settings = &self.services.settings;
        match step {
            Step::Organisation => {
                vec![self.line("LEAD_HANDOFF_ORGANISATION", &self.c.t("setup-example-organisation"))]
            }
            Step::Address => vec![self.line("LEAD_HANDOFF_BASE_URL", "https://desk.example.com")],
            Step::Mail => vec![
                self.line("LEAD_HANDOFF_SMTP_URL", "smtps://user:password@mail.example.com"),
                self.line("LEAD_HANDOFF_MAIL_FROM", "desk@example.com"),
            ],
            Step::Key => settings
                .master_key
                .strip_prefix("file:")
                .map(|path| self.command(format!("cp -p '{path}' /media/safe/")))
                .into_iter()
                .collect(),
            Step::Backup => {
                let data = settings.data.display();
                let command = format!("lead-handoff backup '/mnt/backup/{}' --data '{data}'", self.today);
                vec![self.command(command)]
            }
            Step::Factor | Step::Agency | Step::Colleague => Vec::new(),
        }
    }

    fn links(&self, step: Step) -> Vec<Link> {
        let link = |key: &str, href: &str| Link::new(self.c.t(key), href);
        match step {
            Step::Organisation | Step::Address => vec![link("nav-settings", "/admin/settings")],
            Step::Factor => vec![link("people-factor-set-up-title", "/account/second-factor")],
            Step::Mail => vec![link("nav-mail", "/admin/mail")],
            Step::Agency => vec![
                link("home-begin-agencies", "/agencies/new"),
                link("home-begin-import", "/agencies/import"),
            ],
            Step::Colleague => vec![link("people-invite-title", "/admin/people/invite")],
            Step::Key | Step::Backup => Vec::new(),
        }
    }

    fn view(&self, step: Step) -> StepView {
        let word = step.as_str();
        let done = self.there.has(step, self.known);
        let waits = step == Step::Mail && self.there.test.as_ref().is_some_and(|test| test.state == "queued");
        let (action, button) = match step {
            Step::Mail => ("/admin/setup/mail", self.c.t("setup-mail-send")),
            Step::Key if !done => ("/admin/setup/key", self.c.t("setup-key-confirm")),
            _ => ("", String::new()),
        };
        let (key, tone) = match (done, waits) {
            (true, _) => ("setup-done", Tone::Good),
            (false, true) => ("setup-waits", Tone::Info),
            (false, false) => ("setup-open", Tone::Warn),
        };
        StepView {
            id: word,
            title: self.c.t(format!("setup-{word}")),
            text: self.c.t(format!("setup-{word}-text")),
            state: Chip::new(self.c.t(key), tone),
            done,
            facts: self.facts(step),
            lines: if done { Vec::new() } else { self.lines(step) },
            links: self.links(step),
            action,
            button,
            waits,
        }
    }

    /// The steps in their order.
    pub fn steps(&self) -> Vec<StepView> {
        Step::ALL.into_iter().map(|step| self.view(step)).collect()
    }
}
