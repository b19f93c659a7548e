//! Scanned papers of an agency without accounts: taken in by one person of the platform, so that another can confirm a
//! step of the case against them.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    store::{self, CaseRow, PaperRow, StepRow},
    web::trail,
};
use crate::{
    audit,
    casework::evidence::store as evidence,
    directory::people::{Actor, CaseReader, Recorder, session},
    handover::{
        delivery::{
            pages::scan_page,
            replacement::{self, actions::Instead},
            scan::{self, Scan},
        },
        transfer::{pages::VerbPage, store as transfers},
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        http::{
            form::Form,
            reply::{html, see_other},
        },
        i18n, paths,
        services::Services,
    },
};

pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.service(
        web::resource("/cases/{id}/papers/new").route(web::get().to(form)).route(web::post().to(upload)),
    );
    cfg.route("/cases/{id}/papers/{paper}", web::get().to(show));
    cfg.service(
        web::resource("/cases/{id}/papers/{paper}/replace")
            .route(web::get().to(replace_form))
            .route(web::post().to(replace)),
    );
    cfg.route("/cases/{id}/replacements/{replacement}", web::get().to(show_replacement));
}

/// The case, if papers are taken in for it: its agency has no accounts.
fn open(conn: &mut Connection, me: &Actor, id: Id) -> Result<CaseRow> {
    let case = store::visible(conn, me, id)?;
    if transfers::has_accounts(conn, case.agency_id)? {
        return Err(AppError::Conflict("conflict-transfer-agency-acts-itself"));
    }
    Ok(case)
}

fn page(services: &Services, request: &HttpRequest, me: &Recorder, case: &CaseRow) -> VerbPage {
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "case-paper-title"));
    let explain = c.t("case-paper-explain");
    scan_page(c, trail(me.lang, case), &format!("{}/papers/new", paths::case(case.id)), explain)
}

async fn form(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let (actor, id) = (me.actor().clone(), path.into_inner());
    let case = services
        .db
        .write(me.origin(), move |tx| {
            let case = open(tx.conn(), &actor, id)?;
            audit::record(tx, audit::Entry::new("case.view").object("case", id).fact("page", "paper"))?;
            Ok(case)
        })
        .await?;
    html(&page(&services, &request, &me, &case))
}

async fn upload(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    parts: Multipart,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let actor = me.actor().clone();
    let case = services.db.read(move |conn| open(conn, &actor, id)).await?;
    let actor = me.actor().clone();
    let record = move |tx: &mut Tx<'_>, blob: Id, scan: &Scan| record(tx, &actor, id, blob, scan);
    match scan::take(&services, me.origin(), parts, record).await {
        Ok(()) => Ok(see_other(&format!("{}?ok=case-paper", paths::case(id)))),
        Err(error @ AppError::Invalid(_)) => {
            page(&services, &request, &me, &case).again(&Form::default(), error)
        }
        Err(error) => Err(error),
    }
}

fn record(tx: &mut Tx<'_>, me: &Actor, id: Id, blob: Id, scan: &Scan) -> Result<()> {
    let case = open(tx.conn(), me, id)?;
    let row = PaperRow {
        id: Id::new(),
        case_id: case.id,
        blob_id: blob,
        name: scan.name.clone(),
        uploaded_by: me.id,
        at: tx.now(),
    };
    store::insert_paper(tx.conn(), &row)?;
    let entry = audit::Entry::new("case.paper")
        .object("case", case.id)
        .object("case_paper", row.id)
        .fact("sha256", scan.sha256())
        .private("name", row.name);
    audit::record(tx, entry).map(|_| ())
}

async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, paper) = path.into_inner();
    let actor = me.actor().clone();
    let find = move |tx: &mut Tx<'_>| {
        let case = store::visible(tx.conn(), &actor, id)?;
        let papers = store::papers(tx.conn(), case.id)?;
        let row = papers.into_iter().find(|row| row.id == paper).ok_or(AppError::NotFound)?;
        let blob = evidence::blob(tx.conn(), row.blob_id)?;
        let entry = audit::Entry::new("case.paper_view").object("case", id).object("case_paper", paper);
        audit::record(tx, entry)?;
        Ok(blob)
    };
    scan::show(&services, me.origin(), "paper", find).await
}

/// The case, if this paper is on file there.
fn with_paper(conn: &mut Connection, me: &Actor, id: Id, paper: Id) -> Result<CaseRow> {
    let case = store::visible(conn, me, id)?;
    let known = store::papers(conn, case.id)?.iter().any(|row| row.id == paper);
    if known { Ok(case) } else { Err(AppError::NotFound) }
}

/// What else than a step is recorded or confirmed by the scan of a paper; the log says by which.
const BY_SCAN: &[&str] = &["case.edit", "outcome.confirm"];

/// By which of these papers of a case `who` recorded or confirmed something.
///
/// # Errors
/// Those of the database.
pub fn rested_on(conn: &mut Connection, who: Id, steps: &[StepRow], papers: &[Id]) -> Result<Vec<Id>> {
    let mut used = audit::done_about(conn, who, BY_SCAN, papers)?;
    let confirmed = |paper: Id| steps.iter().any(|step| step.is_confirmed_by(who, paper));
    used.extend(papers.iter().copied().filter(|paper| confirmed(*paper)));
    Ok(used)
}

/// As [`with_paper`], for one who would put another scan in its place: not whoever recorded or confirmed something by
/// this one, as nobody confirms anything by a scan that they put there.
fn to_replace(conn: &mut Connection, me: &Actor, id: Id, paper: Id) -> Result<CaseRow> {
    let case = with_paper(conn, me, id, paper)?;
    let steps = store::steps(conn, case.id)?;
    if !rested_on(conn, me.id, &steps, &[paper])?.is_empty() {
        return Err(AppError::Conflict("conflict-scan-of-confirmer"));
    }
    Ok(case)
}

fn replace_page(
    services: &Services,
    request: &HttpRequest,
    me: &Recorder,
    case: &CaseRow,
    paper: Id,
) -> VerbPage {
    let action = format!("{}/papers/{paper}/replace", paths::case(case.id));
    replacement::web::page(request, services, me, trail(me.lang, case), &action)
}

async fn replace_form(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let ((id, paper), actor) = (path.into_inner(), me.actor().clone());
    let case = services
        .db
        .write(me.origin(), move |tx| {
            let case = to_replace(tx.conn(), &actor, id, paper)?;
            audit::record(tx, audit::Entry::new("case.view").object("case", id).fact("page", "replace"))?;
            Ok(case)
        })
        .await?;
    html(&replace_page(&services, &request, &me, &case, paper))
}

async fn replace(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<(Id, Id)>,
    parts: Multipart,
) -> Result<HttpResponse> {
    let ((id, paper), actor) = (path.into_inner(), me.actor().clone());
    let case = services.db.read(move |conn| to_replace(conn, &actor, id, paper)).await?;
    let record = move |tx: &mut Tx<'_>, me: &Actor, new: &Instead<'_>| {
        let case = to_replace(tx.conn(), me, id, paper)?;
        let entry = audit::Entry::new("case.replace_scan").object("case", case.id);
        replacement::actions::add(tx, me, ("case_paper", paper), new, entry)
    };
    let (typed, done) = replacement::web::take(&services, &me, parts, record).await?;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=scan-replaced", paths::case(id)))),
        Err(error) => replace_page(&services, &request, &me, &case, paper).again(&typed, error),
    }
}

async fn show_replacement(
    me: CaseReader,
    services: web::Data<Services>,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let ((id, wanted), actor) = (path.into_inner(), me.actor().clone());
    let find = move |tx: &mut Tx<'_>| {
        let found = replacement::store::find(tx.conn(), wanted)?;
        with_paper(tx.conn(), &actor, id, found.of_id)?;
        let blob = evidence::blob(tx.conn(), found.blob_id)?;
        let entry = audit::Entry::new("case.paper_view").object("case", id);
        audit::record(tx, entry.object("scan_replacement", found.id))?;
        Ok(blob)
    };
    scan::show(&services, me.origin(), "paper", find).await
}
