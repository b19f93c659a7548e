//! The form for forwarding a transfer to another agency.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    directory::{
        people::{Actor, ForAgency},
        reference::ReasonKind,
    },
    handover::{
        agency_case::actions as cases,
        deadline::{
            self,
            clocks::{Event, clocks},
        },
        delivery::{forwarding::Forwarding, recording::Recording},
        transfer::{
            actions::By,
            model::StepKind,
            pages::{Field, VerbPage},
            web::{
                Opened, Opening, frame, open_with, paper_day, paper_scan, read_day, read_moment, read_why,
                reason_choices, today,
            },
        },
    },
    platform::{
        db::{Connection, Id, Tx, schema::agency},
        error::Result,
        http::{
            reply::{html, see_other},
            view::Choice,
        },
        i18n::Lang,
        paths,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/forward")
            .route(web::get().to(forward_form))
            .route(web::post().to(forward)),
    );
}

/// Every living agency but the own one, to forward to.
fn targets(conn: &mut Connection, own: Id, lang: Lang, today: NaiveDate) -> Result<Vec<Choice>> {
    let rows: Vec<(Id, String, String)> = agency::table
        .filter(agency::id.ne(own))
        .filter(agency::valid_to.is_null().or(agency::valid_to.ge(today)))
        .order((agency::region_code, agency::name_zh))
        .select((agency::id, agency::name_zh, agency::name_en))
        .load(conn)?;
    Ok(rows.iter().map(|(id, zh, en)| Choice::new(id, lang.pick(zh, en))).collect())
}

async fn forward_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    opening: Opening,
) -> Result<VerbPage> {
    let (lang, today) = (me.lang, today(services));
    let Opened { row, agency, papers, more: (targets, runs) } =
        open_with(services, me, id, opening, move |conn, row, entry| {
            Ok(((targets(conn, row.agency_id, lang, today)?, found_already(conn, id)?), entry))
        })
        .await?;
    let choices = reason_choices(ReasonKind::Forward, &agency, today, lang);
    let found_at = Field::Moment { name: "found_at", hint: "transfer-field-found-at-hint" };
    Ok(VerbPage::new(frame(request, services, me, "forward"), &row, "forward", "transfer-do-forward")
        .fields([
            Field::Pick { name: "target", hint: "", choices: targets, need: true },
            Field::Radio { name: "code", hint: "", choices, need: true },
            Field::Text { name: "text", hint: "transfer-field-text-hint", need: false },
        ])
        .fields((!runs).then_some(found_at))
        .fields(paper_day(me))
        .fields(paper_scan(me, &papers, services.settings.time_zone))
        .danger())
}

/// Whether the time for forwarding runs already: then it is not asked when it began.
fn found_already(conn: &mut Connection, id: Id) -> Result<bool> {
    let started_by = |row: &deadline::DeadlineRow| {
        let clock = clocks().all().iter().find(|clock| clock.code == row.clock_code);
        clock.is_some_and(|clock| {
            clock.start_events.iter().any(|e| e == Event::NotOwnJurisdictionFound.as_str())
        })
    };
    let rows = deadline::of_transfer(conn, id)?;
    Ok(rows.iter().any(|row| row.stopped_at.is_none() && started_by(row)))
}

async fn forward_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let opening = Opening::new("forward", Some(StepKind::Forwarded));
    html(&forward_page(&services, &request, &me, path.into_inner(), opening).await?)
}

async fn forward(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    body: web::Payload,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let mut posted = Recording::read(&services, &me, &request, body).await?;
    let form = &mut posted.form;
    let target: Option<Id> = form.required_value("target", "error-unknown");
    let why = read_why(form);
    let found_at = read_moment(form, "found_at", &services);
    let day = read_day(form, &me, &services);
    let forwarding = target.map(|target| Forwarding { target, why, found_at });
    let step = move |tx: &mut Tx<'_>, me: &Actor, forwarding: Forwarding, by: By| {
        cases::forward(tx, me, id, &forwarding, &by.on(day))
    };
    let done = posted.act(&services, &me, id, forwarding, step).await;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=transfer-forward", paths::transfer(id)))),
        Err(error) => {
            let opening = Opening::again("forward", &error);
            forward_page(&services, &request, &me, id, opening).await?.again(&posted.form, error)
        }
    }
}
