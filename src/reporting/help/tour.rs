//! The tour: what the reader's role does in five minutes, step by step, each ticked once it is really done. Of whoever
//! writes or reviews leads it is one lead from its draft to the agency's answer.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{
    own::{self, Own},
    progress::{self, Case, Names, Way},
};
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
    /// Which agencies it still waits for, be it done for another one; empty: for none.
    pub waits: String,
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

/// The steps of one side or role, with what they go along with.
pub struct Side {
    pub id: &'static str,
    pub title: String,
    /// Whether they go along with a lead or a transfer.
    pub follows: bool,
    /// Its number and title; empty: there is none yet.
    pub about: String,
    /// Its page; empty: there is none yet.
    pub href: String,
    pub steps: Vec<TourStep>,
}

#[derive(Template)]
#[template(path = "reporting/tour.html")]
struct TourPage {
    c: Chrome,
    /// What a demo has to be told besides; empty: it is none.
    demo: String,
    /// What the steps are.
    intro: String,
    sides: Vec<Side>,
}

/// A step before it is put into words.
struct Raw {
    /// The last part of its messages.
    key: &'static str,
    role: Role,
    done: bool,
    href: String,
    waits: Vec<Names>,
}

impl Raw {
    fn new(key: &'static str, role: Role, done: bool, href: String) -> Self {
        Self { key, role, done, href, waits: Vec::new() }
    }

    fn waits_for(self, agencies: &[Names]) -> Self {
        Self { waits: agencies.to_vec(), ..self }
    }
}

fn lead_steps(me: &Actor, way: &Way) -> Vec<Raw> {
    use Role::{Approver, Compiler, Liaison};
    let lead = way.lead.as_ref().map(|(id, _, _)| *id);
    let at = |part: &str| lead.map_or_else(String::new, |id| format!("{}{part}", paths::lead(id)));
    let draft = if lead.is_some() { at("") } else { paths::NEW_LEAD.to_owned() };
    let review = way.review.map_or_else(|| paths::APPROVALS.to_owned(), paths::approval);
    let sealed = way.dossier.map_or_else(|| at(""), paths::dossier);
    let to_send = way.dossier.map_or_else(String::new, |id| format!("{}/new?dossier={id}", paths::TRANSFERS));
    let transfer = way.transfer.map_or_else(String::new, paths::transfer);
    let send = if transfer.is_empty() || !way.unsent.is_empty() { to_send } else { transfer.clone() };
    // Before anything was sent, whom it is for says nothing that the step does not.
    let unsent: &[Names] = if way.transfer.is_some() { &way.unsent[..] } else { &[] };
    vec![
        Raw::new("sign-in", Compiler, me.has(Compiler) || lead.is_some(), paths::ACCOUNT.to_owned()),
        Raw::new("draft", Compiler, lead.is_some(), draft),
        Raw::new("evidence", Compiler, way.has_evidence, at("/evidence#upload")),
        Raw::new(
            "compose",
            Compiler,
            way.is_composed,
            at(if way.is_composed { "" } else { "/dossiers/new" }),
        ),
        Raw::new("submit", Compiler, way.is_submitted, at("")),
        Raw::new("approve", Approver, way.is_approved, review),
        Raw::new("seal", Compiler, way.is_sealed, sealed),
        Raw::new("send", Compiler, way.transfer.is_some(), send).waits_for(unsent),
        Raw::new("acknowledge", Liaison, way.is_received, transfer.clone()).waits_for(&way.unsigned),
        Raw::new("answer", Liaison, way.is_decided, transfer).waits_for(&way.unanswered),
    ]
}

fn agency_steps(case: &Case) -> Vec<Raw> {
    use Role::{Compiler, Liaison};
    let transfer =
        case.transfer.as_ref().map_or_else(|| paths::TRANSFERS.to_owned(), |(id, _, _)| paths::transfer(*id));
    let dossier = case.dossier.map_or_else(|| transfer.clone(), paths::dossier);
    let page = case.case.map_or_else(|| paths::CASES.to_owned(), paths::case);
    vec![
        Raw::new("enter", Liaison, true, paths::ACCOUNT.to_owned()),
        Raw::new("arrive", Compiler, case.transfer.is_some(), transfer.clone()),
        Raw::new("receive", Liaison, case.is_received, transfer.clone()),
        Raw::new("download", Liaison, case.is_downloaded, dossier),
        Raw::new("decide", Liaison, case.is_decided, transfer.clone()),
        Raw::new("file", Liaison, case.is_filed, transfer),
        Raw::new("progress", Liaison, case.has_progress, page),
    ]
}

/// What those do who write no leads.
fn own_steps(me: &Actor, role: Role, own: &Own) -> Vec<Raw> {
    let step = |key, done, href: &str| Raw::new(key, role, done, href.to_owned());
    let did = |key, href| step(key, own.did(key), href);
    match role {
        Role::Manager => vec![
            did("follow", paths::TRANSFERS),
            did("transfer", paths::TRANSFERS),
            did("results", paths::OUTCOMES),
            did("report", paths::REPORTS),
        ],
        Role::Admin => vec![
            step("factor", me.has_second_factor, paths::ACCOUNT),
            step("agencies", own.there.agencies, "/agencies/new"),
            step("compiler", own.there.compilers, "/admin/people/invite"),
            step("approver", own.there.approvers, "/admin/people/invite"),
            did("mail", paths::ADMIN_SETUP),
        ],
        Role::Auditor => vec![
            did("log", paths::AUDIT),
            did("entry", paths::AUDIT),
            did("look", paths::LEADS),
            did("export", paths::AUDIT),
        ],
        Role::Compiler | Role::Approver | Role::Liaison => Vec::new(),
    }
}

/// Puts the steps into words: the first that is not done is the next one.
fn in_words(c: &Chrome, me: &Actor, raw: Vec<Raw>, accounts: &[(String, String)]) -> Vec<TourStep> {
    let next = raw.iter().position(|step| !step.done);
    let step = |(n, raw): (usize, Raw)| {
        let Raw { key, role, done, href, waits } = raw;
        let account = accounts.iter().find(|(known, _)| *known == role.as_str());
        let role_name = c.t(format!("role-{role}"));
        let waits: Vec<&str> = waits.iter().map(|(zh, en)| c.language.pick(zh, en)).collect();
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
            waits: if waits.is_empty() {
                String::new()
            } else {
                c.tv(&format!("tour-waits-{key}"), "agencies", waits.join(&c.language.comma()))
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

/// By which role the tour is called: of several that one has, the first in a lead's way.
fn called_by(me: &Actor) -> Role {
    use Role::{Admin, Approver, Auditor, Compiler, Liaison, Manager};
    let order = [Liaison, Compiler, Approver, Manager, Admin];
    order.into_iter().find(|role| me.has(*role)).unwrap_or(Auditor)
}

/// `GET /help/tour`
pub async fn page(me: Actor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let (actor, is_demo, now) = (me.clone(), services.is_demo, services.db.now());
    let leads = me.has_any(&[Role::Compiler, Role::Approver]);
    let (way, case, own, accounts) = services
        .db
        .read_snapshot(move |conn| {
            let accounts = if is_demo { progress::accounts(conn)? } else { Vec::new() };
            let way = if leads { progress::way(conn, &actor, is_demo)? } else { Way::default() };
            Ok((way, progress::case(conn, &actor)?, own::own(conn, &actor, now)?, accounts))
        })
        .await?;
    let lead = way.lead.iter().map(|(id, _, _)| *id);
    let transfer = case.transfer.iter().map(|(id, _, _)| *id);
    let entry = Entry::new("worklist.view").objects("lead", lead).objects("transfer", transfer);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let role = called_by(&me);
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, &format!("tour-title-{role}")));
    let side = |id: &'static str, follows, (about, href): (String, String), raw| Side {
        id,
        title: c.t(format!("tour-side-{id}")),
        follows,
        about,
        href,
        steps: in_words(&c, &me, raw, &accounts),
    };
    // A liaison takes the agency's part, who writes or reviews leads the platform's: neither may see the other's.
    let mut sides = Vec::new();
    if me.agency.is_some() {
        sides.push(side("agency", true, about(case.transfer.as_ref(), paths::transfer), agency_steps(&case)));
    } else if leads {
        sides.push(side("platform", true, about(way.lead.as_ref(), paths::lead), lead_steps(&me, &way)));
    }
    for role in [Role::Manager, Role::Admin, Role::Auditor].into_iter().filter(|role| me.has(*role)) {
        sides.push(side(role.as_str(), false, <(String, String)>::default(), own_steps(&me, role, &own)));
    }
    let demo = match role {
        _ if !is_demo => String::new(),
        Role::Compiler | Role::Approver => c.t("tour-demo"),
        Role::Liaison => c.t("tour-demo-agency"),
        Role::Manager | Role::Admin | Role::Auditor => c.t("tour-demo-house"),
    };
    html(&TourPage { demo, intro: c.t(format!("tour-about-{role}")), sides, c })
}
