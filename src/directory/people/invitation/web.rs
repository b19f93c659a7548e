//! Handlers of links that let somebody in.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    actions::{self, Choice},
    pages::{InvitationPage, OverPage},
    store::{self, InvitationRow},
};
use crate::{
    directory::people::{password, session, sign_in::model, store as people},
    platform::{
        db::{Origin, blocking},
        error::{AppError, FieldError, Result},
        http::{Form, form_view::FormView, layout::Chrome, reply::html_with, see_other, shield},
        i18n, notice, paths,
        services::Services,
    },
};

/// The open invitation behind a link.
struct Found {
    row: InvitationRow,
    /// Of the account, if there is one.
    username: String,
    /// The Chinese and English name of the agency that it is for; none for the platform's own side.
    agency: Option<(String, String)>,
}

async fn find(services: &Services, token: &str) -> Result<Found> {
    let (hash, now) = (session::hash_of(token), services.db.now());
    services
        .db
        .read(move |conn| {
            let row = store::open_by_hash(conn, &hash, now)?;
            let username = match row.person_id {
                Some(id) => people::by_id(conn, id)?.username,
                None => String::new(),
            };
            let agency = row.agency_id.map(|id| people::agency_names(conn, id)).transpose()?;
            Ok(Found { row, username, agency })
        })
        .await
}

fn over(request: &HttpRequest, services: &Services) -> Result<HttpResponse> {
    let c = session::plain(request, services, "people-invitation-over-title");
    html_with(StatusCode::NOT_FOUND, &OverPage { c })
}

/// The language of the page, and of the account that is made on it: the one that its reader chose here, else the one that they
/// were invited in. The first administrator was invited by nobody, and reads what the browser asks for.
fn language(request: &HttpRequest, row: &InvitationRow) -> i18n::Lang {
    let invited = (row.invited_by.is_some() || row.is_reset()).then(|| row.lang());
    shield::chosen_language(request).or(invited).unwrap_or_else(|| shield::language(request))
}

fn show(
    request: &HttpRequest,
    services: &Services,
    Found { row, username, agency }: Found,
    form: FormView,
) -> Result<HttpResponse> {
    let reset = row.is_reset();
    let title = if reset { "people-reset-title" } else { "people-invitation-title" };
    let language = language(request, &row);
    let c = session::plain(request, services, title);
    let c = Chrome { language, title: i18n::t(language, title), ..c };
    let status = if form.is_faulty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let roles: Vec<String> = row.roles().iter().map(|r| i18n::t(c.language, &format!("role-{r}"))).collect();
    let page = InvitationPage {
        form,
        action: request.path().to_owned(),
        reset,
        asks_email: !reset && row.email.is_empty(),
        roles: roles.join(" · "),
        agency: agency.map(|(zh, en)| c.language.pick(&zh, &en).to_owned()).unwrap_or_default(),
        username,
        shortest: password::SHORTEST,
        c,
    };
    html_with(status, &page)
}

pub(super) async fn page(
    services: Data<Services>,
    request: HttpRequest,
    token: Path<String>,
) -> Result<HttpResponse> {
    match find(&services, &token).await {
        Ok(found) => {
            let form = FormView::new("people-field-").set("name", found.row.name.clone());
            show(&request, &services, found, form)
        }
        Err(AppError::NotFound) => over(&request, &services),
        Err(e) => Err(e),
    }
}

/// Name, account name and address, as far as they are asked for; every fault at once with the password's.
fn read(form: &mut Form, row: &InvitationRow, lang: i18n::Lang) -> (Choice, String) {
    let mut choice = Choice {
        username: String::new(),
        name: row.name.clone(),
        email: row.email.clone(),
        password_hash: String::new(),
        lang,
    };
    if !row.is_reset() {
        choice.name = form.required("name", 80);
        choice.username = model::username(&form.required("username", 32));
        if !choice.username.is_empty() && !model::is_username(&choice.username) {
            form.fault("username", "error-username");
        }
        if row.email.is_empty() {
            choice.email = form.required("email", 254);
            if !choice.email.is_empty() && !notice::is_address(&choice.email) {
                form.fault("email", "error-not-an-address");
            }
        }
    }
    let personal = [choice.username.as_str(), choice.name.as_str(), choice.email.as_str()];
    match password::new_pair(form, &personal) {
        Ok(password) => (choice, password),
        Err(AppError::Invalid(errors)) => {
            errors.into_iter().for_each(|e| form.push(e));
            (choice, String::new())
        }
        Err(_) => (choice, String::new()),
    }
}

fn typed(form: &Form, errors: Vec<FieldError>) -> FormView {
    FormView::new("people-field-").typed(form.pairs()).with_errors(errors)
}

pub(super) async fn accept(
    services: Data<Services>,
    request: HttpRequest,
    token: Path<String>,
    mut form: Form,
) -> Result<HttpResponse> {
    let found = match find(&services, &token).await {
        Ok(found) => found,
        Err(AppError::NotFound) => return over(&request, &services),
        Err(e) => return Err(e),
    };
    let (mut choice, password) = read(&mut form, &found.row, language(&request, &found.row));
    if let Err(AppError::Invalid(mut errors)) = form.check() {
        if !found.row.is_reset() {
            let (username, email) = (choice.username, choice.email);
            let more = services.db.read(move |conn| actions::not_free(conn, &username, &email)).await?;
            errors.extend(more);
        }
        return show(&request, &services, found, typed(&form, errors));
    }
    choice.password_hash = blocking(move || password::hash(&password)).await?;
    let origin = Origin {
        kind: "user",
        actor_id: None,
        actor_name: "invited".into(),
        address: session::address_of(&request),
        agent: session::agent_of(&request),
        once: None,
    };
    let hash = session::hash_of(&token);
    // Whom nobody invited is the first administrator: the guide is where they begin.
    let first = found.row.invited_by.is_none() && !found.row.is_reset();
    match services.db.write(origin, move |tx| actions::accept(tx, &hash, choice)).await {
        Ok(secret) => {
            let mut reply = see_other(if first { paths::ADMIN_SETUP } else { paths::HOME });
            let cookie = session::cookie(&services.settings.base_url, secret);
            reply.add_cookie(&cookie).map_err(AppError::internal)?;
            Ok(reply)
        }
        Err(AppError::Invalid(errors)) => show(&request, &services, found, typed(&form, errors)),
        Err(AppError::NotFound) => over(&request, &services),
        Err(e) => Err(e),
    }
}
