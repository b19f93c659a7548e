//! One page, one post.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    super::{
        model::Lead,
        pages::{LABELS, trail},
        web::{answer, before_act},
    },
    actions::{self, PARTS},
    pages::ClonePage,
};
use crate::{
    directory::people::{Compiler, session},
    platform::{
        db::{Id, Tx},
        error::Result,
        http::{form::Form, form_view::FormView, reply::html, view::Choice},
        i18n, paths,
        services::Services,
    },
};

async fn ask(
    me: &Compiler,
    services: &Services,
    request: &HttpRequest,
    id: Id,
    typed: Option<FormView>,
) -> Result<ClonePage> {
    let lead =
        before_act(services, me, id, "clone", move |conn, who| actions::clonable(conn, who, id)).await?;
    let c =
        session::chrome(request, services, me, &i18n::t(me.lang, "lead-clone-title")).numbered(&lead.number);
    let fresh = || {
        FormView::new(LABELS)
            .set("title", lead.title.clone())
            .set_many("take", PARTS.iter().map(|part| (*part).to_owned()))
    };
    Ok(ClonePage {
        trail: trail(&c, &lead),
        form: typed.unwrap_or_else(fresh),
        parts: PARTS.iter().map(|part| Choice::new(part, c.t(format!("lead-tab-{part}")))).collect(),
        action: paths::lead_part(id, "clone"),
        cancel: paths::lead(id),
        c,
    })
}

/// `GET /leads/{id}/clone`
pub async fn page(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    html(&ask(&me, &services, &request, path.into_inner(), None).await?)
}

/// `POST /leads/{id}/clone`
pub async fn clone(
    me: Compiler,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let title = form.required("title", 200);
    let wanted = form.all("take");
    let parts: Vec<&'static str> =
        PARTS.into_iter().filter(|part| wanted.iter().any(|word| word == part)).collect();
    let done = match form.check() {
        Ok(()) => {
            let (who, zone) = (me.clone(), services.settings.time_zone);
            let act = move |tx: &mut Tx<'_>| actions::clone_lead(tx, &who, zone, (id, title), &parts);
            services.db.write(me.origin(), act).await
        }
        Err(e) => Err(e),
    };
    let to = |made: Lead| format!("{}?ok=lead-cloned", paths::lead(made.id));
    answer(LABELS, &form, done, to, |view| ask(&me, &services, &request, id, Some(view))).await
}
