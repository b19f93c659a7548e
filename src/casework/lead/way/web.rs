//! One small page where something must be said first; one post an act.

use actix_web::{HttpRequest, HttpResponse, web};

use super::super::{
    actions,
    model::{self, Lead},
    pages::{self, ActPage, LABELS},
    store,
    web::{answer, before_act},
};
use crate::{
    directory::people::{self, Actor, Compiler, Recorder, session},
    platform::{
        db::{Connection, Id, Tx},
        error::Result,
        http::{
            confirm::ConfirmPage,
            form::Form,
            form_view::FormView,
            reply::{html, see_other},
            view::{Choice, Fact},
        },
        i18n, paths,
        services::Services,
    },
};

fn act_page(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    lead: &Lead,
    verb: &str,
    form: FormView,
) -> ActPage {
    let title = i18n::t(me.lang, &format!("lead-{verb}-title"));
    let c = session::chrome(request, services, me, &title).numbered(&lead.number);
    ActPage {
        trail: pages::trail(&c, lead),
        form,
        lead: lead.title.clone(),
        explanation: i18n::t(me.lang, &format!("lead-{verb}-text")),
        action: paths::lead_part(lead.id, verb),
        cancel: paths::lead(lead.id),
        people: Vec::new(),
        save_key: "action-confirm",
        tone: "primary",
        c,
    }
}

fn withdrawable(conn: &mut Connection, me: &Compiler, id: Id) -> Result<Lead> {
    let lead = store::find_visible(conn, me, id)?;
    model::require_compiler_of(me, &lead)?;
    model::Step::Withdrawn.from(lead.state)?;
    Ok(lead)
}

async fn withdraw_form(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    form: FormView,
) -> Result<ActPage> {
    let lead = before_act(services, me, id, "withdraw", move |conn, who| withdrawable(conn, who, id)).await?;
    let page = act_page(me, services, request, &lead, "withdraw", form);
    Ok(ActPage { save_key: "lead-act-withdraw", tone: "danger", ..page })
}

/// `GET /leads/{id}/withdraw`
pub async fn withdraw_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&withdraw_form(&me, &services, &request, path.into_inner(), FormView::new(LABELS)).await?)
}

/// `POST /leads/{id}/withdraw`
pub async fn withdraw(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let reason = form.required("reason", 2_000);
    let done = match form.check() {
        Ok(()) => {
            let who = me.clone();
            services.db.write(me.origin(), move |tx| actions::withdraw(tx, &who, id, &reason)).await
        }
        Err(e) => Err(e),
    };
    let to = |_| format!("{}?ok=lead-withdrawn", paths::lead(id));
    answer(LABELS, &form, done, to, |view| withdraw_form(&me, &services, &request, id, view)).await
}

async fn simple(
    me: Compiler,
    services: &Services,
    id: Id,
    flash: &str,
    act: fn(&mut Tx<'_>, &Compiler, Id) -> Result<Lead>,
) -> Result<HttpResponse> {
    services.db.write(me.origin(), move |tx| act(tx, &me, id)).await?;
    Ok(see_other(&format!("{}?ok={flash}", paths::lead(id))))
}

fn reopenable(conn: &mut Connection, me: &Compiler, id: Id) -> Result<Lead> {
    let lead = store::find_visible(conn, me, id)?;
    model::require_compiler_of(me, &lead)?;
    model::Step::Reopened.from(lead.state)?;
    Ok(lead)
}

/// `GET /leads/{id}/reopen`: what will happen.
pub async fn reopen_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let lead = before_act(&services, &me, id, "reopen", move |conn, who| reopenable(conn, who, id)).await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "lead-reopen-title"));
    let about = vec![Fact::new(c.t("number"), &lead.number), Fact::new(c.t("title"), &lead.title)];
    let trail = pages::trail(&c, &lead);
    let action = paths::lead_part(id, "reopen");
    ConfirmPage::new(c, trail, "lead-reopen-confirm", action, "story-act-reopen").about(about).reply()
}

/// `POST /leads/{id}/reopen`
pub async fn reopen(
    me: Compiler,
    services: web::Data<Services>,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    simple(me, &services, path.into_inner(), "lead-reopened", actions::reopen).await
}

/// `GET /leads/{id}/trash`: what will happen.
pub async fn trash_page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let lead =
        before_act(&services, &me, id, "trash", move |conn, who| actions::trashable(conn, who, id)).await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "lead-act-trash"));
    let about = vec![Fact::new(c.t("number"), &lead.number), Fact::new(c.t("title"), &lead.title)];
    let trail = pages::trail(&c, &lead);
    let action = paths::lead_part(id, "trash");
    ConfirmPage::new(c, trail, "lead-trash-confirm", action, "lead-act-trash").about(about).reply()
}

/// `POST /leads/{id}/trash`
pub async fn trash(me: Compiler, services: web::Data<Services>, path: web::Path<Id>) -> Result<HttpResponse> {
    simple(me, &services, path.into_inner(), "lead-trashed", actions::trash).await
}

/// `POST /leads/{id}/restore`
pub async fn restore(
    me: Compiler,
    services: web::Data<Services>,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    simple(me, &services, path.into_inner(), "lead-restored", actions::restore).await
}

async fn assign_form(
    me: &Recorder,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    typed: Option<FormView>,
) -> Result<ActPage> {
    let (lead, compilers) = before_act(services, me, id, "assign", move |conn, who| {
        let lead = store::find_visible(conn, who, id)?;
        model::require_assignable(who, &lead)?;
        Ok((lead, people::store::with_role(conn, people::Role::Compiler)?))
    })
    .await?;
    let form = typed.unwrap_or_else(|| {
        FormView::new(LABELS).set("assignee", lead.assignee_id.map(|person| person.to_string()))
    });
    let page = act_page(me, services, request, &lead, "assign", form);
    let people = compilers
        .into_iter()
        .filter(|(person, _)| *person != lead.owner_id)
        .map(|(person, name)| Choice::new(person, name))
        .collect();
    Ok(ActPage { people, ..page })
}

/// `GET /leads/{id}/assign`
pub async fn assign_page(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&assign_form(&me, &services, &request, path.into_inner(), None).await?)
}

/// `POST /leads/{id}/assign`; nobody chosen takes the lead back to its owner alone.
pub async fn assign(
    me: Recorder,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let assignee = form.id("assignee");
    let done = match form.check() {
        Ok(()) => {
            let who = me.clone();
            services.db.write(me.origin(), move |tx| actions::assign(tx, &who, id, assignee)).await
        }
        Err(e) => Err(e),
    };
    let to = |_| format!("{}?ok=lead-assigned", paths::lead(id));
    answer(LABELS, &form, done, to, |view| assign_form(&me, &services, &request, id, Some(view))).await
}
