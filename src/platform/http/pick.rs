//! What a picker is offered while somebody types: a short list, as JSON for the script. Without the script the form itself
//! asks (`Form::seeks`).

use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::{Form, unkept_json};
use crate::platform::error::Result;

/// Most that is offered at once.
pub const MOST: usize = 12;

/// One that fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// What the field takes.
    pub value: String,
    /// What is shown for it.
    pub label: String,
    /// What tells it from others of that name; empty: nothing.
    pub note: String,
}

/// What was typed into a picker so far: the parameter `q`.
///
/// # Errors
/// `Invalid` for one that is too long.
pub fn typed(request: &HttpRequest) -> Result<String> {
    let mut query = Form::query(request);
    let text = query.text("q", 100);
    query.check()?;
    Ok(text)
}

/// The answer to a picker; names may be those of case material, so no cache keeps them.
pub fn suggest(found: &[Suggestion]) -> HttpResponse {
    unkept_json(&found)
}
