//! Marks to bytes, through printpdf and, for what it leaves out or gets wrong, its lopdf document: language, dates,
//! nested bookmarks, escaped XMP, the file id, no claim to a standard that is not met. The same input gives the same bytes.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat, dictionary};
use printpdf::{
    Actions, BorderArray, Codepoint, Color, ColorArray, Destination, FontId, Line, LineDashPattern,
    LinePoint, LinkAnnotation, Op, PaintMode, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions,
    Point, Polygon, PolygonRing, Pt, Rect, Rgb, TextItem, TextMatrix, WindingOrder, XObjectId,
    XObjectTransform,
};
use sha2::{Digest, Sha256};

use super::fonts::{self, Face};
use super::ink::{Ink, Mark, PAGE_HEIGHT, PAGE_WIDTH, Page, Set};
use super::photo::Photo;

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

/// A document that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the PDF could not be written: {0}")]
pub struct PdfError(String);

/// Placeholder for the file id, replaced by the hash of everything else.
const NO_ID: [u8; 16] = *b"\0lead-handoff-id";
const WATERMARK: &str = "Mark";

/// The parts of a document.
pub(super) struct Parts<'a> {
    pub meta: &'a Meta,
    pub pages: &'a [Page],
    pub photos: Vec<Photo>,
    pub bookmarks: &'a [Bookmark],
    /// Text drawn across every page, as outlines.
    pub watermark: Option<&'a str>,
}

/// Writes the document.
pub(super) fn write(parts: Parts<'_>) -> Result<Vec<u8>, PdfError> {
    let marked = parts.watermark.is_some();
    let mut source = PdfDocument::new(&parts.meta.title);
    for face in [Face::Regular, Face::Bold] {
        source.resources.fonts.map.insert(font_id(face), PdfFont::new(fonts::parsed(face).clone()));
    }
    source.pages = parts.pages.iter().map(|page| page_ops(page, marked)).collect();

    let mut warnings = Vec::new();
    let options = PdfSaveOptions { image_optimization: None, ..PdfSaveOptions::default() };
    let mut doc = source.to_lopdf_document(&options, &mut warnings);
    drop(source);
    if let Some(fault) = warnings.iter().find(|w| format!("{w:?}").contains("Error")) {
        return Err(PdfError(format!("{fault:?}")));
    }
    doc.version = "1.7".into();
    doc.compress();
    add_objects(&mut doc, parts.photos, parts.watermark)?;
    describe(&mut doc, parts.meta, parts.bookmarks)?;
    save(doc)
}

fn fault(e: impl std::fmt::Display) -> PdfError {
    PdfError(e.to_string())
}

fn font_id(face: Face) -> FontId {
    // The first six letters become the subset's tag.
    FontId(match face {
        Face::Regular => "LHREGU".into(),
        Face::Bold => "LHBOLD".into(),
    })
}

fn page_ops(page: &Page, marked: bool) -> PdfPage {
    let mut ops = Vec::with_capacity(page.marks.len() * 5);
    if marked {
        ops.push(use_object(WATERMARK.into(), 0.0, 0.0, 1.0, 1.0));
    }
    for mark in &page.marks {
        mark_ops(mark, &mut ops);
    }
    PdfPage::new(printpdf::Mm(210.0), printpdf::Mm(297.0), ops)
}

fn use_object(name: String, x: f32, y: f32, width: f32, height: f32) -> Op {
    let transform = XObjectTransform {
        translate_x: Some(Pt(x)),
        translate_y: Some(Pt(y)),
        scale_x: Some(width),
        scale_y: Some(height),
        no_auto_scale: true,
        ..XObjectTransform::default()
    };
    Op::UseXobject { id: XObjectId(name), transform }
}

fn mark_ops(mark: &Mark, ops: &mut Vec<Op>) {
    match mark {
        Mark::Text { x, y, size, ink, glyphs } => text_ops(*x, PAGE_HEIGHT - y, *size, *ink, glyphs, ops),
        Mark::Rect { x, y, width, height, fill, stroke } => {
            let rect = Rect {
                x: Pt(*x),
                y: Pt(PAGE_HEIGHT - y - height),
                width: Pt(*width),
                height: Pt(*height),
                mode: Some(paint(*fill, *stroke, ops)),
                winding_order: Some(WindingOrder::NonZero),
            };
            ops.push(Op::DrawRectangle { rectangle: rect });
        }
        Mark::Path { points, fill, stroke, dashed } => path_ops(points, *fill, *stroke, *dashed, ops),
        Mark::Photo { index, x, y, width, height } => {
            ops.push(use_object(photo_name(*index), *x, PAGE_HEIGHT - y - height, *width, *height));
        }
        Mark::Link { x, y, width, height, page } => ops.push(Op::LinkAnnotation {
            link: LinkAnnotation::new(
                Rect {
                    x: Pt(*x),
                    y: Pt(PAGE_HEIGHT - y - height),
                    width: Pt(*width),
                    height: Pt(*height),
                    mode: None,
                    winding_order: None,
                },
                Actions::Goto(Destination::Xyz { page: page + 1, left: None, top: None, zoom: None }),
                Some(BorderArray::Solid([0.0, 0.0, 0.0])),
                Some(ColorArray::Transparent),
                None,
            ),
        }),
    }
}

fn photo_name(index: usize) -> String {
    format!("Photo{index}")
}

fn colour(ink: Ink) -> Color {
    let part = |v: u8| f32::from(v) / 255.0;
    Color::Rgb(Rgb { r: part(ink.0), g: part(ink.1), b: part(ink.2), icc_profile: None })
}

/// Sets the colours and says how to paint.
fn paint(fill: Option<Ink>, stroke: Option<(Ink, f32)>, ops: &mut Vec<Op>) -> PaintMode {
    if let Some(ink) = fill {
        ops.push(Op::SetFillColor { col: colour(ink) });
    }
    if let Some((ink, width)) = stroke {
        ops.push(Op::SetOutlineColor { col: colour(ink) });
        ops.push(Op::SetOutlineThickness { pt: Pt(width) });
    }
    match (fill, stroke) {
        (Some(_), Some(_)) => PaintMode::FillStroke,
        (Some(_), None) => PaintMode::Fill,
        _ => PaintMode::Stroke,
    }
}

fn path_ops(
    points: &[(f32, f32)],
    fill: Option<Ink>,
    stroke: Option<(Ink, f32)>,
    dashed: bool,
    ops: &mut Vec<Op>,
) {
    let points: Vec<LinePoint> = points
        .iter()
        .map(|(x, y)| LinePoint { p: Point { x: Pt(*x), y: Pt(PAGE_HEIGHT - y) }, bezier: false })
        .collect();
    let mode = paint(fill, stroke, ops);
    if dashed {
        ops.push(Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, &[3.0, 2.5]) });
    }
    ops.push(match fill {
        Some(_) => Op::DrawPolygon {
            polygon: Polygon {
                rings: vec![PolygonRing { points }],
                mode,
                winding_order: WindingOrder::NonZero,
            },
        },
        None => Op::DrawLine { line: Line { points, is_closed: false } },
    });
    if dashed {
        ops.push(Op::SetLineDashPattern { dash: LineDashPattern::new(0.0, &[]) });
    }
}

/// One text section a line; a change of face continues at the pen's place.
fn text_ops(x: f32, y: f32, size: f32, ink: Ink, glyphs: &[Set], ops: &mut Vec<Op>) {
    ops.push(Op::StartTextSection);
    ops.push(Op::SetFillColor { col: colour(ink) });
    let mut pen = x;
    for run in glyphs.chunk_by(|a, b| a.glyph.face == b.glyph.face) {
        let face = run[0].glyph.face;
        ops.push(Op::SetFont { font: PdfFontHandle::External(font_id(face)), size: Pt(size) });
        ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw([1.0, 0.0, 0.0, 1.0, pen, y]) });
        let codes = run
            .iter()
            .map(|s| Codepoint::with_cid(s.glyph.id, -s.extra * 1000.0, s.glyph.text.to_string()))
            .collect();
        ops.push(Op::ShowText { items: vec![TextItem::GlyphIds(codes)] });
        pen += run.iter().map(|s| (s.glyph.advance + s.extra) * size).sum::<f32>();
    }
    ops.push(Op::EndTextSection);
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
        "q 0.945 0.945 0.95 rg {:.4} {:.4} {:.4} {:.4} {:.2} {:.2} cm\n{path}f Q\n",
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

/// Language, information, XMP, outline and identity.
fn describe(doc: &mut lopdf::Document, meta: &Meta, bookmarks: &[Bookmark]) -> Result<(), PdfError> {
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
        catalog.set("PageMode", Object::Name(b"UseOutlines".to_vec()));
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
    let mut parents = Vec::new();
    for (i, mark) in bookmarks.iter().enumerate() {
        above.retain(|j| bookmarks[*j].level < mark.level);
        let parent = above.last().map_or(root, |j| ids[*j]);
        children.entry(parent).or_default().push(i);
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
        let place = beside.iter().position(|j| *j == i).unwrap_or(0);
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
