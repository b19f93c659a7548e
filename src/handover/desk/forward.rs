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
    holds,
    platform::{
        db::{Connection, Id, Tx, schema::agency},
        error::Result,
        http::{
            form::Form,
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

/// So many agencies are offered at once.
const SHOWN: usize = 50;

/// What was asked for and chosen in the form so far.
#[derive(Clone, Debug, Default)]
struct Sought {
    q: String,
    target: Option<Id>,
}

impl Sought {
    fn read(form: &Form) -> Self {
        Self { q: form.raw("q").chars().take(100).collect(), target: form.raw("target").parse().ok() }
    }
}

/// Living agencies but the own one whose name or code holds what was asked for, and whether there are more; the one that
/// is chosen already stays among them.
fn targets(
    conn: &mut Connection,
    own: Id,
    sought: &Sought,
    lang: Lang,
    today: NaiveDate,
) -> Result<(Vec<Choice>, bool)> {
    let q = &sought.q;
    let named = holds!(agency::name_zh, q).or(holds!(agency::name_en, q)).or(holds!(agency::code, q));
    let living = agency::valid_to.is_null().or(agency::valid_to.ge(today));
    let mut rows: Vec<(Id, String, String)> = agency::table
        .filter(agency::id.ne(own))
        .filter(living)
        .filter(named)
        .order((agency::region_code, agency::name_zh))
        .limit(i64::try_from(SHOWN + 1).unwrap_or(i64::MAX))
        .select((agency::id, agency::name_zh, agency::name_en))
        .load(conn)?;
    let more = rows.len() > SHOWN;
    rows.truncate(SHOWN);
    if let Some(chosen) = sought.target.filter(|id| rows.iter().all(|row| row.0 != *id)) {
        let chosen = agency::table.filter(agency::id.eq(chosen)).filter(agency::id.ne(own)).select((
            agency::id,
            agency::name_zh,
            agency::name_en,
        ));
        rows.extend(chosen.load::<(Id, String, String)>(conn)?);
    }
    Ok((rows.iter().map(|(id, zh, en)| Choice::new(id, lang.pick(zh, en))).collect(), more))
}

async fn forward_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    opening: Opening,
    sought: Sought,
) -> Result<VerbPage> {
    let (lang, today) = (me.lang, today(services));
    let Opened { row, agency, papers, more: ((targets, more), runs) } =
        open_with(services, me, id, opening, move |conn, row, entry| {
            Ok(((targets(conn, row.agency_id, &sought, lang, today)?, found_already(conn, id)?), entry))
        })
        .await?;
    let choices = reason_choices(ReasonKind::Forward, &agency, today, lang);
    let found_at = Field::Moment { name: "found_at", hint: "transfer-field-found-at-hint" };
    Ok(VerbPage::new(frame(request, services, me, "forward"), &row, "forward", "transfer-do-forward")
        .fields([
            Field::Search { name: "q", more },
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
    let sought = Sought::default();
    html(&forward_page(&services, &request, &me, path.into_inner(), opening, sought).await?)
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
    let sought = Sought::read(&posted.form);
    if let Some(form) = posted.search(&services).await {
        let opening = Opening::new("forward", Some(StepKind::Forwarded));
        return forward_page(&services, &request, &me, id, opening, sought).await?.found(form);
    }
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
            forward_page(&services, &request, &me, id, opening, sought).await?.again(&posted.form, error)
        }
    }
}
