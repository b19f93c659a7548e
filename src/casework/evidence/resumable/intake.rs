//! Taking the bytes of a request in.

use actix_web::{HttpRequest, http::header, web::Payload};
use futures_util::StreamExt;

use super::{
    assemble::assemble,
    checksum::Checksum,
    hold::Hold,
    model::{LARGEST, LENGTH, Metadata, State},
    protocol::text,
    receive::{Line, receive},
    stop::Stop,
    store::{self, Row},
};
use crate::{
    directory::people::Compiler,
    platform::{
        db::Id,
        error::{AppError, FieldError, Result},
        file_size,
        http::body::{READ, too_long},
        services::Services,
    },
};

/// The media type of bytes that begin somewhere in a file.
pub(super) const BYTES: &str = "application/offset+octet-stream";

/// The media type of details that are too long for a header.
pub(super) const DETAILS: &str = "application/json";
/// The most bytes of them: more than all fields together take, however they are written.
const MOST_DETAILS: usize = 256 << 10;

fn kind(request: &HttpRequest) -> &str {
    text(request, header::CONTENT_TYPE.as_str()).split(';').next().unwrap_or_default().trim()
}

/// How long it says that it is, in bytes.
fn length(request: &HttpRequest) -> Option<i64> {
    text(request, header::CONTENT_LENGTH.as_str()).parse().ok()
}

fn brings_some(request: &HttpRequest) -> bool {
    length(request).is_some_and(|length| length > 0)
        || request.headers().contains_key(header::TRANSFER_ENCODING)
}

/// What a request that begins an upload brings: details of the file, or its first bytes, or neither.
///
/// # Errors
/// As [`Sent::read`].
pub(super) fn brought(request: &HttpRequest, body: Payload) -> Result<(Option<Payload>, Option<Sent>), Stop> {
    if brings_some(request) && kind(request).eq_ignore_ascii_case(DETAILS) {
        return Ok((Some(body), None));
    }
    Ok((None, Sent::read(request, body)?))
}

/// What the header says, and the details in the body where there are some: as one header would say it.
///
/// # Errors
/// `Invalid` for a body that breaks off, or is no object of texts; `TooLarge`.
pub(super) async fn metadata(header: &str, details: Option<Payload>) -> Result<String> {
    let Some(mut details) = details else { return Ok(header.to_owned()) };
    let said = Metadata::read(header)?;
    let (mut json, mut read) = (Vec::<u8>::new(), 0);
    while read < READ
        && let Some(piece) = details.next().await
    {
        let piece = piece.map_err(|_| AppError::field("body", "error-broken-upload"))?;
        read += piece.len();
        // Of what is refused the rest is read and let go of: most clients look at the answer only then.
        if read <= MOST_DETAILS {
            json.extend_from_slice(&piece);
        }
    }
    if read > MOST_DETAILS { Err(too_long("body")) } else { Ok(said.with_more(&json)?.header()) }
}

/// What one request brings.
pub(super) struct Sent {
    body: Payload,
    checksum: Option<Checksum>,
    /// How long it says that it is, in bytes.
    length: Option<i64>,
}

impl Sent {
    /// Nothing where no bytes of the protocol's kind are announced.
    ///
    /// # Errors
    /// `Malformed` for a checksum of a kind that is not known, `MediaType` for bytes of another type.
    pub fn read(request: &HttpRequest, body: Payload) -> Result<Option<Self>, Stop> {
        let checksum = match text(request, "upload-checksum") {
            "" => None,
            text => Some(Checksum::read(text).ok_or(Stop::Malformed("upload-stop-way"))?),
        };
        let is_ours = kind(request).eq_ignore_ascii_case(BYTES);
        // Bytes that are passed over would be missed by whoever sent them.
        if brings_some(request) && !is_ours {
            return Err(Stop::MediaType);
        }
        Ok(is_ours.then_some(Sent { body, checksum, length: length(request) }))
    }
}

/// An upload of whoever asks.
///
/// # Errors
/// `NotFound`, for another's too.
pub(super) async fn find(services: &Services, me: &Compiler, id: Id) -> Result<Row> {
    let person = me.id;
    services.db.read(move |conn| store::find(conn, person, id)).await
}

/// Refuses a file that is larger than any store of ours takes.
///
/// # Errors
/// `TooLarge`.
pub(super) fn check_size(size: i64) -> Result<()> {
    if size > LARGEST {
        let most = file_size::short(LARGEST.cast_unsigned());
        return Err(AppError::TooLarge(FieldError::new(LENGTH, "error-upload-too-large").arg("max", most)));
    }
    Ok(())
}

/// Takes bytes in that begin at `offset`, and puts a small file together where they are its last. Gives the upload as it
/// stands then.
///
/// # Errors
/// `Offset`, `Held`, `Checksum`, `Gone`; why it can't be registered; those of the database and the vault.
pub(super) async fn take_in(
    services: &Services,
    me: &Compiler,
    row: Row,
    offset: i64,
    sent: Sent,
) -> Result<Row, Stop> {
    if row.received != offset {
        return Err(Stop::Offset(row.received));
    }
    let room = row.size - offset;
    if sent.length.is_some_and(|length| length > room) {
        return Err(AppError::TooLarge(FieldError::new(LENGTH, "error-upload-too-much")).into());
    }
    let Some(hold) = Hold::take(services, &row, offset, &me.address, &me.agent).await? else {
        let now = services.db.now();
        let row = find(services, me, row.id).await?;
        return Err(match row.state(now) {
            State::Ended | State::Refused => Stop::Gone,
            _ if row.received == offset => Stop::Held,
            _ => Stop::Offset(row.received),
        });
    };
    // By itself: what has arrived is kept, though the line is gone and nobody waits for the answer.
    let line = Line::new(sent.body, hold, room, sent.checksum);
    let reached = actix_web::rt::spawn(receive(line, offset)).await.map_err(AppError::internal)??;
    if reached == row.size
        && row.is_small()
        && let Some(why) = assemble(services, row.id).await?
    {
        return Err(why.into());
    }
    Ok(find(services, me, row.id).await?)
}
