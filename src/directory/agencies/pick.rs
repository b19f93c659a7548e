//! What the pickers of agencies are offered. The directory is read without an entry in the log, and so is this.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{
    search::{self, Found},
    store,
};
use crate::{
    directory::people::DirectoryReader,
    platform::{
        db::Id,
        error::{FieldError, Result},
        http::{
            Form,
            pick::{MOST, Suggestion, suggest, typed},
        },
        services::Services,
    },
};

/// `GET /pick/agencies?q=…`: by code.
pub(super) async fn agencies(
    me: DirectoryReader,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let text = typed(&request)?;
    let (today, lang) = (super::web::today(&services), me.lang);
    let found = services.db.read(move |conn| search::search(conn, &text, today, MOST)).await?;
    let line = |row: Found| Suggestion {
        label: lang.pick(&row.name_zh, &row.name_en).to_owned(),
        note: row.code.clone(),
        value: row.code,
    };
    Ok(suggest(&found.into_iter().map(line).collect::<Vec<_>>()))
}

/// Reads what was typed into fields for an agency's code: what names exactly one becomes its code, and what names several, or only
/// fits some, is a fault that offers them. Where it is asked what fits a field, that is offered, and nothing is read.
///
/// # Errors
/// Those of the database.
pub(super) async fn offer(services: &Services, form: &mut Form, fields: &[&'static str]) -> Result<()> {
    if let Some((field, text)) = search::sought(form, fields) {
        let today = super::web::today(services);
        let found = services.db.read(move |conn| search::search(conn, &text, today, MOST)).await?;
        search::offer(form, field, &found);
    }
    if form.is_seeking() {
        return Ok(());
    }
    for field in fields {
        let text: String = form.raw(field).chars().take(100).collect();
        if text.is_empty() {
            continue;
        }
        let (today, sought) = (super::web::today(services), text.clone());
        let meant = services.db.read(move |conn| search::meant(conn, &sought, today)).await?;
        match meant.found.as_slice() {
            // That there is none of the kind is said where the code is looked up.
            [] => {}
            [one] if meant.is_sure => form.put(field, one.code.clone()),
            some => {
                let fault = FieldError::new(*field, "error-agency-not-picked").arg("text", text);
                form.push(fault.arg("picks", search::picks(some)));
            }
        }
    }
    Ok(())
}

/// Reads what was typed into one field for an agency as `offer` does, and gives the id of the agency whose code stands in it
/// then. A fault where there is none of that code, or none any more.
///
/// # Errors
/// Those of the database.
pub async fn in_being(services: &Services, form: &mut Form, field: &'static str) -> Result<Option<Id>> {
    offer(services, form, &[field]).await?;
    let code = form.raw(field).to_owned();
    let is_read = !form.is_seeking() && form.errors().iter().all(|fault| fault.field != field);
    if code.is_empty() || !is_read {
        return Ok(None);
    }
    let today = super::web::today(services);
    match services.db.read(move |conn| store::by_code(conn, &code)).await? {
        None => form.fault(field, "error-agency-unknown"),
        Some(one) if one.valid_to.is_some_and(|last| last < today) => {
            form.fault(field, "error-agency-not-in-being");
        }
        Some(one) => return Ok(Some(one.id)),
    }
    Ok(None)
}
