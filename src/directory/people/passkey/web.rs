//! Handlers of the page of passkeys.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};
use rand::{RngCore, rngs::OsRng};

use super::{
    actions,
    model::{self, ADD, FIELD, REMOVE},
    pages::{PasskeyLine, PasskeysPage},
    store::{self, PasskeyRow},
};
use crate::{
    directory::people::{
        model::Actor,
        proof::{self, Answer as Asked},
        session,
        time::local,
    },
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{Form, form_view::FormView, reply::html_with, see_other, unkept_json, view::Link},
        i18n, paths,
        services::Services,
        webauthn::Answer,
    },
};

fn line((row, name): &(PasskeyRow, Option<String>), services: &Services, me: &Actor) -> PasskeyLine {
    let zone = services.settings.time_zone;
    PasskeyLine {
        id: row.id,
        name: name.clone().unwrap_or_default(),
        algorithm: row.algorithm.clone(),
        fingerprint: row.fingerprint(),
        added: local(row.added_at, zone),
        last_used: row.last_used_at.map_or_else(|| i18n::t(me.lang, "people-never"), |at| local(at, zone)),
    }
}

async fn show(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    status: StatusCode,
    form: FormView,
) -> Result<HttpResponse> {
    let id = me.id;
    let rows = services.db.read(move |conn| store::of_person(conn, id)).await?;
    let t = |key: &str| i18n::t(me.lang, key);
    let page = PasskeysPage {
        c: session::chrome(request, services, me, &t("passkeys-title")),
        trail: vec![Link::new(t("nav-account"), paths::ACCOUNT)],
        form,
        passkeys: rows.iter().map(|row| line(row, services, me)).collect(),
        can_add: actions::site(services).is_ok(),
        options: format!("{}/options", paths::PASSKEYS),
    };
    html_with(status, &page)
}

fn empty() -> FormView {
    FormView::new("people-token-")
}

pub(super) async fn page(me: Actor, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    show(&request, &services, &me, StatusCode::OK, empty()).await
}

/// What the script asks for, which a browser makes a new passkey by.
pub(super) async fn options(me: Actor, services: Data<Services>) -> Result<HttpResponse> {
    let site = actions::site(&services)?;
    let mut challenge = [0u8; 32];
    OsRng.fill_bytes(&mut challenge);
    let id = me.id;
    let known = services
        .db
        .write_quiet(move |tx| {
            actions::ask_new(tx, id, &challenge)?;
            store::credentials(tx.conn(), id)
        })
        .await?;
    Ok(unkept_json(&model::asked_to_make(&me, &site, &challenge, &known)))
}

/// What a form for a new passkey says: its name, and the browser's answer.
fn read(form: &mut Form) -> Result<(String, Answer)> {
    let name = form.required("name", 80);
    let answer = Answer::parse(form.raw(FIELD));
    if answer.is_none() {
        form.fault("name", "error-passkey-missing");
    }
    form.check()?;
    answer.map(|answer| (name, answer)).ok_or(AppError::NotFound)
}

pub(super) async fn add(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let site = actions::site(&services)?;
    let (name, answer) = match read(&mut form) {
        Ok(read) => read,
        Err(AppError::Invalid(errors)) => {
            let again = empty().typed(form.pairs()).set(FIELD, None::<String>).with_errors(errors);
            return show(&request, &services, &me, StatusCode::UNPROCESSABLE_ENTITY, again).await;
        }
        Err(e) => return Err(e),
    };
    let proven = match proof::ask(&request, &services, &me, ADD, &form).await? {
        Asked::Proven(proven) => proven,
        Asked::Page(page) => return Ok(page),
    };
    services.db.write(me.origin(), move |tx| actions::add(tx, &proven, &name, &answer, &site)).await?;
    Ok(see_other(&format!("{}?ok=passkey-added", paths::PASSKEYS)))
}

pub(super) async fn remove(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let proven = match proof::ask(&request, &services, &me, REMOVE, &form).await? {
        Asked::Proven(proven) => proven,
        Asked::Page(page) => return Ok(page),
    };
    services.db.write(me.origin(), move |tx| actions::remove(tx, &proven, id)).await?;
    Ok(see_other(&format!("{}?ok=passkey-removed", paths::PASSKEYS)))
}
