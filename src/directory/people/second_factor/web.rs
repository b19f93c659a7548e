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
        refusals, session,
        sign_in::{
            attempts::{self, Key},
            model::wait_words,
        },
    },
    platform::{
        db::Tx,
        error::{AppError, FieldError, Result},
        http::{Form, form_view::FormView, html, reply::html_or_wait, see_other, view::Link},
        i18n, paths,
        services::Services,
    },
};

/// What was wrong with a posted form: its faults, or how long to wait.
#[derive(Default)]
struct Trouble {
    errors: Vec<FieldError>,
    wait: Option<u64>,
}

impl Trouble {
    fn of(error: AppError) -> Result<Self> {
        match error {
            AppError::Invalid(errors) => Ok(Self { errors, wait: None }),
            AppError::TooMany(seconds) => Ok(Self { errors: Vec::new(), wait: Some(seconds) }),
            other => Err(other),
        }
    }

    fn status(&self) -> StatusCode {
        if self.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    fn words(&self, me: &Actor) -> String {
        self.wait.map_or_else(String::new, |seconds| wait_words(me.lang, seconds))
    }
}

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
        wait: trouble.words(me),
        form: form().with_errors(trouble.errors.clone()),
    };
    html_or_wait(trouble.status(), &page, trouble.wait)
}

async fn known_page(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    codes: Trouble,
    removal: Trouble,
) -> Result<HttpResponse> {
    let id = me.id;
    let (status, wait) = (codes.status().max(removal.status()), codes.wait.or(removal.wait));
    let page = FactorPage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "people-factor-title")),
        trail: vec![Link::new(i18n::t(me.lang, "nav-account"), paths::ACCOUNT)],
        codes_left: services.db.read(move |conn| store::codes_left(conn, id)).await?,
        obliged: me.roles.iter().any(|r| r.needs_second_factor()),
        wait: format!("{}{}", codes.words(me), removal.words(me)),
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
        set_up_page(&request, &services, &me, Trouble::default()).await
    }
}

/// The QR code of the secret being set up. Once it is confirmed, nobody gets to see it again.
pub(super) async fn picture(Identified(me): Identified, services: Data<Services>) -> Result<HttpResponse> {
    if me.has_second_factor {
        return Err(AppError::NotFound);
    }
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
        return Err(AppError::Conflict("conflict-factor-known"));
    }
    let code = form.raw("code").to_owned();
    let id = me.id;
    let done = async {
        let secret = actions::pending_secret(&services, id).await?;
        let reserved = services.db.write_quiet(move |tx| attempts::reserve(tx, &[Key::factor(id)])).await?;
        let actor = me.clone();
        services
            .db
            .write(me.origin(), move |tx| {
                let done = actions::confirm_set_up(tx, &actor, &secret, &code)?;
                attempts::succeed(tx, &reserved)?;
                Ok(done)
            })
            .await
    };
    let done = done.await;
    if let Err(error) = &done {
        let attempted = Entry::refused("second-factor.set-up").object("person", id);
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
