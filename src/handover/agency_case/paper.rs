//! Scanned papers of an agency without accounts: taken in by one person of the platform, so that another can confirm a
//! step of the case against them.

use actix_multipart::Multipart;
use actix_web::{HttpRequest, HttpResponse, web};

use super::store::{self, CaseRow, PaperRow};
use crate::{
    audit,
    casework::evidence::store as evidence,
    directory::people::{Actor, CaseReader, Recorder, session},
    handover::{
        delivery::{
            pages::ReceiptPage,
            scan::{self, Scan},
        },
        transfer::store as transfers,
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        http::{
            form_view::FormView,
            reply::{self, html, see_other},
            view::Link,
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
}

/// The case, if papers are taken in for it: its agency has no accounts.
fn open(conn: &mut Connection, me: &Actor, id: Id) -> Result<CaseRow> {
    let case = store::visible(conn, me, id)?;
    if transfers::has_accounts(conn, case.agency_id)? {
        return Err(AppError::Conflict("conflict-transfer-agency-acts-itself"));
    }
    Ok(case)
}

fn page(services: &Services, request: &HttpRequest, me: &Recorder, case: CaseRow) -> ReceiptPage {
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "case-paper-title"));
    let back = paths::case(case.id);
    let name = if case.number.is_empty() { case.title } else { case.number };
    ReceiptPage {
        trail: vec![Link::new(c.t("nav-cases"), paths::CASES), Link::new(name, &back)],
        explain: c.t("case-paper-explain"),
        action: format!("{back}/papers/new"),
        cancel: back,
        form: FormView::new("transfer-field-"),
        c,
    }
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
    html(&page(&services, &request, &me, case))
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
    let kept = match scan::receive(&services, parts).await {
        Err(error) => Err(error),
        Ok(scan) => {
            let actor = me.actor().clone();
            let record = move |tx: &mut Tx<'_>, blob: Id, scan: &Scan| record(tx, &actor, id, blob, scan);
            scan::keep(&services, me.origin(), scan, record).await
        }
    };
    match kept {
        Ok(()) => Ok(see_other(&format!("{}?ok=case-paper", paths::case(id)))),
        Err(AppError::Invalid(errors)) => {
            let form = FormView::new("transfer-field-").with_errors(errors);
            reply::invalid(&ReceiptPage { form, ..page(&services, &request, &me, case) })
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
    let blob = services
        .db
        .write(me.origin(), move |tx| {
            let case = store::visible(tx.conn(), &actor, id)?;
            let papers = store::papers(tx.conn(), case.id)?;
            let row = papers.into_iter().find(|row| row.id == paper).ok_or(AppError::NotFound)?;
            let blob = evidence::blob(tx.conn(), row.blob_id)?;
            let entry = audit::Entry::new("case.paper_view").object("case", id).object("case_paper", paper);
            audit::record(tx, entry)?;
            Ok(blob)
        })
        .await?;
    scan::reply(&services, &blob, "paper").await
}
