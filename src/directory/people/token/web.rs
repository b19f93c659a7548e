//! Handlers of the page of API tokens.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    actions::{self, NewToken},
    model,
    pages::{TokenLine, TokensPage},
    store::{self, TokenRow},
};
use crate::{
    audit::Entry,
    directory::people::{
        model::{Actor, Role},
        second_factor, session,
        sign_in::model::wait_words,
        time::local,
    },
    platform::{
        db::{Id, Instant, Tx},
        error::{AppError, FieldError, Result},
        http::{
            Form,
            form_view::FormView,
            reply::html_or_wait,
            see_other,
            view::{Chip, Choice, Link, Tone},
        },
        i18n, paths,
        services::Services,
    },
};

fn line(row: &TokenRow, services: &Services, me: &Actor, now: Instant) -> TokenLine {
    let zone = services.settings.time_zone;
    let t = |key: &str| i18n::t(me.lang, key);
    let shown = |at: Option<Instant>, none: &str| at.map_or_else(|| t(none), |at| local(at, zone));
    TokenLine {
        id: row.id,
        name: row.name.clone(),
        scopes: row.scopes().iter().map(|s| t(&format!("people-scope-{s}"))).collect::<Vec<_>>().join(" · "),
        created: local(row.created_at, zone),
        expires: shown(row.expires_at, "people-token-endless"),
        last_used: shown(row.last_used_at, "people-never"),
        from: row.last_used_address.clone(),
        state: match row.days_left(now).filter(|days| *days < model::SOON) {
            _ if !row.is_live(now) => Chip::new(t("people-token-over"), Tone::Muted),
            Some(0) => Chip::new(t("people-token-today"), Tone::Bad),
            Some(days) => {
                Chip::new(i18n::t_count(me.lang, "people-token-soon", days.unsigned_abs()), Tone::Warn)
            }
            None => Chip::new(t("people-token-live"), Tone::Good),
        },
    }
}

/// What the page shows beside the list.
#[derive(Default)]
struct Shown {
    form: Option<FormView>,
    secret: String,
    wait: Option<u64>,
}

async fn show(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    status: StatusCode,
    shown: Shown,
) -> Result<HttpResponse> {
    let id = me.id;
    let rows = services.db.read(move |conn| store::of_person(conn, id)).await?;
    let now = services.db.now();
    let t = |key: &str| i18n::t(me.lang, key);
    let wait = shown.wait;
    let default =
        || FormView::new("people-token-").set("scopes", "read".to_owned()).set("days", "90".to_owned());
    html_or_wait(
        status,
        &TokensPage {
            c: session::chrome(request, services, me, &t("people-tokens-title")),
            trail: vec![Link::new(t("nav-account"), paths::ACCOUNT)],
            form: shown.form.unwrap_or_else(default),
            scopes: model::SCOPES
                .iter()
                .map(|s| {
                    Choice::new(s, t(&format!("people-scope-{s}"))).hint(t(&format!("people-scope-{s}-hint")))
                })
                .collect(),
            days: model::DAYS
                .iter()
                .map(|d| Choice::new(d, i18n::t_count(me.lang, "people-days", d.unsigned_abs())))
                .collect(),
            tokens: rows.iter().map(|row| line(row, services, me, now)).collect(),
            barred: if me.has_second_factor { String::new() } else { t("people-tokens-need-factor") },
            secret: shown.secret,
            wait: wait.map_or_else(String::new, |s| wait_words(me.lang, s)),
            example: format!(
                "curl -H \"Authorization: Bearer $TOKEN\" {}/api/v1/me",
                services.settings.base_url
            ),
        },
        wait,
    )
}

fn not_a_liaison(me: &Actor) -> Result<()> {
    if me.has(Role::Liaison) { Err(AppError::NotFound) } else { Ok(()) }
}

pub(super) async fn page(me: Actor, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    not_a_liaison(&me)?;
    show(&request, &services, &me, StatusCode::OK, Shown::default()).await
}

fn read(form: &mut Form) -> Result<NewToken> {
    let name = form.required("name", 80);
    let chosen = form.all("scopes");
    let scopes: Vec<&'static str> =
        model::SCOPES.into_iter().filter(|s| chosen.iter().any(|c| c == s)).collect();
    if scopes.is_empty() {
        form.fault("scopes", "error-choose-many");
    }
    let days = form.required_value::<i64>("days", "error-unknown").filter(|d| model::DAYS.contains(d));
    if days.is_none() && form.has("days") {
        form.push(FieldError::new("days", "error-unknown"));
    }
    form.check()?;
    Ok(NewToken { name, scopes, days })
}

pub(super) async fn create(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    not_a_liaison(&me)?;
    let done = async {
        let new = read(&mut form)?;
        let code = form.required("code", 60);
        form.check()?;
        let actor = me.clone();
        let attempted = Entry::refused("token.create").object("person", me.id);
        let act = move |tx: &mut Tx<'_>, attempt: &second_factor::Attempt| {
            actions::create(tx, &actor, attempt, &code, new)
        };
        second_factor::step_up(&services, &me, attempted, act).await
    };
    let done = done.await;
    let typed = || FormView::new("people-token-").typed(form.pairs()).set("code", None);
    let (status, shown) = match done {
        Ok(secret) => (StatusCode::OK, Shown { secret, ..Shown::default() }),
        Err(AppError::Invalid(errors)) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            Shown { form: Some(typed().with_errors(errors)), ..Shown::default() },
        ),
        Err(AppError::TooMany(seconds)) => (
            StatusCode::TOO_MANY_REQUESTS,
            Shown { form: Some(typed()), wait: Some(seconds), ..Shown::default() },
        ),
        Err(e) => return Err(e),
    };
    show(&request, &services, &me, status, shown).await
}

pub(super) async fn revoke(me: Actor, services: Data<Services>, id: Path<Id>) -> Result<HttpResponse> {
    let (person, id) = (me.id, id.into_inner());
    services.db.write(me.origin(), move |tx| actions::revoke(tx, person, id)).await?;
    Ok(see_other("/account/tokens?ok=token-revoked"))
}
