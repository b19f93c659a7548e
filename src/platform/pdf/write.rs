//! Marks to bytes, through printpdf and its lopdf document. The same input gives the same bytes.

use lopdf::{Object, ObjectId, Stream, dictionary};
use printpdf::{
    Actions, BorderArray, Codepoint, Color, ColorArray, Destination, FontId, Line, LineDashPattern,
    LinePoint, LinkAnnotation, Op, PaintMode, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions,
    Point, Polygon, PolygonRing, Pt, Rect, Rgb, TextItem, TextMatrix, WindingOrder, XObjectId,
    XObjectTransform,
};
use sha2::{Digest, Sha256};

use super::describe::{Bookmark, Meta, NO_ID, describe};
use super::fonts::{self, Face};
use super::ink::{Ink, Mark, PAGE_HEIGHT, PAGE_WIDTH, Page, Set};
use super::photo::Photo;

/// A document that could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the PDF could not be written: {0}")]
pub struct PdfError(String);

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

pub(super) fn fault(e: impl std::fmt::Display) -> PdfError {
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
