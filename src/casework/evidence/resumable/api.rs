//! Files that come in parts, by the protocol tus 1.0.0: a program sends them by its token, the page's script by the
//! session of whoever sits there. Each upload is its sender's alone.

use actix_web::{
    HttpRequest, HttpResponse,
    http::Method,
    middleware::from_fn,
    web::{self, Payload},
};
use serde_json::json;
use utoipa::OpenApi;

use super::{
    actions,
    assemble::form_of,
    checksum::KNOWN,
    intake::{self, Sent, brought, check_size, find, take_in},
    model::{
        EXTENSIONS, LARGEST, LENGTH, LIFE, LONGEST_HEADER, METADATA, MOST_PIECES, Metadata, OFFSET, State,
        VERSION, check_details, lead_of,
    },
    protocol::{number, speak, speaks, text},
    shapes::{UploadItem, created, told},
    stop::Stop,
    store::{self, Row},
    taken::SAID,
};
use crate::{
    casework::evidence::{registering::changeable, store as items},
    directory::people::{
        Compiler,
        token::{
            Sender,
            idempotency::{Answer, body_hash, key_of, replay},
        },
    },
    platform::{
        db::Id,
        error::{AppError, Result},
        http::{
            Form, contract,
            paging::{self, Page},
            unkept_json,
        },
        services::Services,
    },
};

type Answered = Result<HttpResponse, Stop>;

pub fn routes(cfg: &mut web::ServiceConfig) {
    let all = web::resource("/api/v1/uploads")
        .route(web::get().to(list))
        .route(web::post().to(create))
        .route(web::method(Method::OPTIONS).to(options));
    let each = web::resource("/api/v1/uploads/{id}")
        .route(web::get().to(one))
        .route(web::head().to(stand))
        .route(web::patch().to(bring))
        .route(web::delete().to(end));
    cfg.service(all.wrap(from_fn(speak))).service(each.wrap(from_fn(speak)));
}

/// What this room adds to the document of the API.
#[derive(OpenApi)]
#[openapi(paths(options, list, create, one, stand, bring, end))]
pub struct Document;

const CREATE: &str = "POST /api/v1/uploads";
/// Longest words of a form, in bytes, that an upload is begun with.
const LONGEST_WORDS: usize = 500;

/// What of the protocol tus is spoken here. Public.
#[utoipa::path(
    options, path = "/api/v1/uploads", tag = "evidence", security(()),
    responses((
        status = 204, description = "the headers say it",
        headers(
            ("Tus-Resumable" = String), ("Tus-Version" = String), ("Tus-Extension" = String),
            ("Tus-Max-Size" = i64, description = "bytes"), ("Tus-Checksum-Algorithm" = String)
        )
    ))
)]
async fn options() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header(("Tus-Version", VERSION))
        .insert_header(("Tus-Extension", EXTENSIONS))
        .insert_header(("Tus-Max-Size", LARGEST.to_string()))
        .insert_header(("Tus-Checksum-Algorithm", KNOWN))
        .finish()
}

/// As it is answered, with what it has become.
async fn shape(services: &Services, me: &Compiler, row: &Row) -> Result<UploadItem> {
    let item = match row.evidence_id {
        Some(item) => Some(services.db.read(move |conn| items::find(conn, item)).await?),
        None => None,
    };
    Ok(UploadItem::new(row, item, services.db.now(), me.lang))
}

/// The words of the form of a page that an upload is begun from: what was kept of it goes when the file is registered.
fn form_words(me: &Compiler, request: &HttpRequest) -> String {
    let words = me.once.map(|_| request.query_string()).filter(|words| words.len() <= LONGEST_WORDS);
    words.unwrap_or_default().to_owned()
}

/// One's own uploads that can be gone on with, or are being put together.
#[utoipa::path(
    get, path = "/api/v1/uploads", tag = "evidence", security(("token" = ["write"])),
    params(
        ("lead" = Option<Id>, Query), ("limit" = Option<usize>, Query, description = "1 to 200"),
        ("after" = Option<String>, Query)
    ),
    responses((status = 200, body = Page<UploadItem>))
)]
async fn list(me: Sender, services: web::Data<Services>, request: HttpRequest) -> Answered {
    contract::hold(&request)?;
    let me = Compiler::admit(me.actor().clone())?;
    let mut query = Form::query(&request);
    let limit = paging::limit(&query)?;
    let (lead, after) = (query.id("lead"), query.id("after"));
    query.check()?;
    let (person, now) = (me.id, services.db.now());
    let read = services.db.read(move |conn| store::unfinished(conn, person, lead, after, now, limit + 1));
    let rows = read.await?;
    let page =
        Page::cut(rows, limit, |row| row.id.to_string(), |row| UploadItem::new(&row, None, now, me.lang));
    Ok(unkept_json(&page))
}

/// Begins an upload; the body may bring the first bytes or, as JSON, details that are too long for a header. With
/// `Idempotency-Key` a repeated call begins one. What is wrong with the fields is told before bytes are sent.
#[utoipa::path(
    post, path = "/api/v1/uploads", tag = "evidence", security(("token" = ["write"])),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    params(
        ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Length" = i64, Header, description = "bytes of the whole file; the most is Tus-Max-Size"),
        ("Upload-Metadata" = String, Header, description = "pairs of a name and Base64; see UploadMetadata"),
        ("Upload-Checksum" = Option<String>, Header, description = "of the bytes of this request"),
        ("Idempotency-Key" = Option<String>, Header, description = "up to 255 characters")
    ),
    responses(
        (
            status = 201, body = UploadItem,
            headers(
                ("Tus-Resumable" = String), ("Location" = String, description = "where the upload is"),
                ("Upload-Offset" = i64), ("Upload-Expires" = String),
                ("Upload-Evidence" = String, description = "where the item is that it has become"),
                ("Idempotency-Replayed" = String)
            )
        ),
        (status = 400, description = "no version of the protocol, no length, or a checksum of another kind"),
        (status = 410, description = "it has ended meanwhile"),
        (status = 412, description = "another version of the protocol", headers(("Tus-Version" = String))),
        (status = 413, description = "larger than Tus-Max-Size, more bytes than its length, or details of more than 256 KiB"),
        (status = 423, description = "another request brings its bytes now", headers(("Retry-After" = i64))),
        (status = 460, description = "the bytes do not match their checksum; the upload has ended")
    )
)]
async fn create(me: Sender, services: web::Data<Services>, request: HttpRequest, body: Payload) -> Answered {
    speaks(&request)?;
    if !text(&request, "upload-defer-length").is_empty() {
        return Err(Stop::Malformed("upload-stop-deferred"));
    }
    let size = number(&request, LENGTH, "upload-stop-length")?;
    if size == 0 {
        return Err(AppError::field(LENGTH, "error-file-empty").into());
    }
    let (details, sent) = brought(&request, body)?;
    contract::hold(&request)?;
    let me = Compiler::admit(me.actor().clone())?;
    let header = text(&request, METADATA);
    let lead_id = lead_of(header)?;
    changeable(&me, &services, lead_id).await?;
    let metadata = intake::metadata(header, details).await?;
    let said = Metadata::read(&metadata)?;
    // A page's form is told in the words of its fields, whatever is described.
    let is_program = me.scopes.is_some();
    let not_described =
        if is_program { contract::named(&request, SAID, said.form().pairs()) } else { Vec::new() };
    let hash = body_hash(format!("{size} {metadata}").as_bytes());
    let keyed = key_of(&request)?.map(|key| (CREATE, key, hash));
    if let Some((_, key, hash)) = &keyed
        && let Some(answer) = replay(&services, &me, CREATE, key, *hash).await?
    {
        let id: Option<Id> = answer.body["id"].as_str().and_then(|id| id.parse().ok());
        let row = find(&services, &me, id.ok_or(AppError::NotFound)?).await?;
        return Ok(created(&row, &shape(&services, &me, &row).await?, true));
    }
    let now = services.db.now();
    check_size(size)?;
    check_details(form_of(&said), not_described, services.settings.time_zone, now)?;
    let row = Row {
        id: Id::new(),
        person_id: me.id,
        lead_id,
        name: said.name(),
        size,
        received: 0,
        pieces: 0,
        state: State::Receiving.as_str().to_owned(),
        metadata,
        form: form_words(&me, &request),
        by_token: is_program,
        address: me.address.clone(),
        agent: me.agent.clone(),
        evidence_id: None,
        again: false,
        refusal: String::new(),
        expires_at: now.plus_seconds(LIFE),
    };
    let (begun, answer) = (row.clone(), Answer { status: 201, body: json!({ "id": row.id }) });
    let begin = services.db.write_quiet(move |tx| actions::begin(tx, &begun, keyed.as_ref(), &answer));
    begin.await?;
    let Some(sent) = sent else { return Ok(created(&row, &shape(&services, &me, &row).await?, false)) };
    let id = row.id;
    match take_in(&services, &me, row, 0, sent).await {
        Ok(row) => Ok(created(&row, &shape(&services, &me, &row).await?, false)),
        Err(stop) => {
            // Its sender does not learn where it is.
            services.db.write_quiet(move |tx| actions::end(tx, id)).await?;
            Err(stop)
        }
    }
}

/// An upload as JSON, with the item that it has become, or why it has become none.
#[utoipa::path(
    get, path = "/api/v1/uploads/{id}", tag = "evidence", security(("token" = ["write"])),
    params(("id" = Id, Path)), responses((status = 200, body = UploadItem))
)]
async fn one(me: Sender, services: web::Data<Services>, request: HttpRequest, id: web::Path<Id>) -> Answered {
    contract::hold(&request)?;
    let me = Compiler::admit(me.actor().clone())?;
    let row = find(&services, &me, *id).await?;
    let shape = shape(&services, &me, &row).await?;
    Ok(unkept_json(&shape))
}

/// Where an upload stands: from there on bytes are sent.
#[utoipa::path(
    head, path = "/api/v1/uploads/{id}", tag = "evidence", security(("token" = ["write"])),
    params(("id" = Id, Path), ("Tus-Resumable" = String, Header, description = "1.0.0")),
    responses(
        (
            status = 200, description = "the headers say it",
            headers(
                ("Tus-Resumable" = String), ("Upload-Offset" = i64), ("Upload-Length" = i64),
                ("Upload-Metadata" = String, description = "left out beyond 8 KiB"), ("Upload-Expires" = String),
                ("Upload-Evidence" = String, description = "where the item is that it has become")
            )
        ),
        (status = 400, description = "no version of the protocol"),
        (status = 410, description = "it has ended, or could not be registered"),
        (status = 412, description = "another version of the protocol", headers(("Tus-Version" = String)))
    )
)]
async fn stand(
    me: Sender,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
) -> Answered {
    speaks(&request)?;
    contract::hold(&request)?;
    let me = Compiler::admit(me.actor().clone())?;
    let row = find(&services, &me, *id).await?;
    if matches!(row.state(services.db.now()), State::Ended | State::Refused) {
        return Err(Stop::Gone);
    }
    let mut reply = told(HttpResponse::Ok(), &row);
    reply.insert_header((LENGTH, row.size.to_string()));
    if (1..=LONGEST_HEADER).contains(&row.metadata.len()) {
        reply.insert_header((METADATA, row.metadata.as_str()));
    }
    Ok(reply.finish())
}

/// Brings more bytes. What has arrived stays, also where the line breaks off; with a checksum all or nothing. After the
/// last bytes the file is registered as an item: a small one at once, a larger one in the background. Where something on
/// the way lets GET and POST through alone: POST with the header X-HTTP-Method-Override, for HEAD and DELETE too.
#[utoipa::path(
    patch, path = "/api/v1/uploads/{id}", tag = "evidence", security(("token" = ["write"])),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    params(
        ("id" = Id, Path), ("Tus-Resumable" = String, Header, description = "1.0.0"),
        ("Upload-Offset" = i64, Header, description = "where the upload stands"),
        ("Upload-Checksum" = Option<String>, Header, description = "of the bytes of this request")
    ),
    responses(
        (
            status = 204, description = "kept",
            headers(
                ("Tus-Resumable" = String), ("Upload-Offset" = i64), ("Upload-Expires" = String),
                ("Upload-Evidence" = String, description = "where the item is that it has become")
            )
        ),
        (status = 400, description = "no version of the protocol, no offset, or a checksum of another kind"),
        (
            status = 409, description = "the upload stands elsewhere, or the lead's state does not allow it",
            headers(("Upload-Offset" = i64, description = "where it stands, if elsewhere"))
        ),
        (status = 410, description = "it has ended, or could not be registered"),
        (status = 412, description = "another version of the protocol", headers(("Tus-Version" = String))),
        (status = 413, description = "more bytes than the file has"),
        (status = 423, description = "another request brings its bytes now", headers(("Retry-After" = i64))),
        (status = 460, description = "the bytes do not match their checksum; none was kept")
    )
)]
async fn bring(
    me: Sender,
    services: web::Data<Services>,
    request: HttpRequest,
    id: web::Path<Id>,
    body: Payload,
) -> Answered {
    speaks(&request)?;
    let offset = number(&request, OFFSET, "upload-stop-no-offset")?;
    let me = Compiler::admit(me.actor().clone())?;
    let row = find(&services, &me, *id).await?;
    let sent = Sent::read(&request, body)?.ok_or(Stop::MediaType)?;
    contract::hold(&request)?;
    match row.state(services.db.now()) {
        State::Receiving => {}
        State::Ended | State::Refused => return Err(Stop::Gone),
        // The answer to the last bytes was lost.
        _ if offset == row.size => return Ok(told(HttpResponse::NoContent(), &row).finish()),
        _ => return Err(Stop::Offset(row.received)),
    }
    changeable(&me, &services, row.lead_id).await?;
    if row.pieces >= MOST_PIECES {
        return Err(AppError::Conflict("conflict-upload-pieces").into());
    }
    let row = take_in(&services, &me, row, offset, sent).await?;
    Ok(told(HttpResponse::NoContent(), &row).finish())
}

/// Gives an upload up; its bytes go.
#[utoipa::path(
    delete, path = "/api/v1/uploads/{id}", tag = "evidence", security(("token" = ["write"])),
    params(("id" = Id, Path), ("Tus-Resumable" = String, Header, description = "1.0.0")),
    responses(
        (status = 204, description = "given up", headers(("Tus-Resumable" = String))),
        (status = 400, description = "no version of the protocol"),
        (status = 409, description = "it is registered"),
        (status = 410, description = "it has ended"),
        (status = 412, description = "another version of the protocol", headers(("Tus-Version" = String)))
    )
)]
async fn end(me: Sender, services: web::Data<Services>, request: HttpRequest, id: web::Path<Id>) -> Answered {
    speaks(&request)?;
    contract::hold(&request)?;
    let me = Compiler::admit(me.actor().clone())?;
    let row = find(&services, &me, *id).await?;
    if row.state(services.db.now()) == State::Ended {
        return Err(Stop::Gone);
    }
    let id = row.id;
    if !services.db.write_quiet(move |tx| actions::end(tx, id)).await? {
        return Err(AppError::Conflict("conflict-upload-done").into());
    }
    Ok(HttpResponse::NoContent().finish())
}
