//! A fault stands with the file that is at fault, and not with those that follow from it.

use std::io::Cursor;

use super::{
    tampering::{bytes_of, members, refitted, zipped},
    tests::{trusted, whole},
    *,
};
use crate::platform::i18n::Lang;

fn check(bytes: &[u8]) -> Report {
    verify(Cursor::new(bytes), &trusted(), &mut |_, _| {}).unwrap()
}

fn named(report: &Report) -> Vec<&str> {
    report.faults.iter().map(|fault| fault.file.as_str()).collect()
}

#[test]
fn bag_info_is_not_blamed_for_what_it_follows_from() {
    let all = members(&whole());
    // Longer by a byte: the sum of all lengths in `bag-info.txt` is another one, too.
    let mut longer = all.clone();
    let (path, bytes) = longer.iter_mut().find(|(path, _)| path.starts_with(names::EVIDENCE)).unwrap();
    bytes.push(b'x');
    let path = path.clone();
    let report = check(&zipped(&longer));
    assert_eq!(report.verdict, Verdict::Faulty);
    assert!(
        named(&report).contains(&path.as_str()) && !named(&report).contains(&bag::BAG_INFO),
        "{report:?}"
    );

    // Gone.
    let mut fewer = all.clone();
    fewer.retain(|(name, _)| *name != path);
    let report = check(&zipped(&fewer));
    assert_eq!(report.verdict, Verdict::Faulty);
    assert!(
        named(&report).contains(&path.as_str()) && !named(&report).contains(&bag::BAG_INFO),
        "{report:?}"
    );

    // The list of the other files has another hash for it.
    let mut listed = all.clone();
    let list = bytes_of(&mut listed, bag::TAG_MANIFEST);
    let text = String::from_utf8(list.clone()).unwrap();
    let lines = text.lines().map(|line| match line.split_once("  ") {
        Some((_, name)) if name == bag::BAG_INFO => format!("{}  {name}\n", "0".repeat(64)),
        _ => format!("{line}\n"),
    });
    *list = lines.collect::<String>().into_bytes();
    let report = check(&zipped(&listed));
    assert_eq!((report.verdict, named(&report)), (Verdict::Faulty, vec![bag::TAG_MANIFEST]));
}

#[test]
fn bag_info_is_blamed_for_what_is_its_own() {
    for fit in [false, true] {
        let mut changed = members(&whole());
        bytes_of(&mut changed, bag::BAG_INFO).extend(b"X: y\n");
        let changed = if fit { refitted(changed) } else { changed };
        let report = check(&zipped(&changed));
        assert_eq!(report.verdict, Verdict::Faulty);
        assert!(named(&report).contains(&bag::BAG_INFO), "{report:?}");
    }
}

/// What a library says of a text that it can't read is English: whoever reads Chinese is told in Chinese.
#[test]
fn what_can_not_be_read_is_told_in_the_readers_language() {
    let mut changed = members(&whole());
    *bytes_of(&mut changed, bag::SEAL) = b"{".to_vec();
    let report = check(&zipped(&changed));
    let fault = report.faults.iter().find(|fault| fault.code == Code::Json).unwrap();
    assert!(said::fault(fault, Lang::En).contains(&fault.found) && fault.found.contains("EOF"), "{fault:?}");
    let chinese = said::fault(fault, Lang::Zh);
    assert!(chinese.starts_with("seal.json：内容格式错误") && !chinese.contains("EOF"), "{chinese}");
}
