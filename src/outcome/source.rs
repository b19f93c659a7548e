//! The file that an entry rests on: taken in with the form, handed out to those who see the entry.

use actix_multipart::Multipart;
use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    http::header::{self, HeaderValue},
    web,
};

use super::{
    actions::SourceBlob,
    input::Rests,
    model::SourceKind,
    store::{self, OutcomeRow},
};
use crate::{
    audit::{self, Entry},
    casework::evidence::{
        self,
        actions::Arrived,
        upload::{self, Upload},
    },
    casework::lead::remark,
    directory::people::BothSides,
    platform::{
        db::{Connection, Id, Origin, Tx},
        error::{AppError, Result},
        http::{Form, bytes::disposition},
        services::Services,
        vault::{self, Vault},
    },
};

/// Reads a form with or without a file. What arrived is in the vault; [`act_on`] keeps or discards it.
///
/// # Errors
/// `Invalid` for a broken body, `TooLarge`.
pub async fn receive(vault: &Vault, request: &HttpRequest, payload: web::Payload) -> Result<Upload> {
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    if kind.starts_with(b"multipart/form-data") {
        return upload::receive(vault, Multipart::new(request.headers(), payload)).await;
    }
    let form = Form::from_request(request, &mut payload.into_inner()).await?;
    Ok(Upload::of(form, None))
}

/// Notes what is wrong with the file of a form, so that it is told beside all other faults. One that was chosen and has
/// no bytes is not one that is missing.
pub fn look(form: &mut Form, files: &[Arrived], empty: &[String]) {
    if !empty.is_empty() {
        form.fault("file", "error-file-empty");
    } else if files.is_empty() && form.raw("source_kind") == SourceKind::File.as_str() {
        form.fault("file", "error-file-required");
    }
}

/// What an entry rests on, as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    pub kind: SourceKind,
    pub blob: SourceBlob,
}

/// What an entry rests on that was handed in with this file; `before`: the entry whose place it takes.
///
/// # Errors
/// `Invalid` where a file is said to come with it and none does, or where `before` rests on nothing that could be kept.
pub fn rest(
    conn: &mut Connection,
    rests: Rests,
    file: SourceBlob,
    before: Option<&OutcomeRow>,
) -> Result<Rest> {
    match (rests, file, before) {
        (Rests::OnPaper, blob, _) => Ok(Rest { kind: SourceKind::Paper, blob }),
        (Rests::OnFile | Rests::AsBefore, Some(_), _) => Ok(Rest { kind: SourceKind::File, blob: file }),
        (Rests::OnFile, None, _) => Err(AppError::field("file", "error-file-required")),
        (Rests::AsBefore, None, Some(old)) if can_be_kept(conn, old)? => {
            Ok(Rest { kind: old.source_kind.parse().unwrap_or(SourceKind::Paper), blob: old.source_blob_id })
        }
        (Rests::AsBefore, None, _) => Err(AppError::field("source_kind", "error-unknown")),
    }
}

/// Whether an entry rests on more than the name of a paper: a file that was not erased, or something published.
///
/// # Errors
/// Those of the database.
pub fn can_be_kept(conn: &mut Connection, row: &OutcomeRow) -> Result<bool> {
    match row.source_blob_id {
        Some(blob) => Ok(evidence::store::blob(conn, blob)?.erased_at.is_none()),
        None => Ok(row.source_kind == SourceKind::Published.as_str()),
    }
}

/// Keeps the file as a blob within the act. Returns the blob, and the vault's object that turned out superfluous.
///
/// # Errors
/// Those of the database.
pub fn keep(tx: &mut Tx<'_>, file: Option<&Arrived>) -> Result<(Option<Id>, Option<uuid::Uuid>)> {
    let Some(file) = file else { return Ok((None, None)) };
    let (blob, is_surplus) = evidence::actions::keep_blob(tx, &file.stored)?;
    Ok((Some(blob), is_surplus.then_some(file.stored.key)))
}

/// Does the act that keeps the first of the files `keys`; as [`upload::act_on`], what nothing refers to leaves the vault.
///
/// # Errors
/// Those of the act.
pub async fn act_on<T: Send + 'static>(
    services: &Services,
    origin: Origin,
    keys: Vec<uuid::Uuid>,
    act: impl FnOnce(&mut Tx<'_>) -> Result<(T, Option<uuid::Uuid>)> + Send + 'static,
) -> Result<T> {
    // Only the first file is kept; a form has one field for it.
    let others: Vec<_> = keys.iter().skip(1).copied().collect();
    let act = move |tx: &mut Tx<'_>| {
        let (value, surplus) = act(tx)?;
        Ok((others.into_iter().chain(surplus).collect::<Vec<_>>(), value))
    };
    upload::act_on(services, origin, keys, act).await
}

/// `GET /outcomes/{id}/source`: the bytes, after the read is on record.
///
/// # Errors
/// `NotFound` for those who don't see the entry, and where it has no file; those of the vault.
pub async fn download(
    me: BothSides,
    services: web::Data<Services>,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let actor = me.actor().clone();
    let (blob, title) = services
        .db
        .write(me.origin(), move |tx| {
            let row = store::visible(tx.conn(), &actor, id)?;
            let blob = evidence::store::blob(tx.conn(), row.source_blob_id.ok_or(AppError::NotFound)?)?;
            let title = remark::bodies(tx.conn(), row.source_text_id)?.into_values().next();
            let entry = Entry::new("outcome.source").object("outcome", id).fact("sha256", blob.sha256_hex());
            audit::record(tx, entry)?;
            Ok((blob, title))
        })
        .await?;
    if blob.erased_at.is_some() {
        return Err(AppError::NotFound);
    }
    let size = blob.size.cast_unsigned();
    let bytes = services.vault.range(blob.id.uuid(), &blob.wrapped_key, 0..size).await?;
    let ending = vault::ending(&blob.media_type);
    let name: String =
        title.unwrap_or_default().chars().filter(|c| !"/\\:*?\"<>|".contains(*c)).take(80).collect();
    Ok(HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(disposition(&format!("{name}{ending}"), false))
        .no_chunking(size)
        .streaming(bytes))
}
