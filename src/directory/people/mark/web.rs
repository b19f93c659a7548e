//! The two buttons: all seen, and no hint any more.

use actix_web::{HttpResponse, web};

use super::store;
use crate::{
    directory::people::Actor,
    platform::{
        db::Instant,
        error::Result,
        http::{Form, see_other},
        paths,
        services::Services,
    },
};

/// `POST /changes/seen`: up to `until` (microseconds), the newest thing that the page showed. What came in between stays
/// new.
pub async fn seen(me: Actor, services: web::Data<Services>, form: Form) -> Result<HttpResponse> {
    let now = services.db.now();
    if let Ok(until) = form.raw("until").parse::<i64>() {
        let until = Instant::from_micros(until).min(now);
        services.db.write_quiet(move |tx| store::mark_seen(tx, me.id, until)).await?;
    }
    Ok(see_other(&format!("{}?ok=changes-seen", paths::HOME)))
}

/// `POST /first-day/put-away`
pub async fn hint_away(me: Actor, services: web::Data<Services>) -> Result<HttpResponse> {
    services.db.write_quiet(move |tx| store::put_hint_away(tx, me.id)).await?;
    Ok(see_other(paths::HOME))
}
