//! The forms that carry a case on: record a step, open it again, mend the details.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions::{self, Progress},
    by_paper::may_act,
    model::Status,
    reopening::{self, Reopening},
    store::{self, CaseRow, PaperRow},
    web::{LINE, details, trail},
};
use crate::{
    audit,
    directory::people::{
        Actor, ForAgency,
        changed::{Asked, changes},
        session,
    },
    handover::transfer::{
        actions::By,
        pages::{Field, VerbPage},
        web::{act, past_day, today},
    },
    platform::{
        db::{Connection, Id},
        error::{AppError, Result, refusal},
        http::{
            form::Form,
            form_view::FormView,
            merge::{self, Group},
            reply::{html, question, see_other},
            view::Choice,
        },
        i18n, paths,
        services::Services,
        time,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/cases/{id}/steps").route(web::get().to(step_form)).route(web::post().to(step)),
    );
    cfg.service(
        web::resource("/cases/{id}/reopen").route(web::get().to(reopen_form)).route(web::post().to(reopen)),
    );
    cfg.service(
        web::resource("/cases/{id}/edit").route(web::get().to(edit_form)).route(web::post().to(edit)),
    );
}

/// What a form on a case shows.
struct Opened {
    row: CaseRow,
    /// The scanned papers that the reader may record from: those that somebody else took in.
    papers: Vec<PaperRow>,
    /// Why nobody of the platform carries this case on; none for the agency itself.
    hindrance: Option<&'static str>,
    /// Whether the reader sent a dossier of the case, and so records nothing that is answered on paper.
    is_sender: bool,
}

/// Says whether a form is offered at all.
type Check = fn(&Actor, &Opened) -> Result<()>;

/// Makes the page of a form.
type Page = fn(&Services, &HttpRequest, &Actor, &Opened) -> VerbPage;

/// Reads it; the view is on record before it leaves, but for one that is shown with a refusal, which has an entry of
/// its own.
async fn opened(
    services: &Services,
    me: &Actor,
    id: Id,
    page: &'static str,
    refused: bool,
    check: Check,
) -> Result<Opened> {
    let actor = me.clone();
    let read = move |conn: &mut Connection| {
        let row = store::visible(conn, &actor, id)?;
        let papers = match actor.agency {
            Some(_) => Vec::new(),
            None => store::papers_for(conn, id, actor.id)?.0,
        };
        let is_sender = actor.agency.is_none() && store::is_sender(conn, id, actor.id)?;
        let hindrance = refusal(may_act(conn, &row, actor.agency.is_none()))?;
        let found = Opened { row, papers, hindrance, is_sender };
        check(&actor, &found)?;
        Ok(found)
    };
    if refused {
        return services.db.read(read).await;
    }
    services
        .db
        .write(me.origin(), move |tx| {
            let found = read(tx.conn())?;
            audit::record(tx, audit::Entry::new("case.view").object("case", id).fact("page", page))?;
            Ok(found)
        })
        .await
}

/// A form, for a first look; `name` as in its address.
async fn ask(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    (id, name): (Id, &'static str),
    check: Check,
    page: Page,
) -> Result<HttpResponse> {
    let opened = opened(services, me, id, name, false, check).await?;
    html(&page(services, request, me, &opened))
}

/// What comes of a form: on to the case with the message `ok` once it is done, else the form again with what was typed
/// and what is wrong.
async fn answer(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    (id, name): (Id, &'static str),
    (form, done): (&Form, Result<()>),
    ok: &str,
    page: Page,
) -> Result<HttpResponse> {
    let Err(error) = done else { return Ok(see_other(&format!("{}?ok={ok}", paths::case(id)))) };
    let is_refused = !matches!(error, AppError::Invalid(_));
    let opened = opened(services, me, id, name, is_refused, |_, _| Ok(())).await?;
    let mut page = page(services, request, me, &opened);
    page.form = FormView::new("transfer-field-");
    page.again(form, error)
}

fn case_page(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    row: &CaseRow,
    verb: &'static str,
    save: &'static str,
) -> VerbPage {
    let c = session::chrome(request, services, me, &i18n::t(me.lang, &format!("case-{verb}-title")));
    let explain = c.t(format!("case-{verb}-explain"));
    VerbPage::at(c, trail(me.lang, row), &format!("{}/{verb}", paths::case(row.id)), explain, save)
}

fn step_page(services: &Services, request: &HttpRequest, me: &Actor, opened: &Opened) -> VerbPage {
    let mut page = case_page(services, request, me, &opened.row, "steps", "case-do-step");
    let choices = Status::PROGRESS.iter().map(|s| Choice::new(s, page.c.t(s.key()))).collect();
    page.form = FormView::new("transfer-field-").set("on", today(services).to_string());
    let page = page.fields([
        Field::Radio { name: "kind", hint: "", choices, need: true },
        Field::Day { name: "on", hint: "hint-date", need: true },
        Field::Text { name: "text", hint: "", need: false },
    ]);
    page.fields(paper_field(services, me, opened))
}

/// The scanned paper that the platform records from.
fn paper_field(services: &Services, me: &Actor, opened: &Opened) -> Option<Field> {
    let zone = services.settings.time_zone;
    let choice = |paper: &PaperRow| {
        Choice::new(paper.id, &paper.name).hint(time::format_instant(paper.at, zone, me.lang))
    };
    let choices = opened.papers.iter().map(choice).collect();
    me.agency.is_none().then_some(Field::Radio {
        name: "paper",
        hint: "case-paper-hint",
        choices,
        need: true,
    })
}

/// A step can be recorded on a living case; by the platform against a scan.
fn may_step(me: &Actor, opened: &Opened) -> Result<()> {
    opened.row.status().allows_progress().map_err(AppError::Conflict)?;
    has_scan(me, opened)
}

/// A closed one can be opened again.
fn may_reopen(me: &Actor, opened: &Opened) -> Result<()> {
    opened.row.status().allows_reopening().map_err(AppError::Conflict)?;
    has_scan(me, opened)
}

/// The platform records only where the agency can't, and needs for it the scan of a paper, and somebody who did not send
/// the dossier.
fn has_scan(me: &Actor, opened: &Opened) -> Result<()> {
    if let Some(key) = opened.hindrance {
        return Err(AppError::Conflict(key));
    }
    if opened.is_sender {
        return Err(AppError::Conflict("conflict-transfer-same-person"));
    }
    let lacks_scan = me.agency.is_none() && opened.papers.is_empty();
    if lacks_scan { Err(AppError::Conflict("conflict-case-no-scan")) } else { Ok(()) }
}

async fn step_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    ask(&services, &request, &me, (path.into_inner(), "steps"), may_step, step_page).await
}

async fn step(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let zone = services.settings.time_zone;
    let kind: Option<Status> = form.required_value("kind", "error-unknown");
    if kind.is_some_and(|kind| !Status::PROGRESS.contains(&kind)) {
        form.fault("kind", "error-unknown");
    }
    let on = past_day(&mut form, "on", &services);
    let text = form.text("text", 4000);
    let paper = if me.agency.is_none() { form.id("paper") } else { None };
    let new = kind.zip(on).map(|(kind, on)| Progress { kind, on, text, paper });
    let done = act(&services, &me, &form, new, move |tx, me, new| {
        actions::progress(tx, me, id, &new, &By::of(me, tx.now(), zone))
    })
    .await;
    answer(&services, &request, &me, (id, "steps"), (&form, done), "case-step", step_page).await
}

fn reopen_page(services: &Services, request: &HttpRequest, me: &Actor, opened: &Opened) -> VerbPage {
    let mut page = case_page(services, request, me, &opened.row, "reopen", "case-do-reopen");
    page.form = FormView::new("transfer-field-").set("on", today(services).to_string());
    page.fields([
        Field::Day { name: "on", hint: "hint-date", need: true },
        Field::Text { name: "text", hint: "case-reopen-text-hint", need: true },
    ])
    .fields(paper_field(services, me, opened))
}

async fn reopen_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    ask(&services, &request, &me, (path.into_inner(), "reopen"), may_reopen, reopen_page).await
}

async fn reopen(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let zone = services.settings.time_zone;
    let on = past_day(&mut form, "on", &services);
    let reason = form.required("text", 4000);
    let paper = if me.agency.is_none() { form.id("paper") } else { None };
    let new = on.map(|on| Reopening { on, reason, paper });
    let done = act(&services, &me, &form, new, move |tx, me, new| {
        reopening::reopen(tx, me, id, &new, &By::of(me, tx.now(), zone))
    })
    .await;
    answer(&services, &request, &me, (id, "reopen"), (&form, done), "case-reopen", reopen_page).await
}

/// What an agency calls its case.
fn edit_groups() -> Vec<Group> {
    ["number", "title", "officer"].map(Group::of).into()
}

fn stored(row: &CaseRow) -> FormView {
    FormView::new("transfer-field-")
        .set("number", row.number.clone())
        .set("title", row.title.clone())
        .set("officer", row.officer.clone())
}

/// What is shown to a second one, who opened the form before another one mended the case.
async fn edit_clash(
    services: &Services,
    request: &HttpRequest,
    me: &Actor,
    id: Id,
    form: &Form,
) -> Result<HttpResponse> {
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let asked = Asked {
        object: id,
        verb: "case.edit",
        fact: "",
        since: merge::since(merge::opened_at(form, merge::WAS)),
    };
    let changes = services.db.read(move |conn| changes(conn, asked, (lang, zone), str::to_owned)).await?;
    // The refusal has its entry.
    let opened = opened(services, me, id, "edit", true, |_, _| Ok(())).await?;
    let mut page = edit_page(services, request, me, &opened);
    let typed = FormView::new("transfer-field-").typed(form.pairs());
    let label = move |group: &Group| i18n::t(lang, &format!("transfer-field-{}", group.name));
    page.form = merge::merged(&edit_groups(), &page.form, typed, changes, (merge::plain, label));
    question(&page)
}

fn edit_page(services: &Services, request: &HttpRequest, me: &Actor, opened: &Opened) -> VerbPage {
    let row = &opened.row;
    let mut page = case_page(services, request, me, row, "edit", "action-save");
    page.form = merge::with_mark(&edit_groups(), stored(row), services.db.now());
    page.fields([
        LINE("number", "transfer-field-number-hint-own", false),
        LINE("title", "", true),
        LINE("officer", "", false),
    ])
    .fields(paper_field(services, me, opened))
}

async fn edit_form(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    ask(&services, &request, &me, (path.into_inner(), "edit"), has_scan, edit_page).await
}

async fn edit(
    me: ForAgency,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let zone = services.settings.time_zone;
    let mut form = merge::picked(&edit_groups(), &form);
    let was = form.raw(merge::WAS).to_owned();
    let details = details(&mut form);
    if details.title.is_empty() {
        form.fault("title", "error-required");
    }
    let paper = if me.agency.is_none() { form.id("paper") } else { None };
    let done = act(&services, &me, &form, Some(details), move |tx, me, details| {
        let now = store::visible(tx.conn(), me, id)?;
        if merge::has_moved(&edit_groups(), &was, &stored(&now)) {
            return Err(AppError::Conflict(merge::CHANGED_SINCE));
        }
        actions::rename(tx, me, id, &details, paper, &By::of(me, tx.now(), zone))
    })
    .await;
    if matches!(done, Err(AppError::Conflict(merge::CHANGED_SINCE))) {
        return edit_clash(&services, &request, &me, id, &form).await;
    }
    answer(&services, &request, &me, (id, "edit"), (&form, done), "case-edit", edit_page).await
}
