//! What stands in the way of a request, with the status that the protocol has for it.

use std::fmt;

use actix_web::{
    HttpResponse, ResponseError,
    body::BoxBody,
    http::{StatusCode, header},
};

use super::model::{OFFSET, VERSION};
use crate::platform::{
    error::AppError,
    http::{Failure, reply::Question},
};

/// Seconds after which a request that held an upload has let go of it, or still lives.
const HELD: &str = "2";

/// Why a request is not done.
#[derive(Debug)]
pub(super) enum Stop {
    /// Another version of the protocol, or none: 412.
    Version,
    /// Headers that say nothing that can be done; a message key: 400.
    Malformed(&'static str),
    /// Bytes that are not told to be some: 415.
    MediaType,
    /// The upload stands elsewhere, namely here: 409. Nobody is refused anything.
    Offset(i64),
    /// Another request brings its bytes: 423.
    Held,
    /// The bytes are not those that were sent; none of them was kept: 460.
    Checksum,
    /// It has ended: 410.
    Gone,
    /// As everywhere.
    Other(AppError),
}

impl From<AppError> for Stop {
    fn from(error: AppError) -> Self {
        Stop::Other(error)
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stop::Other(error) => fmt::Display::fmt(error, f),
            other => f.write_str(other.told().1),
        }
    }
}

impl Stop {
    /// Status and message key.
    fn told(&self) -> (StatusCode, &'static str) {
        match *self {
            Stop::Version => (StatusCode::PRECONDITION_FAILED, "upload-stop-version"),
            Stop::Malformed(key) => (StatusCode::BAD_REQUEST, key),
            Stop::MediaType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "upload-stop-media-type"),
            Stop::Offset(_) => (StatusCode::CONFLICT, "upload-stop-offset"),
            Stop::Held => (StatusCode::LOCKED, "upload-stop-held"),
            Stop::Checksum => {
                (StatusCode::from_u16(460).unwrap_or(StatusCode::BAD_REQUEST), "upload-stop-checksum")
            }
            Stop::Gone => (StatusCode::GONE, "upload-stop-gone"),
            Stop::Other(ref error) => (error.status_code(), "error-page-500-text"),
        }
    }
}

impl ResponseError for Stop {
    fn status_code(&self) -> StatusCode {
        self.told().0
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        if let Stop::Other(error) = self {
            return error.error_response();
        }
        let (status, detail) = self.told();
        let mut reply = HttpResponse::build(status);
        match self {
            Stop::Version => {
                reply.insert_header(("Tus-Version", VERSION));
            }
            Stop::Offset(at) => {
                reply.insert_header((OFFSET, at.to_string()));
            }
            Stop::Held => {
                reply.insert_header((header::RETRY_AFTER, HELD));
            }
            _ => {}
        }
        let mut reply = reply.finish();
        reply.extensions_mut().insert(Failure { detail: Some(detail), ..Failure::default() });
        if matches!(self, Stop::Offset(_)) {
            reply.extensions_mut().insert(Question);
        }
        reply
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::i18n::{self, Lang};

    #[test]
    fn every_status_is_headed_and_explained_in_both_languages() {
        let malformed = ["upload-stop-length", "upload-stop-deferred", "upload-stop-no-offset"];
        let mut all = vec![Stop::Version, Stop::MediaType, Stop::Offset(1), Stop::Held, Stop::Checksum];
        all.extend([Stop::Gone, Stop::Malformed("upload-stop-way")]);
        all.extend(malformed.map(Stop::Malformed));
        for stop in all {
            let (status, key) = stop.told();
            assert_eq!(stop.error_response().status(), status);
            for lang in Lang::ALL {
                assert!(i18n::has(lang, key), "{lang} {key}");
                assert!(i18n::has(lang, &format!("error-page-{}", status.as_u16())), "{lang} {status}");
                assert!(i18n::has(lang, &format!("error-page-{}-text", status.as_u16())), "{lang} {status}");
            }
        }
    }
}
