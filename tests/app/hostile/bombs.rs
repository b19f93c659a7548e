//! Files that are small and would take a machine down: workbooks, papers, captures, letters; and letters whose attachments have
//! names that steer.

use std::io::{Cursor, Write};

use flate2::{Compression, write::ZlibEncoder};
use lopdf::{Document, Object, ObjectId, Stream, dictionary};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::files::{DAMAGED, PAYLOADS, Put, Zip};

/// Whatever is done with it, it is told: shown, empty, or not shown.
const TOLD: &str = "<table|没有内容|内容未显示";

pub fn all(put: &mut Put<'_>) {
    workbooks(put);
    papers(put);
    captures(put);
    letters(put);
    attached(put);
}

/// A workbook of one sheet, in order but for what is put into it.
pub fn workbook(sheet: &str, more: &[(&str, &str)]) -> Vec<u8> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\">\
             <Relationship Id=\"r1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/>\
         </sheets></workbook>"
    );
    let sheet = format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{sheet}</sheetData></worksheet>");
    let types = format!("<Types xmlns=\"{PACKAGE}/content-types\"></Types>");
    let (root, within) =
        (relation("officeDocument", "xl/workbook.xml"), relation("worksheet", "worksheets/sheet1.xml"));
    let mut parts: Vec<(&str, &str)> = vec![
        // What it is is told by what comes first.
        ("xl/workbook.xml", book.as_str()),
        ("xl/_rels/workbook.xml.rels", within.as_str()),
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
        ("_rels/.rels", root.as_str()),
        ("[Content_Types].xml", types.as_str()),
    ];
    parts.extend_from_slice(more);
    let how = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, how).expect("an entry");
        zip.write_all(text.as_bytes()).expect("bytes");
    }
    zip.finish().expect("a workbook").into_inner()
}

/// What they claim to have, or where they say to have it, is more than any machine has.
fn workbooks(put: &mut Put<'_>) {
    let one = "<row r=\"1\"><c r=\"A1\"><v>199</v></c></row>";
    put("plain.xlsx".into(), workbook(one, &[]), "199");
    let strings = "<sst uniqueCount=\"1000000000000000\"><si><t>x</t></si></sst>";
    put("words.xlsx".into(), workbook(one, &[("xl/sharedStrings.xml", strings)]), TOLD);
    // Each style takes a copy of the name of its font along.
    let styles = format!(
        "<styleSheet><fonts><font><name val=\"{}\"/></font></fonts><cellXfs>{}</cellXfs></styleSheet>",
        "x".repeat(1 << 20),
        "<xf fontId=\"0\" numFmtId=\"0\"/>".repeat(2_000)
    );
    put("styles.xlsx".into(), workbook(one, &[("xl/styles.xml", styles.as_str())]), TOLD);
    let corners = format!("{one}<row r=\"1048576\"><c r=\"XFD1048576\"><v>7</v></c></row>");
    put("corner.xlsx".into(), workbook(&corners, &[]), TOLD);
}

/// A paper of one page, whose content and resources are made first.
fn paper(make: impl FnOnce(&mut Document) -> (Stream, Vec<(&'static str, ObjectId)>)) -> Vec<u8> {
    let mut doc = Document::with_version("1.7");
    let parent = doc.new_object_id();
    let (content, forms) = make(&mut doc);
    let content = doc.add_object(content);
    let mut named = dictionary! {};
    for (name, form) in forms {
        named.set(name, form);
    }
    let page = doc.add_object(dictionary! {
        "Type" => "Page", "Parent" => parent, "Contents" => content,
        "MediaBox" => square(),
        "Resources" => dictionary! { "XObject" => named },
    });
    doc.objects
        .insert(parent, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 }.into());
    let root = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => parent });
    doc.trailer.set("Root", root);
    let mut bytes = Vec::new();
    doc.save_to(&mut bytes).expect("a PDF");
    bytes
}

fn square() -> Vec<Object> {
    vec![0.into(), 0.into(), 200.into(), 200.into()]
}

/// A gigabyte of spaces, packed once and again.
fn packed_twice() -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..1_024 {
        packed.write_all(&spaces).expect("bytes");
    }
    let once = packed.finish().expect("packed");
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&once).expect("bytes");
    packed.finish().expect("packed")
}

fn papers(put: &mut Put<'_>) {
    const PLAIN: &str = "没有发现脚本";
    let chained = paper(|_| {
        let filters: Vec<Object> = vec!["FlateDecode".into(), "FlateDecode".into()];
        (Stream::new(dictionary! { "Filter" => filters }, packed_twice()), Vec::new())
    });
    put("chained.pdf".into(), chained, PLAIN);
    // Each form is drawn twice by the one that it is in.
    let fan = paper(|doc| {
        let form = |within: Option<ObjectId>| {
            let mut about = dictionary! { "Type" => "XObject", "Subtype" => "Form", "BBox" => square() };
            if let Some(within) = within {
                about.set("Resources", dictionary! { "XObject" => dictionary! { "F" => within } });
            }
            about
        };
        let mut last = doc.add_object(Stream::new(form(None), b"0 0 9 9 re f".to_vec()));
        for _ in 0..50 {
            last = doc.add_object(Stream::new(form(Some(last)), b"/F Do /F Do".to_vec()));
        }
        (Stream::new(dictionary! {}, b"/F Do".to_vec()), vec![("F", last)])
    });
    put("fan.pdf".into(), fan, PLAIN);
    let itself = paper(|doc| {
        let id = doc.new_object_id();
        let about = dictionary! {
            "Type" => "XObject", "Subtype" => "Form", "BBox" => square(),
            "Resources" => dictionary! { "XObject" => dictionary! { "F" => id } },
        };
        doc.objects.insert(id, Stream::new(about, b"/F Do /F Do".to_vec()).into());
        (Stream::new(dictionary! {}, b"/F Do".to_vec()), vec![("F", id)])
    });
    put("itself.pdf".into(), itself, PLAIN);
}

fn captures(put: &mut Put<'_>) {
    let part = r#"{"path":"archive/x.warc","hash":"sha256:00"}"#;
    let package = format!("{{\"resources\":[{}]}}", vec![part; 1_000].join(","));
    let often = Zip::default()
        .add(b"datapackage.json", package.as_bytes())
        .packed(b"archive/x.warc", &vec![0; 3 << 20])
        .done();
    put("often.wacz".into(), often, "重复列出");
    // What it says to be is small; what it is, is not.
    let lying = Zip::default()
        .add(b"datapackage.json", format!("{{\"resources\":[{part}]}}").as_bytes())
        .lying(b"archive/x.warc", &vec![0; 8 << 20])
        .done();
    put("smaller.wacz".into(), lying, "疑为压缩炸弹");
    let empty = "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: urn:view:https://hostile.example/\r\n\
        Content-Type: image/png\r\nContent-Length: 0\r\n\r\n\r\n\r\n";
    let shots = empty.repeat(5_000).into_bytes();
    let package = Zip::default().add(b"datapackage.json", b"{}").add(b"archive/x.warc", &shots).done();
    put("shots.wacz".into(), package, "只显示前 20 张");
    put("shots.warc".into(), shots, "只显示前 20 张");
}

fn letters(put: &mut Put<'_>) {
    let mut deep = String::from("From: a@b.example\n");
    for n in 0..1_000 {
        deep.push_str(&format!("Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n"));
    }
    put("deep.eml".into(), deep.into_bytes(), "a@b.example");
    let within = format!("From: a@b.example\n{}x", "Content-Type: message/rfc822\n\n".repeat(1_000));
    put("within.eml".into(), within.into_bytes(), "message/rfc822");
    let flood = format!("From: a@b.example\n{}\nx", "Received: x\n".repeat(30_000));
    put("flood.eml".into(), flood.into_bytes(), "a@b.example");
    for (n, payload) in PAYLOADS.into_iter().enumerate().take(5) {
        let page = format!("From: \"{payload}\" <a@b.example>\nContent-Type: text/html\n\n{payload}");
        put(format!("page-{n}.eml"), page.into_bytes(), "邮件自称");
    }
    let head = "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n";
    let name = format!("{head}Content-Disposition: attachment; filename=\"../../<script>.html\"\n\nx\n--b--");
    put("name.eml".into(), name.into_bytes(), "登记为证据");
    put("many.eml".into(), format!("{head}{}", "\nx\n--b\n".repeat(5_000)).into_bytes(), "a@b.example");
    put("none.eml".into(), b"<script>alert('hostile', 1)</script>".to_vec(), DAMAGED);
}

/// Attachments whose names would be lines of a head.
fn attached(put: &mut Put<'_>) {
    let name = "a\r\nSet-Cookie: x=1\u{202e}.html";
    let coded = data_encoding::BASE64.encode(name.as_bytes());
    let names = [
        "filename*=UTF-8''a%0D%0ASet-Cookie%3A%20x%3D1%E2%80%AE.html".to_owned(),
        format!("filename=\"=?utf-8?B?{coded}?=\""),
        "filename=\"=?utf-8?Q?a=0D=0ASet-Cookie=3A_x=3D1.html?=\"".to_owned(),
        "filename=\"a\\\"; filename*=UTF-8''b.html\"".to_owned(),
    ];
    for (n, name) in names.iter().enumerate() {
        let letter = format!(
            "From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\
             Content-Disposition: attachment; {name}\n\n{}{n}\n--b--\n",
            PAYLOADS[0]
        );
        put(format!("raw-{n}.eml"), letter.into_bytes(), "登记为证据");
    }
}
