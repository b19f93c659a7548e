//! What a request of the protocol may say, as the document of the API has it; a request is held to this.

use serde_json::{Value, json};

use super::{
    intake::{BYTES, DETAILS},
    model::{LENGTH, METADATA, OFFSET, VERSION},
};
use crate::{
    casework::evidence::taken::form,
    platform::http::contract::shapes::{id, named, one_of, pattern, said},
};

/// The name of the shape of what [`METADATA`] says.
pub(super) const SAID: &str = "UploadMetadata";
/// The name of the shape of what is said beside it.
const MORE: &str = "UploadDetails";
/// Base64, with the signs at its end or without them.
const BASE64: &str =
    "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw](?:==)?|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=?)?";
/// What somebody may say of a file; the lead is none of ours.
const EXAMPLE: [(&str, &str); 6] = [
    ("lead", "0190a3c4-6d10-7a52-9c3e-5b1f0e8d7a41"),
    ("filename", "录像.mp4"),
    ("source", "https://shop.example/item/1"),
    ("collected_at", "2016-05-04T09:30"),
    ("collected_by", "编制人甲"),
    ("method", "网页录屏"),
];
/// What is no blank and no comma.
const NAME: &str = r"[!-+\u002d-~]+";

/// What a client says of a file: pairs of a name and a value, one of which names the lead by its id. Clients put a blank
/// behind a comma, or a comma behind the last pair.
fn pairs() -> Value {
    let pair = format!("(?:{NAME}(?: {BASE64})?)?");
    let mut shape = pattern(format!("^(?:{pair}, *)*lead [A-Za-z0-9+/]{{48}}(?:, *{pair})*$"));
    let said =
        EXAMPLE.map(|(name, value)| format!("{name} {}", data_encoding::BASE64.encode(value.as_bytes())));
    shape["examples"] = json!([said.join(",")]);
    shape
}

/// A checksum of as many bytes as its way makes.
fn checksum() -> Value {
    let long = "[A-Za-z0-9+/]";
    let ways = [
        format!("[Ss][Hh][Aa]256 {long}{{42}}[AEIMQUYcgkosw048]="),
        format!("[Ss][Hh][Aa]1 {long}{{26}}[AEIMQUYcgkosw048]="),
        format!("[Mm][Dd]5 {long}{{21}}[AQgw]=="),
    ];
    let mut shape = pattern(format!("^(?:{})$", ways.join("|")));
    shape["examples"] = json!(["sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="]);
    shape
}

/// What a header of the protocol takes; `None`: it is none of them.
pub fn header(name: &str) -> Option<Value> {
    Some(match name {
        "Tus-Resumable" => one_of([VERSION]),
        // How large a file may be is answered with a status of its own.
        LENGTH => json!({ "type": "integer", "minimum": 1 }),
        OFFSET => json!({ "type": "integer", "minimum": 0 }),
        METADATA => pairs(),
        "Upload-Checksum" => checksum(),
        _ => return None,
    })
}

/// What the pairs of [`METADATA`] say, and what is said beside them, by the names of their shapes.
pub fn taken() -> Vec<(&'static str, Value)> {
    let any = |words: &str| said(json!({ "type": "string" }), words);
    let own = [
        ("lead", said(id(), "The lead that the file is evidence of.")),
        ("filename", any("Left out: as `name` says.")),
        ("name", any("The same as some clients call it.")),
        ("filetype", any("Left to clients: what a file is, its bytes say.")),
        ("path", any("Where in a folder it lay, with its name; stands beside the source then.")),
        ("mark", any("By what the client knows the file again; it is given back as it came.")),
    ];
    let mut shape = form();
    shape["description"] =
        "What the header Upload-Metadata says of a file: each name with its value in Base64 of UTF-8, one pair after the \
         other with commas between them. The names are the parts of the form of an item; what else a client says is \
         passed over."
            .into();
    shape["required"] = json!(["lead", "source", "collected_at", "collected_by", "method"]);
    shape["additionalProperties"] = json!({ "type": "string" });
    if let Some(fields) = shape["properties"].as_object_mut() {
        fields.remove("file");
        fields.extend(own.map(|(name, shape)| (name.to_owned(), shape)));
    }
    let mut more = shape.clone();
    more["description"] =
        "What is said of a file in the body of the call that begins its upload, where it has no room in the header \
         Upload-Metadata: each name with its value as it is. The header names the lead; of what both say, that of the \
         header counts."
            .into();
    if let Some(parts) = more.as_object_mut() {
        parts.remove("required");
    }
    if let Some(fields) = more["properties"].as_object_mut() {
        fields.remove("lead");
    }
    vec![(SAID, shape), (MORE, more)]
}

/// Says in the document what bodies the calls take, which the words of a handler can't: an upload may be begun without any.
pub fn describe(document: &mut Value) {
    let bytes = || json!({ "schema": { "type": "string", "format": "binary" } });
    let said = EXAMPLE.into_iter().filter(|(name, _)| *name != "lead");
    let said: Value = said.map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
    let details = json!({ "schema": named(MORE), "example": said });
    let paths = &mut document["paths"];
    paths["/api/v1/uploads"]["post"]["requestBody"] =
        json!({ "required": false, "content": { BYTES: bytes(), DETAILS: details } });
    paths["/api/v1/uploads/{id}"]["patch"]["requestBody"] =
        json!({ "required": true, "content": { BYTES: bytes() } });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex_lite::Regex;

    use super::*;
    use crate::{
        casework::evidence::resumable::{
            checksum::Checksum,
            model::{Metadata, lead_of},
        },
        platform::db::Id,
    };

    fn pattern_of(name: &str) -> Regex {
        let shape = header(name).expect("a header");
        Regex::new(shape["pattern"].as_str().expect("a pattern")).expect("that can be read")
    }

    fn encoded(text: &str) -> String {
        data_encoding::BASE64.encode(text.as_bytes())
    }

    #[test]
    fn an_example_is_as_described() {
        for name in [METADATA, "Upload-Checksum"] {
            let shape = header(name).expect("a header");
            assert!(pattern_of(name).is_match(shape["examples"][0].as_str().expect("an example")), "{name}");
        }
    }

    #[test]
    fn metadata_is_taken_as_clients_write_it() {
        let (pattern, id) = (pattern_of(METADATA), Id::new().to_string());
        let (lead, name) = (format!("lead {}", encoded(&id)), format!("filename {}", encoded("证据 a.txt")));
        for said in [
            lead.clone(),
            format!("{lead},{name}"),
            format!("{name},{lead}"),
            format!("{name}, {lead}, is_confidential"),
            format!("relativePath bnVsbA==,name YQ==,{lead},type ,tool ,"),
            format!("{name},filetype YQ,,{lead}"),
        ] {
            assert!(pattern.is_match(&said), "{said}");
            assert_eq!(lead_of(&said).expect("a lead").to_string(), id, "{said}");
            assert!(Metadata::read(&said).is_ok(), "{said}");
        }
        for said in [
            String::new(),
            name.clone(),
            "lead".to_owned(),
            format!("lead {}", encoded("7")),
            format!("{lead},filename ***"),
            format!("{lead},filename YQ=YQ"),
            format!("{lead},filename YR=="),
            format!("mis{lead}"),
            format!("{lead} {name}"),
        ] {
            assert!(!pattern.is_match(&said), "{said}");
        }
    }

    #[test]
    fn a_checksum_is_as_long_as_its_way_makes_it() {
        let pattern = pattern_of("Upload-Checksum");
        for (way, length) in [("sha256", 32), ("SHA1", 20), ("md5", 16)] {
            let sum = format!("{way} {}", data_encoding::BASE64.encode(&vec![255; length]));
            assert!(pattern.is_match(&sum) && Checksum::read(&sum).is_some(), "{sum}");
            let short = format!("{way} {}", data_encoding::BASE64.encode(&vec![255; length - 1]));
            assert!(!pattern.is_match(&short), "{short}");
        }
        assert!(!pattern.is_match("crc32 AAAAAA==") && !pattern.is_match("sha1"));
    }

    proptest! {
        /// What a value that is taken holds may be no text, but never no Base64.
        #[test]
        fn whatever_is_taken_can_be_decoded(bytes in proptest::collection::vec(any::<u8>(), 0..20), cut in 0..3_usize) {
            let whole = data_encoding::BASE64.encode(&bytes);
            let value = whole.get(..whole.len().saturating_sub(cut)).unwrap_or_default();
            let said = format!("a {value},lead {}", encoded(&Id::new().to_string()));
            let bare = value.trim_end_matches('=');
            if pattern_of(METADATA).is_match(&said) {
                prop_assert!(data_encoding::BASE64_NOPAD.decode(bare.as_bytes()).is_ok(), "{}", said);
            } else {
                prop_assert_ne!(value, whole.as_str());
            }
        }
    }
}
