//! The bytes of a dossier: letter, report, list and package. The read is on record before the first byte leaves.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{bag, model::Dossier, store};
use crate::{
    audit::{self, Entry},
    casework::evidence::store as blobs,
    directory::people::Actor,
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
        http::{
            Form,
            bytes::{self, Download},
        },
        services::Services,
    },
};

/// A file of a dossier that has an address of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    Letter,
    Report,
    List,
    Package,
}

impl Paper {
    /// The last part of its address.
    pub fn name(self) -> &'static str {
        match self {
            Paper::Letter => "letter.pdf",
            Paper::Report => "dossier.pdf",
            Paper::List => "evidence-list.csv",
            Paper::Package => "package.zip",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Paper::Letter | Paper::Report => "application/pdf",
            Paper::List => "text/csv; charset=utf-8",
            Paper::Package => "application/zip",
        }
    }

    /// The name that it is saved under.
    fn saved_as(self, folder: &str) -> String {
        match self {
            Paper::Package => format!("{folder}.zip"),
            other => format!("{folder}-{}", other.name()),
        }
    }

    /// The blob that holds it, once there is one.
    fn blob(self, conn: &mut Connection, id: Id) -> Result<Id> {
        let path = match self {
            Paper::Letter => bag::LETTER,
            Paper::Report => bag::DOSSIER,
            Paper::List => bag::EVIDENCE_LIST,
            Paper::Package => return Ok(store::package(conn, id)?.ok_or(AppError::NotFound)?.blob_id),
        };
        let freeze = store::frozen(conn, id)?.ok_or(AppError::NotFound)?;
        Ok(freeze.file(path).ok_or(AppError::NotFound)?.blob)
    }
}

/// Answers with a file of a dossier that `me` may see.
///
/// # Errors
/// `NotFound` for what is not to be seen or not made yet; those of the vault.
pub async fn serve(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    paper: Paper,
) -> Result<HttpResponse> {
    let saves = paper == Paper::Package || paper == Paper::List || Form::query(request).has("download");
    let actor = me.clone();
    let (blob, one) = services.db.read(move |conn| find(conn, &actor, id, paper)).await?;
    let range = bytes::range_of(request, &blob.sha256_hex());
    if bytes::is_first(range.as_deref()) || !continues(me, services, id, paper).await? {
        let actor = me.clone();
        services.db.write(me.origin(), move |tx| record(tx, &actor, id, paper)).await?;
    }
    let file = Download {
        key: blob.id.uuid(),
        size: blob.size.cast_unsigned(),
        sha256: blob.sha256_hex(),
        wrapped_key: blob.wrapped_key,
        name: paper.saved_as(&one.folder),
        media_type: paper.media_type().to_owned(),
        inline: !saves,
        policy: bytes::policy_of(paper.media_type()),
    };
    bytes::stream(&services.vault, &file, range.as_deref()).await
}

fn verb(paper: Paper) -> &'static str {
    match paper {
        Paper::Package => "dossier.download",
        _ => "dossier.read",
    }
}

/// Whether this person's download of this file, from the same network address, is on record and recent: later pieces are not
/// another read.
async fn continues(me: &Actor, services: &Services, id: Id, paper: Paper) -> Result<bool> {
    let (actor, address) = (me.id, me.address.clone());
    let from = services.db.now().plus_seconds(-bytes::CONTINUED);
    services
        .db
        .read(move |conn| {
            let filter = audit::Filter {
                object: Some(id),
                actor: Some(actor),
                verb_prefix: Some(verb(paper).to_owned()),
                from: Some(from),
                ..audit::Filter::default()
            };
            let rows = audit::page_from(conn, &filter, 20, &address)?;
            Ok(rows.iter().any(|row| row.leaf["facts"]["file"] == paper.name()))
        })
        .await
}

/// A file of a dossier that `me` may see.
///
/// # Errors
/// `NotFound`.
pub(super) fn find(
    conn: &mut Connection,
    me: &Actor,
    id: Id,
    paper: Paper,
) -> Result<(blobs::Blob, Dossier)> {
    let one = store::find_visible(conn, me, id)?;
    let blob = paper.blob(conn, id)?;
    let blob = blobs::blob(conn, blob)?;
    if blob.erased_at.is_some() { Err(AppError::NotFound) } else { Ok((blob, one)) }
}

fn record(tx: &mut Tx<'_>, me: &Actor, id: Id, paper: Paper) -> Result<()> {
    let (blob, one) = find(tx.conn(), me, id, paper)?;
    let entry = Entry::new(verb(paper)).object("dossier", id).object("lead", one.lead_id);
    audit::record(tx, entry.fact("file", paper.name()).fact("sha256", blob.sha256_hex()))?;
    Ok(())
}

pub(super) async fn letter(
    me: Actor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&me, &services, &request, *id, Paper::Letter).await
}

pub(super) async fn report(
    me: Actor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&me, &services, &request, *id, Paper::Report).await
}

pub(super) async fn list(
    me: Actor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&me, &services, &request, *id, Paper::List).await
}

pub(super) async fn package(
    me: Actor,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    serve(&me, &services, &request, *id, Paper::Package).await
}
