//! Marks to bytes: fonts by printpdf, the rest in its lopdf document. The same input gives the same bytes.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};
use printpdf::{
    Codepoint, FontId, Op, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem,
};
use sha2::{Digest, Sha256};

use super::content::{Used, WATERMARK, content, font_name, photo_name};
use super::describe::{Bookmark, Meta, NO_ID, describe};
use super::fonts::{self, Face};
use super::ink::{Mark, PAGE_HEIGHT, PAGE_WIDTH, Page};
use super::photo::Photo;

/// A document that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the PDF could not be written: {0}")]
pub struct PdfError(String);

/// The parts of a document.
pub(super) struct Parts<'a> {
    pub meta: &'a Meta,
    pub pages: &'a [Page],
    pub photos: Vec<Photo>,
    pub bookmarks: &'a [Bookmark],
    /// Text drawn across every page, as outlines.
    pub watermark: Option<&'a str>,
}

/// Writes the document. Of its pages, one at a time stands here unpacked.
pub(super) fn write(parts: Parts<'_>) -> Result<Vec<u8>, PdfError> {
    let used = Used::of(parts.pages);
    let mut doc = specimen(&parts.meta.title, &used)?;
    doc.version = "1.7".into();
    doc.compress();
    add_pages(&mut doc, parts.pages, parts.watermark.is_some(), &used)?;
    add_objects(&mut doc, parts.photos, parts.watermark)?;
    describe(&mut doc, parts.meta, parts.bookmarks)?;
    save(doc)
}

pub(super) fn fault(e: impl std::fmt::Display) -> PdfError {
    PdfError(e.to_string())
}

/// A document of one page that shows each used glyph once: the subsets of the fonts are made from it.
fn specimen(title: &str, used: &Used) -> Result<lopdf::Document, PdfError> {
    let mut source = PdfDocument::new(title);
    let mut ops = Vec::new();
    for face in [Face::Regular, Face::Bold] {
        let glyphs = used.glyphs(face);
        if glyphs.is_empty() {
            continue;
        }
        let font = FontId(font_name(face).into());
        source.resources.fonts.map.insert(font.clone(), PdfFont::new(fonts::parsed(face).clone()));
        let codes =
            glyphs.into_iter().map(|(id, text)| Codepoint::with_cid(id, 0.0, text.to_string())).collect();
        ops.push(Op::StartTextSection);
        ops.push(Op::SetFont { font: PdfFontHandle::External(font), size: Pt(1.0) });
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(codes)] });
        ops.push(Op::EndTextSection);
    }
    source.pages = vec![PdfPage::new(printpdf::Mm(210.0), printpdf::Mm(297.0), ops)];
    let mut warnings = Vec::new();
    let options = PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() };
    let doc = source.to_lopdf_document(&options, &mut warnings);
    match warnings.iter().find(|w| format!("{w:?}").contains("Error")) {
        Some(fault) => Err(PdfError(format!("{fault:?}"))),
        None => Ok(doc),
    }
}

/// Puts the pages in the specimen's place; the first takes over its objects, so that no number is left out.
fn add_pages(doc: &mut lopdf::Document, pages: &[Page], marked: bool, used: &Used) -> Result<(), PdfError> {
    let first = *doc.get_pages().get(&1).ok_or_else(|| fault("no page"))?;
    let pattern = doc.get_dictionary(first).map_err(fault)?.clone();
    let of_pattern = |key: &[u8]| pattern.get(key).and_then(Object::as_reference).map_err(fault);
    let (parent, first_content) = (of_pattern(b"Parent")?, of_pattern(b"Contents")?);
    let ids: Vec<ObjectId> =
        (0..pages.len()).map(|n| if n == 0 { first } else { doc.new_object_id() }).collect();
    for (n, page) in pages.iter().enumerate() {
        let stream = packed(&content(page, marked, used))?;
        let at = if n == 0 { first_content } else { doc.new_object_id() };
        doc.set_object(at, stream);
        let mut dict = pattern.clone();
        dict.set("Contents", at);
        let links: Vec<Object> =
            page.marks.iter().filter_map(|mark| link(mark, &ids)).map(Object::from).collect();
        if links.is_empty() {
            dict.remove(b"Annots");
        } else {
            dict.set("Annots", links);
        }
        doc.set_object(ids[n], dict);
    }
    let count = i64::try_from(ids.len()).map_err(fault)?;
    let tree = doc.get_dictionary_mut(parent).map_err(fault)?;
    tree.set("Kids", ids.into_iter().map(Object::from).collect::<Vec<_>>());
    tree.set("Count", count);
    Ok(())
}

fn packed(content: &str) -> Result<Stream, PdfError> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::default());
    packer.write_all(content.as_bytes()).map_err(fault)?;
    let bytes = packer.finish().map_err(fault)?;
    Ok(Stream::new(dictionary! { "Filter" => "FlateDecode" }, bytes).with_compression(false))
}

/// The annotation of a link, without a border.
fn link(mark: &Mark, pages: &[ObjectId]) -> Option<Dictionary> {
    let Mark::Link { x, y, width, height, page } = mark else { return None };
    let target = Object::from(*pages.get(*page)?);
    let bottom = PAGE_HEIGHT - y - height;
    let corners = [*x, bottom, x + width, bottom + height].map(Object::from).to_vec();
    let place = vec![target, "XYZ".into(), Object::Null, Object::Null, Object::Null];
    Some(dictionary! {
        "Type" => "Annot", "Subtype" => "Link", "Rect" => corners,
        "Border" => vec![0.into(), 0.into(), 0.into()],
        "A" => dictionary! { "S" => "GoTo", "D" => place },
        "F" => 4,
    })
}

/// Puts photographs and the watermark into the dictionary that all pages share.
fn add_objects(
    doc: &mut lopdf::Document,
    photos: Vec<Photo>,
    watermark: Option<&str>,
) -> Result<(), PdfError> {
    let mut named: Vec<(String, ObjectId)> = Vec::new();
    for (index, photo) in photos.into_iter().enumerate() {
        let dict = dictionary! {
            "Type" => "XObject", "Subtype" => "Image",
            "Width" => i64::from(photo.width), "Height" => i64::from(photo.height),
            "ColorSpace" => "DeviceRGB", "BitsPerComponent" => 8, "Filter" => "DCTDecode",
        };
        let stream = Stream::new(dict, photo.jpeg).with_compression(false);
        named.push((photo_name(index), doc.add_object(stream)));
    }
    if let Some(text) = watermark {
        named.push((WATERMARK.into(), doc.add_object(watermark_form(text))));
    }
    let pages: Vec<ObjectId> = doc.get_pages().into_values().collect();
    let Some(first) = pages.first() else { return Ok(()) };
    let page = doc.get_dictionary(*first).map_err(fault)?;
    let resources = page.get(b"Resources").and_then(Object::as_reference).map_err(fault)?;
    let shared = doc.get_dictionary(resources).map_err(fault)?;
    let shared = shared.get(b"XObject").and_then(Object::as_reference).map_err(fault)?;
    let objects = doc.get_dictionary_mut(shared).map_err(fault)?;
    for (name, id) in named {
        objects.set(name, id);
    }
    Ok(())
}

/// The text across the page, light and behind everything, as outlines: seen by people, not mixed into copied text.
fn watermark_form(text: &str) -> Stream {
    let size = (PAGE_WIDTH * 0.9 / fonts::width(Face::Bold, text).max(1.0)).min(120.0);
    let (mut path, mut x) = (String::new(), -fonts::width(Face::Bold, text) / 2.0);
    for c in text.chars() {
        path.push_str(&fonts::outline(Face::Bold, c, x));
        x += fonts::advance(Face::Bold, c);
    }
    let (sin, cos) = 52.0_f32.to_radians().sin_cos();
    let content = format!(
        "q 0.95 0.952 0.957 rg {:.4} {:.4} {:.4} {:.4} {:.2} {:.2} cm\n{path}f Q\n",
        size * cos,
        size * sin,
        -size * sin,
        size * cos,
        PAGE_WIDTH / 2.0,
        PAGE_HEIGHT / 2.0
    );
    let dict = dictionary! {
        "Type" => "XObject", "Subtype" => "Form",
        "BBox" => vec![0.into(), 0.into(), PAGE_WIDTH.into(), PAGE_HEIGHT.into()],
    };
    let mut stream = Stream::new(dict, content.into_bytes());
    // A stream that cannot be compressed is written as it is.
    let _ = stream.compress();
    stream
}

/// Saves, and puts the hash of the bytes in the place of the file id.
fn save(mut doc: lopdf::Document) -> Result<Vec<u8>, PdfError> {
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).map_err(fault)?;
    let hash = data_encoding::HEXUPPER.encode(&Sha256::digest(&bytes)[..16]);
    let blank = data_encoding::HEXUPPER.encode(&NO_ID);
    // The trailer is within the last kilobytes, and holds the id twice.
    let from = bytes.len().saturating_sub(4096);
    let found: Vec<usize> = (from..bytes.len().saturating_sub(blank.len()))
        .filter(|at| bytes[*at..at + blank.len()].eq_ignore_ascii_case(blank.as_bytes()))
        .collect();
    if found.len() != 2 {
        return Err(fault("no place for the file id"));
    }
    for at in found {
        bytes[at..at + hash.len()].copy_from_slice(hash.as_bytes());
    }
    Ok(bytes)
}
