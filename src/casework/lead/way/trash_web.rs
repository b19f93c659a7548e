//! The trash: what lies in it, since when, by whom, and the way out.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    super::model::{Lead, is_compiler_of},
    pages::{TrashPage, TrashRow},
    store,
};
use crate::{
    audit::{self, Entry},
    directory::people::{self, CaseReader, session},
    platform::{
        error::Result,
        http::{link::Query, reply::html, view::Link},
        i18n,
        keyset::{Edge, Page},
        paths,
        services::Services,
        time,
    },
};

/// Leads on a page.
const SHOWN: usize = 50;

/// `GET /leads/trash`
pub async fn list(
    me: CaseReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let here = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str())).without("ok");
    let edge: Edge<i64> = Edge::read(&here, |text| text.parse().ok());
    let (found, put, names) = services
        .db
        .read_snapshot(move |conn| {
            let (found, put) = store::trash(conn, &edge, SHOWN + 1)?;
            let names = people::store::names(conn, put.values().filter_map(|(by, _)| *by))?;
            Ok((found, put, names))
        })
        .await?;
    let page = Page::of(found, SHOWN, &edge);
    let shown = page.rows.iter().map(|lead| lead.id);
    let entry = Entry::new("lead.list").fact("state", "trashed").objects("lead", shown);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let row = |lead: &Lead| {
        let (by, at) = put.get(&lead.id).copied().unwrap_or((None, lead.updated_at));
        TrashRow {
            href: paths::lead(lead.id),
            number: lead.number.clone(),
            title: lead.title.clone(),
            synthetic: lead.synthetic,
            by: by.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| i18n::t(lang, "story-system")),
            at: time::table_instant(at, zone),
            datetime: at.to_string(),
            restore: if is_compiler_of(&me, lead) {
                paths::lead_part(lead.id, "restore")
            } else {
                String::new()
            },
        }
    };
    html(&TrashPage {
        c: session::chrome(&request, &services, &me, &i18n::t(lang, "lead-trash-title")),
        trail: vec![Link::new(i18n::t(lang, "nav-leads"), paths::LEADS)],
        rows: page.rows.iter().map(row).collect(),
        pager: page.pager(&here, |lead| lead.seq.to_string()),
    })
}
