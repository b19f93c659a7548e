//! The sealed package in its steps: *derive* the machine's files from the facts, *freeze* the payload and get the
//! manifest hash, *seal* after approval, *pack* once the audit proof is there. Values and readers in, bytes out.
//!
//! Freezing needs only the hashes of the evidence, which are known since it was taken in. Packing reads every file
//! twice: once to lay the archive out, as check sums stand in front of the bytes, once to write it (see
//! [`super::layout`]). Its hash is compared as it is written, and so is the check sum: an archive with a file that differs
//! is never finished. Small files are read once, several at a time, compared, and kept in between. SM3 of a file is that of
//! its registering, bound to the same bytes by SHA-256. The same values give the same bytes.

use std::{
    collections::HashMap,
    io::{self, Read, Write},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    audit_proof::AuditProof,
    bag, coherence, evidence_list,
    facts::LeadFacts,
    layout::{Layout, LayoutWriter, Piece, check_sum},
    ontology,
    seal::Seal,
    small_files::read_small,
    succession::Chain,
};
use crate::platform::error::{AppError, Result};

/// The most items (shown and withheld) of one dossier.
pub const MOST_ITEMS: usize = 10_000;

/// The most withheld items: the seal names them all, and a signed note has a bound (1 MB).
pub const MOST_WITHHELD: usize = 2_000;

/// A file of so many bytes is kept from the one reading to the other, as long as there is room: to open one in the store
/// means to unwrap a key and to open a header, however few bytes there are.
const SMALL: u64 = 16 * 1024;
/// Bytes kept at most.
const ROOM: u64 = 32 << 20;
/// Bytes of a larger file that are read at once.
const PIECE: usize = 256 * 1024;

/// The files that follow from the facts alone.
#[derive(Clone, Debug)]
pub struct Derived {
    /// `data/lead.json`
    pub lead_json: Vec<u8>,
    /// `data/evidence-list.csv`
    pub evidence_list: Vec<u8>,
    /// `data/case.jsonld`
    pub case_jsonld: Vec<u8>,
    /// SHA-256 of `data/lead.json`, which the PDFs carry on every page.
    pub content_sha256: String,
}

/// Derives the machine's files; the PDFs are drawn next, with the content hash.
///
/// # Errors
/// Internal, when the facts contradict each other.
pub fn derive(facts: &LeadFacts) -> Result<Derived> {
    coherence::check(facts).map_err(AppError::internal)?;
    let lead_json = facts.to_bytes()?;
    Ok(Derived {
        content_sha256: bag::sha256_hex(&lead_json),
        lead_json,
        evidence_list: evidence_list::to_csv(facts)?,
        case_jsonld: ontology::to_jsonld(facts)?,
    })
}

/// A file under `data/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayloadFile {
    /// Path in the package, from `data/` on.
    pub path: String,
    pub size: u64,
    /// Lower-case hex.
    pub sha256: String,
}

/// The frozen payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frozen {
    /// In the order of the archive.
    pub files: Vec<PayloadFile>,
    /// The text of `manifest-sha256.txt`.
    pub manifest: String,
    /// SHA-256 of it: the dossier's identity.
    pub manifest_sha256: String,
    pub content_sha256: String,
}

/// Freezes the payload. No evidence is read. `rows`: [`bag::SALES_ROWS`], where the facts name it.
pub fn freeze(
    facts: &LeadFacts,
    derived: &Derived,
    letter_pdf: &[u8],
    dossier_pdf: &[u8],
    rows: Option<PayloadFile>,
) -> Frozen {
    let paper = |path: &str, bytes: &[u8]| PayloadFile {
        path: path.to_owned(),
        size: bytes.len() as u64,
        sha256: bag::sha256_hex(bytes),
    };
    let mut files = vec![
        paper(bag::LEAD, &derived.lead_json),
        paper(bag::LETTER, letter_pdf),
        paper(bag::DOSSIER, dossier_pdf),
        paper(bag::EVIDENCE_LIST, &derived.evidence_list),
        paper(bag::CASE, &derived.case_jsonld),
    ];
    files.extend(rows);
    files.extend(facts.items.iter().map(|item| PayloadFile {
        path: item.path.clone(),
        size: item.size,
        sha256: item.sha256.clone(),
    }));
    let manifest = bag::manifest(files.iter().map(|file| (file.path.as_str(), file.sha256.as_str())));
    Frozen {
        manifest_sha256: bag::sha256_hex(manifest.as_bytes()),
        content_sha256: derived.content_sha256.clone(),
        manifest,
        files,
    }
}

/// Everything that a package is made of, but for the bytes of the payload.
pub struct Parts<'a> {
    pub facts: &'a LeadFacts,
    pub files: &'a [PayloadFile],
    pub seal: &'a Seal,
    /// What [`super::seal::sign`] gave over [`Seal::to_text`].
    pub seal_sig: &'a str,
    pub proof: &'a AuditProof,
    /// Verifier keys (`name+id+base64`) that signed the seal and the head, each once.
    pub public_keys: &'a [String],
    /// How these came to be ours; left out of a package whose seal is of the first form.
    pub keys: &'a Chain,
    /// The text of `approval.json`, where the seal names one.
    pub approval: Option<&'a str>,
    /// The time stamps that are at hand, by their paths as [`bag::stamps`] knows them.
    pub stamps: &'a HashMap<String, PayloadFile>,
}

/// Opens a payload file or a time stamp by its path in the package (`data/letter.pdf`, `data/evidence/001-….jpg`); asked by
/// several threads at a time.
pub type Open<'a> = dyn Fn(&str) -> io::Result<Box<dyn Read + 'a>> + Sync + 'a;

/// A package that is laid out, ready to be written.
pub struct Package {
    folder: String,
    layout: Layout,
    /// What is written from memory, by path: the tag files, and small files that were read and compared.
    held: HashMap<String, Vec<u8>>,
    /// The files in order: path, and what is known of it where it is opened anew: a payload file or a time stamp.
    order: Vec<(String, Option<PayloadFile>)>,
}

impl Package {
    /// Lays the package out: reads every payload file once and compares its size, of small ones the hash too.
    ///
    /// # Errors
    /// Those of `open` and of reading; `InvalidData` when a file is not what was frozen.
    pub fn lay_out(parts: &Parts<'_>, open: &Open<'_>) -> Result<Self> {
        let mut held = tag_files(parts)?;
        let files = in_order(parts, &held)?;
        let mut room = ROOM;
        let is_kept = |file: &&PayloadFile| {
            let keeps = file.size <= SMALL.min(room);
            room -= if keeps { file.size } else { 0 };
            keeps
        };
        let small: Vec<&PayloadFile> = files.iter().filter_map(|(_, file)| *file).filter(is_kept).collect();
        held.extend(read_small(&small, open)?);
        let mut writer = LayoutWriter::default();
        let mut order = Vec::with_capacity(files.len());
        for (path, file) in files {
            let name = format!("{}/{path}", parts.facts.folder);
            if let Some(bytes) = held.get(path.as_str()) {
                writer.file(&name, bytes.len() as u64, &mut bytes.as_slice())?;
                order.push((path, None));
                continue;
            }
            let file = file.ok_or_else(|| changed(&path))?;
            if writer.file(&name, file.size, &mut open(&path)?)? != file.size {
                return Err(changed(&path).into());
            }
            order.push((path, Some(file.clone())));
        }
        Ok(Self { folder: parts.facts.folder.clone(), layout: writer.finish()?, held, order })
    }

    /// Bytes of the archive.
    pub fn size(&self) -> u64 {
        self.layout.size()
    }

    /// The name to save it under.
    pub fn file_name(&self) -> String {
        format!("{}.zip", self.folder)
    }

    /// Writes the archive; reads every payload file once more that is not small, and compares size, hash and check sum.
    ///
    /// # Errors
    /// Those of `open`, reading and writing; `InvalidData` when a file is not what was frozen, or has changed since it was laid
    /// out. What was written by then is no package.
    pub fn write(&self, open: &Open<'_>, out: &mut dyn Write) -> Result<()> {
        let mut files = self.order.iter();
        let (mut buffer, mut crc32) = (Vec::new(), 0);
        for piece in &self.layout.pieces {
            match piece {
                Piece::Frame(bytes) => {
                    // As the header of the file that follows has it.
                    crc32 = check_sum(bytes);
                    out.write_all(bytes)?;
                }
                Piece::Content(_) => {
                    let (path, file) = files.next().ok_or_else(|| changed("archive"))?;
                    match file {
                        Some(file) => {
                            buffer.resize(PIECE, 0);
                            copy((file, crc32), &mut *open(path)?, out, &mut buffer)?;
                        }
                        None => out.write_all(self.held.get(path.as_str()).map_or(&[], Vec::as_slice))?,
                    }
                }
            }
        }
        out.flush()?;
        Ok(())
    }
}

/// The files of a package in the order of the archive; none of those in `held` has anything to be opened.
fn in_order<'a>(
    parts: &Parts<'a>,
    held: &HashMap<String, Vec<u8>>,
) -> Result<Vec<(String, Option<&'a PayloadFile>)>> {
    let mut payload: HashMap<&str, &PayloadFile> =
        parts.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let stamps = bag::stamps(parts.facts, |path| parts.stamps.contains_key(path));
    let paths = bag::order(parts.facts, parts.seal.beside(), stamps.into_iter().map(|(path, _)| path));
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        if held.contains_key(path.as_str()) {
            files.push((path, None));
            continue;
        }
        let file = payload.remove(path.as_str()).or_else(|| parts.stamps.get(path.as_str()));
        let file = file.ok_or_else(|| changed(&path))?;
        files.push((path, Some(file)));
    }
    match payload.into_keys().next() {
        Some(path) => Err(changed(path).into()),
        None => Ok(files),
    }
}

pub(super) fn changed(path: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{path} is not what was frozen"))
}

/// Writes the content of a file and compares it on the way, also with the check sum of its header.
fn copy(
    (file, crc32): (&PayloadFile, u32),
    content: &mut dyn Read,
    out: &mut dyn Write,
    buffer: &mut [u8],
) -> io::Result<()> {
    let (mut size, mut sha256, mut sum) = (0, Sha256::new(), crc32fast::Hasher::new());
    loop {
        let piece = match content.read(buffer) {
            Ok(0) => break,
            Ok(read) => &buffer[..read],
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        size += piece.len() as u64;
        if size > file.size {
            return Err(changed(&file.path));
        }
        sha256.update(piece);
        sum.update(piece);
        out.write_all(piece)?;
    }
    let is_same = size == file.size
        && sum.finalize() == crc32
        && data_encoding::HEXLOWER.encode(&sha256.finalize()) == file.sha256;
    if is_same { Ok(()) } else { Err(changed(&file.path)) }
}

fn tag_files(parts: &Parts<'_>) -> Result<HashMap<String, Vec<u8>>> {
    let manifest = bag::manifest(parts.files.iter().map(|f| (f.path.as_str(), f.sha256.as_str())));
    if bag::sha256_hex(manifest.as_bytes()) != parts.seal.manifest_sha256 {
        return Err(changed(bag::MANIFEST).into());
    }
    let bytes = parts.files.iter().map(|file| file.size).sum();
    let info = bag::info(parts.facts, parts.seal, (bytes, parts.files.len()));
    let fixed = [
        (bag::BAGIT, bag::DECLARATION.as_bytes().to_vec()),
        (bag::BAG_INFO, info.into_bytes()),
        (bag::MANIFEST, manifest.into_bytes()),
        (bag::PUBLIC_KEY, bag::public_keys(parts.public_keys).into_bytes()),
        (bag::SEAL, parts.seal.to_text()?.into_bytes()),
        (bag::SEAL_SIGNATURE, parts.seal_sig.as_bytes().to_vec()),
        (bag::AUDIT_PROOF, parts.proof.to_text()?.into_bytes()),
    ];
    let mut tags: HashMap<String, Vec<u8>> =
        fixed.map(|(path, bytes)| (path.to_owned(), bytes)).into_iter().collect();
    if parts.seal.beside().keys {
        tags.insert(bag::KEYS.to_owned(), parts.keys.file().to_text()?.into_bytes());
    }
    if let Some(named) = &parts.seal.approval.signed_sha256 {
        let signed = parts.approval.map(str::as_bytes).filter(|bytes| bag::sha256_hex(bytes) == *named);
        let signed = signed.ok_or_else(|| changed(bag::APPROVAL))?;
        tags.insert(bag::APPROVAL.to_owned(), signed.to_vec());
    }
    let hashes: Vec<(&str, String)> =
        tags.iter().map(|(path, bytes)| (path.as_str(), bag::sha256_hex(bytes))).collect();
    let stamps = parts.stamps.values().map(|file| (file.path.as_str(), file.sha256.as_str()));
    let all = bag::manifest(hashes.iter().map(|(path, hash)| (*path, hash.as_str())).chain(stamps));
    tags.insert(bag::TAG_MANIFEST.to_owned(), all.into_bytes());
    Ok(tags)
}
