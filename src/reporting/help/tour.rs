//! The tour: one lead from its draft to the agency's answer, step by step, each ticked once it is really done.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::progress::{self, Case, Way};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, Role, session},
    platform::{
        db::Id,
        error::Result,
        http::{html, layout::Chrome, view::StepState},
        i18n, paths,
        services::Services,
    },
};

/// One step.
#[derive(Clone, Debug)]
pub struct TourStep {
    pub title: String,
    pub text: String,
    /// Whose it is: the role, and in a demo the account.
    pub who: String,
    pub state: StepState,
    /// Where it is done; empty: not by the reader, or nothing is there yet.
    pub href: String,
}

impl TourStep {
    fn class(&self) -> &'static str {
        match self.state {
            StepState::Done => "tour-done",
            StepState::Current => "tour-next",
            _ => "tour-todo",
        }
    }
}

/// The steps of one side, with what they go along with.
pub struct Side {
    pub id: &'static str,
    pub title: String,
    /// Number and title of the lead or transfer; empty: there is none yet.
    pub about: String,
    /// Its page; empty: there is none yet.
    pub href: String,
    pub steps: Vec<TourStep>,
}

#[derive(Template)]
#[template(path = "reporting/tour.html")]
struct TourPage {
    c: Chrome,
    is_demo: bool,
    /// What the steps are.
    intro: String,
    sides: Vec<Side>,
}

/// A step before it is put into words: the last part of its messages, whose it is, whether it is done, and where.
type Raw = (&'static str, Role, bool, String);

fn lead_steps(me: &Actor, way: &Way) -> Vec<Raw> {
    use Role::{Approver, Compiler, Liaison};
    let lead = way.lead.as_ref().map(|(id, _, _)| *id);
    let at = |part: &str| lead.map_or_else(String::new, |id| format!("{}{part}", paths::lead(id)));
    let draft = if lead.is_some() { at("") } else { paths::NEW_LEAD.to_owned() };
    let review = way.review.map_or_else(|| paths::APPROVALS.to_owned(), paths::approval);
    let sealed = way.dossier.map_or_else(String::new, paths::dossier);
    let send = way.dossier.map_or_else(String::new, |id| format!("{}/new?dossier={id}", paths::TRANSFERS));
    let transfer = way.transfer.map_or_else(String::new, paths::transfer);
    vec![
        ("sign-in", Compiler, me.has(Compiler) || lead.is_some(), paths::ACCOUNT.to_owned()),
        ("draft", Compiler, lead.is_some(), draft),
        ("evidence", Compiler, way.has_evidence, at("/evidence#upload")),
        ("compose", Compiler, way.is_composed, at(if way.is_composed { "" } else { "/dossiers/new" })),
        ("submit", Compiler, way.is_submitted, at("")),
        ("approve", Approver, way.is_approved, review),
        ("seal", Compiler, way.is_sealed, if sealed.is_empty() { at("") } else { sealed }),
        ("send", Compiler, way.transfer.is_some(), if transfer.is_empty() { send } else { transfer.clone() }),
        ("acknowledge", Liaison, way.is_received, transfer.clone()),
        ("answer", Liaison, way.is_decided, transfer),
    ]
}

fn agency_steps(case: &Case) -> Vec<Raw> {
    use Role::{Compiler, Liaison};
    let transfer =
        case.transfer.as_ref().map_or_else(|| paths::TRANSFERS.to_owned(), |(id, _, _)| paths::transfer(*id));
    let dossier = case.dossier.map_or_else(|| transfer.clone(), paths::dossier);
    let page = case.case.map_or_else(|| paths::CASES.to_owned(), paths::case);
    vec![
        ("enter", Liaison, true, paths::ACCOUNT.to_owned()),
        ("arrive", Compiler, case.transfer.is_some(), transfer.clone()),
        ("receive", Liaison, case.is_received, transfer.clone()),
        ("download", Liaison, case.is_downloaded, dossier),
        ("decide", Liaison, case.is_decided, transfer.clone()),
        ("file", Liaison, case.is_filed, transfer),
        ("progress", Liaison, case.has_progress, page),
    ]
}

/// Puts the steps into words: the first that is not done is the next one.
fn in_words(c: &Chrome, me: &Actor, raw: Vec<Raw>, accounts: &[(String, String)]) -> Vec<TourStep> {
    let next = raw.iter().position(|(_, _, done, _)| !done);
    let step = |(n, (key, role, done, href)): (usize, Raw)| {
        let account = accounts.iter().find(|(known, _)| *known == role.as_str());
        let role_name = c.t(format!("role-{role}"));
        TourStep {
            title: c.t(format!("tour-{key}")),
            text: c.t(format!("tour-{key}-text")),
            who: match account {
                Some((_, name)) => c.ta("tour-by-account", &[("role", &role_name), ("account", name)]),
                None => role_name,
            },
            state: match next {
                _ if done => StepState::Done,
                Some(next) if next == n => StepState::Current,
                _ => StepState::Todo,
            },
            // The page of somebody else's step may not be the reader's to see.
            href: if me.has(role) { href } else { String::new() },
        }
    };
    raw.into_iter().enumerate().map(step).collect()
}

/// What the steps go along with, and its page.
fn about(found: Option<&(Id, String, String)>, page: fn(Id) -> String) -> (String, String) {
    found.map(|(id, number, title)| (format!("{number} · {title}"), page(*id))).unwrap_or_default()
}

/// `GET /help/tour`
pub async fn page(me: Actor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let (actor, is_demo) = (me.clone(), services.is_demo);
    let (way, case, accounts) = services
        .db
        .read_snapshot(move |conn| {
            let accounts = if is_demo { progress::accounts(conn)? } else { Vec::new() };
            Ok((progress::way(conn, &actor, is_demo)?, progress::case(conn, &actor)?, accounts))
        })
        .await?;
    let lead = way.lead.iter().map(|(id, _, _)| *id);
    let transfer = case.transfer.iter().map(|(id, _, _)| *id);
    let entry = Entry::new("worklist.view").objects("lead", lead).objects("transfer", transfer);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let (title, intro) = match me.agency {
        Some(_) => ("tour-title-agency", "tour-about-agency"),
        None => ("tour-title", "tour-about"),
    };
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, title));
    let side = |id: &'static str, (about, href): (String, String), raw| Side {
        id,
        title: c.t(format!("tour-side-{id}")),
        about,
        href,
        steps: in_words(&c, &me, raw, &accounts),
    };
    // A liaison takes the agency's part, everybody else the platform's: neither may see the other's.
    let sides = if me.agency.is_some() {
        vec![side("agency", about(case.transfer.as_ref(), paths::transfer), agency_steps(&case))]
    } else {
        vec![side("platform", about(way.lead.as_ref(), paths::lead), lead_steps(&me, &way))]
    };
    html(&TourPage { is_demo, intro: c.t(intro), sides, c })
}
