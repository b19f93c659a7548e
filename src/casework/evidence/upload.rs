//! Reading a multipart upload: fields are small and kept, files stream into the vault as they arrive.

use actix_multipart::{Field, Multipart, MultipartError};
use futures_util::StreamExt;

use super::{
    actions::Arrived,
    model::{Kind, clean_name, source_with_place},
    store,
};
use crate::platform::{
    db::{Db, Origin, Tx},
    error::{AppError, FieldError, Result},
    http::{Form, body, file_name},
    services::Services,
    time,
    vault::{Pending, Vault},
};

/// So much of one field's text is kept, in bytes; no field takes as much.
const FIELD_LIMIT: usize = 1 << 20;
/// Most files of one upload.
const MOST_FILES: usize = 2_000;

/// What one request carried. Dropped before somebody took its files (the client went away), they do not stay in the vault.
#[derive(Debug, Default)]
pub struct Upload {
    pub form: Form,
    /// Names of files of zero bytes: refused, but named.
    pub empty: Vec<String>,
    /// Whoever takes them out releases them, too: so they are nobody else's to take.
    files: Vec<Arrived>,
    /// Lets go of the files; nothing for one that no client waits for.
    pending: Option<Pending>,
}

impl Upload {
    /// A form with a file that no client waits for, or with none.
    pub fn of(form: Form, file: Option<Arrived>) -> Self {
        Self { form, files: file.into_iter().collect(), ..Self::default() }
    }

    /// The files, as they came.
    pub fn files(&self) -> &[Arrived] {
        &self.files
    }

    /// What arrives piece by piece, and is let go of where that breaks off.
    fn arriving(vault: &Vault) -> Self {
        Self { pending: Some(vault.pending()), ..Self::default() }
    }

    fn push(&mut self, file: Arrived) {
        if let Some(pending) = &mut self.pending {
            pending.add(file.stored.key);
        }
        self.files.push(file);
    }

    /// The fields, the files, and the names of empty ones. The files are the caller's from here on, to register or to discard.
    pub fn apart(self) -> (Form, Vec<Arrived>, Vec<String>) {
        if let Some(pending) = self.pending {
            pending.release();
        }
        (self.form, self.files, self.empty)
    }

    /// Takes back what the vault stored, when the request turned out wrong.
    pub async fn discard(self, vault: &Vault) {
        discard(vault, self.files.iter().map(|f| f.stored.key)).await;
        drop(self.apart());
    }
}

/// Deletes objects that nothing refers to. A failure leaves an orphan, which `check` names.
pub async fn discard(vault: &Vault, keys: impl IntoIterator<Item = uuid::Uuid>) {
    for key in keys {
        if let Err(e) = vault.delete(key).await {
            tracing::warn!(%key, error = %e, "an unused object stays in the store");
        }
    }
}

/// After an act that failed: deletes what it was to keep, but for objects that a row points at. An error need not mean
/// that nothing was committed: the connection may have been lost after the commit and before its answer.
pub async fn discard_unkept(services: &Services, keys: Vec<uuid::Uuid>) {
    discard_unkept_of(&services.db, &services.vault, keys).await;
}

async fn discard_unkept_of(db: &Db, vault: &Vault, keys: Vec<uuid::Uuid>) {
    match db.read(move |conn| store::unreferenced(conn, &keys)).await {
        Ok(unkept) => discard(vault, unkept).await,
        Err(e) => tracing::warn!(error = %e, "what a failed act stored stays in the store"),
    }
}

/// Does an act that is to keep the objects `keys`. It goes on to its end though its client goes away, and so does what becomes of
/// them: those that the act says are not needed leave the vault, and where it fails all that nothing points at.
///
/// # Errors
/// Those of the act.
pub async fn act_on<T: Send + 'static>(
    services: &Services,
    origin: Origin,
    keys: Vec<uuid::Uuid>,
    act: impl FnOnce(&mut Tx<'_>) -> Result<(Vec<uuid::Uuid>, T)> + Send + 'static,
) -> Result<T> {
    act_in(services.db.clone(), services.vault.clone(), origin, keys, act).await
}

async fn act_in<T: Send + 'static>(
    db: Db,
    vault: Vault,
    origin: Origin,
    keys: Vec<uuid::Uuid>,
    act: impl FnOnce(&mut Tx<'_>) -> Result<(Vec<uuid::Uuid>, T)> + Send + 'static,
) -> Result<T> {
    let acting = tokio::spawn(time::carried_on(async move {
        match db.write(origin, act).await {
            Ok((surplus, done)) => {
                discard(&vault, surplus).await;
                Ok(done)
            }
            Err(e) => {
                discard_unkept_of(&db, &vault, keys).await;
                Err(e)
            }
        }
    }));
    acting.await.unwrap_or_else(|e| Err(AppError::internal(e)))
}

/// What is wrong where the head of a part can't be read: all that a person put into it is the name of the file.
pub fn head_fault(error: &MultipartError) -> AppError {
    match error {
        MultipartError::ContentDispositionMissing
        | MultipartError::ContentDispositionNameMissing
        | MultipartError::Parse(_) => AppError::field("file", "error-file-name-unreadable"),
        _ => AppError::field("file", "error-broken-upload"),
    }
}

/// Reads the whole request; on any error nothing stays in the vault.
///
/// # Errors
/// `Invalid` for a broken body or too many files, `TooLarge` for texts, `Unavailable` for a full disk.
pub async fn receive(vault: &Vault, mut body: Multipart) -> Result<Upload> {
    let mut upload = Upload::arriving(vault);
    let mut texts = Texts::default();
    let done = async {
        while let Some(field) = body.next().await {
            let field = field.map_err(|e| head_fault(&e))?;
            match file_name::of_part(&field) {
                Some(file) => receive_file(vault, field, &file, &mut upload).await?,
                None => texts.receive(field).await?,
            }
        }
        Ok(())
    }
    .await;
    upload.form = texts.form();
    match done {
        Ok(()) => Ok(upload),
        Err(e) => {
            upload.discard(vault).await;
            Err(e)
        }
    }
}

async fn receive_file(vault: &Vault, field: Field, file: &str, upload: &mut Upload) -> Result<()> {
    let name = clean_name(file);
    let bytes = field.map(|piece| piece.map_err(|e| std::io::Error::other(e.to_string())));
    let stored = vault.store(bytes, &name).await.map_err(|e| match e {
        crate::platform::vault::VaultError::Incoming(_) => AppError::field("file", "error-broken-upload"),
        other => other.into(),
    })?;
    if stored.size == 0 {
        discard(vault, [stored.key]).await;
        // A file input that was left empty sends one nameless part.
        if !file.is_empty() {
            upload.empty.push(name);
        }
        return Ok(());
    }
    upload.push(Arrived { name, kind: Kind::File, stored });
    if upload.files.len() > MOST_FILES {
        return Err(AppError::Invalid(vec![
            FieldError::new("file", "error-too-many").arg("max", MOST_FILES),
        ]));
    }
    Ok(())
}

/// The form, with the place of its file in the folder it was chosen with (`path`) beside the source.
pub fn with_place(form: &Form) -> Form {
    let path = form.raw("path").to_owned();
    let placed = |(name, value): (String, String)| {
        let value = if name == "source" { source_with_place(value.trim(), &path) } else { value };
        (name, value)
    };
    Form::from_pairs(form.pairs().into_iter().map(placed).collect())
}

/// The texts of a request that came in parts, in its order.
#[derive(Debug, Default)]
pub struct Texts {
    pairs: Vec<(String, String)>,
    /// What the pairs take, in bytes.
    kept: usize,
}

impl Texts {
    /// Reads the text of one more part.
    ///
    /// # Errors
    /// `Invalid` for a broken body or bytes that are no UTF-8; `TooLarge`, with the field, for a text or for texts
    /// together that no form of ours comes near.
    pub async fn receive(&mut self, field: Field) -> Result<()> {
        let name = field.name().unwrap_or_default().to_owned();
        let text = receive_text(field, &name).await?;
        // A part without a text takes its place too.
        self.kept += size_of::<(String, String)>() + name.len() + text.len();
        if self.kept > body::LIMIT {
            return Err(body::too_long(name));
        }
        self.pairs.push((name, text));
        Ok(())
    }

    /// What was read.
    pub fn form(self) -> Form {
        Form::from_pairs(self.pairs).picked()
    }
}

/// Of a text that is too long for any field so much is kept that its field says so.
async fn receive_text(mut field: Field, name: &str) -> Result<String> {
    let (mut text, mut read) = (Vec::new(), 0);
    while let Some(piece) = field.next().await {
        let piece = piece.map_err(|_| AppError::field("form", "error-broken-upload"))?;
        read += piece.len();
        if read > body::READ {
            return Err(body::too_long(name));
        }
        let room = FIELD_LIMIT - text.len();
        text.extend_from_slice(&piece[..piece.len().min(room)]);
    }
    // What was cut off may have been in the middle of a character.
    let whole = match std::str::from_utf8(&text) {
        Err(fault) if read > FIELD_LIMIT && fault.error_len().is_none() => fault.valid_up_to(),
        Err(_) => return Err(AppError::field("form", "error-not-utf8")),
        Ok(text) => text.len(),
    };
    text.truncate(whole);
    String::from_utf8(text).map_err(|_| AppError::field("form", "error-not-utf8"))
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{Arc, mpsc},
        time::Duration,
    };

    use actix_web::{
        error::PayloadError,
        http::header::{self, HeaderMap, HeaderValue},
    };
    use bytes::Bytes;
    use futures_util::stream;

    use super::*;
    use crate::platform::{
        db::{Id, Instant, Target},
        keys::MasterKey,
    };

    /// Waits until the vault has so many objects.
    async fn holds(vault: &Vault, objects: usize) {
        while vault.list().count().await != objects {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    #[tokio::test]
    async fn nothing_stays_of_the_files_whose_client_goes_away_before_the_last_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let vault = Vault::open(None, folder.path(), Arc::new(MasterKey::generate())).expect("a vault");
        let part = |name: &str| {
            let head = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"");
            format!("--x\r\n{head}\r\n\r\n{name} and more\r\n")
        };
        let begun = Bytes::from([part("a.txt"), part("b.txt"), part("c.txt")].concat());
        let body = stream::iter([Ok::<_, PayloadError>(begun)]).chain(stream::pending());
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=x"));
        tokio::select! {
            _ = receive(&vault, Multipart::new(&headers, body)) => panic!("the rest is still to come"),
            () = holds(&vault, 2) => {}
        }
        tokio::time::timeout(Duration::from_secs(5), holds(&vault, 0)).await.expect("nothing stays");
    }

    /// What an act was to keep, and is not needed or was refused, leaves the vault also where its client goes away meanwhile.
    #[tokio::test]
    async fn an_act_whose_client_goes_away_leaves_nothing_that_it_did_not_keep() {
        let folder = tempfile::tempdir().expect("a folder");
        let vault = Vault::open(None, folder.path(), Arc::new(MasterKey::generate())).expect("a vault");
        let target = Target::Sqlite(folder.path().join("a.db"));
        let db = Db::open(&target, Arc::new(Instant::system_now)).expect("a database");
        for is_refused in [true, false] {
            let key = vault.store_bytes("a scan", "a.txt").await.expect("stored").key;
            let (begun, is_begun) = tokio::sync::oneshot::channel();
            let (go_on, may_go_on) = mpsc::channel::<()>();
            let act = move |tx: &mut Tx<'_>| {
                begun.send(()).map_err(|()| AppError::NotFound)?;
                may_go_on.recv().map_err(AppError::internal)?;
                // The same bytes are there already, say.
                tx.leave_as_it_is(("evidence", Id::new()));
                if is_refused { Err(AppError::NotFound) } else { Ok((vec![key], ())) }
            };
            let acting = act_in(db.clone(), vault.clone(), Origin::system("system:test"), vec![key], act);
            tokio::select! {
                _ = acting => panic!("it waits"),
                begun = is_begun => begun.expect("it has begun"),
            }
            assert_eq!(vault.list().count().await, 1);
            go_on.send(()).expect("it goes on");
            tokio::time::timeout(Duration::from_secs(5), holds(&vault, 0)).await.expect("nothing stays");
        }
    }
}
