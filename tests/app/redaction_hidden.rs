//! What stands in a paper and is seen on no page of it: in what it was before it was changed, in files within it, and in what is
//! said of it. Nothing of that is in a redacted one, wherever the rectangle lies.

use std::io::Read;

use flate2::read::ZlibDecoder;
use lead_handoff::audit;
use lopdf::{Document, IncrementalDocument, Object, Stream, dictionary};

use super::{
    custody::text_of,
    redaction::{content, holds, redact, region, tells, upload},
};
use crate::support::TestApp;

/// Each stands in one place alone.
const BEFORE: &str = "110101199001011234";
const ATTACHED: &str = "110101199001012345";
const OF_PAGE: &str = "110101199001013456";
const TITLED: &str = "110101199001014567";
const DESCRIBED: &str = "110101199001015678";
const HIDDEN: [(&str, &str); 5] = [
    ("the revision before", BEFORE),
    ("a file within", ATTACHED),
    ("the metadata of a page", OF_PAGE),
    ("the title", TITLED),
    ("the metadata of the paper", DESCRIBED),
];

fn metadata(text: &str) -> Stream {
    let head = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let said = format!(
        "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>{text}</x:xmpmeta>"
    );
    Stream::new(head, said.into_bytes())
}

fn shown(text: &str) -> Stream {
    Stream::new(dictionary! {}, format!("BT /F 20 Tf 50 40 Td ({text}) Tj ET").into_bytes())
}

/// A paper that showed a number once and was changed since, behind its old end; with a file within it, and metadata.
fn changed() -> Vec<u8> {
    let mut doc = Document::with_version("1.7");
    let parent = doc.new_object_id();
    let font =
        doc.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" });
    let contents = doc.add_object(shown(BEFORE));
    let of_page = doc.add_object(metadata(OF_PAGE));
    let page = doc.add_object(dictionary! {
        "Type" => "Page", "Parent" => parent, "Contents" => contents, "Metadata" => of_page,
        "MediaBox" => vec![0.into(), 0.into(), 300.into(), 200.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
    });
    let pages = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    doc.objects.insert(parent, pages.into());
    let mut packed = Stream::new(dictionary! { "Type" => "EmbeddedFile" }, ATTACHED.repeat(40).into_bytes());
    packed.compress().expect("packed");
    let within = doc.add_object(packed);
    let file = doc.add_object(dictionary! {
        "Type" => "Filespec", "F" => Object::string_literal("a.txt"), "EF" => dictionary! { "F" => within },
    });
    let names = dictionary! {
        "EmbeddedFiles" => dictionary! { "Names" => vec![Object::string_literal("a.txt"), file.into()] },
    };
    let described = doc.add_object(metadata(DESCRIBED));
    let root = doc.add_object(dictionary! {
        "Type" => "Catalog", "Pages" => parent, "Names" => names, "Metadata" => described,
        "AF" => vec![file.into()],
    });
    let info = doc.add_object(dictionary! { "Title" => Object::string_literal(TITLED) });
    doc.trailer.set("Root", root);
    doc.trailer.set("Info", info);
    let mut first = Vec::new();
    doc.save_to(&mut first).expect("a PDF");

    let loaded = Document::load_mem(&first).expect("a PDF");
    let mut update = IncrementalDocument::create_from(first, loaded);
    update.new_document.objects.insert(contents, shown("PUBLIC").into());
    let mut bytes = Vec::new();
    update.save_to(&mut bytes).expect("a changed PDF");
    bytes
}

/// What is packed in a PDF, whether its table of objects leads there or not.
fn unpacked(bytes: &[u8]) -> Vec<Vec<u8>> {
    let begins = bytes.windows(6).enumerate().filter(|(_, at)| *at == b"stream").map(|(at, _)| at + 6);
    let parts = begins.map(|at| {
        let line = bytes[at..].iter().take_while(|byte| matches!(**byte, b'\r' | b'\n')).count();
        let mut content = Vec::new();
        // What is not packed gives nothing, or what it gave until then.
        let _ = ZlibDecoder::new(&bytes[at + line..]).read_to_end(&mut content);
        content
    });
    parts.collect()
}

/// Whether a text stands in a PDF as it lies, in what its table of objects leads to, or in anything that is packed in it.
fn hides(bytes: &[u8], text: &str) -> bool {
    tells(bytes, text) || unpacked(bytes).iter().any(|part| holds(part, text.as_bytes()))
}

#[tokio::test]
async fn nothing_that_no_page_shows_is_in_a_redacted_paper() {
    let bytes = changed();
    let seen = text_of(&bytes);
    assert!(seen.contains("PUBLIC") && !seen.contains(BEFORE), "the change is what is seen: {seen}");
    assert_eq!(bytes.windows(5).filter(|at| *at == b"%%EOF").count(), 2, "two revisions");
    for (place, text) in HIDDEN {
        assert!(hides(&bytes, text), "{place}");
    }
    assert!(!holds(&bytes, ATTACHED.as_bytes()), "that one is packed");

    let app = TestApp::new().await;
    let compiler = app.sign_in("compiler").await;
    let lead = app.seed.lead(&app.services, "compiler");
    let item = upload(&compiler, lead, "改过.pdf", &bytes).await;
    let mut fields = region(["0", "0", "10", "10"]);
    fields.push(("regions[0].page", "1"));
    let before = app.audit_count().await;
    let new = redact(&compiler, item, &fields).await.expect(303).id();
    let more = app.audit_count().await - before;
    let newest = app.services.db.read(move |conn| audit::page(conn, &audit::Filter::default(), more)).await;
    let newest = newest.expect("entries");
    let verbs: Vec<&str> = newest.iter().map(|entry| entry.verb.as_str()).collect();
    // Whoever says nothing about the original withholds it.
    assert_eq!(verbs, ["evidence.withhold", "evidence.redact", "evidence.register"]);

    let made = content(&compiler, new).await;
    for (place, text) in HIDDEN {
        assert!(!hides(&made, text), "{place} is in the redacted one");
    }
    for part in ["EmbeddedFile", "Filespec", "PUBLIC"] {
        assert!(!hides(&made, part), "{part} is in the redacted one");
    }
    assert_eq!(made.windows(5).filter(|at| *at == b"%%EOF").count(), 1, "one revision");
    // The original is as it was.
    assert_eq!(content(&compiler, item).await, bytes);
}
