//! The page of a subject.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{pages::SubjectPage, store};
use crate::{
    audit::{self, Entry},
    directory::people::{CaseReader, session},
    platform::{db::Id, error::Result, http::reply::html, services::Services},
};

/// `GET /subjects/{id}`
pub async fn page(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let (subject, (leads, has_more), related) = services
        .db
        .read_snapshot(move |conn| {
            let subject = store::find(conn, id)?;
            let (leads, has_more) = store::leads_of(conn, id)?;
            let ids: Vec<Id> = leads.iter().map(|(lead, _)| lead.id).collect();
            let related = store::related(conn, id, &ids)?;
            Ok((subject, (leads, has_more), related))
        })
        .await?;
    let entry = Entry::new("subject.view")
        .object("subject", id)
        .objects("lead", leads.iter().map(|(lead, _)| lead.id))
        .objects("subject", related.iter().map(|other| other.id));
    audit::record_read(&services.db, me.origin(), entry).await?;
    let name = leads.first().map_or(&subject.name, |(_, said)| &said.name);
    let c = session::chrome(&request, &services, &me, name);
    html(&SubjectPage::new(c, &subject, (&leads, has_more), &related, services.settings.time_zone))
}
