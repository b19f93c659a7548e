//! The time stamps of a package: each token is whole, over the file that its name says, and by an authority that leads to one
//! of the roots that the caller trusts.

use std::{
    collections::BTreeMap,
    io::{Read, Seek},
};

use serde::Serialize;

use super::{Code, Faults, archive::Opened};
use crate::{
    casework::dossier::{bag, facts::LeadFacts, layout::Digests},
    platform::time_stamp::{self, LONGEST, Roots},
};

/// A stamp whose signature holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stamp {
    /// Its path in the package.
    pub file: String,
    /// Path of the file that it is over.
    pub over: String,
    /// What the authority says that it was; RFC 3339.
    pub time: String,
    /// By whom it is signed, as the certificate in it says.
    pub authority: String,
    /// Lower-case hex.
    pub serial: String,
    /// Whether the certificate leads to one of the roots that the caller trusts.
    pub trusted: bool,
}

/// How many stamps are listed with what they say.
const LISTED: usize = 1_000;

/// The stamps of a package whose signatures hold.
#[derive(Default)]
pub struct Found {
    /// The first of them.
    pub listed: Vec<Stamp>,
    /// Those beyond.
    pub more: usize,
    imprints: Vec<Imprint>,
}

/// What a stamp is over, of all of them.
struct Imprint {
    file: String,
    over: String,
    sha256: [u8; 32],
}

/// Reads the stamps of a package. Of the tokens nothing is kept: there may be many.
pub fn read<R: Read + Seek>(
    archive: &mut Opened<R>,
    facts: &LeadFacts,
    paths: &[(String, Option<usize>)],
    roots: Option<&Roots>,
    faults: &mut Faults,
) -> Found {
    let mut found = Found::default();
    for (path, item) in paths {
        let over = item.and_then(|place| facts.items.get(place)).map_or(bag::SEAL, |item| item.path.as_str());
        let Some(bytes) = archive.within(path, LONGEST as u64, faults) else { continue };
        let Some((stamp, trusted)) = one(path, &bytes, roots, faults) else { continue };
        let (file, over) = (path.clone(), over.to_owned());
        if found.listed.len() < LISTED {
            found.listed.push(Stamp {
                file: file.clone(),
                over: over.clone(),
                time: stamp.time.to_string(),
                authority: stamp.signer,
                serial: stamp.serial,
                trusted,
            });
        } else {
            found.more += 1;
        }
        found.imprints.push(Imprint { file, over, sha256: stamp.imprint });
    }
    found
}

/// What a token says, and whether it leads to one of the roots.
fn one(
    path: &str,
    bytes: &[u8],
    roots: Option<&Roots>,
    faults: &mut Faults,
) -> Option<(time_stamp::Stamp, bool)> {
    let token = match time_stamp::granted(bytes) {
        // Whatever stands round the token is not signed: there is one form of it.
        Ok(token) if time_stamp::response(token).is_ok_and(|written| written == bytes) => token,
        _ => {
            faults.add(Code::StampForm, path, "", "");
            return None;
        }
    };
    let stamp = match time_stamp::open(token) {
        Ok(stamp) => stamp,
        Err(why) => {
            faults.add(Code::StampSignature, path, "", why);
            return None;
        }
    };
    let trusted = roots.is_some_and(|roots| roots.trust(token, &stamp).is_ok());
    if roots.is_some() && !trusted {
        faults.add(Code::StampAuthority, path, "", &stamp.signer);
    }
    Some((stamp, trusted))
}

/// Holds the stamps against the files that they are over.
pub fn over(found: &Found, digests: &BTreeMap<String, Digests>, faults: &mut Faults) {
    for stamp in &found.imprints {
        let Some(file) = digests.get(&stamp.over) else { continue };
        let stamped = data_encoding::HEXLOWER.encode(&stamp.sha256);
        if file.sha256 != stamped {
            faults.add(Code::StampImprint, &stamp.file, &stamped, &file.sha256);
        }
    }
}
