//! One account, as the administrator sees it, and what can be done to it.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    actions,
    pages::PersonPage,
    web::{mailed, role_choices, role_words, state_chip},
};
use crate::{
    directory::people::{
        guard::Admin,
        invitation,
        model::{Role, Side},
        passkey::{self, Passkey},
        proof::{self, Answer, Proven},
        second_factor, session, store as people,
        time::said,
    },
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
        http::{
            Form,
            confirm::ConfirmPage,
            form_view::FormView,
            reply::html_with,
            see_other,
            view::{Fact, Link},
        },
        i18n, paths,
        services::Services,
    },
};

fn path(id: Id) -> String {
    format!("{}/{id}", paths::ADMIN_PEOPLE)
}

fn done(id: Id, word: &str) -> HttpResponse {
    see_other(&format!("{}?ok={word}", path(id)))
}

async fn show(
    request: &HttpRequest,
    services: &Services,
    me: &Admin,
    id: Id,
    errors: Vec<FieldError>,
) -> Result<HttpResponse> {
    let (row, roles, has_factor, agency, passkeys) = services
        .db
        .read(move |conn| {
            let row = people::by_id(conn, id)?;
            let agency = row.agency_id.map(|agency| people::agency_names(conn, agency)).transpose()?;
            Ok((
                row,
                people::roles(conn, id)?,
                second_factor::is_confirmed(conn, id)?,
                agency,
                passkey::store::of_person(conn, id)?,
            ))
        })
        .await?;
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let t = |key: &str| i18n::t(lang, key);
    let mut facts = vec![
        Fact::new(t("people-field-username"), &row.username),
        Fact::new(t("people-field-email"), &row.email),
        Fact::new(t("people-side"), t(&format!("people-side-{}", row.side))),
        Fact::new(t("role"), role_words(lang, &roles)),
    ];
    if let Some((zh, en)) = &agency {
        facts.push(Fact::new(t("agency"), lang.pick(zh, en)));
    }
    let factor = if has_factor { "people-factor-on" } else { "people-factor-off" };
    facts.push(Fact::new(t("people-factor-title"), t(factor)));
    facts.push(Fact::new(
        t("people-last-login"),
        row.last_login_at.map_or_else(|| t("people-never"), |at| said(at, zone, lang)),
    ));
    facts.push(Fact::new(t("created"), said(row.created_at, zone, lang)));
    let side = row.side.parse::<Side>().unwrap_or(Side::Agency);
    let offered: Vec<Role> = Role::ALL.iter().copied().filter(|r| r.side() == side).collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = PersonPage {
        c: session::chrome(request, services, me, &row.name),
        trail: vec![Link::new(t("nav-people"), paths::ADMIN_PEOPLE)],
        person: id,
        state: state_chip(lang, row.disabled_at.is_some()),
        disabled: row.disabled_at.is_some(),
        facts,
        form: FormView::new("people-field-")
            .set_many("roles", roles.iter().map(|r| r.as_str().to_owned()))
            .with_errors(errors),
        roles: role_choices(lang, &offered),
        has_factor,
        passkeys: passkeys
            .into_iter()
            .map(|(key, name)| Passkey::of(name.unwrap_or_default(), &key))
            .collect(),
        own: id == me.id,
    };
    html_with(status, &page)
}

pub(super) async fn page(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
) -> Result<HttpResponse> {
    show(&request, &services, &me, id.into_inner(), Vec::new()).await
}

pub(super) async fn set_roles(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let proven = match proof::ask(&request, &services, &me, "person.set-roles", &form).await? {
        Answer::Proven(proven) => proven,
        Answer::Page(page) => return Ok(page),
    };
    let roles: Vec<Role> = form.all("roles").iter().filter_map(|word| word.parse().ok()).collect();
    match services.db.write(me.origin(), move |tx| actions::set_roles(tx, &proven, id, &roles)).await {
        Ok(()) => Ok(done(id, "person-roles-set")),
        Err(AppError::Invalid(errors)) => show(&request, &services, &me, id, errors).await,
        Err(e) => Err(e),
    }
}

/// The page before an act on an account: whose, and what will happen.
async fn confirm(
    (request, services, me): (&HttpRequest, &Services, &Admin),
    id: Id,
    verb: &str,
    (explain, save): (&str, &'static str),
) -> Result<HttpResponse> {
    let row = services.db.read(move |conn| people::by_id(conn, id)).await?;
    let c = session::chrome(request, services, me, &i18n::t(me.lang, save));
    let about = vec![
        Fact::new(c.t("people-field-name"), &row.name),
        Fact::new(c.t("people-field-username"), &row.username),
    ];
    let trail = vec![Link::new(c.t("nav-people"), paths::ADMIN_PEOPLE), Link::new(&row.name, path(id))];
    ConfirmPage::new(c, trail, explain, format!("{}/{verb}", path(id)), save).about(about).reply()
}

pub(super) async fn reset_second_factor_page(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
) -> Result<HttpResponse> {
    let words = ("people-reset-factor-hint", "people-reset-factor");
    confirm((&request, &services, &me), id.into_inner(), "reset-second-factor", words).await
}

/// Does an act on an account, once whoever asks for it has shown who they are, and goes back to its page.
async fn act(
    (request, services, me): (&HttpRequest, &Services, &Admin),
    (id, form): (Id, &Form),
    (verb, word): (&'static str, &str),
    act: fn(&mut Tx<'_>, &Proven, Id) -> Result<()>,
) -> Result<HttpResponse> {
    let proven = match proof::ask(request, services, me, verb, form).await? {
        Answer::Proven(proven) => proven,
        Answer::Page(page) => return Ok(page),
    };
    services.db.write(me.origin(), move |tx| act(tx, &proven, id)).await?;
    Ok(done(id, word))
}

pub(super) async fn enable(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let words = ("person.enable", "person-enabled");
    act((&request, &services, &me), (id.into_inner(), &form), words, actions::enable).await
}

pub(super) async fn reset_password(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let word = mailed(&services, "person-reset-sent", "person-reset-written");
    let words = ("person.reset-password", word);
    let reset = |tx: &mut Tx<'_>, proven: &Proven, id: Id| invitation::reset_password(tx, Some(proven), id);
    act((&request, &services, &me), (id.into_inner(), &form), words, reset).await
}

pub(super) async fn reset_second_factor(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let words = ("second-factor.remove", "person-factor-reset");
    let reset = |tx: &mut Tx<'_>, proven: &Proven, id: Id| actions::reset_second_factor(tx, Some(proven), id);
    act((&request, &services, &me), (id.into_inner(), &form), words, reset).await
}

pub(super) async fn remove_passkeys_page(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
) -> Result<HttpResponse> {
    let words = ("people-passkeys-remove-hint", "people-passkeys-remove");
    confirm((&request, &services, &me), id.into_inner(), "remove-passkeys", words).await
}

pub(super) async fn remove_passkeys(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
    form: Form,
) -> Result<HttpResponse> {
    let words = (passkey::REMOVE, "person-passkeys-removed");
    act((&request, &services, &me), (id.into_inner(), &form), words, actions::remove_passkeys).await
}
