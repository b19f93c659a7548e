//! What the administrator's pages show.

use askama::Template;

use super::store::{By, Sort};
use crate::directory::people::passkey::Passkey;
use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        link::Query,
        list_head::{Column, ListHead, StateTab},
        selection::Picking,
        view::{ActiveFilter, Chip, Choice, Fact, Link, Pager, SortHead},
    },
    i18n::Lang,
};

/// The columns beside the user name.
pub const COLUMNS: [Column; 8] = [
    Column::usual("name", "people-field-name"),
    Column::usual("role", "role"),
    Column::usual("agency", "agency"),
    Column::usual("login", "people-last-login"),
    Column::usual("state", "state"),
    Column::more("side", "people-side"),
    Column::more("email", "people-field-email"),
    Column::more("created", "created"),
];

/// One account in the list.
pub struct PersonLine {
    pub id: Id,
    /// By which the row is ticked.
    pub pick: String,
    pub username: String,
    pub name: String,
    pub roles: String,
    pub agency: String,
    pub last_login: String,
    pub side: String,
    pub email: String,
    pub created: String,
    pub state: Chip,
}

/// The accounts.
#[derive(Template)]
#[template(path = "directory/people/admin_people.html")]
pub struct PeoplePage {
    pub c: Chrome,
    pub tabs: Vec<Link>,
    pub filter: FormView,
    pub roles: Vec<Choice>,
    pub sides: Vec<Choice>,
    pub head: ListHead,
    pub state_tabs: Vec<StateTab>,
    pub active: Vec<ActiveFilter>,
    pub clear: String,
    /// Parameters that have no field of their own.
    pub kept: Vec<(String, String)>,
    pub csv: String,
    pub xlsx: String,
    /// Whether the filter was understood; if not, it says what was not, and nothing is shown as an answer.
    pub is_understood: bool,
    pub heads: Heads,
    pub people: Vec<PersonLine>,
    pub pager: Pager,
    pub picking: Picking,
}

/// Heads of the columns that sort.
pub struct Heads {
    pub username: SortHead,
    pub name: SortHead,
    pub login: SortHead,
}

impl Heads {
    pub fn new(list: &Query, sort: Sort, lang: Lang) -> Self {
        let head = |by: By| sort.head(list, by, lang);
        Self { username: head(By::Username), name: head(By::Name), login: head(By::Login) }
    }
}

/// One account.
#[derive(Template)]
#[template(path = "directory/people/admin_person.html")]
pub struct PersonPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub person: Id,
    pub state: Chip,
    pub disabled: bool,
    pub facts: Vec<Fact>,
    pub form: FormView,
    pub roles: Vec<Choice>,
    pub has_factor: bool,
    pub passkeys: Vec<Passkey>,
    /// Whether it is one's own.
    pub own: bool,
}

/// Inviting somebody.
#[derive(Template)]
#[template(path = "directory/people/admin_invite.html")]
pub struct InvitePage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub form: FormView,
    pub roles: Vec<Choice>,
    pub languages: Vec<Choice>,
    /// Where mail is written when there is no mail server; empty: it is sent.
    pub folder: String,
}

/// One open invitation.
pub struct InvitationLine {
    pub id: Id,
    pub name: String,
    pub email: String,
    pub roles: String,
    pub sent: String,
    pub expires: String,
    pub state: Chip,
}

/// Open invitations.
#[derive(Template)]
#[template(path = "directory/people/admin_invitations.html")]
pub struct InvitationsPage {
    pub c: Chrome,
    pub tabs: Vec<Link>,
    pub invitations: Vec<InvitationLine>,
    pub pager: Pager,
}

/// One message or job in its list.
pub struct WorkLine {
    pub id: Id,
    pub name: String,
    /// For mail, the address with its middle hidden.
    pub to: String,
    pub created: String,
    pub finished: String,
    pub state: Chip,
    /// How far it is and of how much; nothing where a job does not say.
    pub progress: Option<(i64, i64)>,
    /// How much of what waited was done, in words, where a job takes a part at a time; empty: it is done with all of it, or
    /// under way.
    pub covered: String,
    pub attempts: String,
    /// When it is tried next; empty: it is not.
    pub next: String,
    /// What the server said, or what went wrong; empty: nothing.
    pub answer: String,
    /// Whether a message was written to a file, whose name the answer is, and went to no server.
    pub is_written: bool,
    pub can_retry: bool,
}

/// Messages.
#[derive(Template)]
#[template(path = "directory/people/admin_mail.html")]
pub struct MailPage {
    pub c: Chrome,
    /// How many failed; with none there is nothing to try again.
    pub failed: i64,
    pub folder: String,
    /// What the moment is called at which a message was sent, or written to a file.
    pub sent_at: String,
    pub filter: FormView,
    pub states: Vec<Choice>,
    pub templates: Vec<Choice>,
    pub active: Vec<ActiveFilter>,
    /// Whether all that was asked for was understood; else the list is not shown.
    pub is_understood: bool,
    pub lines: Vec<WorkLine>,
    pub pager: Pager,
}

/// Jobs.
#[derive(Template)]
#[template(path = "directory/people/admin_jobs.html")]
pub struct JobsPage {
    pub c: Chrome,
    /// How many failed, without those that send mail.
    pub failed: i64,
    pub filter: FormView,
    pub states: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub active: Vec<ActiveFilter>,
    /// Whether all that was asked for was understood; else the list is not shown.
    pub is_understood: bool,
    pub lines: Vec<WorkLine>,
    pub pager: Pager,
}

/// A setting: what it is, its value, where that comes from, and how it is set.
pub struct SettingLine {
    /// As the documentation calls it.
    pub name: &'static str,
    pub text: String,
    pub value: String,
    /// Flag, variable, file or default.
    pub whence: Chip,
    /// The very flag, variable or line of the file that it comes from; empty for the default.
    pub place: String,
    /// Every way to set it.
    pub ways: Vec<String>,
}

/// The settings.
#[derive(Template)]
#[template(path = "directory/people/admin_settings.html")]
pub struct SettingsPage {
    pub c: Chrome,
    /// Path of the settings file, and whether it is there.
    pub file: String,
    pub has_file: bool,
    pub settings: Vec<SettingLine>,
}

/// Facts under one heading.
pub struct StatusPanel {
    pub id: &'static str,
    pub title: String,
    pub state: Option<Chip>,
    pub facts: Vec<Fact>,
}

/// The machine.
#[derive(Template)]
#[template(path = "directory/people/admin_system.html")]
pub struct SystemPage {
    pub c: Chrome,
    /// Whether all that the program stands on answers, and in which words.
    pub is_up: bool,
    pub said: String,
    /// The panels that tell of something wrong, though all that the program stands on may answer.
    pub ill: Vec<Link>,
    pub panels: Vec<StatusPanel>,
    pub migrations: Vec<String>,
}
