//! What printpdf leaves out or gets wrong, set in the lopdf document: language, dates, nested bookmarks, escaped XMP,
//! the file id, no claim to a standard that is not met.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat, dictionary};

use super::ink::PAGE_HEIGHT;
use super::write::{PdfError, fault};

/// What the file says about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Meta {
    pub title: String,
    pub author: String,
    pub subject: String,
    pub keywords: Vec<String>,
    /// BCP 47, such as `zh-CN`.
    pub language: &'static str,
    /// Date of making; part of the bytes, so it comes in as a value.
    pub made_at: DateTime<Utc>,
}

/// One entry of the outline; `page` from 0, `y` in points from the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Bookmark {
    pub level: u8,
    pub title: String,
    pub page: usize,
    pub y: f32,
}

/// Placeholder for the file id, replaced by the hash of everything else.
pub(super) const NO_ID: [u8; 16] = *b"\0lead-handoff-id";

/// Language, information, XMP, outline and identity.
pub(super) fn describe(
    doc: &mut lopdf::Document,
    meta: &Meta,
    bookmarks: &[Bookmark],
) -> Result<(), PdfError> {
    let xmp = dictionary! { "Type" => "Metadata", "Subtype" => "XML" };
    let xmp = doc.add_object(Stream::new(xmp, xmp_packet(meta).into_bytes()).with_compression(false));
    let outline = outline(doc, bookmarks);
    let info = doc.add_object(info(meta));
    let root = doc.trailer.get(b"Root").and_then(Object::as_reference).map_err(fault)?;
    let catalog = doc.get_dictionary_mut(root).map_err(fault)?;
    catalog.set("Lang", Object::string_literal(meta.language));
    catalog.set("Metadata", xmp);
    catalog.set("ViewerPreferences", dictionary! { "DisplayDocTitle" => true });
    if let Some(outline) = outline {
        catalog.set("Outlines", outline);
        // One entry alone is no reason to open with the outline at its side.
        if bookmarks.len() > 1 {
            catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
        }
    }
    doc.trailer.set("Info", info);
    let id = Object::String(NO_ID.to_vec(), StringFormat::Hexadecimal);
    doc.trailer.set("ID", vec![id.clone(), id]);
    Ok(())
}

fn utf16(text: &str) -> Object {
    let bytes = [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    Object::String(bytes, StringFormat::Hexadecimal)
}

fn info(meta: &Meta) -> Dictionary {
    let date = Object::string_literal(meta.made_at.format("D:%Y%m%d%H%M%SZ").to_string());
    dictionary! {
        "Title" => utf16(&meta.title), "Author" => utf16(&meta.author), "Subject" => utf16(&meta.subject),
        "Keywords" => utf16(&meta.keywords.join(", ")),
        "Creator" => Object::string_literal("Lead Handoff"), "Producer" => Object::string_literal("Lead Handoff (printpdf)"),
        "CreationDate" => date.clone(), "ModDate" => date,
    }
}

fn escape(text: &str) -> String {
    let allowed = |c: &char| !c.is_control() && !matches!(*c as u32, 0xfffe | 0xffff);
    text.chars().filter(allowed).fold(String::new(), |mut out, c| {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
        out
    })
}

fn xmp_packet(meta: &Meta) -> String {
    let (title, author, subject) = (escape(&meta.title), escape(&meta.author), escape(&meta.subject));
    let date = meta.made_at.format("%Y-%m-%dT%H:%M:%SZ");
    let lang = meta.language;
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:format>application/pdf</dc:format><dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate><xmp:CreatorTool>Lead Handoff</xmp:CreatorTool>
<pdf:Producer>Lead Handoff (printpdf)</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{feff}'
    )
}

/// The outline tree: an entry stands under the nearest one before it of a lower level.
fn outline(doc: &mut lopdf::Document, bookmarks: &[Bookmark]) -> Option<ObjectId> {
    if bookmarks.is_empty() {
        return None;
    }
    let pages = doc.get_pages();
    let root = doc.new_object_id();
    let ids: Vec<ObjectId> = bookmarks.iter().map(|_| doc.new_object_id()).collect();
    let mut children: BTreeMap<ObjectId, Vec<usize>> = BTreeMap::new();
    let mut above: Vec<usize> = Vec::new();
    // Of each entry: what it stands under, and its place there.
    let (mut parents, mut places) = (Vec::new(), Vec::new());
    for (i, mark) in bookmarks.iter().enumerate() {
        above.retain(|j| bookmarks[*j].level < mark.level);
        let parent = above.last().map_or(root, |j| ids[*j]);
        let beside = children.entry(parent).or_default();
        places.push(beside.len());
        beside.push(i);
        parents.push(parent);
        above.push(i);
    }
    let family = |dict: &mut Dictionary, id: ObjectId| {
        if let Some(own) = children.get(&id)
            && let (Some(first), Some(last)) = (own.first(), own.last())
        {
            dict.set("First", ids[*first]);
            dict.set("Last", ids[*last]);
            dict.set("Count", own.len() as i64);
        }
    };
    for (i, mark) in bookmarks.iter().enumerate() {
        let mut dict = dictionary! { "Title" => utf16(&mark.title), "Parent" => parents[i] };
        if let Some(page) = u32::try_from(mark.page + 1).ok().and_then(|n| pages.get(&n)) {
            let top = PAGE_HEIGHT - mark.y;
            dict.set("Dest", vec![Object::from(*page), "XYZ".into(), Object::Null, top.into(), Object::Null]);
        }
        let beside = &children[&parents[i]];
        let place = places[i];
        if place > 0 {
            dict.set("Prev", ids[beside[place - 1]]);
        }
        if let Some(next) = beside.get(place + 1) {
            dict.set("Next", ids[*next]);
        }
        family(&mut dict, ids[i]);
        doc.set_object(ids[i], dict);
    }
    let mut dict = dictionary! { "Type" => "Outlines" };
    family(&mut dict, root);
    dict.set("Count", bookmarks.len() as i64);
    doc.set_object(root, dict);
    Some(root)
}
