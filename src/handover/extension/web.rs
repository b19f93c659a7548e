//! The forms of the two verbs.

use actix_web::{HttpRequest, HttpResponse, web};

use super::actions::{self, Approved};
use crate::{
    directory::people::{Actor, ForAgency},
    handover::{
        deadline::{
            self, DeadlineRow,
            extend::{self, Ground, Stated, Ways},
        },
        delivery::recording::Recording,
        transfer::{
            actions::By,
            model::StepKind,
            pages::{Field, VerbPage, trail_for},
            web::{
                Opened, Opening, frame, open, open_with, paper_day, paper_scan, past_day, read_day,
                read_moment, today,
            },
        },
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, Result},
        http::{
            form::Form,
            form_view::FormView,
            layout::Chrome,
            reply::{html, see_other},
            view::Choice,
        },
        paths,
        services::Services,
        time::{self, Tz},
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/transfers/{id}/deadlines/{deadline}/extend")
            .route(web::get().to(extend_form))
            .route(web::post().to(extend)),
    );
    cfg.service(
        web::resource("/transfers/{id}/not-ours")
            .route(web::get().to(not_ours_form))
            .route(web::post().to(not_ours)),
    );
}

/// The ground's word for a stated day.
const STATED: &str = "stated";

fn grounds(c: &Chrome, ways: &Ways, zone: Tz) -> Vec<Choice> {
    let lang = c.language;
    let mut choices: Vec<Choice> = ways
        .clocks
        .iter()
        .map(|(clock, due)| {
            let until = time::format_instant(due.at, zone, lang);
            let label = c.ta("deadline-extend-to", &[("name", clock.name(lang)), ("until", &until)]);
            Choice::new(&clock.code, label).hint(clock.citation(lang))
        })
        .collect();
    let hint = match ways.stated {
        Stated::No => return choices,
        Stated::UpTo(last) => c.tv("deadline-extend-up-to", "last", time::format_date(last, lang)),
        Stated::Open => c.t("deadline-extend-stated-hint"),
    };
    choices.push(Choice::new(STATED, c.t("deadline-extend-stated")).hint(hint));
    choices
}

type Extending = Opened<(DeadlineRow, Ways)>;

async fn opened(
    services: &Services,
    me: &Actor,
    (id, deadline_id): (Id, Id),
    opening: Opening,
    needs_ways: bool,
) -> Result<Extending> {
    let (today, zone) = (today(services), services.settings.time_zone);
    open_with(services, me, id, opening, move |conn, row, entry| {
        let clock = deadline::find(conn, deadline_id)?;
        if clock.transfer_id != row.id {
            return Err(AppError::NotFound);
        }
        let extensions = deadline::extensions(conn, row.id)?;
        let ways = extend::ways(&clock, &extensions, today, zone);
        if needs_ways && ways.is_empty() && extend::is_used_up(&clock, &extensions) {
            return Err(AppError::Conflict("conflict-deadline-extended-once"));
        }
        if needs_ways && ways.is_empty() {
            return Err(AppError::Conflict("conflict-deadline-not-extendable"));
        }
        Ok(((clock, ways), entry))
    })
    .await
}

fn extend_page(c: Chrome, me: &Actor, opened: &Extending, services: &Services) -> VerbPage {
    let (clock, ways) = &opened.more;
    let (zone, back) = (services.settings.time_zone, paths::transfer(opened.row.id));
    let name = deadline::name(&clock.clock_code, time::day_of(clock.started_at, zone), c.language);
    let due = time::format_instant(clock.due_at, zone, c.language);
    let explain = c.ta("deadline-extend-explain", &[("name", &name), ("due", &due)]);
    let trail = trail_for(&c, &opened.row);
    let choices = grounds(&c, ways, zone);
    let mut form = FormView::new("transfer-field-").set("approved_on", today(services).to_string());
    if let [only] = choices.as_slice() {
        form = form.set("ground", only.value.clone());
    }
    let mut fields = vec![Field::Radio { name: "ground", hint: "", choices, need: true }];
    if ways.stated != Stated::No {
        fields.push(Field::Day { name: "until", hint: "transfer-field-until-hint", need: false });
        fields.push(Field::Line { name: "law", hint: "transfer-field-law-hint", need: false });
    }
    fields.push(Field::Day { name: "approved_on", hint: "transfer-field-approved-on-hint", need: true });
    fields.push(Field::Text { name: "reason", hint: "", need: true });
    let action = format!("{back}/deadlines/{}/extend", clock.id);
    let mut page = VerbPage::at(c, trail, &action, explain, "deadline-do-extend")
        .beside(me, &opened.agency)
        .fields(fields)
        .fields(paper_scan(me, &opened.papers, zone))
        .unless(opened.hindrance);
    page.form = form;
    page
}

async fn extend_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let opened = opened(&services, &me, path.into_inner(), Opening::new("extend", None), true).await?;
    html(&extend_page(frame(&request, &services, &me, "extend"), &me, &opened, &services))
}

fn read_approved(form: &mut Form, services: &Services) -> Option<Approved> {
    let on = past_day(form, "approved_on", services);
    let reason = form.required("reason", 2000);
    let ground = form.required("ground", 40);
    let ground = if ground == STATED {
        let (until, law) = (form.required_date("until"), form.required("law", 300));
        until.map(|until| Ground::Stated { until, law })
    } else {
        Some(Ground::Clock(ground))
    };
    Some(Approved { ground: ground?, on: on?, reason })
}

async fn extend(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
    body: web::Payload,
) -> Result<HttpResponse> {
    let (id, deadline_id) = path.into_inner();
    let paper = me.agency.is_none();
    let mut posted = Recording::read(&services, &me, &request, body).await?;
    let approved = read_approved(&mut posted.form, &services);
    let step = move |tx: &mut Tx<'_>, me: &Actor, approved: Approved, by: By| {
        let by = by.on(paper.then_some(approved.on));
        actions::extend(tx, me, id, deadline_id, &approved, &by)
    };
    let done = posted.act(&services, &me, id, approved, step).await;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=transfer-extend", paths::transfer(id)))),
        Err(error) => {
            let opened =
                opened(&services, &me, (id, deadline_id), Opening::again("extend", &error), false).await?;
            let mut page = extend_page(frame(&request, &services, &me, "extend"), &me, &opened, &services);
            page.form = FormView::new("transfer-field-");
            page.again(&posted.form, error)
        }
    }
}

fn not_ours_page(c: Chrome, me: &Actor, opened: &Opened<()>, zone: Tz) -> VerbPage {
    VerbPage::new(c, &opened.row, "not-ours", "transfer-do-not-ours")
        .beside(me, &opened.agency)
        .fields([
            Field::Moment { name: "found_at", hint: "transfer-field-found-at-now-hint" },
            Field::Text { name: "text", hint: "", need: false },
        ])
        .fields(paper_day(me))
        .fields(paper_scan(me, &opened.papers, zone))
        .unless(opened.hindrance)
}

async fn not_ours_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let (zone, now) = (services.settings.time_zone, services.db.now());
    let opening = Opening::new("not-ours", Some(StepKind::Forwarded));
    let opened = open_with(&services, &me, path.into_inner(), opening, move |conn, row, entry| {
        actions::can_be_found_not_ours(conn, row, now, zone)?;
        Ok(((), entry))
    })
    .await?;
    html(&not_ours_page(frame(&request, &services, &me, "not-ours"), &me, &opened, zone))
}

async fn not_ours(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    body: web::Payload,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let mut posted = Recording::read(&services, &me, &request, body).await?;
    let form = &mut posted.form;
    let found_at = read_moment(form, "found_at", &services);
    let text = form.text("text", 4000);
    let day = read_day(form, &me, &services);
    let step = move |tx: &mut Tx<'_>, me: &Actor, text: String, by: By| {
        let by = by.on(day);
        actions::find_not_ours(tx, me, id, found_at.unwrap_or(by.at), &text, &by)
    };
    let done = posted.act(&services, &me, id, Some(text), step).await;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=transfer-not-ours", paths::transfer(id)))),
        Err(error) => {
            let opened = open(&services, &me, id, Opening::again("not-ours", &error)).await?;
            let zone = services.settings.time_zone;
            not_ours_page(frame(&request, &services, &me, "not-ours"), &me, &opened, zone)
                .again(&posted.form, error)
        }
    }
}
