//! Whether keys pressed alone do something on the pages, outside of fields: everybody may switch that off (WCAG 2.1.4), as
//! who speaks to the computer presses many keys without meaning any.

use actix_web::{HttpResponse, web::Data};

use super::actions;
use crate::{
    directory::people::model::Actor,
    platform::{
        error::Result,
        http::{Form, see_other},
        services::Services,
    },
};

/// `POST /account/keys`
pub(super) async fn save(me: Actor, services: Data<Services>, mut form: Form) -> Result<HttpResponse> {
    let chosen = form.choice("single_keys", &["on", "off"]);
    form.check()?;
    let actor = me.clone();
    let on = chosen == Some("on");
    services.db.write(me.origin(), move |tx| actions::set_single_keys(tx, &actor, on)).await?;
    Ok(see_other("/account?ok=keys-saved"))
}
