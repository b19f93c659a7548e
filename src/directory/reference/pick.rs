//! What the pickers of regions and charges are offered, and what was typed for a date or an amount said back: for everybody
//! who is signed in, as the reference itself.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde::Serialize;

use super::{Charge, Region, charges, region, regions};
use crate::{
    directory::people::Actor,
    platform::{
        db::blocking,
        error::Result,
        http::{
            Form,
            pick::{MOST, Suggestion, suggest, typed},
            read_back, unkept_json,
        },
        i18n,
        services::Services,
        time,
    },
};

/// `GET /pick/regions?q=…`: by full names, those that are no more behind the others, with their last day.
pub(super) async fn regions_found(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let text = typed(&request)?;
    let today = time::day_of(services.db.now(), services.settings.time_zone);
    let lang = me.lang;
    let line = move |region: &Region| {
        let at = region.valid_to.or(region.valid_from).unwrap_or(today);
        let name = region::written(&region.code, at, lang);
        let ended = region.valid_to.filter(|end| *end < today);
        let note = ended.map_or_else(
            || region.code.clone(),
            |end| i18n::t_with(lang, "pick-until", &[("day", time::format_date(end, lang))]),
        );
        Suggestion { value: name.clone(), label: name, note }
    };
    // Thousands of names are compared.
    let search = move || {
        let found = regions().search_ever(&text, today, MOST);
        Ok(found.into_iter().map(line).collect::<Vec<_>>())
    };
    Ok(suggest(&blocking(search).await?))
}

/// `GET /pick/charges?q=…&at=…`: by code, those on offer on a day.
pub(super) async fn charges_found(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let (text, at) = (query.text("q", 100), query.date("at"));
    query.check()?;
    let at = at.unwrap_or_else(|| time::day_of(services.db.now(), services.settings.time_zone));
    let line = |charge: &Charge| Suggestion {
        value: charge.code.clone(),
        label: charge.name(me.lang).to_owned(),
        note: charge.cited(me.lang).to_owned(),
    };
    let found = charges().search(&text, at).into_iter().take(MOST);
    Ok(suggest(&found.map(line).collect::<Vec<_>>()))
}

/// What was understood, or why it was not.
#[derive(Serialize)]
struct Told {
    text: String,
    is_understood: bool,
}

/// `GET /pick/reading?kind=date|datetime-local|amount|numbers&q=…&with=…`: what was typed, said back. `with`: an amount's
/// qualifier.
pub(super) async fn reading(me: Actor, request: HttpRequest) -> Result<HttpResponse> {
    let mut query = Form::query(&request);
    let (kind, text, with) = (query.text("kind", 20), query.text("q", 100), query.text("with", 20));
    query.check()?;
    let told = match read_back::read(me.lang, &kind, &text, &with) {
        Some(Ok(text)) => Told { text, is_understood: true },
        Some(Err(text)) => Told { text, is_understood: false },
        None => Told { text: String::new(), is_understood: true },
    };
    Ok(unkept_json(&told))
}
