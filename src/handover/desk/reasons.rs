//! The forms of the verbs that give a reason: refuse, return, not file, ask for a supplement.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::{
    directory::{
        people::{Actor, ForAgency},
        reference::ReasonKind,
    },
    handover::{
        agency_case::actions as cases,
        delivery::recording::Recording,
        transfer::{
            actions::{self as transfer, By, Why},
            model::StepKind,
            pages::{Field, VerbPage},
            web::{
                Opened, Opening, frame, open, paper_day, paper_scan, read_day, read_why, reason_choices,
                today,
            },
        },
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        http::{
            layout::Chrome,
            reply::{html, see_other},
        },
        paths,
        services::Services,
    },
};

type Act = fn(&mut Tx<'_>, &Actor, Id, &Why, &By) -> Result<()>;

/// A verb that gives a reason.
struct Reasoned {
    /// In the address, and in the keys of its messages.
    name: &'static str,
    kind: StepKind,
    reasons: ReasonKind,
    act: Act,
    save: &'static str,
}

const REASONED: [Reasoned; 4] = [
    Reasoned {
        name: "refuse",
        kind: StepKind::NotAccepted,
        reasons: ReasonKind::Refuse,
        act: transfer::refuse,
        save: "transfer-do-refuse",
    },
    Reasoned {
        name: "return",
        kind: StepKind::Returned,
        reasons: ReasonKind::Return,
        act: cases::give_back,
        save: "transfer-do-return",
    },
    Reasoned {
        name: "not-file",
        kind: StepKind::NotFiled,
        reasons: ReasonKind::NotFiled,
        act: cases::not_file,
        save: "transfer-do-not-file",
    },
    Reasoned {
        name: "supplement",
        kind: StepKind::SupplementRequested,
        reasons: ReasonKind::Request,
        act: transfer::ask_supplement,
        save: "transfer-do-supplement",
    },
];

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/{verb:refuse|return|not-file|supplement}")
            .route(web::get().to(reasoned_form))
            .route(web::post().to(reasoned)),
    );
}

fn verb_of(name: &str) -> Result<&'static Reasoned> {
    REASONED.iter().find(|verb| verb.name == name).ok_or(AppError::NotFound)
}

fn reasoned_page(
    c: Chrome,
    me: &Actor,
    opened: &Opened<()>,
    verb: &Reasoned,
    services: &Services,
) -> VerbPage {
    let choices = reason_choices(verb.reasons, &opened.agency, today(services), me.lang);
    let page = VerbPage::new(c, &opened.row, verb.name, verb.save)
        .beside(me, &opened.agency)
        .fields([
            Field::Radio { name: "code", hint: "", choices, need: true },
            Field::Text { name: "text", hint: "transfer-field-text-hint", need: false },
        ])
        .fields(paper_day(me))
        .fields(paper_scan(me, &opened.papers, services.settings.time_zone))
        .unless(opened.hindrance);
    if verb.kind == StepKind::SupplementRequested { page } else { page.danger() }
}

async fn reasoned_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, String)>,
) -> Result<HttpResponse> {
    let (id, name) = path.into_inner();
    let verb = verb_of(&name)?;
    let opened = open(&services, &me, id, Opening::new(verb.name, Some(verb.kind))).await?;
    let c = frame(&request, &services, &me, verb.name);
    html(&reasoned_page(c, &me, &opened, verb, &services))
}

async fn reasoned(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, String)>,
    body: web::Payload,
) -> Result<HttpResponse> {
    let (id, name) = path.into_inner();
    let verb = verb_of(&name)?;
    let mut posted = Recording::read(&services, &me, &request, body).await?;
    let why = read_why(&mut posted.form);
    let day = read_day(&mut posted.form, &me, &services);
    let step = move |tx: &mut Tx<'_>, me: &Actor, why: Why, by: By| (verb.act)(tx, me, id, &why, &by.on(day));
    let done = posted.act(&services, &me, id, Some(why), step).await;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=transfer-{}", paths::transfer(id), verb.name))),
        Err(error) => {
            let opened = open(&services, &me, id, Opening::again(verb.name, &error)).await?;
            let c = frame(&request, &services, &me, verb.name);
            reasoned_page(c, &me, &opened, verb, &services).again(&posted.form, error)
        }
    }
}
