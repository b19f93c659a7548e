//! The actor of a call that programs and the scripts of our own pages make.

use std::{future::Future, ops::Deref, pin::Pin};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header};

use super::api;
use crate::{
    directory::people::{guard, model::Actor, session},
    platform::error::{AppError, Result},
};

/// Whoever sends files over the API: a program with a token of the scope `write`, whatever the method, or the script of a
/// page of ours with the session of whoever sits there. Changing requests of a session that come from a page of another
/// site do not get here (`shield`); a token is asked for first, so that none is hidden behind a session. The handler holds the
/// call to its document, after what its protocol says of it.
#[derive(Clone, Debug)]
pub struct Sender(Actor);

impl Sender {
    pub fn actor(&self) -> &Actor {
        &self.0
    }
}

impl Deref for Sender {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0
    }
}

async fn admit(request: &HttpRequest) -> Result<Actor> {
    let services = session::services_of(request)?;
    let has_session = request.cookie(session::cookie_name(&services.settings.base_url)).is_some();
    if request.headers().contains_key(header::AUTHORIZATION) || !has_session {
        return api::admit(request, true).await;
    }
    // No script follows the way to a page on which somebody signs in.
    guard::complete(request).await.map_err(|error| match error {
        AppError::Elsewhere(page) => AppError::SignedOut(page),
        other => other,
    })
}

impl FromRequest for Sender {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { admit(&request).await.map(Sender) })
    }
}
