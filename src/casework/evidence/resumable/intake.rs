//! Taking the bytes of a request in.

use actix_web::{HttpRequest, http::header, web::Payload};

use super::{
    assemble::assemble,
    checksum::Checksum,
    hold::Hold,
    model::{LARGEST, LENGTH, State},
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
        services::Services,
    },
};

/// The media type of bytes that begin somewhere in a file.
pub(super) const BYTES: &str = "application/offset+octet-stream";

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
        let kind = text(request, header::CONTENT_TYPE.as_str()).split(';').next().unwrap_or_default();
        let checksum = match text(request, "upload-checksum") {
            "" => None,
            text => Some(Checksum::read(text).ok_or(Stop::Malformed("upload-stop-way"))?),
        };
        let length: Option<i64> = text(request, header::CONTENT_LENGTH.as_str()).parse().ok();
        let is_ours = kind.trim().eq_ignore_ascii_case(BYTES);
        // Bytes that are passed over would be missed by whoever sent them.
        let brings = length.is_some_and(|length| length > 0)
            || request.headers().contains_key(header::TRANSFER_ENCODING);
        if brings && !is_ours {
            return Err(Stop::MediaType);
        }
        Ok(is_ours.then_some(Sent { body, checksum, length }))
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
