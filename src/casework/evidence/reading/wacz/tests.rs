use std::io::{Cursor, Write};

use data_encoding::HEXLOWER;
use serde_json::json;
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

const WARC: &[u8] =
    b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: urn:view:https://shop.example/1\r\n\
    Content-Type: image/png\r\nContent-Length: 3\r\n\r\npng\r\n\r\n";
const PAGES: &[u8] =
    b"{\"format\":\"json-pages-1.0\"}\n{\"url\":\"https://shop.example/1\",\"title\":\"\xe5\xba\x97\",\
    \"ts\":\"2016-05-04T01:00:00Z\"}\n";

fn hash(bytes: &[u8]) -> String {
    format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(bytes)))
}

/// A capture whose list says this of its pages.
fn made(of_pages: &str) -> Vec<u8> {
    made_of(of_pages, WARC, 1)
}

/// Packs files as they are named.
fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let how = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, how).expect("an entry");
        zip.write_all(bytes).expect("bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

/// A capture of these records, which its list names so many times.
fn made_of(of_pages: &str, warc: &[u8], times: usize) -> Vec<u8> {
    let named = json!({ "path": "archive/data.warc", "hash": hash(warc), "bytes": warc.len() });
    let mut parts = vec![named; times];
    parts.push(json!({ "path": "pages/pages.jsonl", "hash": of_pages, "bytes": PAGES.len() }));
    parts.push(json!({ "path": "indexes/index.cdx", "hash": hash(b"") }));
    let package = json!({ "title": "某店", "resources": parts }).to_string();
    let digest = json!({ "path": PACKAGE, "hash": hash(package.as_bytes()) }).to_string();
    packed(&[
        ("archive/data.warc", warc),
        ("pages/pages.jsonl", PAGES),
        ("more.txt", b"x"),
        (PACKAGE, package.as_bytes()),
        ("datapackage-digest.json", digest.as_bytes()),
    ])
}

fn found(bytes: &[u8]) -> Wacz {
    let mut source = Cursor::new(bytes);
    let directory = Directory::read(&mut source).expect("a directory");
    assert!(is_one(&directory));
    read(&mut source, &directory).expect("a capture")
}

#[test]
fn what_is_in_order_and_what_is_not_is_told_by_name() {
    let whole = found(&made(&hash(PAGES)));
    assert_eq!((whole.title.as_str(), whole.agreeing, whole.records), ("某店", 3, 1));
    assert_eq!(whole.pages[0].title, "店");
    let missing = ("reading-fault-missing", "indexes/index.cdx".to_owned());
    let unnamed = ("reading-fault-unnamed", "more.txt".to_owned());
    assert_eq!(whole.faults, [missing.clone(), unnamed.clone()]);
    assert_eq!(whole.shots, [(0, 0, "urn:view:https://shop.example/1".to_owned())]);
    let wrong = found(&made(&hash(b"other")));
    assert_eq!(wrong.faults, [("reading-fault-differs", "pages/pages.jsonl".to_owned()), missing, unnamed]);
}

#[test]
fn a_picture_is_given_by_its_place() {
    let bytes = made("");
    let mut source = Cursor::new(&bytes);
    let directory = Directory::read(&mut source).expect("a directory");
    assert_eq!(picture(&mut source, &directory, 0, 0).expect("read").as_deref(), Some(b"png".as_slice()));
    assert_eq!(picture(&mut source, &directory, 1, 0).expect("read"), None);
}

#[test]
fn a_part_that_is_named_a_thousand_times_is_compared_once() {
    let found = found(&made_of(&hash(PAGES), WARC, 900));
    let twice = ("reading-fault-twice", "archive/data.warc".to_owned());
    assert_eq!(found.faults.iter().filter(|fault| **fault == twice).count(), 1);
    assert_eq!(found.agreeing, 3);
}

#[test]
fn a_part_that_lies_of_its_size_is_a_bomb() {
    let bytes = made_of("", &vec![0; 8 << 20], 1);
    let at = bytes.windows(4).position(|four| four == b"PK\x01\x02").expect("a directory");
    let mut lying = bytes;
    lying[at + 24..at + 28].copy_from_slice(&9_u32.to_le_bytes());
    let mut source = Cursor::new(&lying);
    let directory = Directory::read(&mut source).expect("it claims nothing");
    assert!(matches!(read(&mut source, &directory), Err(Unreadable::Bomb)));
}

#[test]
fn of_many_pictures_no_more_are_kept_than_are_shown() {
    let empty =
        b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: urn:view:x\r\nContent-Type: image/png\r\n\
        Content-Length: 0\r\n\r\n\r\n\r\n";
    let found = found(&made_of("", &empty.repeat(500), 1));
    assert_eq!((found.records, found.shots.len()), (500, MOST_SHOTS + 1));
}
