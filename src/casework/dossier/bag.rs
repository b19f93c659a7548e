//! The bag's own files (BagIt 1.0, RFC 8493). Each is derived from what is signed or hashed elsewhere, so that a
//! checker can make it again and compare every byte.

use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use super::{facts::LeadFacts, layout::Digests, seal::Seal};
use crate::platform::time_stamp;

/// The tag files. `tagmanifest-sha256.txt` covers all of them but itself.
pub const BAGIT: &str = "bagit.txt";
pub const BAG_INFO: &str = "bag-info.txt";
pub const MANIFEST: &str = "manifest-sha256.txt";
pub const PUBLIC_KEY: &str = "public-key.txt";
pub const KEYS: &str = "keys.json";
pub const SEAL: &str = "seal.json";
pub const SEAL_SIGNATURE: &str = "seal.sig";
pub const APPROVAL: &str = "approval.json";
pub const AUDIT_PROOF: &str = "audit-proof.json";
pub const TAG_MANIFEST: &str = "tagmanifest-sha256.txt";

/// The payload beside the evidence.
pub const LEAD: &str = "data/lead.json";
pub const LETTER: &str = "data/letter.pdf";
pub const DOSSIER: &str = "data/dossier.pdf";
pub const EVIDENCE_LIST: &str = "data/evidence-list.csv";
pub const CASE: &str = "data/case.jsonld";
/// The rows behind the sums of sales records: only a package whose facts name it has it.
pub const SALES_ROWS: &str = "data/sales-rows.csv";

/// The folder of the time stamps: tag files that a package may have beside the others.
pub const STAMPS: &str = "timestamps/";

/// The tag files that every package has, in the order of the archive; for the others see [`Beside`].
pub const TAG_FILES: [&str; 8] =
    [BAGIT, BAG_INFO, MANIFEST, PUBLIC_KEY, SEAL, SEAL_SIGNATURE, AUDIT_PROOF, TAG_MANIFEST];

/// The payload files that are not evidence and that every package has, in the order of the archive; behind them stands
/// [`SALES_ROWS`], where there is one.
pub const PAPERS: [&str; 5] = [LEAD, LETTER, DOSSIER, EVIDENCE_LIST, CASE];

/// `bagit.txt`
pub const DECLARATION: &str = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/// Which tag files a package has beside [`TAG_FILES`], as its seal tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// [`KEYS`], behind [`PUBLIC_KEY`]: the seal names its key.
    pub keys: bool,
    /// [`APPROVAL`], behind [`SEAL_SIGNATURE`]: a passkey signed the approval.
    pub approval: bool,
}

impl Beside {
    /// All that there may be.
    pub const ALL: Self = Self { keys: true, approval: true };

    fn behind(self, path: &str) -> Option<&'static str> {
        match path {
            PUBLIC_KEY => self.keys.then_some(KEYS),
            SEAL_SIGNATURE => self.approval.then_some(APPROVAL),
            _ => None,
        }
    }
}

/// The tag files of a package, in the order of the archive.
pub fn tag_files(beside: Beside) -> impl Iterator<Item = &'static str> {
    TAG_FILES.into_iter().flat_map(move |path| [Some(path), beside.behind(path)]).flatten()
}

/// The order of the files in the archive: tag files, time stamps as [`stamps`] gives them, papers, evidence by number.
pub fn order(facts: &LeadFacts, beside: Beside, stamps: impl IntoIterator<Item = String>) -> Vec<String> {
    let tags = tag_files(beside).map(str::to_owned).chain(stamps);
    let papers = PAPERS.into_iter().chain(sales_rows(facts)).map(str::to_owned);
    tags.chain(papers).chain(facts.items.iter().map(|item| item.path.clone())).collect()
}

fn sales_rows(facts: &LeadFacts) -> Option<&'static str> {
    facts.sales.as_ref()?.rows_file.as_ref().map(|_| SALES_ROWS)
}

/// Whether a payload file is a paper, and no evidence.
pub fn is_paper(path: &str) -> bool {
    path == SALES_ROWS || PAPERS.contains(&path)
}

/// Path of the stamp number `n`, from 1, over the seal.
pub fn seal_stamp(n: usize) -> String {
    format!("{STAMPS}seal-{n}.tsr")
}

/// Path of the stamp number `n`, from 1, over the item with a number.
pub fn item_stamp(number: u32, n: usize) -> String {
    format!("{STAMPS}item-{number:03}-{n}.tsr")
}

/// The time stamps of a package in the order of the archive, those of the seal first, each with the item's place among the
/// facts' items: those that `is_there` says are there, counted from 1 without a gap.
pub fn stamps(facts: &LeadFacts, is_there: impl Fn(&str) -> bool) -> Vec<(String, Option<usize>)> {
    let counted = |path: &dyn Fn(usize) -> String| -> Vec<String> {
        (1..=time_stamp::MOST).map(path).take_while(|path| is_there(path)).collect()
    };
    let mut found: Vec<_> = counted(&seal_stamp).into_iter().map(|path| (path, None)).collect();
    for (place, item) in facts.items.iter().enumerate() {
        let of_item = counted(&|n| item_stamp(item.number, n));
        found.extend(of_item.into_iter().map(|path| (path, Some(place))));
    }
    found
}

/// The files that every package of a kind has.
pub fn fixed(beside: Beside) -> impl Iterator<Item = String> {
    tag_files(beside).chain(PAPERS).map(str::to_owned)
}

/// A manifest: one line a file, in the order of the paths' bytes. Paths hold no line ends and no percent signs
/// ([`super::names`]), so nothing needs escaping.
pub fn manifest<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut lines: Vec<(&str, &str)> = files.into_iter().collect();
    lines.sort_unstable_by_key(|(path, _)| path.as_bytes());
    lines.into_iter().map(|(path, sha256)| format!("{sha256}  {path}\n")).collect()
}

/// `bag-info.txt`. `payload`: bytes and number of the files under `data/`.
pub fn info(facts: &LeadFacts, seal: &Seal, payload: (u64, usize)) -> String {
    let zone: Tz = facts.time_zone.parse().unwrap_or(Tz::UTC);
    let day = seal.sealed_at.utc().with_timezone(&zone).date_naive();
    let lines = [
        ("Source-Organization", facts.sender.organisation.as_str()),
        ("External-Identifier", facts.folder.as_str()),
        ("External-Description", facts.title.as_str()),
        ("Bagging-Date", &day.to_string()),
        ("Payload-Oxum", &format!("{}.{}", payload.0, payload.1)),
        ("Bag-Software-Agent", "Lead Handoff"),
        ("Lead-Handoff-Manifest-SHA256", &seal.manifest_sha256),
        ("Lead-Handoff-Content-SHA256", &seal.content_sha256),
        ("Lead-Handoff-Synthetic", if facts.synthetic { "true" } else { "false" }),
    ];
    lines.iter().map(|(label, value)| format!("{label}: {}\n", one_line(value))).collect()
}

/// `public-key.txt`, from verifier keys (`name+id+base64`).
pub fn public_keys<S: AsRef<str>>(keys: &[S]) -> String {
    let head = "# 仅供识别。真伪须以另行取得的公钥核验。\n\
                # For identification only: check against a key that you had from elsewhere.\n";
    keys.iter().fold(head.to_owned(), |text, key| text + key.as_ref() + "\n")
}

/// Lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(bytes))
}

/// Bytes and number of the payload files.
pub fn oxum<'a>(payload: impl IntoIterator<Item = &'a Digests>) -> (u64, usize) {
    payload.into_iter().fold((0, 0), |(bytes, count), file| (bytes.saturating_add(file.size), count + 1))
}

/// A value may not break its line.
fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn manifests_are_sorted_by_bytes() {
        let text = manifest([("data/b", "2"), ("data/a", "1"), ("data/B", "0")]);
        assert_eq!(text, "0  data/B\n1  data/a\n2  data/b\n");
    }

    #[test]
    fn a_title_cannot_add_lines() {
        assert_eq!(one_line("a\r\nPayload-Oxum: 0.0\u{85}b\u{2028} c"), "a Payload-Oxum: 0.0 b c");
    }
}
