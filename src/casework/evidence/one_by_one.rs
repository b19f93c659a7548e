//! Files that a page's script sends one by one: the answer to each is JSON. A file that is sent again because the answer
//! was lost, with the word of its first try, is told what that has made, and is no second item.

use actix_web::HttpResponse;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    actions::Registered,
    model::Details,
    naming,
    registering::register,
    store::{self, Item},
    upload::{self, Upload},
};
use crate::{
    directory::people::Compiler,
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
        i18n::Lang,
        paths,
        services::Services,
    },
};

/// What became of a file.
#[derive(Serialize, ToSchema)]
pub(super) struct Uploaded {
    id: Id,
    /// Within the lead.
    number: i32,
    name: String,
    /// Lower-case hex.
    sha256: String,
    /// Lower-case hex.
    sm3: String,
    /// Bytes.
    size: i64,
    media_type: String,
    /// Whether the lead had an item of the same content before.
    again: bool,
    /// That its name promises another content than it has, in the account's language.
    warning: Option<String>,
    /// Its page.
    url: String,
}

impl Uploaded {
    pub fn new(item: Item, again: bool, lang: Lang) -> Self {
        Self {
            warning: naming::differs(&item, lang),
            id: item.id,
            number: item.position,
            sha256: item.blob.sha256_hex(),
            sm3: item.blob.sm3_hex(),
            size: item.blob.size,
            media_type: item.blob.media_type,
            again,
            url: paths::evidence(item.id),
            name: item.name,
        }
    }
}

/// Registers the one file of a request: 201, or 200 where its word says that it was registered before. With the field
/// `check` nothing is registered: 204 says that the other fields are in order, before the bytes of large files are sent.
///
/// # Errors
/// As [`register`]; `Invalid` for more than one file.
pub(super) async fn answer(
    me: &Compiler,
    services: &Services,
    lead_id: Id,
    mut received: Upload,
) -> Result<HttpResponse> {
    if received.form.has("check") {
        Details::read(&mut received.form, services.settings.time_zone, services.db.now());
        let checked = received.form.check();
        received.discard(&services.vault).await;
        checked?;
        return Ok(HttpResponse::NoContent().finish());
    }
    received.form = upload::with_place(&received.form);
    if received.files().len() > 1 {
        received.form.push(FieldError::new("file", "error-too-many").arg("max", 1));
    }
    let lang = me.lang;
    let then = move |tx: &mut Tx<'_>, done: &Registered| {
        let id = done.ids.first().copied().ok_or(AppError::NotFound)?;
        Ok(Uploaded::new(store::find(tx.conn(), id)?, done.again, lang))
    };
    match register(me, services, lead_id, received, then).await {
        Ok(uploaded) => Ok(HttpResponse::Created().json(uploaded)),
        Err((error, _)) => {
            let Some(id) = made_before(&error) else { return Err(error) };
            let item = services.db.read(move |conn| store::find(conn, id)).await?;
            if item.lead_id != lead_id {
                return Err(AppError::NotFound);
            }
            Ok(HttpResponse::Ok().json(Uploaded::new(item, false, lang)))
        }
    }
}

/// The item that an earlier request with the same word has made, by the page that whoever repeats it is led to.
pub(super) fn made_before(error: &AppError) -> Option<Id> {
    let AppError::Elsewhere(page) = error else { return None };
    let (path, _) = page.split_once('?')?;
    let id: Id = path.rsplit('/').next()?.parse().ok()?;
    (path == paths::evidence(id)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_of_an_item_tells_which_one_was_made() {
        let id = Id::new();
        let led = |page: String| made_before(&AppError::Elsewhere(page));
        assert_eq!(led(format!("/evidence/{id}?ok=done-before")), Some(id));
        assert_eq!(led(format!("/leads/{id}?ok=done-before")), None);
        assert_eq!(led("/login?next=/evidence".into()), None);
        assert_eq!(made_before(&AppError::NotFound), None);
    }
}
