//! What the pickers of agencies are offered. The directory is read without an entry in the log, and so is this.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::search::{self, Found};
use crate::{
    directory::people::DirectoryReader,
    platform::{
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
