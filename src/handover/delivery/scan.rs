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
        vault::{Pending, Stored, Vault},
    },
};

/// The largest scan, in bytes.
const MOST: usize = 20 << 20;
const KINDS: [&str; 3] = ["application/pdf", "image/jpeg", "image/png"];

/// A scan that lies in the vault. Until a row points at it, it is whoever took it [`Arrived::apart`] who answers for it.
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

/// A scan that has arrived and was taken by nobody yet. Dropped (its sender went away), it does not stay in the vault.
#[derive(Debug)]
pub struct Arrived {
    scan: Scan,
    pending: Pending,
}

impl Arrived {
    fn new(vault: &Vault, scan: Scan) -> Self {
        let mut pending = vault.pending();
        pending.add(scan.stored.key);
        Self { scan, pending }
    }

    /// The scan, which is the caller's from here on, to keep or to discard: at once, as what writes it may go on to its end
    /// though whoever waits for that is gone.
    pub fn apart(self) -> Scan {
        self.pending.release();
        self.scan
    }

    /// Takes it out of the vault.
    pub async fn discard(self, vault: &Vault) {
        upload::discard(vault, [self.scan.stored.key]).await;
        self.pending.release();
    }
}

/// Streams the file of a form's part into the vault: its name and what was stored.
async fn store_file(vault: &Vault, part: Field) -> Result<(String, Stored)> {
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
    let stored = vault.store(bytes, &name).await?;
    Ok((name, stored))
}

/// Takes the file of a part into the vault as it arrives; what is refused leaves it again. `None` for a file input that
/// was left empty, which sends a part without a name and bytes.
async fn receive_part(vault: &Vault, part: Field) -> Result<Option<Arrived>> {
    let (name, stored) = store_file(vault, part).await?;
    let arrived = Arrived::new(vault, Scan { name: clean_name(&name), stored });
    let stored = &arrived.scan.stored;
    let fault = if stored.size == 0 {
        Some("error-file-empty")
    } else if KINDS.contains(&stored.media_type.as_str()) {
        None
    } else {
        Some("error-receipt-type")
    };
    if let Some(fault) = fault {
        arrived.discard(vault).await;
        return if name.is_empty() { Ok(None) } else { Err(AppError::field("file", fault)) };
    }
    Ok(Some(arrived))
}

/// Takes the file of a form that has nothing else into the vault.
async fn receive(vault: &Vault, mut parts: Multipart) -> Result<Arrived> {
    while let Some(part) = parts.next().await {
        let part = part.map_err(|e| upload::head_fault(&e))?;
        if part.name() == Some("file") {
            let scan = receive_part(vault, part).await?;
            return scan.ok_or_else(|| AppError::field("file", "error-file-required"));
        }
    }
    Err(AppError::field("file", "error-file-required"))
}

/// Reads a form with fields and perhaps a scan, which lies in the vault then for as long as somebody waits for it. A file that is
/// no scan is a fault of the form, so that what was typed beside it is not lost.
///
/// # Errors
/// `Invalid` for a broken body; `TooLarge`; those of the vault. Nothing stays in the vault then.
pub async fn receive_form(vault: &Vault, mut parts: Multipart) -> Result<(Form, Option<Arrived>)> {
    let (mut texts, mut faults, mut scan) = (upload::Texts::default(), Vec::new(), None::<Arrived>);
    let done = async {
        while let Some(part) = parts.next().await {
            let part = part.map_err(|e| upload::head_fault(&e))?;
            if part.name() != Some("file") || scan.is_some() {
                texts.receive(part).await?;
                continue;
            }
            match receive_part(vault, part).await {
                Ok(found) => scan = found,
                Err(AppError::Invalid(found)) => faults.extend(found),
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }
    .await;
    if let Err(error) = done {
        if let Some(scan) = scan {
            scan.discard(vault).await;
        }
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
    arrived: Arrived,
    record: impl FnOnce(&mut Tx<'_>, Id, &Scan) -> Result<()> + Send + 'static,
) -> Result<()> {
    let scan = arrived.apart();
    let key = scan.stored.key;
    let act = move |tx: &mut Tx<'_>| {
        let (blob, is_surplus) = keep_blob(tx, &scan.stored)?;
        record(tx, blob, &scan)?;
        Ok((if is_surplus { vec![key] } else { Vec::new() }, ()))
    };
    upload::act_on(services, origin, vec![key], act).await
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
    let scan = receive(&services.vault, parts).await?;
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

#[cfg(test)]
mod tests {
    use std::{sync::Arc, time::Duration};

    use actix_web::{
        error::PayloadError,
        http::header::{HeaderMap, HeaderValue},
    };
    use bytes::Bytes;
    use futures_util::stream;

    use super::*;
    use crate::platform::keys::MasterKey;

    const SCAN: &str =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.4\n%a\n\r\n";
    const REASON: &str = "--x\r\nContent-Disposition: form-data; name=\"reason\"\r\n\r\nwhy\r\n";

    /// Waits until the vault has so many objects.
    async fn holds(vault: &Vault, objects: usize) {
        while vault.list().count().await != objects {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// A form of which this is here; where it is not whole, the rest never comes.
    fn form(text: String, is_whole: bool) -> Multipart {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=x"));
        let begun = stream::iter([Ok::<_, PayloadError>(Bytes::from(text))]);
        if is_whole {
            Multipart::new(&headers, begun)
        } else {
            Multipart::new(&headers, begun.chain(stream::pending()))
        }
    }

    #[tokio::test]
    async fn nothing_stays_of_a_scan_whose_sender_goes_away_before_it_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let vault = Vault::open(None, folder.path(), Arc::new(MasterKey::generate())).expect("a vault");
        let nothing_stays = || tokio::time::timeout(Duration::from_secs(5), holds(&vault, 0));
        // The scan is there, and of what was typed beside it only the beginning.
        let mut receiving = Box::pin(receive_form(&vault, form([SCAN, REASON].concat(), false)));
        tokio::select! {
            _ = &mut receiving => panic!("the rest is still to come"),
            () = holds(&vault, 1) => {}
        }
        tokio::time::timeout(Duration::from_millis(50), &mut receiving).await.expect_err("it waits");
        assert_eq!(vault.list().count().await, 1);
        drop(receiving);
        nothing_stays().await.expect("nothing stays");
        // All is there, and the page that is shown again asks the database when its reader goes.
        let whole = || form([SCAN, REASON, "--x--\r\n"].concat(), true);
        let (typed, scan) = receive_form(&vault, whole()).await.expect("a form");
        assert_eq!((typed.raw("reason"), vault.list().count().await), ("why", 1));
        drop(scan);
        nothing_stays().await.expect("nothing stays");
        // What somebody took, to keep it, stays.
        let (_, scan) = receive_form(&vault, whole()).await.expect("a form");
        let scan = scan.expect("a scan").apart();
        assert_eq!((scan.name.as_str(), vault.list().count().await), ("a.pdf", 1));
    }
}
