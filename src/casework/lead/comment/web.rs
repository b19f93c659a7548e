//! The page of a lead's comments, and what is posted there.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    super::{pages::trail, store as leads, web::answer},
    actions::{self, New},
    may_write,
    model::LONGEST,
    pages::{self, CommentsPage, LABELS, Reader},
    store,
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, CaseReader, Commenter, session},
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{
            form::Form,
            form_view::FormView,
            link::Query,
            reply::{html, see_other},
        },
        i18n,
        keyset::{Edge, Page},
        paths,
        services::Services,
    },
};

/// Comments on a page.
const SHOWN: usize = 50;

/// `GET /leads/{id}/comments`; with `corrects` the form holds the text of one's own comment, to be corrected.
pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let here = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str())).without("ok");
    html(&page(&me, &services, &request, (path.into_inner(), here), None).await?)
}

async fn page(
    me: &Actor,
    services: &Services,
    request: &HttpRequest,
    (lead_id, here): (Id, Query),
    typed: Option<FormView>,
) -> Result<CommentsPage> {
    let edge: Edge<Id> = Edge::read(&here, |text| text.parse().ok());
    let corrects: Option<Id> = here.get("corrects").parse().ok();
    let actor = me.clone();
    let (lead, read, corrected) = services
        .db
        .read_snapshot(move |conn| {
            let lead = leads::find_visible(conn, &actor, lead_id)?;
            let corrected = match (corrects, Commenter::admit(actor.clone())) {
                (Some(id), Ok(author)) => match actions::correctable(conn, &author, lead_id, id) {
                    Ok(found) => Some(found),
                    // A link that leads nowhere any more shows an empty form.
                    Err(AppError::NotFound | AppError::Conflict(_)) => None,
                    Err(e) => return Err(e),
                },
                _ => None,
            };
            Ok((lead, store::read(conn, &actor, lead_id, &edge, SHOWN)?, corrected))
        })
        .await?;
    let entry = Entry::new("lead.view").object("lead", lead_id).fact("page", "comments");
    audit::record_read(&services.db, me.origin(), entry).await?;
    let shown = Page::of(read.comments.clone(), SHOWN, &edge);
    let c = session::chrome(request, services, me, &i18n::t(me.lang, "comment-title")).numbered(&lead.number);
    let reader = Reader { me: me.id, now: services.db.now(), zone: services.settings.time_zone };
    let may_write = may_write(me, &lead);
    let form = typed.unwrap_or_else(|| match &corrected {
        Some(one) => FormView::new(LABELS).set("body", one.body.clone()),
        None => FormView::new(LABELS),
    });
    let writing = pages::writing(lead_id, &read, me.id, form);
    let corrects = corrected.map_or_else(String::new, |one| one.id.to_string());
    // What corrects one comment is kept apart from a new one while it is not sent.
    let action = Query::new(&writing.action).with("corrects", &corrects).href();
    let list = here.without("corrects");
    Ok(CommentsPage {
        trail: trail(&c, &lead),
        comments: pages::views(&c, lead_id, &shown.rows, &read, (reader, may_write)),
        pager: shown.pager(&list, |one| one.id.to_string()),
        writing: may_write.then_some(pages::Writing { corrects, action, ..writing }),
        seen: if read.is_called {
            format!("{}/seen", paths::lead_part(lead_id, "comments"))
        } else {
            String::new()
        },
        c,
    })
}

/// `POST /leads/{id}/comments`
pub async fn add(
    me: Commenter,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
    mut form: Form,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let new = New {
        body: form.required("body", LONGEST),
        ticked: form.ids("mentions"),
        corrects: form.id("corrects"),
    };
    let corrects = new.corrects.map_or_else(String::new, |id| id.to_string());
    let here = Query::new(&paths::lead_part(id, "comments")).with("corrects", &corrects);
    let done = match form.check() {
        Ok(()) => {
            let who = me.clone();
            services.db.write(me.origin(), move |tx| actions::add(tx, &who, id, &new)).await
        }
        Err(e) => Err(e),
    };
    let to = |_| format!("{}?ok=comment-added#comments", paths::lead(id));
    answer(LABELS, &form, done, to, |view| page(&me, &services, &request, (id, here), Some(view))).await
}

/// `POST /leads/{id}/comments/{comment}/take-back`
pub async fn take_back(
    me: Commenter,
    services: web::Data<Services>,
    path: web::Path<(Id, Id)>,
) -> Result<HttpResponse> {
    let (id, comment) = path.into_inner();
    services.db.write(me.origin(), move |tx| actions::take_back(tx, &me, id, comment)).await?;
    Ok(see_other(&format!("{}?ok=comment-back", paths::lead_part(id, "comments"))))
}

/// `POST /leads/{id}/comments/seen`
pub async fn seen(me: Commenter, services: web::Data<Services>, path: web::Path<Id>) -> Result<HttpResponse> {
    let id = path.into_inner();
    services.db.write(me.origin(), move |tx| actions::see(tx, &me, id)).await?;
    Ok(see_other(&format!("{}?ok=comment-seen", paths::lead_part(id, "comments"))))
}
