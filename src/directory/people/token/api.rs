//! The actor of an API call.

use std::{future::Future, ops::Deref, pin::Pin};

use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev::Payload, http::header};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::{
    model,
    store::{self, TokenRow},
};
use crate::{
    directory::people::{guard::CaseReader, model::Actor, session, store as people},
    platform::{
        db::{Connection, Id, Instant},
        error::{AppError, Result},
        http::contract,
    },
};

/// How often the last use of a token is written down, in seconds.
const TOUCH: i64 = 60;

/// Whoever calls the API with `Authorization: Bearer TOKEN`. GET and HEAD need the scope `read`, everything else
/// `write`. The call's parameters are as its document says. A role is asked for in the handler's first line:
///
/// ```ignore
/// async fn list(me: ApiActor, …) -> Result<HttpResponse> {
///     let reader = api_reader(&me)?;                      // or Compiler::admit(me.actor().clone())?
/// ```
#[derive(Clone, Debug)]
pub struct ApiActor(Actor);

impl ApiActor {
    pub fn actor(&self) -> &Actor {
        &self.0
    }
}

impl Deref for ApiActor {
    type Target = Actor;

    fn deref(&self) -> &Actor {
        &self.0
    }
}

/// The caller as a reader of the platform's case material.
///
/// # Errors
/// `NotFound` when the account has none of the roles.
pub fn api_reader(me: &ApiActor) -> Result<CaseReader> {
    CaseReader::admit(me.actor().clone())
}

/// What this room adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(me))]
pub struct Document;

/// The account of a token.
#[derive(Serialize, ToSchema)]
struct Me {
    id: Id,
    username: String,
    /// `compiler`, `approver`, `manager`, `admin`, `auditor`.
    roles: Vec<&'static str>,
    /// `read`, `write`.
    scopes: Vec<String>,
}

/// Who the token acts as, and what it may do.
#[utoipa::path(get, path = "/api/v1/me", tag = "account", security(("token" = ["read"])), responses((status = 200, body = Me)))]
pub(super) async fn me(me: ApiActor) -> HttpResponse {
    HttpResponse::Ok().json(Me {
        id: me.id,
        username: me.username.clone(),
        roles: me.roles.iter().map(|r| r.as_str()).collect(),
        scopes: me.scopes.clone().unwrap_or_default(),
    })
}

fn bearer(request: &HttpRequest) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// A token that a request came with: its id and its person's, where it is one of ours, whether or not it still holds.
/// Those who watch for refusals find it with the request.
#[derive(Clone, Copy, Debug)]
pub struct ShownToken(pub Option<(Id, Id)>);

/// The actor of a token that holds at `now`, and the token's id where its last use is to be noted anew.
fn load(conn: &mut Connection, row: Option<TokenRow>, now: Instant) -> Result<(Actor, Option<Id>)> {
    let row = row.filter(|row| row.is_live(now)).ok_or(AppError::Unauthorized)?;
    let mut actor = match people::actor(conn, row.person_id) {
        Err(AppError::NotFound) => return Err(AppError::Unauthorized),
        other => other?,
    };
    if !model::may_have(&actor) {
        return Err(AppError::Unauthorized);
    }
    actor.scopes = Some(row.scopes());
    let stale = row.last_used_at.is_none_or(|used| now.seconds_since(used) >= TOUCH);
    Ok((actor, stale.then_some(row.id)))
}

/// The actor of a request by its token, which has to cover a call that changes something, or one that doesn't.
pub(super) async fn admit(request: &HttpRequest, changes: bool) -> Result<Actor> {
    let services = session::services_of(request)?;
    let secret = bearer(request).ok_or(AppError::Unauthorized)?;
    let now = services.db.now();
    let row = services.db.read(move |conn| store::by_hash(conn, &session::hash_of(&secret))).await?;
    request.extensions_mut().insert(ShownToken(row.as_ref().map(|row| (row.id, row.person_id))));
    let (mut actor, stale) = services.db.read(move |conn| load(conn, row, now)).await?;
    actor.address = session::address_of(request);
    actor.agent = session::agent_of(request);
    if let Some(id) = stale {
        let address = actor.address.clone();
        services.db.write_quiet(move |tx| store::touch(tx, id, &address)).await?;
    }
    // Those who watch for refusals want to know whose they were.
    request.extensions_mut().insert(actor.clone());
    if !actor.scopes.as_deref().is_some_and(|scopes| model::allows(scopes, changes)) {
        return Err(AppError::Forbidden);
    }
    Ok(actor)
}

impl FromRequest for ApiActor {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        let changes = !request.method().is_safe();
        Box::pin(async move {
            let actor = admit(&request, changes).await?;
            contract::hold(&request)?;
            Ok(ApiActor(actor))
        })
    }
}
