//! The form for forwarding a transfer to another agency.

use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDate;

use super::read::{self, Target, Wanted};
use crate::{
    casework::lead::region::{self as regions, Fault},
    directory::{
        people::{Actor, ForAgency},
        reference::{ReasonKind, agency_types, region::stem, regions as reference},
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
            store::{self as transfers, TransferRow},
            web::{
                Opened, Opening, frame, open_with, paper_day, paper_part, paper_scan, read_day, read_moment,
                read_why, reason_choices, today,
            },
        },
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{FieldError, Result},
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
    wanted: Wanted,
    /// The region as it was written.
    region: String,
    /// What of the search was not understood: nothing passes for an answer to it.
    faults: Vec<FieldError>,
    /// Whether anything was looked for.
    is_search: bool,
}

impl Sought {
    fn read(form: &Form, today: NaiveDate) -> Self {
        let text = |name: &str| form.raw(name).trim().chars().take(100).collect::<String>();
        let region = text("find_region");
        let mut faults = Vec::new();
        let code = region_stem(&region, today).unwrap_or_else(|fault| {
            faults.push(fault);
            String::new()
        });
        let kind = text("find_type");
        if !kind.is_empty() && agency_types().in_force(today).all(|known| known.code != kind) {
            faults.push(FieldError::new("find_type", "error-unknown"));
        }
        let wanted = Wanted { q: text("q"), region: code, kind, chosen: form.raw("target").parse().ok() };
        let is_search =
            form.has("find") || !(wanted.q.is_empty() && region.is_empty() && wanted.kind.is_empty());
        Self { wanted, region, faults, is_search }
    }
}

/// The digits with which the codes of a region and everything in it begin.
fn region_stem(text: &str, today: NaiveDate) -> Result<String, FieldError> {
    if text.is_empty() {
        return Ok(String::new());
    }
    let code = regions::resolve(text, today, today).map_err(|fault| match fault {
        Fault::Ambiguous(_) => fault.of("find_region"),
        Fault::Unknown | Fault::Date => FieldError::new("find_region", "error-region-unknown"),
    })?;
    Ok(stem(&code).to_owned())
}

/// The digits with which the codes of an agency's own place begin: its city, or its province where it is one of the
/// province.
fn own_place(code: &str) -> &str {
    stem(code.get(..4).unwrap_or(code))
}

/// The agencies that are looked for, and whether there are more; before anything is, those of the own place. The one
/// that is chosen already stays among them.
fn targets(
    conn: &mut Connection,
    own: &TransferRow,
    sought: &Sought,
    lang: Lang,
    today: NaiveDate,
) -> Result<(Vec<Choice>, bool)> {
    let mut wanted = sought.wanted.clone();
    if !sought.is_search {
        let agency = transfers::agency_row(conn, own.agency_id)?;
        wanted.region = own_place(&agency.region_code).to_owned();
    }
    let most = i64::try_from(SHOWN + 1).unwrap_or(i64::MAX);
    let mut rows = if sought.faults.is_empty() {
        read::targets(conn, own.agency_id, &wanted, today, most)?
    } else {
        Vec::new()
    };
    let more = rows.len() > SHOWN || !sought.is_search;
    rows.truncate(SHOWN);
    if let Some(chosen) = wanted.chosen.filter(|id| rows.iter().all(|row| row.0 != *id)) {
        rows.extend(read::target(conn, own.agency_id, chosen)?);
    }
    let choice = |(id, zh, en, region): &Target| {
        let label = lang.pick(zh, en);
        Choice::new(id, format!("{label} · {}", reference().path(region, today, lang)))
    };
    Ok((rows.iter().map(choice).collect(), more))
}

/// The types of agencies there are today, for the search.
fn types(lang: Lang, today: NaiveDate) -> Vec<Choice> {
    agency_types().in_force(today).map(|kind| Choice::new(&kind.code, kind.name(lang))).collect()
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
    let faults = sought.faults.clone();
    let region = sought.region.clone();
    let Opened { row, agency, papers, hindrance, more: ((targets, more), runs) } =
        open_with(services, me, id, opening, move |conn, row, entry| {
            Ok(((targets(conn, row, &sought, lang, today)?, found_already(conn, id)?), entry))
        })
        .await?;
    let choices = reason_choices(ReasonKind::Forward, &agency, today, lang);
    let found_at = Field::Moment { name: "found_at", hint: "transfer-field-found-at-hint" };
    let mut page =
        VerbPage::new(frame(request, services, me, "forward"), &row, "forward", "transfer-do-forward")
            .beside(me, &agency)
            .fields([
                Field::Part { id: "part-target", label: "transfer-section-target" },
                Field::Line { name: "find_region", hint: "transfer-field-find-region-hint", need: false },
                Field::Pick { name: "find_type", hint: "", choices: types(lang, today), need: false },
                Field::Search { name: "q", more },
                Field::Pick { name: "target", hint: "", choices: targets, need: true },
                Field::Part { id: "part-reason", label: "transfer-section-reason" },
                Field::Radio { name: "code", hint: "", choices, need: true },
                Field::Text { name: "text", hint: "transfer-field-text-hint", need: false },
            ])
            .fields((!runs).then_some(found_at))
            .fields(paper_part(me))
            .fields(paper_day(me))
            .fields(paper_scan(me, &papers, services.settings.time_zone))
            .unless(hindrance)
            .danger();
    page.form = page.form.set("find_region", region);
    page.search_faults = faults;
    Ok(page)
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
    let sought = Sought::read(&posted.form, today(&services));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agency_of_a_province_has_the_province_for_its_own_place() {
        let places = [("330000", "33"), ("330100", "3301"), ("330106", "3301"), ("110000", "11"), ("", "")];
        for (code, own) in places {
            assert_eq!(own_place(code), own, "{code}");
        }
    }
}
