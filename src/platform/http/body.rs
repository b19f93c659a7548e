//! A request's body, read whole up to a bound. Of one that goes beyond it is told which field fills it: who typed a text
//! that is too long has to know which.

use std::mem;

use actix_web::{
    dev::Payload,
    web::{Bytes, BytesMut},
};
use futures_util::StreamExt;

use crate::platform::error::{AppError, FieldError, Result};

/// So much of a body is kept, in bytes. No form or document of ours comes near it, and a text that is too long for its
/// field should be told so by the field.
pub const LIMIT: usize = 16 << 20;
/// So much of a body that is refused is read to its end all the same, in bytes: most browsers look at the answer only
/// then.
pub const READ: usize = 1 << 28;
/// So much of a field's name is kept while a body goes by, in bytes.
const LONGEST_NAME: usize = 128;

/// How a body's fields are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `application/x-www-form-urlencoded`.
    Form,
    /// A JSON object; its fields are its own members, with all that is in them.
    Json,
}

impl Shape {
    /// What the body as a whole is called among the names of its fields.
    fn whole(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Json => "body",
        }
    }
}

/// The bytes of a body.
///
/// # Errors
/// `Invalid` for a body that breaks off; `TooLarge` with the field that fills a body larger than [`LIMIT`].
pub async fn whole(mut payload: Payload, shape: Shape) -> Result<Bytes> {
    let mut body = BytesMut::new();
    while let Some(piece) = payload.next().await {
        let piece = piece.map_err(|_| AppError::field(shape.whole(), "error-broken-upload"))?;
        if body.len() + piece.len() > LIMIT {
            let mut scan = Scan::new(shape);
            scan.read(&body);
            drop(body);
            scan.read(&piece);
            return Err(too_long(rest(scan, payload).await));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body.freeze())
}

/// A text in `field` that nothing of ours takes in.
pub fn too_long(field: impl Into<String>) -> AppError {
    AppError::TooLarge(FieldError::new(field, "error-text-too-large"))
}

/// Reads what is left of a body, without keeping it: the field that fills the body.
async fn rest(mut scan: Scan, mut payload: Payload) -> String {
    let mut read = LIMIT;
    while read < READ
        && let Some(Ok(piece)) = payload.next().await
    {
        read += piece.len();
        scan.read(&piece);
    }
    scan.largest()
}

/// Where in a body its next byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// In what has no named fields, as a JSON array.
    Outside,
    Name,
    Value,
}

/// Looks for the largest field of a body that goes by in pieces. It takes the same little memory for any body, whether
/// that is well formed or not.
#[derive(Debug)]
struct Scan {
    shape: Shape,
    at: At,
    name: Vec<u8>,
    size: usize,
    /// Name and size.
    largest: (Vec<u8>, usize),
    /// How deep in objects and arrays; JSON only, as what follows.
    depth: usize,
    in_text: bool,
    is_escaped: bool,
}

impl Scan {
    fn new(shape: Shape) -> Self {
        let at = match shape {
            Shape::Form => At::Name,
            Shape::Json => At::Outside,
        };
        let (name, largest) = (Vec::new(), (Vec::new(), 0));
        Self { shape, at, name, size: 0, largest, depth: 0, in_text: false, is_escaped: false }
    }

    fn read(&mut self, piece: &[u8]) {
        for byte in piece {
            match self.shape {
                Shape::Form => self.form(*byte),
                Shape::Json => self.json(*byte),
            }
        }
    }

    fn form(&mut self, byte: u8) {
        self.size += 1;
        match byte {
            b'&' => self.end(),
            b'=' if self.at == At::Name => self.at = At::Value,
            _ => self.named(byte),
        }
    }

    fn json(&mut self, byte: u8) {
        self.size += 1;
        if self.in_text {
            let ends = byte == b'"' && !self.is_escaped;
            self.is_escaped = byte == b'\\' && !self.is_escaped;
            self.in_text = !ends;
            if !ends && self.depth == 1 {
                self.named(byte);
            }
            return;
        }
        match byte {
            b'"' => self.in_text = true,
            b'{' | b'[' => {
                if byte == b'{' && self.depth == 0 {
                    self.at = At::Name;
                }
                self.depth += 1;
            }
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b':' if self.depth == 1 && self.at == At::Name => self.at = At::Value,
            b',' if self.depth == 1 && self.at == At::Value => self.end(),
            _ => {}
        }
    }

    /// Takes a byte of a name, if that is where it stands.
    fn named(&mut self, byte: u8) {
        if self.at == At::Name && self.name.len() < LONGEST_NAME {
            self.name.push(byte);
        }
    }

    /// A field ends here, and the next one begins.
    fn end(&mut self) {
        let field = (mem::take(&mut self.name), mem::take(&mut self.size));
        if field.1 > self.largest.1 {
            self.largest = field;
        }
        self.at = At::Name;
    }

    fn largest(mut self) -> String {
        self.end();
        let (bytes, _) = self.largest;
        let name = match self.shape {
            Shape::Form => url::form_urlencoded::parse(&bytes).next().map(|(name, _)| name.into_owned()),
            Shape::Json => Some(String::from_utf8_lossy(&bytes).into_owned()),
        };
        name.filter(|name| !name.is_empty()).unwrap_or_else(|| self.shape.whole().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The field that fills a body which comes in pieces of a few bytes.
    fn fills(shape: Shape, body: &str) -> String {
        let mut scan = Scan::new(shape);
        body.as_bytes().chunks(3).for_each(|piece| scan.read(piece));
        scan.largest()
    }

    #[test]
    fn the_field_that_fills_a_form_is_found_wherever_it_stands() {
        let long = "%E9%95%BF".repeat(20);
        for body in [
            format!("title={long}"),
            format!("title={long}&summary=a&once=b"),
            format!("a=1&summary=short%26&title=x={long}"),
            format!("charges=CL213&charges=CL214&%74itle={long}&summary="),
        ] {
            assert_eq!(fills(Shape::Form, &body), "title", "{body}");
        }
        assert_eq!(fills(Shape::Form, "sites%5B0%5D.region=abcdef&b=1"), "sites[0].region");
        // No form of ours sends these; they have no name to tell.
        for body in ["", "&&&", "=abc", "=&="] {
            assert_eq!(fills(Shape::Form, body), "form", "{body}");
        }
        assert_eq!(fills(Shape::Form, &"x".repeat(1000)), "x".repeat(LONGEST_NAME));
    }

    #[test]
    fn the_member_that_fills_a_document_is_found_wherever_it_stands() {
        let long = "长\\\"{[:,".repeat(20);
        for body in [
            format!(r#"{{"title": "{long}"}}"#),
            format!(r#"{{"a": [1, {{"b": "c", "d": 1}}], "title": "{long}", "summary": "e"}}"#),
            format!(r#"{{"summary": "e", "title": ["x", {{"summary": "{long}"}}, "y"]}}"#),
            format!(r#"{{"summary": "e\\", "title": "{long}"#),
        ] {
            assert_eq!(fills(Shape::Json, &body), "title", "{body}");
        }
        for body in ["", "[\"abc\", \"def\"]", "\"abc\"", "}}]", "{", "\\\"{\":"] {
            assert_eq!(fills(Shape::Json, body), "body", "{body}");
        }
    }

    #[tokio::test]
    async fn a_body_is_taken_up_to_the_bound_and_named_beyond_it() {
        let form = |size: usize| {
            let mut body = b"note=a&title=".to_vec();
            body.resize(size, b'x');
            whole(Payload::from(body), Shape::Form)
        };
        assert_eq!(form(LIMIT).await.expect("taken").len(), LIMIT);
        let error = form(LIMIT + 1).await.expect_err("too large");
        assert!(matches!(error, AppError::TooLarge(fault) if fault.field == "title"));
    }
}
