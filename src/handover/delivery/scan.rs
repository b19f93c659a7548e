//! A scanned paper: one file of a form, taken into the vault, kept by the row that points at it, read back.

use actix_multipart::{Field, Multipart};
use actix_web::{HttpResponse, http::header};
use futures_util::StreamExt;

use crate::{
    casework::evidence::{actions::keep_blob, model::clean_name, store::Blob, upload},
    platform::{
        db::{Id, Origin, Tx},
        error::{AppError, FieldError, Result},
        http::{Form, file_name},
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

/// Streams the file of a form's part into the vault: its name and what was stored.
async fn store_file(services: &Services, part: Field) -> Result<(String, Stored)> {
    let name = file_name::of_part(&part).unwrap_or_default();
    let mut size = 0;
    let bytes = part.map(move |piece| {
        let piece = piece.map_err(|_| AppError::field("file", "error-broken-upload"))?;
        size += piece.len();
        if size > MOST {
            let fault = FieldError::new("file", "error-file-too-large").arg("max", "20 MB");
            return Err(AppError::TooLarge(fault));
        }
        Ok(piece)
    });
    let stored = services.vault.store(bytes, &name).await?;
    Ok((name, stored))
}

/// Takes the file of a part into the vault as it arrives; what is refused leaves it again. `None` for a file input that
/// was left empty, which sends a part without a name and bytes.
async fn receive_part(services: &Services, part: Field) -> Result<Option<Scan>> {
    let (name, stored) = store_file(services, part).await?;
    let fault = if stored.size == 0 {
        Some("error-file-empty")
    } else if KINDS.contains(&stored.media_type.as_str()) {
        None
    } else {
        Some("error-receipt-type")
    };
    if let Some(fault) = fault {
        upload::discard(&services.vault, [stored.key]).await;
        return if name.is_empty() { Ok(None) } else { Err(AppError::field("file", fault)) };
    }
    Ok(Some(Scan { name: clean_name(&name), stored }))
}

/// Takes the file of a form that has nothing else into the vault.
async fn receive(services: &Services, mut parts: Multipart) -> Result<Scan> {
    while let Some(part) = parts.next().await {
        let part = part.map_err(|e| upload::head_fault(&e))?;
        if part.name() == Some("file") {
            let scan = receive_part(services, part).await?;
            return scan.ok_or_else(|| AppError::field("file", "error-file-required"));
        }
    }
    Err(AppError::field("file", "error-file-required"))
}

/// Reads a form with fields and perhaps a scan, which lies in the vault then. A file that is no scan is a fault of the
/// form, so that what was typed beside it is not lost.
///
/// # Errors
/// `Invalid` for a broken body; `TooLarge`; those of the vault. Nothing stays in the vault then.
pub async fn receive_form(services: &Services, mut parts: Multipart) -> Result<(Form, Option<Scan>)> {
    let (mut texts, mut faults, mut scan) = (upload::Texts::default(), Vec::new(), None);
    let done = async {
        while let Some(part) = parts.next().await {
            let part = part.map_err(|e| upload::head_fault(&e))?;
            if part.name() != Some("file") || scan.is_some() {
                texts.receive(part).await?;
                continue;
            }
            match receive_part(services, part).await {
                Ok(found) => scan = found,
                Err(AppError::Invalid(found)) => faults.extend(found),
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }
    .await;
    if let Err(error) = done {
        upload::discard(&services.vault, scan.map(|scan: Scan| scan.stored.key)).await;
        return Err(error);
    }
    let mut form = texts.form();
    faults.into_iter().for_each(|fault| form.push(fault));
    Ok((form, scan))
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

/// Takes the scan of a form that has nothing else, and keeps it as [`keep`] does.
///
/// # Errors
/// `Invalid` for no file, an empty one, or one that is no PDF, JPEG or PNG; `TooLarge`; those of `record` and of the
/// vault.
pub async fn take(
    services: &Services,
    origin: Origin,
    parts: Multipart,
    record: impl FnOnce(&mut Tx<'_>, Id, &Scan) -> Result<()> + Send + 'static,
) -> Result<()> {
    let scan = receive(services, parts).await?;
    keep(services, origin, scan, record).await
}

/// The bytes of a scan whose blob `find` gives, as a file called `<name>.<ending>`; `find` puts the look on record,
/// which is committed before the bytes leave.
///
/// # Errors
/// Those of `find`; `NotFound` for one that was erased by law; those of the vault.
pub async fn show(
    services: &Services,
    origin: Origin,
    name: &str,
    find: impl FnOnce(&mut Tx<'_>) -> Result<Blob> + Send + 'static,
) -> Result<HttpResponse> {
    let blob = services.db.write(origin, find).await?;
    reply(services, &blob, name).await
}

/// The bytes of a scan, as a file called `<name>.<ending>`.
///
/// # Errors
/// `NotFound` for one that was erased by law; those of the vault.
async fn reply(services: &Services, blob: &Blob, name: &str) -> Result<HttpResponse> {
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
