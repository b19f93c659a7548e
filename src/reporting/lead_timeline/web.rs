//! The page of a lead.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{model::Kind, read, view};
use crate::{
    audit::{self, Entry},
    directory::people::{CaseReader, session},
    platform::{
        db::Id,
        error::Result,
        http::{html, link::Query},
        paths,
        services::Services,
    },
};

/// `GET /leads/{id}`
pub async fn show(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let address = request.uri().path_and_query().map_or_else(|| paths::lead(id), ToString::to_string);
    let query = Query::new(&address).without("ok");
    let kind = Kind::read(query.get("kind"));
    let before = query.get("before").parse().ok();
    let (actor, parts) = (me.actor().clone(), services.get_ref().clone());
    // Whether the newest version still says what the lead says takes a while to find out: nobody's act waits for it.
    let story =
        services.db.read_snapshot(move |conn| read::story(conn, &parts, &actor, id, (kind, before))).await?;
    audit::record_read(&services.db, me.origin(), Entry::new("lead.view").object("lead", id)).await?;
    let c = session::chrome(&request, &services, &me, &story.lead.title).numbered(&story.lead.number);
    let at = view::Reading { now: services.db.now(), zone: services.settings.time_zone, kind };
    html(&view::page(c, &me, &query, &story, &at))
}
