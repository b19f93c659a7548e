//! What the pickers of brands are offered, and which brand a list is narrowed to: names that leads bear
//! already. Names alone are read without an entry in the log, as in the form of a new lead.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{input, store};
use crate::{
    directory::people::CaseReader,
    platform::{
        db::Connection,
        error::{FieldError, Result},
        http::{
            Form,
            pick::{MOST, Suggestion, suggest, typed},
        },
        i18n::Lang,
        pinyin::{self, Fit},
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

/// The names of brands that a text fits and how well, best first.
fn fitting(conn: &mut Connection, kept: &KeptNames, text: &str) -> Result<Vec<(Fit, String)>> {
    let all = all(conn, kept)?;
    let mut found: Vec<(Fit, &String)> =
        all.iter().filter_map(|name| Some((pinyin::fit_words(&[name], text)?, name))).collect();
    found.sort();
    Ok(found.into_iter().take(MOST).map(|(fit, name)| (fit, name.clone())).collect())
}

/// The names of brands that a text fits, best first.
fn found(conn: &mut Connection, kept: &KeptNames, text: &str) -> Result<Vec<String>> {
    Ok(fitting(conn, kept, text)?.into_iter().map(|(_, name)| name).collect())
}

/// The brands that a text may mean: the one that it names, or the one whose whole name sounds like it, else all that it fits.
fn meant(conn: &mut Connection, kept: &KeptNames, text: &str) -> Result<Vec<String>> {
    if let Some(name) = store::brand_called(conn, text)? {
        return Ok(vec![name]);
    }
    let found = fitting(conn, kept, text)?;
    let is_one = found.iter().filter(|(fit, _)| *fit == Fit::Whole).count() == 1;
    let most = if is_one { 1 } else { MOST };
    Ok(found.into_iter().take(most).map(|(_, name)| name).collect())
}

/// Puts the name of the brand that a list is narrowed to in the place of what was typed for it; where that can't be told it is
/// a fault, told in `lang`, and narrows nothing.
///
/// # Errors
/// Those of the database.
pub(super) async fn asked(services: &Services, query: &mut Form, lang: Lang) -> Result<()> {
    const BRAND: &str = "brand";
    let text = query.text(BRAND, 100);
    if text.is_empty() {
        return Ok(());
    }
    let mut found = Vec::new();
    if query.errors().iter().all(|fault| fault.field != BRAND) {
        let kept = services.brands.clone();
        found = services.db.read(move |conn| meant(conn, &kept, &text)).await?;
        match found.len() {
            0 => query.fault(BRAND, "error-brand-none"),
            1 => {}
            _ => {
                let choices = found.join(&lang.between_choices());
                query.push(FieldError::new(BRAND, "error-brand-ambiguous").arg("choices", choices));
            }
        }
    }
    let one = if found.len() == 1 { found.remove(0) } else { String::new() };
    query.put(BRAND, one);
    Ok(())
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
