//! The page of a search, and the way straight to what alone can be meant.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    model::{Kind, Sought},
    pages::{self, SearchPage},
    store,
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, session},
    platform::{
        error::Result,
        http::{Form, html, see_other},
        i18n,
        services::Services,
        time,
    },
};

/// `GET /search?q=`
pub async fn search(me: Actor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let this_year = time::year_of(services.db.now(), services.settings.time_zone);
    let sought = Sought::read(Form::query(&request).raw("q"), this_year);
    let (actor, mut asked) = (me.clone(), sought.clone());
    let found = services
        .db
        .read_snapshot(move |conn| {
            asked.keys = store::keys(conn, &actor, &asked)?;
            let mut found = Vec::new();
            for kind in Kind::ALL {
                found.extend(store::of_kind(conn, &actor, *kind, &asked)?);
            }
            Ok(found)
        })
        .await?;
    // Exactly what is shown: the page's rows, or the one thing that it leads on to.
    let only = pages::only(&found);
    let shown = only.map_or_else(|| pages::shown(&found), |hit| vec![hit]);
    let entry = Entry::new("search.list").fact("rows", shown.len());
    let entry = if sought.is_empty() { entry } else { entry.private("q", sought.text.as_str()) };
    let entry = shown.iter().fold(entry, |entry, hit| entry.object(hit.kind.as_str(), hit.id));
    audit::record_read(&services.db, me.origin(), entry).await?;
    if let Some(hit) = only {
        return Ok(see_other(&pages::href(hit)));
    }
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "search-title"));
    let is_agency = me.agency.is_some();
    html(&SearchPage { groups: pages::groups(&c, &sought, &found, is_agency), q: sought.text, is_agency, c })
}
