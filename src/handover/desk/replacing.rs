//! The forms by which a scan of a transfer is replaced, and the new scan itself. Who may do it depends on what rests on the
//! scan, and of that the rooms between the delivery and here know.

use actix_multipart::Multipart;
use actix_web::{
    HttpRequest, HttpResponse,
    web::{Data, Path, ServiceConfig, get, post, resource},
};

use crate::{
    audit,
    casework::evidence::store as evidence,
    directory::people::{Actor, CaseReader, Recorder},
    handover::{
        delivery::{
            replacement::{
                actions::{self as replacement, Instead, Of, Rest},
                web,
            },
            scan,
        },
        remedy::{model::Remedy, store as remedies},
        transfer::{
            actions as transfer,
            pages::trail,
            store::{self as transfers, TransferRow},
        },
    },
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        http::reply::{html, see_other},
        paths,
        services::Services,
    },
};

/// Of what the scan with this id is.
type OfWhat = fn(Id) -> Of;

pub(super) fn routes(cfg: &mut ServiceConfig) {
    let kinds: [(&str, OfWhat); 2] = [("receipt/{delivery}", Of::Receipt), ("papers/{paper}", Of::Paper)];
    for (kind, of) in kinds {
        let ask = move |me: Recorder, services: Data<Services>, request: HttpRequest, at: Path<(Id, Id)>| {
            form(me, services, request, at, of)
        };
        let take = move |me: Recorder,
                         services: Data<Services>,
                         request: HttpRequest,
                         at: Path<(Id, Id)>,
                         parts: Multipart| replace(me, services, request, at, (of, parts));
        let page = resource(format!("/transfers/{{id}}/{kind}/replace"));
        cfg.service(page.route(get().to(ask)).route(post().to(take)));
    }
    cfg.route("/transfers/{id}/replacements/{replacement}", get().to(show));
}

/// The transfer, if `me` may put another scan in the place of this one: not of what answers an own request.
fn to_replace(conn: &mut Connection, me: &Actor, id: Id, of: Of) -> Result<TransferRow> {
    let row = transfers::visible(conn, me, id)?;
    let remedy = remedies::of_row(conn, &row)?;
    let papers = remedy.iter().flat_map(Remedy::papers);
    let decided: Vec<Rest> = papers.map(|(paper, at)| Rest { paper, at }).collect();
    let row = replacement::to_replace(conn, me, id, of, &decided)?;
    let is_own = |paper| remedy.as_ref().is_some_and(|remedy| remedy.answers_to(me.id).contains(&paper));
    if matches!(of, Of::Paper(paper) if is_own(paper)) {
        return Err(AppError::Conflict("conflict-scan-of-asker"));
    }
    Ok(row)
}

fn address(id: Id, of: Of) -> String {
    let at = paths::transfer(id);
    match of {
        Of::Receipt(delivery) => format!("{at}/receipt/{delivery}/replace"),
        Of::Paper(paper) => format!("{at}/papers/{paper}/replace"),
    }
}

async fn form(
    me: Recorder,
    services: Data<Services>,
    request: HttpRequest,
    at: Path<(Id, Id)>,
    of: fn(Id) -> Of,
) -> Result<HttpResponse> {
    let (id, kept_with) = at.into_inner();
    let (of, actor) = (of(kept_with), me.actor().clone());
    let (row, agency) = services
        .db
        .write(me.origin(), move |tx| {
            let row = to_replace(tx.conn(), &actor, id, of)?;
            audit::record(tx, transfer::entry("transfer.view", &row).fact("page", "replace"))?;
            let agency = transfers::agency_row(tx.conn(), row.agency_id)?;
            Ok((row, agency))
        })
        .await?;
    let page = web::page(&request, &services, &me, trail(me.lang, &row), &address(id, of));
    html(&page.beside(&me, &agency))
}

async fn replace(
    me: Recorder,
    services: Data<Services>,
    request: HttpRequest,
    at: Path<(Id, Id)>,
    (of, parts): (fn(Id) -> Of, Multipart),
) -> Result<HttpResponse> {
    let (id, kept_with) = at.into_inner();
    let (of, actor) = (of(kept_with), me.actor().clone());
    let read = move |conn: &mut Connection| {
        let row = to_replace(conn, &actor, id, of)?;
        let agency = transfers::agency_row(conn, row.agency_id)?;
        Ok((row, agency))
    };
    let (row, agency) = services.db.read(read).await?;
    let record = move |tx: &mut Tx<'_>, me: &Actor, new: &Instead<'_>| {
        let row = to_replace(tx.conn(), me, id, of)?;
        replacement::add(tx, me, of.object(), new, transfer::entry("transfer.replace_scan", &row))
    };
    let (typed, done) = web::take(&services, &me, parts, record).await?;
    match done {
        Ok(()) => Ok(see_other(&format!("{}?ok=scan-replaced", paths::transfer(id)))),
        Err(error) => {
            let page = web::page(&request, &services, &me, trail(me.lang, &row), &address(id, of));
            page.beside(&me, &agency).again(&typed, error)
        }
    }
}

/// The bytes of a scan, after the read is on record.
async fn show(me: CaseReader, services: Data<Services>, path: Path<(Id, Id)>) -> Result<HttpResponse> {
    let (id, replacement) = path.into_inner();
    let actor = me.actor().clone();
    let find = move |tx: &mut Tx<'_>| {
        let (row, found) = replacement::of_transfer(tx.conn(), &actor, id, replacement)?;
        let blob = evidence::blob(tx.conn(), found.blob_id)?;
        let entry = transfer::entry("transfer.paper_view", &row).object("scan_replacement", found.id);
        audit::record(tx, entry.fact("sha256", blob.sha256_hex()))?;
        Ok(blob)
    };
    scan::show(&services, me.origin(), "paper", find).await
}
