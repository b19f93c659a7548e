//! Keeping and throwing away. The script asks for JSON and stays where it is; a button leads back to the form.

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    web::{Data, Path},
};
use serde_json::json;

use super::{
    actions::{self, Typed},
    forms,
    store::Row,
    wrapped,
};
use crate::{
    directory::people::{model::Actor, session, signed_out::secret},
    platform::{
        db::{Id, Instant},
        error::{AppError, FieldError, Result},
        http::{
            form::Form,
            keeping::{KeptTyped, holds_secret_key},
            link::Query,
            merge, see_other,
            shield::wants_json,
            unkept_json,
        },
        services::Services,
        time,
    },
};

/// Most that is kept of one form, in KB: ten times what the longest text of ours takes.
const MOST_KB: usize = 512;

/// What was typed, without what is never kept.
fn typed(path: &str, form: &Form) -> Result<Vec<(String, String)>> {
    let mut fields = merge::undecided(form.pairs());
    fields.retain(|(name, value)| secret(path, name).is_none() && !holds_secret_key(value));
    let size: usize = fields.iter().map(|(name, value)| name.len() + value.len()).sum();
    if size > MOST_KB << 10 {
        let fault = FieldError::new("form", "error-unsent-too-large").arg("max", MOST_KB);
        return Err(AppError::TooLarge(fault));
    }
    Ok(fields)
}

/// The state that a form was filled from, as its address says.
fn base(query: &Query) -> Option<Instant> {
    query.get("base").parse().ok().map(Instant::from_micros)
}

/// `POST /unsent?form=…&draft=…&word=…`: the form's own fields, posted here and not to its address.
pub(super) async fn keep(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    let query = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str()));
    let address = query.get("form").to_owned();
    let page = forms::page_of(&request, &address).ok_or(AppError::NotFound)?;
    let id = |name: &str| query.get(name).parse::<Id>().ok();
    let fields = typed(Query::new(&address).path(), &form)?;
    let row = Row {
        id: id("draft").unwrap_or_else(Id::new),
        word: id("word").unwrap_or_else(Id::new),
        form: address.clone(),
        page: page.clone(),
        fields: wrapped::wrap(&services.master, me.id, fields)?,
        saved_at: Instant::default(),
    };
    let (person, typed) = (me.id, Typed { row, before: id("before"), base: base(&query) });
    let kept = services.db.write_quiet(move |tx| actions::keep(tx, person, typed)).await?;
    if wants_json(request.headers()) {
        return Ok(told(&services, &me, kept, &page));
    }
    let flash = kept.map_or("done-before", |_| "unsent-kept");
    let back = kept.map(|(id, _)| id.to_string()).unwrap_or_default();
    Ok(see_other(&forms::way_back(&page, &address, &back).with("ok", flash).href()))
}

/// Keeps a form that was posted to its own address and refused: its fields were faulty, its object has moved on, or the
/// program has failed. Whoever comes back to the form finds it as it was. A form with files is not kept here: it streams.
pub(in crate::directory::people) async fn keep_refused(request: &HttpRequest, body: &[u8]) {
    let Some(person) = request.extensions().get::<Actor>().map(|actor| actor.id) else { return };
    let query = Query::new(&format!("?{}", request.query_string()));
    // Where its page needs parameters the form says under which address it is kept.
    let address = Some(query.get("form")).filter(|form| Query::new(form).path() == request.path());
    let address = address.unwrap_or(request.path()).to_owned();
    let id = |name: &str| query.get(name).parse::<Id>().ok();
    let (Some(draft), Some(word)) = (id("draft"), id("once")) else { return };
    let Some(page) = forms::page_of(request, &address).filter(|_| !body.is_empty()) else { return };
    let kept = async {
        let services = session::services_of(request)?;
        let fields = typed(request.path(), &Form::parse(body))?;
        let fields = wrapped::wrap(&services.master, person, fields)?;
        let row = Row { id: draft, word, form: address, page, fields, saved_at: Instant::default() };
        let typed = Typed { row, before: id("before"), base: base(&query) };
        services.db.write_quiet(move |tx| actions::keep(tx, person, typed)).await
    };
    match kept.await {
        Ok(Some(_)) => {
            request.extensions_mut().insert(KeptTyped);
        }
        // It has been sent: there is nothing to go back to.
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "a refused form is not kept"),
    }
}

/// What the script is told: where it goes on keeping, and the time of day; or that the form has been sent.
fn told(services: &Services, me: &Actor, kept: Option<(Id, Instant)>, page: &str) -> HttpResponse {
    let body = match kept {
        None => json!({ "sent": true, "page": page }),
        Some((id, at)) => {
            let clock = time::format_clock(at, services.settings.time_zone, me.lang);
            json!({ "draft": id, "base": at.micros().to_string(), "at": clock, "page": page })
        }
    };
    unkept_json(&body)
}

/// `POST /unsent/{id}/discard`
pub(super) async fn discard(me: Actor, services: Data<Services>, path: Path<Id>) -> Result<HttpResponse> {
    let (person, id) = (me.id, path.into_inner());
    let page = services.db.write_quiet(move |tx| actions::discard(tx, person, id)).await?;
    Ok(see_other(&Query::new(&page).with("ok", "unsent-discarded").href()))
}
