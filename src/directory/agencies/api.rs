//! `GET /api/v1/agencies`: for the platform's readers.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use super::{
    keys::{self, Key},
    listed::{self, Sort},
    store,
};
use crate::{
    directory::people::{ApiActor, api_reader},
    platform::{
        db::{Id, Instant},
        error::Result,
        http::{
            Form,
            paging::{self, Page},
        },
        i18n::Lang,
        services::Services,
    },
};

/// What this room adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(list))]
pub struct Document;

/// An agency that leads can be sent to.
#[derive(Serialize, ToSchema)]
#[schema(as = AgencyItem)]
struct Item {
    id: Id,
    code: String,
    name_zh: String,
    name_en: String,
    #[serde(rename = "type")]
    type_code: String,
    level: String,
    region: String,
    parent: Option<Id>,
    successor: Option<Id>,
    /// Charge families of its own list; empty: those of its type.
    takes: Vec<String>,
    channel: String,
    #[schema(value_type = Option<String>, format = Date)]
    valid_from: Option<NaiveDate>,
    #[schema(value_type = Option<String>, format = Date)]
    valid_to: Option<NaiveDate>,
    synthetic: bool,
    /// The keys that what goes to it is encrypted to: confirmed and not revoked, the oldest first.
    keys: Vec<KeyItem>,
}

/// A public age key of an agency, in force.
#[derive(Serialize, ToSchema)]
#[schema(as = AgencyKeyItem)]
struct KeyItem {
    /// SHA-256 of `recipient`, in 64 hex digits.
    fingerprint: String,
    /// As age writes it: `age1` and 58 more characters.
    recipient: String,
    /// When a second person confirmed it.
    confirmed_at: Instant,
}

impl KeyItem {
    fn of(key: Key) -> Option<Self> {
        let (_, confirmed_at) = key.confirmed?;
        Some(Self { fingerprint: key.fingerprint(), recipient: key.recipient, confirmed_at })
    }
}

/// The directory of agencies, by code.
#[utoipa::path(
    get, path = "/api/v1/agencies", tag = "reference", security(("token" = ["read"])),
    params(
        ("q" = Option<String>, Query, description = "words of name and code"), ("type" = Option<String>, Query),
        ("region" = Option<String>, Query), ("level" = Option<String>, Query),
        ("family" = Option<String>, Query, description = "of charges that it takes"),
        ("state" = Option<String>, Query, description = "`now` (default), `ended`, `all`"),
        ("limit" = Option<usize>, Query, description = "1 to 200"), ("after" = Option<String>, Query)
    ),
    responses((status = 200, body = Page<Item>))
)]
pub(super) async fn list(
    me: ApiActor,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    api_reader(&me)?;
    let mut query = Form::query(&request);
    let limit = paging::limit(&query)?;
    let today = super::web::today(&services);
    let mut filter = super::web::read(&mut query, Lang::Zh);
    query.check()?;
    filter.edge = filter.edge.forward();
    filter.sort = Sort::default();
    let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let (rows, mut takes, mut keys) = services
        .db
        .read(move |conn| {
            let rows = listed::page(conn, &filter, today, most)?;
            let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
            let takes = store::takes(conn, &ids)?;
            let keys = keys::in_force_of(conn, &ids)?;
            Ok((rows, takes, keys))
        })
        .await?;
    let page = Page::cut(
        rows,
        limit,
        |row| row.code.clone(),
        |row| Item {
            takes: takes.remove(&row.id).unwrap_or_default(),
            keys: keys.remove(&row.id).into_iter().flatten().filter_map(KeyItem::of).collect(),
            id: row.id,
            code: row.code,
            name_zh: row.name_zh,
            name_en: row.name_en,
            type_code: row.type_code,
            level: row.level,
            region: row.region_code,
            parent: row.parent_id,
            successor: row.successor_id,
            channel: row.channel,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            synthetic: row.synthetic,
        },
    );
    Ok(HttpResponse::Ok().json(page))
}
