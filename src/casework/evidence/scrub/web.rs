//! The administrators' page of alarms, and asking for a file to be looked at again.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    actions,
    pages::{AlarmView, AlarmsPage},
    store,
};
use crate::{
    casework::{
        evidence::{
            store as items,
            time_stamp::{self, StandingView},
        },
        lead,
    },
    directory::people::{Admin, CaseReader, session, store as people},
    platform::{
        db::Id,
        error::Result,
        http::{html, link::Query, see_other, view::Link},
        i18n,
        keyset::{Edge, Page},
        paths,
        services::Services,
    },
};

/// Alarms of a page.
const SHOWN: usize = 50;

/// `GET /admin/evidence`
pub async fn list(me: Admin, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let here = Query::new(request.uri().path_and_query().map_or("", |p| p.as_str())).without("ok");
    let edge: Edge<Id> = Edge::read(&here, |text| text.parse().ok());
    let authorities = services.stamp_authorities();
    let asked = authorities.clone();
    let (found, holders, names, stamps) = services
        .db
        .read_snapshot(move |conn| {
            let found = store::page(conn, &edge, SHOWN + 1)?;
            let files: Vec<Id> = found.iter().map(|one| one.blob_id).collect();
            let holders = store::holders(conn, &files)?;
            let names = people::names(conn, holders.values().flatten().copied())?;
            let stamps = if asked.is_empty() { None } else { Some(time_stamp::standing(conn, &asked)?) };
            Ok((found, holders, names, stamps))
        })
        .await?;
    let page = Page::of(found, SHOWN, &edge);
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "alarm-title"));
    let zone = services.settings.time_zone;
    html(&AlarmsPage {
        trail: vec![Link::new(c.t("nav-system"), paths::ADMIN_SYSTEM)],
        pager: page.pager(&here, |row| row.id.to_string()),
        stamps: stamps.map(|found| StandingView::new(&found, &authorities, me.lang)),
        rows: page.rows.iter().map(|row| AlarmView::new(&c, row, &holders, &names, zone)).collect(),
        c,
    })
}

/// `POST /admin/evidence/{id}/check`: the bytes were brought back, and are to be looked at again.
pub async fn check_alarm(
    me: Admin,
    services: web::Data<Services>,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (alarm, person) = (*id, me.id);
    services
        .db
        .write(me.origin(), move |tx| {
            let open = store::open_one(tx.conn(), alarm)?;
            actions::ask(tx, "evidence.check_alarm", person, open.blob_id)
        })
        .await?;
    Ok(see_other(&format!("{}?ok=evidence-asked", paths::ADMIN_EVIDENCE)))
}

/// `POST /evidence/{id}/verify`: whoever may read an item may have its bytes hashed anew.
pub async fn verify(
    me: CaseReader,
    services: web::Data<Services>,
    id: web::Path<Id>,
) -> Result<HttpResponse> {
    let (id, actor) = (*id, me.clone());
    services
        .db
        .write(me.origin(), move |tx| {
            let item = items::find(tx.conn(), id)?;
            lead::store::find_visible(tx.conn(), &actor, item.lead_id)?;
            actions::ask(tx, "evidence.verify", actor.id, item.blob_id)
        })
        .await?;
    Ok(see_other(&format!("{}?ok=evidence-asked", paths::evidence(id))))
}
