//! Handlers of closing an account.

use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    web::{Data, Path},
};

use super::{
    pages::{self, LeavingPage},
    store,
};
use crate::{
    casework::lead::leaving,
    directory::people::{
        Admin, Role,
        admin::actions as accounts,
        proof::{self, Answer},
        session, store as people,
    },
    platform::{
        db::Id,
        error::{AppError, FieldError, Result},
        http::{
            Form,
            form_view::FormView,
            reply::html_with,
            see_other,
            view::{Choice, Fact, Link},
        },
        i18n, paths,
        services::Services,
    },
};

fn path(id: Id) -> String {
    format!("{}/{id}", paths::ADMIN_PEOPLE)
}

async fn show(
    request: &HttpRequest,
    services: &Services,
    me: &Admin,
    id: Id,
    form: FormView,
) -> Result<HttpResponse> {
    let by = me.id;
    let (row, left, compilers) = services
        .db
        .read(move |conn| {
            accounts::closable(conn, Some(by), id)?;
            let left = store::left_by(conn, id)?;
            let compilers =
                if left.has_leads() { people::with_role(conn, Role::Compiler)? } else { Vec::new() };
            Ok((people::by_id(conn, id)?, left, compilers))
        })
        .await?;
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "people-disable"));
    let others = compilers.into_iter().filter(|(other, _)| *other != id);
    let status = if form.is_faulty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let page = LeavingPage {
        trail: vec![Link::new(c.t("nav-people"), paths::ADMIN_PEOPLE), Link::new(&row.name, path(id))],
        facts: vec![
            Fact::new(c.t("people-field-name"), &row.name),
            Fact::new(c.t("people-field-username"), &row.username),
        ],
        action: format!("{}/disable", path(id)),
        cancel: path(id),
        left: pages::sentences(&c, &left),
        form,
        heirs: others.map(|(other, name)| Choice::new(other, name)).collect(),
        c,
    };
    html_with(status, &page)
}

fn empty() -> FormView {
    FormView::new("people-field-")
}

/// `GET /admin/people/{id}/disable`: what will happen, and what is left.
pub(super) async fn page(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
) -> Result<HttpResponse> {
    show(&request, &services, &me, id.into_inner(), empty()).await
}

/// `POST /admin/people/{id}/disable`: closes the account, and hands its leads over where somebody was chosen. What nobody
/// takes over now is assigned later by a manager.
pub(super) async fn disable(
    me: Admin,
    services: Data<Services>,
    request: HttpRequest,
    id: Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = id.into_inner();
    let heir = form.id("heir");
    if let Err(AppError::Invalid(errors)) = form.check() {
        return again(&request, &services, &me, id, (&form, errors)).await;
    }
    let proven = match proof::ask(&request, &services, &me, "person.disable", &form).await? {
        Answer::Proven(proven) => proven,
        Answer::Page(page) => return Ok(page),
    };
    let done = services.db.write(me.origin(), move |tx| {
        let leads = if heir.is_some() { store::leads_of(tx.conn(), id)? } else { Vec::new() };
        accounts::disable(tx, Some(&proven), id)?;
        heir.map_or(Ok(()), |heir| leaving::hand_over(tx, &leads, id, heir))
    });
    match done.await {
        Ok(()) => Ok(see_other(&format!("{}?ok=person-disabled", path(id)))),
        Err(AppError::Invalid(errors)) => again(&request, &services, &me, id, (&form, errors)).await,
        Err(e) => Err(e),
    }
}

async fn again(
    request: &HttpRequest,
    services: &Services,
    me: &Admin,
    id: Id,
    (form, errors): (&Form, Vec<FieldError>),
) -> Result<HttpResponse> {
    show(request, services, me, id, empty().typed(form.pairs()).with_errors(errors)).await
}
