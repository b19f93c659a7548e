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
        .write(me.origin(), move |tx| {
            let subject = store::find(tx.conn(), id)?;
            let (leads, has_more) = store::leads_of(tx.conn(), id)?;
            let ids: Vec<Id> = leads.iter().map(|(lead, _)| lead.id).collect();
            let related = store::related(tx.conn(), id, &ids)?;
            let entry = Entry::new("subject.view").object("subject", id).objects("lead", ids);
            audit::record(tx, entry.objects("subject", related.iter().map(|other| other.id)))?;
            Ok((subject, (leads, has_more), related))
        })
        .await?;
    let name = leads.first().map_or(&subject.name, |(_, said)| &said.name);
    let c = session::chrome(&request, &services, &me, name);
    html(&SubjectPage::new(c, &subject, (&leads, has_more), &related, services.settings.time_zone))
}
