//! What the administrator's pages show.

use askama::Template;

use crate::platform::{
    db::Id,
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{ActiveFilter, Chip, Choice, Fact, Link, Pager},
    },
};

/// One account in the list.
pub struct PersonLine {
    pub id: Id,
    pub username: String,
    pub name: String,
    pub roles: String,
    pub agency: String,
    pub last_login: String,
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
    pub agencies: Vec<Choice>,
    pub states: Vec<Choice>,
    pub active: Vec<ActiveFilter>,
    pub people: Vec<PersonLine>,
    pub pager: Pager,
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
    pub agencies: Vec<Choice>,
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
    pub progress: String,
    pub attempts: String,
    pub error: String,
    pub can_retry: bool,
}

/// Messages.
#[derive(Template)]
#[template(path = "directory/people/admin_mail.html")]
pub struct MailPage {
    pub c: Chrome,
    pub folder: String,
    pub filter: FormView,
    pub states: Vec<Choice>,
    pub templates: Vec<Choice>,
    pub active: Vec<ActiveFilter>,
    pub lines: Vec<WorkLine>,
    pub pager: Pager,
}

/// Jobs.
#[derive(Template)]
#[template(path = "directory/people/admin_jobs.html")]
pub struct JobsPage {
    pub c: Chrome,
    pub filter: FormView,
    pub states: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub active: Vec<ActiveFilter>,
    pub lines: Vec<WorkLine>,
    pub pager: Pager,
}

/// A setting with where it comes from.
pub struct SettingLine {
    pub name: &'static str,
    pub value: String,
    pub whence: String,
}

/// The machine.
#[derive(Template)]
#[template(path = "directory/people/admin_system.html")]
pub struct SystemPage {
    pub c: Chrome,
    pub facts: Vec<Fact>,
    pub settings: Vec<SettingLine>,
    pub migrations: Vec<String>,
}
