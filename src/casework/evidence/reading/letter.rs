//! An e-mail: its head, its text, and what is attached. The library reads heads and encodings; how parts lie in each other is
//! found here, as it follows messages within messages to any depth, by a call each.

use encoding_rs::Encoding;
use mail_parser::{
    Address, Message, MessageParser, MimeHeaders,
    decoders::{base64::base64_decode, html::html_to_text, quoted_printable::quoted_printable_decode},
};
use sha2::{Digest, Sha256};

use super::{bounds::Unreadable, marks, text};

/// Parts of a message, and how deep they lie in each other.
const MOST_PARTS: usize = 500;
const DEEPEST: usize = 16;
/// A head may take so many bytes; what is behind is not read.
const MOST_HEAD: usize = 256 << 10;
/// Characters of the text and of a field.
const MOST_TEXT: usize = 200_000;
/// So many characters of pages are looked through for their words.
const MOST_MARKUP: usize = 2_000_000;
const MOST_FIELD: usize = 2_000;
const MOST_RECEIVED: usize = 50;
const MOST_ADDRESSES: usize = 100;

/// What an e-mail says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Letter {
    pub from: String,
    pub to: String,
    pub cc: String,
    pub reply_to: String,
    /// With the offset that it was sent with: RFC 3339.
    pub date: String,
    pub subject: String,
    pub message_id: String,
    /// Through which servers it says to have come, the last first.
    pub received: Vec<String>,
    pub text: String,
    /// Whether the text was a page, of which the words alone are here.
    pub was_page: bool,
    pub attachments: Vec<Attachment>,
    /// Whether it has more than is read.
    pub is_cut: bool,
}

/// Something attached.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// As the message calls it.
    pub name: String,
    /// As the message says; its content may be another.
    pub media_type: String,
    /// Bytes.
    pub size: usize,
    /// Lower-case hex.
    pub sha256: String,
}

/// A part that has no parts.
struct Part<'x> {
    head: Option<Message<'x>>,
    body: &'x [u8],
}

/// Reads an e-mail; `wanted`: the place of an attachment, from 1, whose bytes are given with it.
///
/// # Errors
/// `Damaged` for what has no head of an e-mail.
pub fn read(bytes: &[u8], wanted: Option<usize>) -> Result<(Letter, Option<Vec<u8>>), Unreadable> {
    let (head, _) = halves(bytes);
    let message = parsed(head).ok_or(Unreadable::Damaged)?;
    let is_letter = ["from", "to", "date", "subject", "message-id", "received"];
    let has = |name: &str| message.headers().iter().any(|header| header.name().eq_ignore_ascii_case(name));
    if !is_letter.iter().any(|name| has(name)) {
        return Err(Unreadable::Damaged);
    }
    let mut letter = Letter {
        from: people(message.from()),
        to: people(message.to()),
        cc: people(message.cc()),
        reply_to: people(message.reply_to()),
        date: message.date().map_or_else(String::new, |date| marks::line(&date.to_rfc3339(), 40)),
        subject: marks::line(message.subject().unwrap_or_default(), MOST_FIELD),
        message_id: marks::line(message.message_id().unwrap_or_default(), MOST_FIELD),
        received: message
            .headers_raw()
            .filter(|(name, _)| name.eq_ignore_ascii_case("received"))
            .take(MOST_RECEIVED)
            .map(|(_, value)| {
                marks::line(&value.split_whitespace().collect::<Vec<_>>().join(" "), MOST_FIELD)
            })
            .collect(),
        is_cut: head.len() > MOST_HEAD,
        ..Letter::default()
    };
    let mut given = None;
    let (mut plain, mut pages) = (String::new(), String::new());
    for part in parts(bytes, &mut letter.is_cut) {
        let kind = Kind::of(&part);
        let content = kind.content(&part);
        match kind.role {
            Role::Plain => letter.is_cut |= add(&mut plain, &kind.text(&content)),
            Role::Page => {
                let page = kind.text(&content);
                let part = marks::short(&page, MOST_MARKUP);
                letter.is_cut |= part.len() < page.len();
                letter.is_cut |= add(&mut pages, &html_to_text(part));
            }
            Role::Attached => {
                let n = letter.attachments.len() + 1;
                letter.attachments.push(Attachment {
                    name: kind.name.unwrap_or_else(|| format!("attachment-{n}{}", kind.ending)),
                    media_type: marks::line(&kind.media_type, 100),
                    size: content.len(),
                    sha256: data_encoding::HEXLOWER.encode(&Sha256::digest(&content)),
                });
                if wanted == Some(n) {
                    given = Some(content);
                }
            }
        }
    }
    letter.was_page = plain.trim().is_empty() && !pages.trim().is_empty();
    letter.text = marks::visible(if letter.was_page { &pages } else { &plain });
    Ok((letter, given))
}

/// Puts a text behind another, as far as it is shown; whether some of it is not. What hides becomes several characters each
/// when it is marked, so that a text is cut before that.
fn add(text: &mut String, more: &str) -> bool {
    let left = MOST_TEXT.saturating_sub(text.chars().count());
    let part = marks::short(more, left);
    text.push_str(part);
    part.len() < more.len()
}

/// The head of an entity and what is behind it.
fn halves(entity: &[u8]) -> (&[u8], &[u8]) {
    if let Some(body) = entity.strip_prefix(b"\r\n").or_else(|| entity.strip_prefix(b"\n")) {
        return (&[], body);
    }
    for (at, byte) in entity.iter().enumerate() {
        if *byte == b'\n' {
            let rest = &entity[at + 1..];
            if let Some(body) = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")) {
                return (&entity[..=at], body);
            }
        }
    }
    (entity, &[])
}

/// What stands in a head; `None`: no field.
fn parsed(head: &[u8]) -> Option<Message<'_>> {
    MessageParser::new().parse_headers(&head[..head.len().min(MOST_HEAD)])
}

/// The parts that have no parts, in their order.
fn parts<'x>(bytes: &'x [u8], is_cut: &mut bool) -> Vec<Part<'x>> {
    let mut found = Vec::new();
    let mut open = vec![(bytes, 0)];
    while let Some((entity, depth)) = open.pop() {
        if found.len() == MOST_PARTS {
            *is_cut = true;
            break;
        }
        let (head, body) = halves(entity);
        let head = parsed(head);
        let boundary = head.as_ref().and_then(boundary).map(str::to_owned);
        let within = boundary.map(|boundary| pieces(body, boundary.as_bytes())).unwrap_or_default();
        if within.is_empty() {
            found.push(Part { head, body });
        } else if depth == DEEPEST {
            *is_cut = true;
        } else {
            open.extend(within.into_iter().rev().map(|entity| (entity, depth + 1)));
        }
    }
    found
}

/// What stands between the parts of an entity that has some.
fn boundary<'m>(head: &'m Message<'_>) -> Option<&'m str> {
    let kind = head.content_type().filter(|kind| kind.ctype().eq_ignore_ascii_case("multipart"))?;
    kind.attribute("boundary").filter(|boundary| !boundary.is_empty() && boundary.len() <= 200)
}

/// What lies between the boundaries.
fn pieces<'x>(body: &'x [u8], boundary: &[u8]) -> Vec<&'x [u8]> {
    let mut found = Vec::new();
    let mut begun = None;
    let mut at = 0;
    while at < body.len() && found.len() < MOST_PARTS {
        let rest = &body[at..];
        let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
        let line = rest[..end].trim_ascii_end();
        let behind = line.strip_prefix(b"--").and_then(|line| line.strip_prefix(boundary));
        if let Some(behind) = behind.filter(|behind| behind.is_empty() || behind.starts_with(b"--")) {
            if let Some(begun) = begun {
                found.push(unended(&body[begun..at]));
            }
            begun = Some(at + end);
            if !behind.is_empty() {
                return found;
            }
        }
        at += end;
    }
    // The last one may lack its end.
    if let Some(begun) = begun.filter(|begun| *begun < body.len() && found.len() < MOST_PARTS) {
        found.push(&body[begun..]);
    }
    found
}

/// Without the line break that belongs to the boundary behind.
fn unended(piece: &[u8]) -> &[u8] {
    let piece = piece.strip_suffix(b"\n").unwrap_or(piece);
    piece.strip_suffix(b"\r").unwrap_or(piece)
}

/// What becomes of a part.
enum Role {
    Plain,
    Page,
    Attached,
}

/// What a part says of itself.
struct Kind {
    role: Role,
    media_type: String,
    name: Option<String>,
    /// What a name that is made up ends in.
    ending: &'static str,
    encoding: String,
    charset: Option<&'static Encoding>,
}

impl Kind {
    fn of(part: &Part<'_>) -> Self {
        let head = part.head.as_ref();
        let kind = head.and_then(|head| head.content_type());
        let media_type = kind.map_or_else(
            || "text/plain".to_owned(),
            |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("plain")).to_ascii_lowercase(),
        );
        let name = head.and_then(|head| head.attachment_name()).map(str::to_owned);
        let is_kept =
            head.and_then(|head| head.content_disposition()).is_some_and(|said| said.is_attachment());
        let role = match media_type.as_str() {
            _ if is_kept || name.is_some() => Role::Attached,
            "text/plain" => Role::Plain,
            "text/html" => Role::Page,
            _ => Role::Attached,
        };
        Self {
            role,
            ending: if media_type == "message/rfc822" { ".eml" } else { "" },
            media_type,
            name,
            encoding: head
                .and_then(|head| head.content_transfer_encoding())
                .map(str::to_ascii_lowercase)
                .unwrap_or_default(),
            charset: kind
                .and_then(|kind| kind.attribute("charset"))
                .and_then(|label| Encoding::for_label(label.trim().as_bytes())),
        }
    }

    /// Its bytes, as they were before they were sent.
    fn content(&self, part: &Part<'_>) -> Vec<u8> {
        let decoded = match self.encoding.trim() {
            "base64" => base64_decode(part.body),
            "quoted-printable" => quoted_printable_decode(part.body),
            _ => None,
        };
        decoded.unwrap_or_else(|| part.body.to_vec())
    }

    fn text(&self, content: &[u8]) -> String {
        match self.charset {
            Some(charset) => charset.decode_without_bom_handling(content).0.into_owned(),
            None => text::decoded(content).0,
        }
    }
}

/// Names and addresses.
fn people(all: Option<&Address<'_>>) -> String {
    let Some(all) = all else { return String::new() };
    let one = |one: &mail_parser::Addr<'_>| {
        let address = one.address().unwrap_or_default();
        let text = one.name().map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"));
        marks::line(&text, 300)
    };
    all.iter().take(MOST_ADDRESSES).map(one).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;

    fn base64(bytes: &[u8]) -> String {
        data_encoding::BASE64.encode(bytes)
    }

    /// An e-mail as Chinese programs write it.
    fn letter() -> Vec<u8> {
        let gbk = |text: &str| base64(&GB18030.encode(text).0);
        format!(
            "Received: from a.example by b.example;\r\n Wed, 4 May 2016 09:30:01 +0800\r\n\
             From: =?gb18030?B?{}?= <seller@shop.example>\r\nTo: buyer@shop.example\r\n\
             Date: Wed, 4 May 2016 09:30:00 +0800\r\nSubject: =?gb18030?B?{}?=\r\nMessage-ID: <1@shop.example>\r\n\
             Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\npreamble\r\n--b\r\n\
             Content-Type: text/plain; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b\r\n\
             Content-Type: application/octet-stream; name=\"=?gb18030?B?{}?=\"\r\n\
             Content-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--b--\r\nepilogue",
            gbk("店主"),
            gbk("报价单"),
            gbk("每件 199 元"),
            gbk("报价.csv"),
            base64(b"one"),
        )
        .into_bytes()
    }

    #[test]
    fn a_letter_is_read_with_what_is_attached() {
        let bytes = letter();
        let (read, given) = read(&bytes, Some(1)).expect("a letter");
        assert_eq!(read.from, "店主 <seller@shop.example>");
        assert_eq!((read.subject.as_str(), read.text.as_str()), ("报价单", "每件 199 元"));
        assert_eq!(read.date, "2016-05-04T09:30:00+08:00");
        assert_eq!(read.message_id, "1@shop.example");
        assert!(read.received[0].contains("a.example by b.example"));
        assert_eq!((read.attachments.len(), read.attachments[0].size), (1, 3));
        assert_eq!(given.as_deref(), Some(b"one".as_slice()));
        assert!(!read.is_cut);
    }

    #[test]
    fn a_page_becomes_words() {
        let bytes =
            b"From: a@b.example\nContent-Type: text/html\n\n<p>hello <b>you</b><script>alert(1)</script>";
        let (read, _) = read(bytes, None).expect("a letter");
        assert!(read.was_page && read.text.contains("hello") && !read.text.contains('<'), "{}", read.text);
    }

    #[test]
    fn depth_and_number_are_bounded() {
        let mut deep = String::from("From: a@b.example\n");
        for n in 0..1_000 {
            deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"));
        }
        let (found, _) = read(deep.as_bytes(), None).expect("a letter");
        assert!(found.is_cut);
        let many = format!(
            "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n{}",
            "--b\n\nx\n".repeat(9_999)
        );
        let (found, _) = read(many.as_bytes(), None).expect("a letter");
        assert!(found.attachments.len() + found.text.len() <= 2 * MOST_PARTS);
        let flood = format!("From: a@b.example\n{}\nx", "X-A: b\n".repeat(99_999));
        assert!(read(flood.as_bytes(), None).expect("a letter").0.is_cut);
        for none in ["", "\n", "no head", "X: y\n\nz"] {
            assert!(read(none.as_bytes(), None).is_err(), "{none:?}");
        }
    }

    #[test]
    fn a_text_is_cut_before_what_hides_in_it_is_marked() {
        let text = "\u{200b}".repeat(MOST_TEXT + 1);
        let (found, _) = read(format!("From: a@b.example\n\n{text}").as_bytes(), None).expect("a letter");
        assert!(found.is_cut);
        assert_eq!(found.text.matches("⟦U+200B⟧").count(), MOST_TEXT);
        let two = format!(
            "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n{}\n--b\n\nend\n--b--\n",
            "x".repeat(MOST_TEXT)
        );
        let (found, _) = read(two.as_bytes(), None).expect("a letter");
        assert!(found.is_cut && found.text.chars().count() == MOST_TEXT);
        let page = format!("From: a@b.example\nContent-Type: text/html\n\n{}", "<b>".repeat(MOST_MARKUP));
        assert!(read(page.as_bytes(), None).expect("a letter").0.is_cut);
    }

    #[test]
    fn a_message_within_is_attached_and_not_opened() {
        let bytes = b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n\
            From: c@d.example\n\nwithin\n--b--\n";
        let (found, given) = read(bytes, Some(1)).expect("a letter");
        assert_eq!(found.attachments[0].name, "attachment-1.eml");
        assert_eq!(given.as_deref(), Some(b"From: c@d.example\n\nwithin".as_slice()));
    }
}
