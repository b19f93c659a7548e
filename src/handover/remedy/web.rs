//! The forms of the remedy: of the notice, whose service either side records, of the decisions, which are the agency's and
//! recorded from its paper where nobody there can sign in, and of the accuser's own steps.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, NewStep},
    model::{Step, Verdict},
    store,
};
use crate::{
    directory::people::{Actor, ForAgency, Recorder},
    handover::{
        delivery::recording::Recording,
        transfer::{
            actions::{By, require_sender},
            pages::{Field, VerbPage},
            store::TransferRow,
            web::{Opened, Opening, act, frame, open_with, paper_scan, past_day},
        },
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result, refusal},
        http::{
            form::Form,
            layout::Chrome,
            reply::{html, see_other},
            view::Choice,
        },
        paths,
        services::Services,
        time::Tz,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/{step:remedy-served}")
            .route(web::get().to(for_agency_form))
            .route(web::post().to(of_either)),
    );
    cfg.service(
        web::resource("/transfers/{id}/{step:remedy-decided|remedy-review-decided}")
            .route(web::get().to(for_agency_form))
            .route(web::post().to(of_agency)),
    );
    cfg.service(
        web::resource("/transfers/{id}/{step:remedy-waived|remedy-review-waived}")
            .route(web::get().to(of_accuser_form))
            .route(web::post().to(of_accuser)),
    );
    cfg.service(
        web::resource("/transfers/{id}/{step:remedy-asked|remedy-review-asked}")
            .route(web::get().to(of_accuser_form))
            .route(web::post().to(of_accuser)),
    );
}

fn step_of(name: &str) -> Result<Step> {
    Step::of_page(name).ok_or(AppError::NotFound)
}

/// The transfer, and why this person does not record the step: of the platform as its sender, or an answer to an own
/// request; on a first look only where the step can be recorded.
async fn opened(
    services: &Services,
    me: &Actor,
    id: Id,
    (step, opening, is_first): (Step, Opening, bool),
) -> Result<Opened<Option<&'static str>>> {
    let actor = me.clone();
    open_with(services, me, id, opening, move |conn, row, entry| {
        if !is_first {
            return Ok((None, entry));
        }
        let remedy = store::of_row(conn, row)?.ok_or(AppError::Conflict("conflict-remedy-none"))?;
        remedy.allows(step).map_err(AppError::Conflict)?;
        let hindrance = if step.is_agencys() {
            remedy.is_asked_by(actor.id).then_some(actions::SAME_PERSON)
        } else {
            not_theirs(conn, row, &actor)?
        };
        Ok((hindrance, entry))
    })
    .await
}

/// As [`actions::record`] refuses it.
fn not_theirs(conn: &mut Connection, row: &TransferRow, me: &Actor) -> Result<Option<&'static str>> {
    if me.agency.is_some() { Ok(None) } else { refusal(require_sender(conn, row, me)) }
}

fn page(c: Chrome, me: &Actor, opened: &Opened<Option<&'static str>>, (step, zone): (Step, Tz)) -> VerbPage {
    // Against what was decided on a review there is no further one.
    let last = |verdict: Verdict| step == Step::ReviewDecided && verdict == Verdict::Upheld;
    let verdict = |verdict: &Verdict| {
        let hint: String = if last(*verdict) {
            "remedy-verdict-upheld-last-hint".into()
        } else {
            format!("remedy-verdict-{verdict}-hint")
        };
        Choice::new(verdict, c.t(format!("remedy-verdict-{verdict}"))).hint(c.t(hint))
    };
    let choices: Vec<Choice> = Verdict::ALL.iter().map(verdict).collect();
    let mut fields = Vec::new();
    if step.has_verdict() {
        fields.push(Field::Radio { name: "verdict", hint: "", choices, need: true });
    }
    if step.is_waiver() {
        fields.push(Field::Day { name: "on", hint: "transfer-field-remedy-waived-on-hint", need: true });
        fields.push(Field::Text { name: "text", hint: "transfer-field-remedy-text-hint", need: false });
    } else {
        fields.push(Field::Day { name: "on", hint: "transfer-field-remedy-on-hint", need: true });
        let hint = "transfer-field-paper-number-hint";
        fields.push(Field::Line { name: "paper_number", hint, need: false });
    }
    let page = VerbPage::new(c, &opened.row, step.page(), "transfer-do-remedy")
        .beside(me, &opened.agency)
        .fields(fields);
    if !step.is_agencys() {
        return page.unless(opened.more);
    }
    page.fields(paper_scan(me, &opened.papers, zone)).unless(opened.hindrance.or(opened.more))
}

async fn form(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    (id, name): (Id, String),
) -> Result<HttpResponse> {
    let step = step_of(&name)?;
    let opening = Opening::new(step.page(), None);
    let opened = opened(services, me, id, (step, opening, true)).await?;
    let zone = services.settings.time_zone;
    html(&page(frame(request, services, me, step.page()), me, &opened, (step, zone)))
}

fn read(form: &mut Form, step: Step, services: &Services) -> Option<NewStep> {
    let verdict = if step.has_verdict() { form.choice("verdict", Verdict::WORDS) } else { None };
    let verdict = verdict.and_then(|word| word.parse::<Verdict>().ok());
    let on = past_day(form, "on", services);
    let number = if step.is_waiver() { String::new() } else { form.text("paper_number", 100) };
    let text = if step.is_waiver() { form.text("text", 2000) } else { String::new() };
    Some(NewStep { step, on: on?, number, verdict, text })
}

async fn record(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    (id, name): (Id, String),
    mut form: Form,
) -> Result<HttpResponse> {
    let step = step_of(&name)?;
    let new = read(&mut form, step, services);
    let zone = services.settings.time_zone;
    let done = act(services, me, &form, new, move |tx, me, new| {
        let by = By::sender(me, tx.now(), zone);
        actions::record(tx, me, id, &new, &by)
    })
    .await;
    answer(services, request, me, (id, step), &form, done).await
}

/// Back to the transfer, or the form again with what is wrong.
async fn answer(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    (id, step): (Id, Step),
    form: &Form,
    done: Result<()>,
) -> Result<HttpResponse> {
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=transfer-remedy", paths::transfer(id)))),
        Err(error) => {
            let opening = Opening::again(step.page(), &error);
            let opened = opened(services, me, id, (step, opening, false)).await?;
            let zone = services.settings.time_zone;
            page(frame(request, services, me, step.page()), me, &opened, (step, zone)).again(form, error)
        }
    }
}

/// Of the notice, for either side, and of the decisions, for the agency or from its paper.
async fn for_agency_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, String)>,
) -> Result<HttpResponse> {
    form(&services, &request, &me, path.into_inner()).await
}

async fn of_either(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, String)>,
    form: Form,
) -> Result<HttpResponse> {
    record(&services, &request, &me, path.into_inner(), form).await
}

async fn of_agency(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, String)>,
    body: web::Payload,
) -> Result<HttpResponse> {
    let (id, name) = path.into_inner();
    let step = step_of(&name)?;
    let mut posted = Recording::read(&services, &me, &request, body).await?;
    let new = read(&mut posted.form, step, &services);
    let record =
        move |tx: &mut Tx<'_>, me: &Actor, new: NewStep, by: By| actions::record(tx, me, id, &new, &by);
    let done = posted.act(&services, &me, id, new, record).await;
    answer(&services, &request, &me, (id, step), &posted.form, done).await
}

async fn of_accuser_form(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, String)>,
) -> Result<HttpResponse> {
    form(&services, &request, &me, path.into_inner()).await
}

async fn of_accuser(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, String)>,
    form: Form,
) -> Result<HttpResponse> {
    record(&services, &request, &me, path.into_inner(), form).await
}
