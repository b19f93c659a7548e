//! The guide: what each role does in short and in full, the words of the product, and a tour that ticks what was really
//! done. And the page of components, for those who build pages.

mod glossary;
mod guide;
mod own;
pub mod progress;
mod tour;

mod keys;

mod states;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use crate::{
    directory::people::{Actor, Admin, Role, session},
    platform::{
        error::Result,
        http::{assets, components::ComponentsPage, html, layout::Chrome, view::Link},
        i18n, keyring, paths,
        services::Services,
    },
};

pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route(paths::HELP, web::get().to(overview))
        .route(paths::GLOSSARY, web::get().to(glossary::page))
        .route(paths::TOUR, web::get().to(tour::page))
        .route("/help/keys", web::get().to(keys::keys))
        .route("/help/{guide}", web::get().to(guide::page))
        .route(paths::VERIFY, web::get().to(verify))
        .route("/admin/components", web::get().to(components));
}

/// What the page's script can say; the message is `verify-page-<word>`. It fills in `{file}` and the like.
const WORDS: [&str; 29] = [
    "state-whole",
    "state-faulty",
    "state-unreadable",
    "state-failed",
    "fault-hash",
    "fault-missing",
    "fault-extra",
    "fault-form",
    "fault-seal",
    "fault-folder",
    "fault-signature",
    "more",
    "checked",
    "files",
    "signature-good",
    "signature-good-ours",
    "signature-other",
    "signature-false",
    "signature-cannot",
    "left",
    "stamps",
    "witnesses",
    "says",
    "seal",
    "manifest",
    "name-field",
    "choose",
    "key-unread",
    "running",
];

/// How anybody checks a sealed package without trusting us: here or by the command, and the public keys so far.
#[derive(Template)]
#[template(path = "reporting/verify.html")]
struct VerifyPage {
    c: Chrome,
    keys: Vec<String>,
    /// Name of a word and its text.
    words: Vec<(&'static str, String)>,
    script: &'static str,
    worker: &'static str,
    /// In which the script writes the time of the seal.
    zone: &'static str,
}

impl VerifyPage {
    /// All keys, a line each.
    fn all_keys(&self) -> String {
        self.keys.join("\n")
    }
}

/// `GET /verify`: public.
async fn verify(services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let known = services.db.read(keyring::known).await?;
    let c = session::for_all(&request, "verify-page-title").await?;
    let words = WORDS.map(|word| (word, c.t(format!("verify-page-{word}")))).to_vec();
    let (script, worker) = assets::verify_urls();
    let keys = known.into_iter().map(|key| key.public_text).collect();
    let zone = services.settings.time_zone.name();
    html(&VerifyPage { c, keys, words, script, worker, zone })
}

/// Where each step of a role's guide is done; the text is the message `help-<role>-<n>`. Empty: nowhere of its own.
const GUIDES: [(Role, &[&str]); 6] = [
    (
        Role::Compiler,
        &[paths::NEW_LEAD, paths::LEADS, paths::LEADS, paths::LEADS, paths::TRANSFERS, paths::OUTCOMES],
    ),
    (Role::Approver, &[paths::APPROVALS, "", "", ""]),
    (Role::Manager, &[paths::TRANSFERS, paths::OUTCOMES, paths::REPORTS, paths::AUDIT]),
    (Role::Liaison, &[paths::TRANSFERS, "", paths::VERIFY, "", paths::CASES, paths::OUTCOMES]),
    (Role::Admin, &[paths::ADMIN_PEOPLE, paths::AGENCIES, paths::ADMIN_MAIL, paths::ADMIN_JOBS]),
    (Role::Auditor, &[paths::AUDIT, paths::AUDIT, "/api/v1/audit/checkpoint", paths::LEADS]),
];

/// A role's guide.
struct Guide {
    id: &'static str,
    title: String,
    /// The whole of it.
    href: String,
    /// Text, and the page where it is done.
    steps: Vec<Link>,
}

#[derive(Template)]
#[template(path = "reporting/help.html")]
struct HelpPage {
    c: Chrome,
    guides: Vec<Guide>,
}

/// A link stands only in the guides of the reader's own roles: the pages of the others are not for him to see.
fn guide_of(c: &Chrome, me: &Actor, role: Role, places: &[&'static str]) -> Guide {
    let href = |href: &'static str| if me.has(role) { href } else { "" };
    let steps = (1..).zip(places).map(|(n, place)| Link::new(c.t(format!("help-{role}-{n}")), href(place)));
    Guide {
        id: role.as_str(),
        title: c.t(format!("role-{role}")),
        href: format!("{}/{role}", paths::HELP),
        steps: steps.collect(),
    }
}

/// `GET /help`: the reader's own roles first.
async fn overview(me: Actor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "help-title"));
    let (own, other): (Vec<_>, Vec<_>) = GUIDES.into_iter().partition(|(role, _)| me.has(*role));
    let guides = own.into_iter().chain(other).map(|(role, places)| guide_of(&c, &me, role, places)).collect();
    html(&HelpPage { c, guides })
}

/// `GET /admin/components`
async fn components(me: Admin, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "nav-components"));
    html(&ComponentsPage::new(c, states::all(me.lang)))
}
