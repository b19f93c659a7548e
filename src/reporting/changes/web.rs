//! The page of all that changed.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    pages::{self, ChangesPage, Sight},
    store,
};
use crate::{
    audit::{self, Entry},
    directory::people::{Actor, mark, session},
    platform::{
        error::Result,
        http::{html, link::Query, steps_back},
        i18n,
        services::Services,
        time,
    },
};

/// `GET /changes?before=`
pub async fn changes(me: Actor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let query = Query::new(&request.uri().to_string()).without("ok");
    let before = query.get("before").parse().ok();
    let (actor, now) = (me.clone(), services.db.now());
    let found = services
        .db
        .read_snapshot(move |conn| {
            let since = mark::store::new_since(conn, &actor, now)?;
            store::read(conn, &actor, since, before, store::PAGE)
        })
        .await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "changes-title"));
    let zone = services.settings.time_zone;
    let sight = Sight { c: &c, me: &me, organisation: &services.settings.organisation, zone };
    let lines = sight.lines(&found);
    let objects = lines.iter().filter_map(|line| line.object);
    let entry = objects.fold(Entry::new("worklist.view"), |entry, (kind, id)| entry.object(kind, id));
    audit::record_read(&services.db, me.origin(), entry).await?;
    let is_first = before.is_none();
    html(&ChangesPage {
        since: time::format_instant(found.since, zone, me.lang),
        // What stands on an older page is no reason to take the newer for seen.
        until: if is_first { pages::until(&found) } else { 0 },
        ways: steps_back::ways(&query, found.older),
        lines,
        c,
    })
}
