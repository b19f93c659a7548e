//! The body of a posted form, kept while the form is dealt with.

use actix_multipart::Multipart;
use actix_web::{
    HttpMessage,
    dev::{Payload, ServiceRequest},
    http::header,
    web::Bytes,
};
use futures_util::StreamExt;

use crate::{
    directory::people::guard,
    platform::{
        error::{AppError, FieldError, Result},
        http::{
            body::{self, Shape, too_long},
            file_name,
        },
    },
};

/// Most parts of a body: as many as the largest form of ours has, and some more.
const MOST_PARTS: usize = 2_200;

/// What was typed.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// A form's body as it came. It is read only where it is needed: few forms are posted too late.
    pub body: Bytes,
    /// The texts of a form that came in parts.
    pub pairs: Vec<(String, String)>,
    /// The field and the name of each file.
    pub files: Vec<(String, String)>,
    /// Whether it came in parts, as forms with files do.
    pub in_parts: bool,
}

/// What was typed into a form. The request can be read as before, but for a body with files that nobody would take.
///
/// # Errors
/// `Invalid` for a broken body, `TooLarge` for one that no form of ours comes near; those of the database.
pub(super) async fn keep(request: &mut ServiceRequest) -> Result<Typed> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let body = body::whole(request.take_payload(), Shape::Form).await?;
        request.set_payload(Payload::from(body.clone()));
        return Ok(Typed { body, ..Typed::default() });
    }
    // Files stream; whether anybody is there to take them is asked before.
    if kind.starts_with("multipart/form-data")
        && matches!(guard::complete(request.request()).await, Err(AppError::SignedOut(_)))
    {
        let payload = request.take_payload();
        let parts = Multipart::new(request.headers(), payload);
        request.set_payload(Payload::None);
        return texts(parts).await;
    }
    Ok(Typed::default())
}

/// The texts of a body in parts, and the names of its files; a broken end leaves what came before it. So much of the
/// body is read that a browser looks at the answer, be it that the texts are too long.
async fn texts(mut parts: Multipart) -> Result<Typed> {
    let mut typed = Typed { in_parts: true, ..Typed::default() };
    let (mut count, mut kept, mut read) = (0, 0, 0);
    let mut fault = None;
    while let Some(Ok(mut part)) = parts.next().await {
        let name = part.name().unwrap_or_default().to_owned();
        let file = file_name::of_part(&part);
        // Names are the sender's own words too.
        kept += name.len() + file.as_ref().map_or(0, String::len);
        count += 1;
        if count > MOST_PARTS {
            let fault = FieldError::new("form", "error-too-many").arg("max", MOST_PARTS);
            return Err(AppError::TooLarge(fault));
        }
        let mut text = Vec::new();
        while let Some(Ok(piece)) = part.next().await {
            read += piece.len();
            if file.is_none() && kept <= body::LIMIT {
                kept += piece.len();
                text.extend_from_slice(&piece);
            }
            if read > body::READ {
                return Err(fault.unwrap_or_else(|| too_long(name)));
            }
        }
        if kept > body::LIMIT {
            fault = fault.or(Some(too_long(name)));
            continue;
        }
        match file {
            // A file input that was left empty sends one nameless part.
            Some(file) => typed.files.push((name, file)),
            None => typed.pairs.push((name, String::from_utf8_lossy(&text).into_owned())),
        }
    }
    fault.map_or(Ok(typed), Err)
}
