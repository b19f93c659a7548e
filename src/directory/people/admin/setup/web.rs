//! Handlers of the guide.

use actix_web::{HttpRequest, HttpResponse, web::Data};

use super::{
    actions,
    model::{Known, Step},
    pages::{Made, SetupPage},
    store,
};
use crate::{
    directory::people::{guard::Admin, session},
    platform::{
        error::Result,
        http::{html, see_other},
        i18n, paths,
        services::Services,
        time,
    },
};

pub(super) async fn page(me: Admin, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let (actor, now) = (me.actor().clone(), services.db.now());
    let there = services.db.read(move |conn| store::there(conn, &actor, now)).await?;
    let known = Known::of(&services);
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "nav-setup"));
    let today = time::day_of(now, services.settings.time_zone).to_string();
    let steps = Made { c: &c, services: &services, known: &known, there: &there, today }.steps();
    html(&SetupPage { c, steps, done: there.done(&known), all: Step::ALL.len(), away: there.is_away() })
}

/// Back to the guide, at a step, with what was done.
fn back(done: &str, step: Step) -> HttpResponse {
    see_other(&format!("{}?ok={done}#{}", paths::ADMIN_SETUP, step.as_str()))
}

pub(super) async fn test_mail(me: Admin, services: Data<Services>) -> Result<HttpResponse> {
    services.db.write(me.origin(), move |tx| actions::test_mail(tx, &me)).await?;
    Ok(back("setup-mail-queued", Step::Mail))
}

pub(super) async fn confirm_key(me: Admin, services: Data<Services>) -> Result<HttpResponse> {
    let key = services.master.fingerprint();
    services.db.write(me.origin(), move |tx| actions::confirm_key(tx, &me, &key)).await?;
    Ok(back("setup-key-said", Step::Key))
}

pub(super) async fn put_away(me: Admin, services: Data<Services>) -> Result<HttpResponse> {
    services.db.write(me.origin(), move |tx| actions::put_away(tx, &me)).await?;
    Ok(see_other(&format!("{}?ok=setup-away", paths::HOME)))
}
