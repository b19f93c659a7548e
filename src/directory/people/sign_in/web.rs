//! Handlers of signing in and out.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{
    enter,
    model::{Trouble, local_path, wait_words},
    pages::{LoginPage, SecondFactorPage},
};
use crate::{
    directory::people::{actions, guard::Entering, second_factor, session, store},
    platform::{
        error::{AppError, FieldError, Result},
        http::{Form, form_view::FormView, html, invalid, reply::too_many, see_other, shield},
        i18n::Lang,
        paths,
        services::Services,
    },
};

fn next_of(form: &Form) -> String {
    local_path(form.raw("next")).unwrap_or(paths::HOME).to_owned()
}

fn form_with(errors: Vec<FieldError>) -> FormView {
    FormView::new("people-field-").with_errors(errors)
}

/// Shows the form again: 422 with what is wrong, or 429 with how long to wait.
fn again(page: &impl askama::Template, wait: Option<u64>) -> Result<HttpResponse> {
    match wait {
        Some(seconds) => too_many(page, seconds),
        None => invalid(page),
    }
}

pub(super) async fn login_page(services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let next = next_of(&Form::query(&request));
    if session::actor_of(&request).await?.is_some() {
        return Ok(see_other(&next));
    }
    let c = session::plain(&request, &services, "people-login-title");
    html(&LoginPage { c, form: form_with(Vec::new()), next, wait: String::new() })
}

pub(super) async fn log_in(
    services: Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let next = next_of(&form);
    let username = form.required("username", 200);
    // A password is taken as it was typed: no trimming, no composing.
    let typed = form.pairs().into_iter().find(|(name, _)| name == "password").map(|(_, v)| v);
    let typed = typed.filter(|p| p.chars().count() <= crate::directory::people::password::LONGEST);
    let from = enter::stranger(session::address_of(&request), session::agent_of(&request));
    let c = session::plain(&request, &services, "people-login-title");
    let lang = c.language;
    let (errors, wait) = match form.check() {
        Err(AppError::Invalid(errors)) => (errors, None),
        Err(e) => return Err(e),
        Ok(()) => match enter::sign_in(&services, from, &username, (typed.unwrap_or_default(), lang)).await {
            Ok(Some(secret)) => {
                let mut reply = see_other(&next);
                reply
                    .add_cookie(&session::cookie(&services.settings.base_url, secret))
                    .map_err(AppError::internal)?;
                return Ok(reply);
            }
            Ok(None) => (vec![FieldError::new("password", "error-login-wrong")], None),
            Err(AppError::TooMany(seconds)) => (Vec::new(), Some(seconds)),
            Err(e) => return Err(e),
        },
    };
    let form = form_with(errors).set("username", username);
    again(&LoginPage { c, form, next, wait: wait.map_or_else(String::new, |s| wait_words(lang, s)) }, wait)
}

pub(super) async fn second_factor_page(
    Entering(me): Entering,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let next = next_of(&Form::query(&request));
    if !me.has_second_factor || me.second_factor_at.is_some() {
        return Ok(see_other(&next));
    }
    let c = session::plain(&request, &services, "people-factor-title");
    html(&SecondFactorPage { c, form: form_with(Vec::new()), next, wait: String::new() })
}

pub(super) async fn second_factor(
    Entering(me): Entering,
    services: Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    let next = next_of(&form);
    if !me.has_second_factor || me.second_factor_at.is_some() {
        return Ok(see_other(&next));
    }
    let trouble = match second_factor::strengthen(&services, &me, form.raw("code").to_owned()).await {
        Ok(secret) => {
            let mut reply = see_other(&next);
            // The account's language is also that of the pages that follow when the session is over.
            if shield::language(&request) != me.lang {
                let cookie = session::language_cookie(&services.settings.base_url, me.lang);
                reply.add_cookie(&cookie).map_err(AppError::internal)?;
            }
            reply
                .add_cookie(&session::cookie(&services.settings.base_url, secret))
                .map_err(AppError::internal)?;
            return Ok(reply);
        }
        Err(error) => Trouble::of(error)?,
    };
    let c = session::plain(&request, &services, "people-factor-title");
    let wait = trouble.words(c.language);
    again(&SecondFactorPage { c, form: form_with(trouble.errors), next, wait }, trouble.wait)
}

pub(super) async fn log_out(services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    if let Some(me) = session::actor_of(&request).await?
        && let Some(id) = me.session
    {
        services.db.write(me.origin(), move |tx| actions::end_session(tx, me.id, id)).await?;
    }
    let mut reply = see_other(&format!("{}?ok=logged-out", paths::LOGIN));
    let cookie = session::ending_cookie(&services.settings.base_url);
    reply.add_cookie(&cookie).map_err(AppError::internal)?;
    Ok(reply)
}

/// Chooses a language: kept by the browser, and by the account of whoever is signed in. By a form alone: a link changes nothing.
pub(super) async fn language(services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let query = Form::query(&request);
    let back = local_path(query.raw("back")).unwrap_or(paths::HOME).to_owned();
    let mut reply = see_other(&back);
    let Some(lang) = Lang::parse(query.raw("to")) else { return Ok(reply) };
    if let Some(me) = session::actor_of(&request).await? {
        // Whoever has shown a password alone changes nothing of the account yet.
        let is_in = !me.has_second_factor || me.second_factor_at.is_some();
        let (id, session) = (me.id, me.session);
        let kept = services.db.read(move |conn| Ok(store::by_id(conn, id)?.locale)).await?;
        if is_in && kept != lang.tag() {
            services.db.write(me.origin(), move |tx| actions::change_language(tx, id, session, lang)).await?;
        } else {
            let account = is_in.then_some(id);
            services.db.write_quiet(move |tx| actions::note_language(tx, account, session, lang)).await?;
        }
    }
    let cookie = session::language_cookie(&services.settings.base_url, lang);
    reply.add_cookie(&cookie).map_err(AppError::internal)?;
    Ok(reply)
}
