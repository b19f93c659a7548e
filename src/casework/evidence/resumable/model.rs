//! What the protocol says of an upload, and the bounds of one; pure.

use chrono_tz::Tz;
use serde_json::Value;

use crate::{
    casework::evidence::model::{Details, clean_name},
    platform::{
        db::{Id, Instant},
        error::{AppError, FieldError, Result},
        http::Form,
        words::words,
    },
};

/// The protocol that is spoken: <https://tus.io/protocols/resumable-upload>.
pub const VERSION: &str = "1.0.0";
/// The parts of it that are optional, and are there.
pub const EXTENSIONS: &str = "creation,creation-with-upload,checksum,expiration,termination";
/// The largest file, in bytes: what a bucket takes in parts (`platform/vault/upload`) is a little more.
pub const LARGEST: i64 = 512 << 30;
/// A file of so many bytes is put together while its sender waits; a larger one in the background.
pub const SMALL: i64 = 64 << 20;
/// An upload that nobody goes on with for so long ends, in seconds (7 days). As long afterwards it is known what became
/// of it.
pub const LIFE: i64 = 7 * 24 * 3600;
/// So many uploads of one person are under way at most.
pub const MOST_OPEN: i64 = 200;
/// And so many pieces of one of them. What sends more has to send larger ones.
pub const MOST_PIECES: i32 = 50_000;

/// A header longer than this would not get through everywhere: details that came in a body are not given back in one.
pub const LONGEST_HEADER: usize = 8 << 10;

/// Headers of the protocol.
pub const LENGTH: &str = "Upload-Length";
pub const OFFSET: &str = "Upload-Offset";
pub const METADATA: &str = "Upload-Metadata";
pub const EXPIRES: &str = "Upload-Expires";
/// Not of the protocol: where the item is that an upload has become.
pub const EVIDENCE: &str = "Upload-Evidence";

/// So many faults of what is said beside the header are told at most.
const MOST_FAULTS: usize = 20;

words!(
    /// How far an upload is.
    State {
        /// Bytes are still to come.
        Receiving = "receiving",
        /// All of them are here, and are being put together.
        Assembling = "assembling",
        /// It has become an item of evidence.
        Done = "done",
        /// It could not become one.
        Refused = "refused",
        /// Given up by its sender, or by nobody's going on with it.
        Ended = "ended",
    }
);

/// The words of the states in which the bytes of an upload are still needed.
pub const OPEN: [&str; 2] = ["receiving", "assembling"];

impl State {
    /// Whether its bytes are still needed.
    pub fn is_open(self) -> bool {
        matches!(self, State::Receiving | State::Assembling)
    }
}

/// What a client says of a file: names with values, `filename cGFnZS5wbmc=,lead MDE5…`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metadata(Vec<(String, String)>);

/// The pairs of the header: a name, and its value in Base64 without the signs at its end.
fn pairs(header: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = header.split(',').map(str::trim).filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        (name, value.trim().trim_end_matches('='))
    })
}

fn decoded(value: &str) -> Option<String> {
    String::from_utf8(data_encoding::BASE64_NOPAD.decode(value.as_bytes()).ok()?).ok()
}

/// The lead that the file is evidence of, whatever else the header says: only who may add to it is told about that.
///
/// # Errors
/// `Invalid` where none is named, `NotFound` where what is named can be none.
pub fn lead_of(header: &str) -> Result<Id> {
    let named = pairs(header).find(|(name, _)| *name == "lead");
    let (_, value) = named.ok_or_else(|| AppError::field("lead", "error-required"))?;
    decoded(value).and_then(|id| id.trim().parse().ok()).ok_or(AppError::NotFound)
}

impl Metadata {
    /// Reads the header; a value is Base64 of UTF-8, and may be missing.
    ///
    /// # Errors
    /// `Invalid` for anything else.
    pub fn read(header: &str) -> Result<Self> {
        let read = pairs(header).map(|(name, value)| Some((name.to_owned(), decoded(value)?)));
        let pairs: Option<Vec<_>> = read.collect();
        pairs.map(Self).ok_or_else(|| AppError::field(METADATA, "error-not-understood"))
    }

    /// With what is said beside the header, which has no room for long texts: a JSON object of texts. What the header has said
    /// stands, and a name that no header could have is passed over.
    ///
    /// # Errors
    /// `Invalid` for anything else.
    pub fn with_more(mut self, json: &[u8]) -> Result<Self> {
        let Ok(Value::Object(more)) = serde_json::from_slice(json) else {
            return Err(AppError::field("body", "error-not-json"));
        };
        let no_text = more.iter().filter(|(_, value)| !value.is_string()).take(MOST_FAULTS);
        let faults: Vec<FieldError> = no_text
            .map(|(name, _)| FieldError::new(name.chars().take(100).collect::<String>(), "error-json-text"))
            .collect();
        if !faults.is_empty() {
            return Err(AppError::Invalid(faults));
        }
        let in_header = self.0.len();
        for (name, value) in more {
            let can_be_named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic() && b != b',');
            let is_said = self.0[..in_header].iter().any(|(known, _)| *known == name);
            if let (true, false, Value::String(value)) = (can_be_named, is_said, value) {
                self.0.push((name, value));
            }
        }
        Ok(self)
    }

    /// As the header says it, however long.
    pub fn header(&self) -> String {
        let pair = |(name, value): &(String, String)| match value.as_str() {
            "" => name.clone(),
            value => format!("{name} {}", data_encoding::BASE64.encode(value.as_bytes())),
        };
        self.0.iter().map(pair).collect::<Vec<_>>().join(",")
    }

    /// The first value of one of these names.
    fn first(&self, names: &[&str]) -> &str {
        let found = names.iter().find_map(|name| self.0.iter().find(|(known, _)| known == name));
        found.map_or("", |(_, value)| value)
    }

    /// The file's name, as it is kept. Clients call it by either name.
    pub fn name(&self) -> String {
        clean_name(self.first(&["filename", "name"]))
    }

    /// By what the client knows the file again; nothing to us.
    pub fn mark(&self) -> String {
        self.first(&["mark"]).chars().filter(char::is_ascii_graphic).take(64).collect()
    }

    /// The fields, as a form has them.
    pub fn form(&self) -> Form {
        Form::from_pairs(self.0.clone())
    }
}

/// Whether an item could be registered with what `form` says, of which the document of the API would say `not_described`:
/// that is told where the form has no faults of its own, which are told in the words of the field.
///
/// # Errors
/// `Invalid` with every fault.
pub fn check_details(mut form: Form, not_described: Vec<FieldError>, zone: Tz, now: Instant) -> Result<()> {
    Details::read(&mut form, zone, now);
    if form.errors().is_empty() {
        not_described.into_iter().for_each(|fault| form.push(fault));
    }
    form.check()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn metadata_is_read_as_clients_write_it() {
        let read = |header: &str| Metadata::read(header).expect("metadata");
        let said = read("filename 6K+B5o2uLnR4dA==, filetype dGV4dC9wbGFpbg==,is_confidential,source YQ==");
        assert_eq!((said.name().as_str(), said.form().raw("source")), ("证据.txt", "a"));
        assert!(said.form().raw("is_confidential").is_empty());
        assert_eq!(read("name YS5iaW4").name(), "a.bin", "without the signs at its end");
        assert_eq!(read(""), Metadata::default());
        assert_eq!(read("mark YSBiAGM=").mark(), "abc");
        for wrong in ["filename ***", "source /w==", "source a b"] {
            assert!(matches!(Metadata::read(wrong), Err(AppError::Invalid(_))), "{wrong}");
        }
    }

    #[test]
    fn what_is_too_long_for_a_header_is_said_beside_it() {
        let header = || Metadata::read("lead YQ==,filename 6K+B5o2uLnR4dA==,type").expect("metadata");
        assert_eq!(Metadata::read(&header().header()).expect("metadata"), header());
        let more =
            r#"{"lead": "b", "source": "商家电脑", "a b": "c", "c,d": "e", "": "f", "度": "g", "tool": ""}"#;
        let said = header().with_more(more.as_bytes()).expect("metadata");
        assert_eq!(said.header(), "lead YQ==,filename 6K+B5o2uLnR4dA==,type,source 5ZWG5a6255S16ISR,tool");
        assert_eq!(Metadata::read(&said.header()).expect("metadata"), said);
        for (wrong, field) in [("", "body"), ("[]", "body"), ("{", "body"), (r#"{"source": 5}"#, "source")] {
            let Err(AppError::Invalid(faults)) = header().with_more(wrong.as_bytes()) else {
                panic!("{wrong} is taken");
            };
            assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), [field]);
        }
    }

    #[test]
    fn a_lead_has_to_be_named() {
        let id = Id::new();
        let of =
            |text: &str| lead_of(&format!("mark,lead {}", data_encoding::BASE64.encode(text.as_bytes())));
        assert_eq!(of(&id.to_string()).expect("a lead"), id);
        for wrong in ["", "7", "XS-2016-000001"] {
            assert!(matches!(of(wrong), Err(AppError::NotFound)), "{wrong}");
        }
        assert!(matches!(lead_of("lead /w=="), Err(AppError::NotFound)), "no text");
        assert!(matches!(lead_of("source YQ=="), Err(AppError::Invalid(_))), "none is named");
    }

    #[test]
    fn only_an_open_upload_needs_its_bytes() {
        let open: Vec<&str> = State::ALL.iter().filter(|state| state.is_open()).map(|s| s.as_str()).collect();
        assert_eq!(open, OPEN);
    }

    proptest! {
        #[test]
        fn any_text_is_metadata_or_told_to_be_none(header in ".{0,80}") {
            if let Ok(said) = Metadata::read(&header) {
                prop_assert!(!said.name().is_empty());
                prop_assert!(said.mark().len() <= 64);
            }
        }
    }
}
