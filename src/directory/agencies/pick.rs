//! What the pickers of agencies are offered. The directory is read without an entry in the log, and so is this.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::search::{self, Found};
use crate::{
    directory::people::DirectoryReader,
    platform::{
        error::Result,
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

/// Offers what fits the field for an agency's code whose matches are asked for, if they are.
///
/// # Errors
/// Those of the database.
pub(super) async fn offer(services: &Services, form: &mut Form, fields: &[&'static str]) -> Result<()> {
    if let Some((field, text)) = search::sought(form, fields) {
        let today = super::web::today(services);
        let found = services.db.read(move |conn| search::search(conn, &text, today, MOST)).await?;
        search::offer(form, field, &found);
    }
    Ok(())
}
