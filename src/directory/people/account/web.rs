//! Handlers of one's own account.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    actions::{self, Profile},
    pages::{AccountPage, PasswordPage, SessionLine},
    store,
};
use crate::{
    audit::Entry,
    directory::people::{
        actions as sessions,
        device::device_words,
        guard::Identified,
        model::Actor,
        password,
        place::place_words,
        proof::{self, Answer, Proven},
        refusals, second_factor, session,
        sign_in::{
            attempts::{self, Key},
            model::wait_words,
        },
        store as people,
        store::SessionRow,
        time::said,
        token::model as token,
    },
    platform::{
        db::{Id, blocking},
        error::{AppError, FieldError, Result},
        http::{
            Form,
            form_view::FormView,
            reply::html_or_wait,
            see_other,
            view::{Chip, Choice, Fact, Link, Tone},
        },
        i18n::{self, Lang},
        notice, paths,
        services::Services,
        time::{ClockStyle, DateStyle},
    },
};

fn session_line(row: &SessionRow, services: &Services, me: &Actor) -> SessionLine {
    let zone = services.settings.time_zone;
    SessionLine {
        id: row.id,
        device: device_words(me.lang, &row.user_agent),
        place: place_words(me.lang, &row.address),
        since: said(row.created_at, zone, me.lang),
        last_used: said(row.last_seen_at, zone, me.lang),
        this: Some(row.id) == me.session,
    }
}

fn facts(me: &Actor) -> Vec<Fact> {
    let t = |key: &str| i18n::t(me.lang, key);
    let roles: Vec<String> = me.roles.iter().map(|r| t(&format!("role-{r}"))).collect();
    let mut facts = vec![
        Fact::new(t("people-field-username"), &me.username),
        Fact::new(t("role"), roles.join(" · ")),
        Fact::new(t("people-side"), t(&format!("people-side-{}", me.side))),
    ];
    if let Some(agency) = &me.agency {
        facts.push(Fact::new(t("agency"), me.lang.pick(&agency.name_zh, &agency.name_en)));
    }
    facts
}

fn again(form: &Form, errors: Vec<FieldError>) -> FormView {
    FormView::new("people-field-").typed(form.pairs()).with_errors(errors)
}

async fn show(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    form: Option<FormView>,
    wait: Option<u64>,
) -> Result<HttpResponse> {
    let (id, now) = (me.id, services.db.now());
    let (rows, stored, codes_left) = services
        .db
        .read(move |conn| {
            let sessions = store::live_sessions(conn, id, now)?;
            Ok((sessions, people::by_id(conn, id)?, second_factor::codes_left(conn, id)?))
        })
        .await?;
    let t = |key: &str| i18n::t(me.lang, key);
    let status = if form.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let stored_form = || {
        FormView::new("people-field-")
            .set("name", stored.name.clone())
            .set("email", stored.email.clone())
            .set("language", stored.locale.clone())
            .set("days", stored.date_style.clone())
            .set("clock", stored.clock_style.clone())
    };
    let page = AccountPage {
        c: session::chrome(request, services, me, &t("nav-account")),
        form: form.unwrap_or_else(stored_form),
        languages: vec![Choice::new(Lang::Zh.tag(), "中文"), Choice::new(Lang::En.tag(), "English")],
        days: DateStyle::ALL.iter().map(|s| Choice::new(s, t(&format!("account-days-{s}")))).collect(),
        clocks: ClockStyle::ALL.iter().map(|s| Choice::new(s, t(&format!("account-clock-{s}")))).collect(),
        facts: facts(me),
        factor: if me.has_second_factor {
            Chip::new(t("people-factor-on"), Tone::Good)
        } else {
            Chip::new(t("people-factor-off"), Tone::Neutral)
        },
        has_factor: me.has_second_factor,
        codes: codes_left,
        ends: me.session_left.map_or_else(String::new, |left| {
            said(now.plus_seconds(left.left), services.settings.time_zone, me.lang)
        }),
        may_have_tokens: token::may_have(me),
        sessions: rows.iter().map(|row| session_line(row, services, me)).collect(),
        wait: wait.map_or_else(String::new, |seconds| wait_words(me.lang, seconds)),
    };
    html_or_wait(status, &page, wait)
}

pub(super) async fn page(me: Actor, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    show(&request, &services, &me, None, None).await
}

fn read(form: &mut Form, me: &Actor) -> Result<Profile> {
    let name = form.required("name", 80);
    let email = form.required("email", 254);
    if !email.is_empty() && !notice::is_address(&email) {
        form.fault("email", "error-not-an-address");
    }
    let lang = form.choice("language", &[Lang::Zh.tag(), Lang::En.tag()]).and_then(Lang::parse);
    let days = form.value("days", "error-unknown").unwrap_or(me.manner.days);
    let clock = form.value("clock", "error-unknown").unwrap_or(me.manner.clock);
    form.check()?;
    Ok(Profile { name, email, lang: lang.unwrap_or_default(), days, clock })
}

/// Saves the profile. Another address is asked for only so often: the answer tells whether somebody has it.
async fn save_limited(
    services: &Services,
    me: &Actor,
    proven: Option<Proven>,
    profile: Profile,
) -> Result<()> {
    let reserved = if profile.has_new_email(me) {
        let key = Key::own_email(me.id);
        Some(services.db.write_quiet(move |tx| attempts::reserve(tx, &[key])).await?)
    } else {
        None
    };
    let actor = me.clone();
    services.db.write(me.origin(), move |tx| actions::save(tx, &actor, proven.as_ref(), profile)).await?;
    if let Some(reserved) = reserved {
        services.db.write_quiet(move |tx| attempts::succeed(tx, &reserved)).await?;
    }
    Ok(())
}

pub(super) async fn save(
    me: Actor,
    services: Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let done = match read(&mut form, &me) {
        Ok(profile) if profile.has_new_email(&me) => {
            match proof::ask(&request, &services, &me, "person.change", &form).await? {
                Answer::Proven(proven) => save_limited(&services, &me, Some(proven), profile).await,
                Answer::Page(page) => return Ok(page),
            }
        }
        Ok(profile) => save_limited(&services, &me, None, profile).await,
        Err(e) => Err(e),
    };
    if let Err(error) = &done {
        refusals::note_taken_address(&services, &me, error).await?;
    }
    match done {
        Ok(()) => Ok(see_other("/account?ok=account-saved")),
        Err(AppError::Invalid(errors)) => {
            show(&request, &services, &me, Some(again(&form, errors)), None).await
        }
        Err(AppError::TooMany(seconds)) => {
            show(&request, &services, &me, Some(again(&form, Vec::new())), Some(seconds)).await
        }
        Err(e) => Err(e),
    }
}

fn password_form(
    request: &HttpRequest,
    services: &Services,
    me: &Actor,
    errors: Vec<FieldError>,
    wait: Option<u64>,
) -> Result<HttpResponse> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = PasswordPage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "people-password-title")),
        trail: vec![Link::new(i18n::t(me.lang, "nav-account"), paths::ACCOUNT)],
        form: FormView::new("people-field-").with_errors(errors),
        username: me.username.clone(),
        obliged: me.must_change_password,
        shortest: password::SHORTEST,
        wait: wait.map_or_else(String::new, |s| wait_words(me.lang, s)),
    };
    html_or_wait(status, &page, wait)
}

pub(super) async fn password_page(
    Identified(me): Identified,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    password_form(&request, &services, &me, Vec::new(), None)
}

/// Checks the old password (limited, off the async threads) and hashes the new one.
async fn checked_hash(services: &Services, me: &Actor, old: String, new: String) -> Result<String> {
    let key = Key::account(&me.username);
    let reserved = services.db.write_quiet(move |tx| attempts::reserve(tx, &[key])).await?;
    let id = me.id;
    let stored = services.db.read(move |conn| people::by_id(conn, id)).await?.password_hash;
    let checked = blocking(move || Ok(password::verify(&old, Some(&stored)))).await?;
    if !checked {
        return Err(AppError::field("old", refusals::WRONG_PASSWORD));
    }
    services.db.write_quiet(move |tx| attempts::succeed(tx, &reserved)).await?;
    blocking(move || password::hash(&new)).await
}

/// Two parts of a form, or what is wrong with either.
fn both<A, B>(one: Result<A>, other: Result<B>) -> Result<(A, B)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(AppError::Invalid(mut faults)), Err(AppError::Invalid(more))) => {
            faults.extend(more);
            Err(AppError::Invalid(faults))
        }
        (Err(error), _) | (_, Err(error)) => Err(error),
    }
}

pub(super) async fn change_password(
    Identified(me): Identified,
    services: Data<Services>,
    request: HttpRequest,
    form: Form,
) -> Result<HttpResponse> {
    let done = async {
        let old = password::typed(&form, "old");
        let new = password::new_pair(&form, &[&me.username, &me.name, &me.email]);
        let (old, new) = both(old, new)?;
        if old == new {
            return Err(AppError::field("password", "error-password-same"));
        }
        let hash = checked_hash(&services, &me, old, new).await?;
        let (id, keep) = (me.id, me.session);
        services.db.write(me.origin(), move |tx| actions::set_password(tx, id, &hash, false, keep)).await
    };
    let done = done.await;
    if let Err(error) = &done {
        let attempted = Entry::refused("person.set-password").object("person", me.id);
        refusals::note_wrong_proof(&services, me.origin(), attempted, error).await?;
    }
    match done {
        Ok(()) => Ok(see_other("/account?ok=password-changed")),
        Err(AppError::Invalid(errors)) => password_form(&request, &services, &me, errors, None),
        Err(AppError::TooMany(wait)) => password_form(&request, &services, &me, Vec::new(), Some(wait)),
        Err(e) => Err(e),
    }
}

pub(super) async fn end_session(me: Actor, services: Data<Services>, id: Path<Id>) -> Result<HttpResponse> {
    let (person, id) = (me.id, id.into_inner());
    services.db.write(me.origin(), move |tx| sessions::end_session(tx, person, id)).await?;
    Ok(see_other("/account?ok=session-ended"))
}

pub(super) async fn end_others(me: Actor, services: Data<Services>) -> Result<HttpResponse> {
    let actor = me.clone();
    services.db.write(me.origin(), move |tx| actions::end_others(tx, &actor)).await?;
    Ok(see_other("/account?ok=sessions-ended"))
}
