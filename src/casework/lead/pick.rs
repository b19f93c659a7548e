//! What the pickers of brands are offered: names that leads bear already. Names alone are read without an entry in the log,
//! as in the form of a new lead.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{input, store};
use crate::{
    directory::people::CaseReader,
    platform::{
        db::Connection,
        error::Result,
        http::{
            Form,
            pick::{MOST, Suggestion, suggest, typed},
        },
        pinyin,
        services::{KeptNames, Services},
    },
};

/// So many brands are looked through.
const ALL: i64 = 20_000;

/// All names. A brand is never renamed and never goes: they are read again where there are more of them, and not at each
/// key that somebody presses.
fn all(conn: &mut Connection, kept: &KeptNames) -> Result<Arc<Vec<String>>> {
    let n = store::brand_count(conn)?;
    let known = kept.of(n);
    if let Some(names) = known {
        return Ok(names);
    }
    let names = Arc::new(store::brands(conn, ALL)?);
    kept.put(n, names.clone());
    Ok(names)
}

/// The names of brands that a text fits, best first.
fn found(conn: &mut Connection, kept: &KeptNames, text: &str) -> Result<Vec<String>> {
    let all = all(conn, kept)?;
    let mut found: Vec<(pinyin::Fit, &String)> =
        all.iter().filter_map(|name| Some((pinyin::fit_words(&[name], text)?, name))).collect();
    found.sort();
    Ok(found.into_iter().take(MOST).map(|(_, name)| name.clone()).collect())
}

/// `GET /pick/brands?q=…`
pub(super) async fn brands(
    _me: CaseReader,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let text = typed(&request)?;
    let kept = services.brands.clone();
    let found = services.db.read(move |conn| found(conn, &kept, &text)).await?;
    let line = |name: String| Suggestion { value: name.clone(), label: name, note: String::new() };
    Ok(suggest(&found.into_iter().map(line).collect::<Vec<_>>()))
}

/// Offers what fits a field for brands whose matches are asked for, if they are. Of several names the last one is looked for;
/// those before it stay.
///
/// # Errors
/// Those of the database.
pub(super) async fn offer(services: &Services, form: &mut Form, field: &str) -> Result<()> {
    if !form.seeks(field) {
        return Ok(());
    }
    let text = form.raw(field).to_owned();
    let mut names: Vec<String> = input::brand_names(&text).map(str::to_owned).collect();
    let last = names.pop().unwrap_or_default();
    let kept = services.brands.clone();
    let found = services.db.read(move |conn| found(conn, &kept, &last)).await?;
    let line = |name: String| {
        let all = [names.as_slice(), std::slice::from_ref(&name)].concat().join("、");
        (all.clone(), all)
    };
    form.offer(field, &found.into_iter().map(line).collect::<Vec<_>>(), "error-pick-none");
    Ok(())
}
