//! `/healthz`: whether what the program stands on can be reached.

use std::time::Duration;

use actix_web::{HttpResponse, web};

use crate::platform::{error::Result, services::Services};

/// A part that does not answer within this time is down.
const PATIENCE: Duration = Duration::from_secs(5);

async fn database(services: &Services) -> Result<()> {
    services.db.ping().await
}

async fn evidence(services: &Services) -> Result<()> {
    Ok(services.vault.probe().await?)
}

async fn is_up(part: &'static str, asked: impl Future<Output = Result<()>>) -> bool {
    let why = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(())) => return true,
        Ok(Err(e)) => e.to_string(),
        Err(_) => "no answer".into(),
    };
    tracing::error!(part, error = why, "health check");
    false
}

/// 200 and `ok`, or 503 with what is down.
pub(super) async fn health(services: web::Data<Services>) -> HttpResponse {
    let (database, evidence) =
        tokio::join!(is_up("database", database(&services)), is_up("evidence store", evidence(&services)),);
    let down: Vec<&str> = [("database", database), ("evidence store", evidence)]
        .into_iter()
        .filter_map(|(part, up)| (!up).then_some(part))
        .collect();
    let mut reply = if down.is_empty() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    let said = if down.is_empty() { "ok".to_owned() } else { down.join(", ") };
    reply.content_type("text/plain; charset=utf-8").body(said)
}
