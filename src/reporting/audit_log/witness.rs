//! `POST /witness/add-checkpoint` (C2SP tlog-witness): other logs ask this program to cosign their heads. Public, as the
//! protocol has it: nothing is done for anybody but by the signature of a log that the settings name.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};

use crate::{
    audit::{self, Verdict},
    directory::people::{
        session::address_of,
        sign_in::attempts::{self, Key, Reserved},
    },
    platform::{
        db::blocking,
        error::Result,
        http::peer,
        keyring,
        services::Services,
        witness::{LONGEST, SIZE, read_request},
    },
};

/// What there is of a request comes from a stranger, and is answered in the words of the protocol: a status and a line.
pub async fn add_checkpoint(
    services: web::Data<Services>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse> {
    let reserved = reserve(&services, &address_of(&request)).await?;
    let verdict = match body.to_bytes_limited(LONGEST).await {
        Ok(Ok(bytes)) => decide(&services, bytes.to_vec()).await?,
        Ok(Err(_)) | Err(_) => Verdict::Malformed,
    };
    // A log that grows is not held up, however fast it does; whoever sends what is public already has to wait after a while.
    if let Some(reserved) = reserved.filter(|_| verdict.leads_on()) {
        services.db.write_quiet(move |tx| attempts::forget(tx, &reserved)).await?;
    }
    Ok(reply(verdict))
}

/// An address from which too much came to nothing has to wait, as one does that tries passwords. Behind some stand many.
async fn reserve(services: &Services, address: &str) -> Result<Option<Reserved>> {
    if peer::is_shared(address, &services.settings.trusted_proxies) {
        return Ok(None);
    }
    let keys = [Key::witness(address)];
    services.db.write_quiet(move |tx| attempts::reserve(tx, &keys)).await.map(Some)
}

async fn decide(services: &Services, body: Vec<u8>) -> Result<Verdict> {
    let services = services.clone();
    blocking(move || {
        let Some(asked) = read_request(&body) else { return Ok(Verdict::Malformed) };
        let logs = &services.settings.witness_of;
        if !logs.iter().any(|key| key.name() == asked.checkpoint.origin()) {
            return Ok(Verdict::UnknownLog);
        }
        let cosigner = || keyring::cosigner(&services.db, &services.master, &services.origin);
        audit::add_checkpoint(&services.db, cosigner, logs, &asked)
    })
    .await
}

fn reply(verdict: Verdict) -> HttpResponse {
    const PLAIN: &str = "text/plain; charset=utf-8";
    let (status, kind, body) = match verdict {
        Verdict::Cosigned { line, .. } => (StatusCode::OK, PLAIN, line),
        Verdict::Knows { size, .. } => (StatusCode::CONFLICT, SIZE, format!("{size}\n")),
        Verdict::Malformed => (StatusCode::BAD_REQUEST, PLAIN, "not an add-checkpoint request\n".into()),
        Verdict::UnknownLog => (StatusCode::NOT_FOUND, PLAIN, "unknown log\n".into()),
        Verdict::Unsigned => (StatusCode::FORBIDDEN, PLAIN, "not signed by a known key of the log\n".into()),
        Verdict::Unproven => {
            (StatusCode::UNPROCESSABLE_ENTITY, PLAIN, "the consistency proof does not hold\n".into())
        }
    };
    HttpResponse::build(status)
        .content_type(kind)
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .body(body)
}
