//! What the file of a form's part is called.

use actix_multipart::Field;

/// What browsers write for the three signs that would break a part's head (WHATWG HTML, "multipart/form-data encoding
/// algorithm"), and the signs.
const ESCAPES: [(&str, &str); 3] = [("%22", "\""), ("%0D", "\r"), ("%0A", "\n")];

/// The name of a part's file as its sender knows it; `None` for a part that is no file.
///
/// Browsers and curl escape `"`, CR and LF and no other sign, not even `%`: what else looks like an escape is part of the
/// name and stays. A name that truly holds `%22`, `%0D` or `%0A` arrives as one in which a sign was escaped does, and is
/// read as such.
pub fn of_part(part: &Field) -> Option<String> {
    part.content_disposition().and_then(|about| about.get_filename()).map(unescaped)
}

fn unescaped(name: &str) -> String {
    ESCAPES.iter().fold(name.to_owned(), |name, (escape, sign)| name.replace(escape, sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_signs_that_browsers_escape_come_back_and_nothing_else_does() {
        assert_eq!(unescaped("odd %22名%22 <b>.png"), "odd \"名\" <b>.png");
        assert_eq!(unescaped("a%0D%0Ab"), "a\r\nb");
        for name in ["100%.png", "a%20b.png", "%25 22.png", "%0a%0d.png", "%2522.png"] {
            assert_eq!(unescaped(name), name);
        }
    }
}
