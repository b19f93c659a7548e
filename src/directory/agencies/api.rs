//! `GET /api/v1/agencies`: for the platform's readers.

use actix_web::{HttpRequest, HttpResponse, web::Data};
use chrono::NaiveDate;
use serde::Serialize;

use super::store::{self, Filter, State};
use crate::{
    directory::people::{ApiActor, api_reader},
    platform::{
        db::Id,
        error::{AppError, Result},
        http::link::Query,
        services::Services,
    },
};

#[derive(Serialize)]
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
    valid_from: Option<NaiveDate>,
    valid_to: Option<NaiveDate>,
    synthetic: bool,
}

#[derive(Serialize)]
struct List {
    items: Vec<Item>,
    next: Option<String>,
}

fn limit_of(query: &Query) -> Result<i64> {
    match query.get("limit") {
        "" => Ok(50),
        text => match text.parse() {
            Ok(n @ 1..=200) => Ok(n),
            _ => Err(AppError::field("limit", "error-not-a-number")),
        },
    }
}

/// `?q=&type=&region=&level=&family=&state=now|ended|all&limit=&after=`.
pub(super) async fn list(
    me: ApiActor,
    services: Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    api_reader(&me)?;
    let query = Query::new(&request.uri().to_string());
    let limit = limit_of(&query)?;
    let filter = Filter {
        q: query.get("q").to_owned(),
        type_code: query.get("type").to_owned(),
        region: query.get("region").to_owned(),
        level: query.get("level").to_owned(),
        family: query.get("family").to_owned(),
        state: match query.get("state") {
            "ended" => State::Ended,
            "all" => State::All,
            _ => State::Now,
        },
        after: query.get("after").to_owned(),
    };
    let today = super::web::today(&services);
    let (mut rows, mut takes) = services
        .db
        .read(move |conn| {
            let rows = store::page(conn, &filter, today, limit + 1)?;
            let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
            let takes = store::takes(conn, &ids)?;
            Ok((rows, takes))
        })
        .await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or_default());
    let next = rows.last().filter(|_| more).map(|row| row.code.clone());
    let items = rows.into_iter().map(|row| Item {
        takes: takes.remove(&row.id).unwrap_or_default(),
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
    });
    Ok(HttpResponse::Ok().json(List { items: items.collect(), next }))
}
