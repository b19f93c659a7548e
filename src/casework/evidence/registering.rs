//! Registering what arrived, whichever way it came: with a page's form, by a program, in parts.

use super::{
    actions::{self, Registered},
    model::Details,
    upload::{self, Upload},
};
use crate::{
    casework::lead,
    directory::people::Compiler,
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
        services::Services,
    },
};

/// What was typed into the form, to be given back.
type Typed = Vec<(String, String)>;

/// Refuses whoever may not change the lead's evidence: before anything is read, or a byte is stored.
///
/// # Errors
/// `NotFound` for a lead that isn't there; `Conflict` where it is not the actor's, or no draft.
pub(super) async fn changeable(me: &Compiler, services: &Services, lead_id: Id) -> Result<()> {
    let actor = me.clone();
    let asked = services.db.read(move |conn| {
        let lead = lead::store::find_visible(conn, &actor, lead_id)?;
        lead::model::require_changeable(&actor, &lead)
    });
    asked.await
}

/// Checks the fields and registers the files, and does `then` in the same transaction; nothing stays in the vault when
/// it fails, or when the client goes away meanwhile and it is not registered.
pub(super) async fn register<T: Send + 'static>(
    me: &Compiler,
    services: &Services,
    lead_id: Id,
    mut received: Upload,
    then: impl FnOnce(&mut Tx<'_>, &Registered) -> Result<T> + Send + 'static,
) -> Result<T, (AppError, Typed)> {
    let details = Details::read(&mut received.form, services.settings.time_zone, services.db.now());
    if !received.empty.is_empty() {
        let names = received.empty.join("、");
        received.form.push(FieldError::new("file", "error-files-empty").arg("names", names));
    } else if received.files().is_empty() {
        received.form.fault("file", "error-file-required");
    }
    let pairs = received.form.pairs();
    if let Err(e) = received.form.check() {
        received.discard(&services.vault).await;
        return Err((e, pairs));
    }
    let actor = me.clone();
    let (_, files, _) = received.apart();
    let keys = files.iter().map(|f| f.stored.key).collect();
    let act = move |tx: &mut Tx<'_>| {
        let done = actions::register(tx, &actor, lead_id, &files, &details)?;
        let then = then(tx, &done)?;
        Ok((done.surplus, then))
    };
    upload::act_on(services, me.origin(), keys, act).await.map_err(|e| (e, pairs))
}
