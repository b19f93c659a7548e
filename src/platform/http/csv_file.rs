//! A CSV file that was uploaded by a form, and its text.

use actix_multipart::Multipart;
use futures_util::StreamExt;

use super::file_name;
use crate::platform::error::{AppError, FieldError, Result};

/// Most bytes of a file.
const LIMIT: usize = 4 << 20;

/// The bytes of the part `csv`.
///
/// # Errors
/// `Invalid` where there is no file, an empty one, or one that no text can be read from; `TooLarge`.
pub async fn receive(mut body: Multipart) -> Result<Vec<u8>> {
    let broken = || AppError::field("csv", "error-broken-upload");
    let (mut bytes, mut is_chosen) = (Vec::new(), false);
    while let Some(field) = body.next().await {
        let mut field = field.map_err(|_| broken())?;
        let wanted = field.name() == Some("csv");
        // A browser sends a part without a file's name where none was chosen.
        is_chosen |= wanted && file_name::of_part(&field).is_some_and(|name| !name.is_empty());
        while let Some(piece) = field.next().await {
            let piece = piece.map_err(|_| broken())?;
            if bytes.len() + piece.len() > LIMIT {
                let fault = FieldError::new("csv", "error-file-too-large").arg("max", "4 MB");
                return Err(AppError::TooLarge(fault));
            }
            if wanted {
                bytes.extend_from_slice(&piece);
            }
        }
    }
    if bytes.is_empty() {
        let fault = if is_chosen { "error-file-empty" } else { "error-file-required" };
        return Err(AppError::field("csv", fault));
    }
    // No text has a zero byte; a picture or a workbook, read as text, would be one fault of many signs.
    if bytes.contains(&0) { Err(AppError::field("csv", "error-no-csv")) } else { Ok(bytes) }
}

/// The text of a file: UTF-8, else as Chinese spreadsheets write it (GB 18030).
pub fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{FEFF}').to_owned(),
        Err(_) => encoding_rs::GB18030.decode(bytes).0.into_owned(),
    }
}

/// The text as it comes back from a form that it was shown in: browsers send every end of a line as CR LF, and white
/// space round a field's value is no part of it. Its hash is the same before and after.
pub fn settled(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_comes_back_from_a_form_is_the_one_that_went_into_it() {
        let file = "a,b\n1,\"x\ry\"\r\n2,z\n\n";
        let shown = settled(file);
        assert_eq!(settled(&shown.replace('\n', "\r\n")), shown);
        assert_eq!(shown, "a,b\n1,\"x\ny\"\n2,z");
    }

    #[test]
    fn a_text_is_read_in_either_encoding_without_its_mark() {
        assert_eq!(decode("\u{FEFF}代码".as_bytes()), "代码");
        assert_eq!(decode(&encoding_rs::GB18030.encode("代码").0), "代码");
    }
}
