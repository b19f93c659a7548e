//! Inviting people.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    pages::{InvitationLine, InvitationsPage, InvitePage},
    web::{PAGE, edge, limit, mailed, role_choices, role_words, tabs},
};
use crate::{
    directory::{
        agencies::pick,
        people::{
            actions::side_of,
            guard::Admin,
            invitation::{self, InvitationRow, Invite},
            model::Role,
            proof::{self, Answer},
            session,
            time::local,
        },
    },
    platform::{
        db::{Id, Instant},
        error::{AppError, Result},
        http::{
            Form,
            form_view::FormView,
            html,
            link::Query,
            reply::html_with,
            see_other,
            view::{Chip, Choice, Link, Tone},
        },
        i18n::{self, Lang},
        keyset::Page,
        notice, paths,
        services::Services,
    },
};

const LIST: &str = paths::ADMIN_INVITATIONS;

fn show(request: &HttpRequest, services: &Services, me: &Admin, form: FormView) -> Result<HttpResponse> {
    let status = if form.is_faulty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = InvitePage {
        c: session::chrome(request, services, me, &i18n::t(me.lang, "people-invite-title")),
        trail: vec![Link::new(i18n::t(me.lang, "nav-people"), paths::ADMIN_PEOPLE)],
        form,
        roles: role_choices(me.lang, Role::ALL),
        languages: vec![Choice::new(Lang::Zh.tag(), "中文"), Choice::new(Lang::En.tag(), "English")],
        folder: services.mailer.folder().map_or_else(String::new, |f| f.display().to_string()),
    };
    html_with(status, &page)
}

pub(super) async fn form(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let form = FormView::new("people-field-").set("language", me.lang.tag().to_owned());
    show(&request, &services, &me, form)
}

/// What was typed, for an account of that agency; what is wrong with it is in the form.
fn read(form: &mut Form, agency_id: Option<Id>) -> Invite {
    let name = form.required("name", 80);
    let email = form.required("email", 254);
    if !email.is_empty() && !notice::is_address(&email) {
        form.fault("email", "error-not-an-address");
    }
    let roles: Vec<Role> = form.all("roles").iter().filter_map(|word| word.parse().ok()).collect();
    if roles.is_empty() {
        form.fault("roles", "error-choose-many");
    }
    let is_read = form.errors().iter().all(|fault| fault.field != "agency");
    if !roles.is_empty()
        && is_read
        && let Err(AppError::Invalid(faults)) = side_of(&roles, agency_id)
    {
        faults.into_iter().for_each(|fault| form.push(fault));
    }
    let lang = form.choice("language", &[Lang::Zh.tag(), Lang::En.tag()]).and_then(Lang::parse);
    Invite { email, name, roles, agency_id, lang: lang.unwrap_or_default() }
}

/// What was typed, or all that is wrong with it. A form that is in order is looked at by the act alone, which knows whether
/// it was done already.
async fn checked(services: &Services, form: &mut Form) -> Result<Invite> {
    let agency = pick::in_being(services, form, "agency").await?;
    let who = read(form, agency);
    if !form.errors().is_empty() {
        let (email, now) = (who.email.clone(), services.db.now());
        let fault = services.db.read(move |conn| invitation::address_fault(conn, &email, now)).await?;
        fault.into_iter().for_each(|fault| form.push(fault));
    }
    form.check()?;
    Ok(who)
}

pub(super) async fn send(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    mut form: Form,
) -> Result<HttpResponse> {
    let done = match checked(&services, &mut form).await {
        Ok(who) => {
            let proven = match proof::ask(&request, &services, &me, "invitation.create", &form).await? {
                Answer::Proven(proven) => proven,
                Answer::Page(page) => return Ok(page),
            };
            services.db.write(me.origin(), move |tx| invitation::invite(tx, &proven, who)).await
        }
        Err(e) => Err(e),
    };
    match done {
        Ok(_) => {
            let word = mailed(&services, "invitation-sent", "invitation-written");
            Ok(see_other(&format!("{LIST}?ok={word}")))
        }
        Err(AppError::Invalid(errors)) => {
            let view = FormView::new("people-field-").typed(form.pairs()).with_errors(errors);
            show(&request, &services, &me, view)
        }
        Err(e) => Err(e),
    }
}

fn line(row: &InvitationRow, services: &Services, lang: Lang, now: Instant) -> InvitationLine {
    let zone = services.settings.time_zone;
    InvitationLine {
        id: row.id,
        name: row.name.clone(),
        email: row.email.clone(),
        roles: role_words(lang, &row.roles()),
        sent: local(row.created_at, zone),
        expires: local(row.expires_at, zone),
        state: if row.is_open(now) {
            Chip::new(i18n::t(lang, "people-invitation-open"), Tone::Info)
        } else {
            Chip::new(i18n::t(lang, "people-invitation-expired"), Tone::Warn)
        },
    }
}

pub(super) async fn list(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let query = Query::new(&request.uri().to_string());
    let (edge, limit) = (edge(&query), limit()?);
    let found = services.db.read(move |conn| invitation::open_page(conn, edge, limit)).await?;
    let page = Page::of(found, PAGE, &edge);
    let now = services.db.now();
    html(&InvitationsPage {
        c: session::chrome(&request, &services, &me, &i18n::t(me.lang, "nav-people")),
        tabs: tabs(me.lang, LIST),
        invitations: page.rows.iter().map(|row| line(row, &services, me.lang, now)).collect(),
        pager: page.pager(&query, |row| row.id.to_string()),
    })
}

pub(super) async fn resend(me: Admin, services: Data<Services>, id: Path<Id>) -> Result<HttpResponse> {
    let id = id.into_inner();
    services.db.write(me.origin(), move |tx| invitation::resend(tx, id)).await?;
    let word = mailed(&services, "invitation-resent", "invitation-rewritten");
    Ok(see_other(&format!("{LIST}?ok={word}")))
}

pub(super) async fn revoke(me: Admin, services: Data<Services>, id: Path<Id>) -> Result<HttpResponse> {
    let id = id.into_inner();
    services.db.write(me.origin(), move |tx| invitation::revoke(tx, id)).await?;
    Ok(see_other(&format!("{LIST}?ok=invitation-revoked")))
}
