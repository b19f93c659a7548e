//! How long the session goes on, for the warning before its end, and staying signed in.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use serde_json::json;

use crate::{
    directory::people::{model::Actor, session, store},
    platform::{
        error::{AppError, Result},
        http::{layout::Left, unkept_json},
        paths,
        services::Services,
    },
};

fn told(left: Option<Left>) -> Result<HttpResponse> {
    let Left { left, most } = left.ok_or_else(|| AppError::Elsewhere(paths::LOGIN.into()))?;
    Ok(unkept_json(&json!({ "left": left, "most": most })))
}

/// Asking is no use of the session: a page that is left open does not keep it alive.
pub(super) async fn how_long(request: HttpRequest) -> Result<HttpResponse> {
    told(session::left_of(&request).await?)
}

pub(super) async fn stay(me: Actor, services: Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let (id, now) = (me.session.ok_or(AppError::NotFound)?, services.db.now());
    services.db.write_quiet(move |tx| store::touch_session(tx.conn(), id, now)).await?;
    told(session::left_of(&request).await?)
}
