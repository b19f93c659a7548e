//! A scanned paper: one file of a form, taken into the vault, kept by the row that points at it, read back.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, http::header};
use futures_util::StreamExt;

use crate::{
    casework::evidence::{actions::keep_blob, store::Blob, upload},
    platform::{
        db::{Id, Origin, Tx},
        error::{AppError, Result},
        services::Services,
        vault::Stored,
    },
};

/// The largest scan, in bytes.
const MOST: usize = 20 << 20;
const KINDS: [&str; 3] = ["application/pdf", "image/jpeg", "image/png"];

/// A scan that lies in the vault and is kept by nothing yet.
#[derive(Clone, Debug)]
pub struct Scan {
    pub name: String,
    pub stored: Stored,
}

impl Scan {
    /// Lower-case hex.
    pub fn sha256(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.stored.sha256)
    }
}

/// Streams the one file of the form into the vault: its name and what was stored.
async fn store_file(services: &Services, mut parts: Multipart) -> Result<(String, Stored)> {
    while let Some(part) = parts.next().await {
        let part = part.map_err(|_| AppError::field("file", "error-broken-upload"))?;
        if part.name() != Some("file") {
            continue;
        }
        let name = part.content_disposition().and_then(|d| d.get_filename()).unwrap_or_default().to_owned();
        let mut size = 0;
        let bytes = part.map(move |piece| {
            let piece = piece.map_err(|_| AppError::field("file", "error-broken-upload"))?;
            size += piece.len();
            if size > MOST { Err(AppError::TooLarge) } else { Ok(piece) }
        });
        let stored = services.vault.store(bytes, &name).await?;
        return Ok((name, stored));
    }
    Err(AppError::field("file", "error-file-required"))
}

/// Takes the file of a form into the vault as it arrives; what is refused leaves it again.
///
/// # Errors
/// `Invalid` for no file, an empty one, or one that is no PDF, JPEG or PNG; `TooLarge`; those of the vault.
pub async fn receive(services: &Services, parts: Multipart) -> Result<Scan> {
    let (name, stored) = store_file(services, parts).await?;
    let fault = if stored.size == 0 {
        Some("error-file-empty")
    } else if KINDS.contains(&stored.media_type.as_str()) {
        None
    } else {
        Some("error-receipt-type")
    };
    if let Some(fault) = fault {
        upload::discard(&services.vault, [stored.key]).await;
        return Err(AppError::field("file", fault));
    }
    let name = name.chars().filter(|ch| !ch.is_control()).take(200).collect();
    Ok(Scan { name, stored })
}

/// Keeps a scan: `record` writes the row that points at its blob. The object stays only if that came about, and if
/// the same bytes were not there before.
///
/// # Errors
/// Those of `record` and of the vault.
pub async fn keep(
    services: &Services,
    origin: Origin,
    scan: Scan,
    record: impl FnOnce(&mut Tx<'_>, Id, &Scan) -> Result<()> + Send + 'static,
) -> Result<()> {
    let key = scan.stored.key;
    let act = move |tx: &mut Tx<'_>| {
        let (blob, is_surplus) = keep_blob(tx, &scan.stored)?;
        record(tx, blob, &scan)?;
        Ok(is_surplus)
    };
    let done = services.db.write(origin, act).await;
    match done {
        Ok(false) => {}
        Ok(true) => upload::discard(&services.vault, [key]).await,
        Err(_) => upload::discard_unkept(services, vec![key]).await,
    }
    done.map(|_| ())
}

/// The bytes of a scan, as a file called `<name>.<ending>`.
///
/// # Errors
/// `NotFound` for one that was erased by law; those of the vault.
pub async fn reply(services: &Services, blob: &Blob, name: &str) -> Result<HttpResponse> {
    if blob.erased_at.is_some() {
        return Err(AppError::NotFound);
    }
    let end = u64::try_from(blob.size).unwrap_or_default();
    let stream = services.vault.range(blob.id.uuid(), &blob.wrapped_key, 0..end).await?;
    let ending = blob.media_type.rsplit('/').next().unwrap_or("bin");
    Ok(HttpResponse::Ok()
        .content_type(blob.media_type.clone())
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(stream))
}
