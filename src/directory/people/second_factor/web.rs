//! Handlers of the second factor.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, http::header, web::Data};

use super::{
    actions, model,
    pages::{CodesPage, FactorPage, SetUpPage},
    store,
};
use crate::{
    audit::Entry,
    directory::people::{
        guard::Identified,
        model::Actor,
        proof, refusals, session,
        sign_in::{
            attempts::{self, Key},
            model::Trouble,
        },
    },
    platform::{
        db::{Once, Tx},
        error::{AppError, Result},
        http::{Form, form_view::FormView, html, reply::html_or_wait, see_other, view::Link},
        i18n, paths,
        services::Services,
    },
};

fn status(trouble: &Trouble) -> StatusCode {
    if trouble.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

/// The act that binds an app to the account: whoever does it in a session that was left open has to show first who they are.
const SET_UP: &str = "second-factor.set-up";

fn form() -> FormView {
    FormView::new("people-field-")
}

async fn set_up_page(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    trouble: Trouble,
) -> Result<HttpResponse> {
    let secret = actions::pending_secret(services, me.id).await?;
    let totp = model::totp(&secret, &me.username)?;
    let page = SetUpPage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "people-factor-set-up-title")),
        link: totp.to_url().map_err(|e| AppError::internal(e.to_string()))?,
        secret: model::typed_secret(&secret),
        obliged: me.must_set_up_second_factor(),
        wait: trouble.words(me.lang),
        form: form().with_errors(trouble.errors.clone()),
    };
    html_or_wait(status(&trouble), &page, trouble.wait)
}

async fn known_page(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    codes: Trouble,
    removal: Trouble,
) -> Result<HttpResponse> {
    let id = me.id;
    let (status, wait) = (status(&codes).max(status(&removal)), codes.wait.or(removal.wait));
    let page = FactorPage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "people-factor-title")),
        trail: vec![Link::new(i18n::t(me.lang, "nav-account"), paths::ACCOUNT)],
        codes_left: services.db.read(move |conn| store::codes_left(conn, id)).await?,
        obliged: me.roles.iter().any(|r| r.needs_second_factor()),
        wait: format!("{}{}", codes.words(me.lang), removal.words(me.lang)),
        codes_form: form().with_errors(codes.errors),
        remove_form: form().with_errors(removal.errors),
    };
    html_or_wait(status, &page, wait)
}

pub(super) async fn page(
    Identified(me): Identified,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    if me.has_second_factor {
        known_page(&request, &services, &me, Trouble::default(), Trouble::default()).await
    } else {
        // Before the secret is shown, and not with the code, which would be stale after another page.
        proof::ask_before(&services, &me, SET_UP, paths::SET_UP_SECOND_FACTOR)?;
        set_up_page(&request, &services, &me, Trouble::default()).await
    }
}

/// The QR code of the secret being set up. Once it is confirmed, nobody gets to see it again.
pub(super) async fn picture(Identified(me): Identified, services: Data<Services>) -> Result<HttpResponse> {
    if me.has_second_factor {
        return Err(AppError::NotFound);
    }
    proof::ask_before(&services, &me, SET_UP, paths::SET_UP_SECOND_FACTOR)?;
    let secret = actions::pending_secret(&services, me.id).await?;
    let png =
        model::totp(&secret, &me.username)?.to_qr_png().map_err(|e| AppError::internal(e.to_string()))?;
    Ok(HttpResponse::Ok()
        .content_type("image/png")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(png))
}

pub(super) async fn confirm(
    Identified(me): Identified,
    services: Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    if me.has_second_factor {
        return known_already(&services, &me).await;
    }
    let proven = proof::ask_before(&services, &me, SET_UP, paths::SET_UP_SECOND_FACTOR)?;
    let code = form.raw("code").to_owned();
    let id = me.id;
    let done = async {
        let secret = actions::pending_secret(&services, id).await?;
        let reserved = services.db.write_quiet(move |tx| attempts::reserve(tx, &[Key::factor(id)])).await?;
        let actor = me.clone();
        services
            .db
            .write(me.origin(), move |tx| {
                let done = actions::confirm_set_up(tx, &actor, &proven, &secret, &code)?;
                attempts::succeed(tx, &reserved)?;
                Ok(done)
            })
            .await
    };
    let done = done.await;
    if let Err(error) = &done {
        let attempted = Entry::refused(SET_UP).object("person", id);
        refusals::note_wrong_proof(&services, me.origin(), attempted, error).await?;
    }
    match done {
        Ok((codes, session_secret)) => {
            let mut reply = codes_page(&request, &services, &me, codes)?;
            if let Some(secret) = session_secret {
                let cookie = session::cookie(&services.settings.base_url, secret);
                reply.add_cookie(&cookie).map_err(AppError::internal)?;
            }
            Ok(reply)
        }
        Err(e) => set_up_page(&request, &services, &me, Trouble::of(e)?).await,
    }
}

/// Where the page with the codes leads that is loaded again: they are shown once, and new ones are made where one's own are
/// counted.
fn shown_before() -> HttpResponse {
    see_other(&format!("{}?ok=codes-shown", paths::SET_UP_SECOND_FACTOR))
}

/// A second factor that is there already, where it is set up: by this very form, or by another.
async fn known_already(services: &Services, me: &Actor) -> Result<HttpResponse> {
    let (id, once) = (me.id, me.origin().once);
    let was_this = match once {
        Some(once) => services.db.read(move |conn| Once::was_sent(conn, id, once.word())).await?,
        None => false,
    };
    if was_this { Ok(shown_before()) } else { Err(AppError::Conflict("conflict-factor-known")) }
}

fn codes_page(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    codes: Vec<String>,
) -> Result<HttpResponse> {
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "people-codes-title"));
    html(&CodesPage { c, codes })
}

pub(super) async fn new_codes(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    let code = form.raw("code").to_owned();
    let done = async {
        let attempted = Entry::refused("second-factor.renew-codes").object("person", me.id);
        let act = move |tx: &mut Tx<'_>, attempt: &actions::Attempt| actions::renew_codes(tx, attempt, &code);
        actions::step_up(&services, &me, attempted, act).await
    };
    match done.await {
        Ok(codes) => codes_page(&request, &services, &me, codes),
        Err(AppError::Elsewhere(_)) => Ok(shown_before()),
        Err(e) => known_page(&request, &services, &me, Trouble::of(e)?, Trouble::default()).await,
    }
}

pub(super) async fn remove(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    let code = form.raw("code").to_owned();
    let id = me.id;
    let done = async {
        let attempted = Entry::refused("second-factor.remove").object("person", id);
        let act = move |tx: &mut Tx<'_>, attempt: &actions::Attempt| {
            actions::confirm_second_factor(tx, attempt, &code)?;
            actions::remove(tx, id)
        };
        actions::step_up(&services, &me, attempted, act).await
    };
    match done.await {
        Ok(()) => Ok(see_other(&format!("{}?ok=factor-removed", paths::SET_UP_SECOND_FACTOR))),
        Err(e) => known_page(&request, &services, &me, Trouble::default(), Trouble::of(e)?).await,
    }
}
