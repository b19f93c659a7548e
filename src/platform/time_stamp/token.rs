//! Reading an answer (`TimeStampResp`) and its token: CMS signed data over a `TSTInfo`.

use chrono::NaiveDateTime;
use data_encoding::HEXLOWER;
use der::{
    Decode, Encode, Reader, Sequence, SliceReader, Tag, TagNumber, Tagged,
    asn1::{AnyRef, IntRef, ObjectIdentifier, OctetStringRef},
};
use openssl::{
    cms::{CMSOptions, CmsContentInfo},
    nid::Nid,
    pkcs7::{Pkcs7, Pkcs7Flags},
    stack::Stack,
    x509::X509,
};
use spki::AlgorithmIdentifierRef;

use super::{Bad, LONGEST};
use crate::platform::db::Instant;

/// The signed attributes of a `SignerInfo`.
const ATTRIBUTES: Tag = Tag::ContextSpecific { constructed: true, number: TagNumber::N0 };
/// The one hash that is asked for.
pub(super) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// Hashes of which somebody can make two texts that have the same one (MD2, MD4, MD5, SHA-1): nothing is signed over them.
const BROKEN: [ObjectIdentifier; 4] = [
    ObjectIdentifier::new_unwrap("1.2.840.113549.2.2"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.2.4"),
    ObjectIdentifier::new_unwrap("1.2.840.113549.2.5"),
    ObjectIdentifier::new_unwrap("1.3.14.3.2.26"),
];

/// Longest serial number, in bytes: RFC 3161 has 20.
const LONGEST_SERIAL: usize = 32;

/// Longest name that is shown of an authority, in characters.
const LONGEST_NAME: usize = 200;

/// `MessageImprint` (RFC 3161, 2.4.1).
#[derive(Sequence)]
pub(super) struct Imprint<'a> {
    pub algorithm: AlgorithmIdentifierRef<'a>,
    pub hash: OctetStringRef<'a>,
}

/// `PKIStatusInfo`, as far as it is written.
#[derive(Sequence)]
struct Status {
    status: u8,
}

/// `TimeStampResp` (RFC 3161, 2.4.2) with a token.
#[derive(Sequence)]
struct Response<'a> {
    status: Status,
    token: AnyRef<'a>,
}

/// What a token says. Its signature holds; who signed is another question ([`Roots`](super::Roots)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// SHA-256 of what it is over.
    pub imprint: [u8; 32],
    pub time: Instant,
    /// Lower-case hex.
    pub serial: String,
    /// The authority's policy, an object identifier.
    pub policy: String,
    /// Empty: none.
    pub nonce: Vec<u8>,
    /// By whom it is signed, as the certificate in it says; may be empty.
    pub signer: String,
}

/// The token of an answer that grants one.
///
/// # Errors
/// `Unreadable`; `Refused`.
pub fn granted(answer: &[u8]) -> Result<&[u8], Bad> {
    if answer.len() > LONGEST {
        return Err(Bad::Unreadable);
    }
    let (status, token) = read_answer(answer).map_err(|_| Bad::Unreadable)?;
    match (status, token) {
        // Granted, or granted with modifications that are looked at below.
        (0 | 1, Some(token)) => Ok(token),
        (0 | 1, None) => Err(Bad::Unreadable),
        (status, _) => Err(Bad::Refused(status)),
    }
}

fn read_answer(answer: &[u8]) -> der::Result<(u8, Option<&[u8]>)> {
    AnyRef::from_der(answer)?.sequence(|reader| {
        let info: AnyRef<'_> = reader.decode()?;
        let status = info.sequence(|inside| {
            let status: u8 = inside.decode()?;
            rest(inside)?;
            Ok(status)
        })?;
        let token = if reader.is_finished() { None } else { Some(reader.tlv_bytes()?) };
        Ok((status, token))
    })
}

/// A token as an answer that grants it, in the one form that we write: what the usual tools read (`openssl ts -verify -in`).
///
/// # Errors
/// `Unreadable` for bytes that are no token.
pub fn response(token: &[u8]) -> Result<Vec<u8>, Bad> {
    let written =
        AnyRef::from_der(token).and_then(|token| Response { status: Status { status: 0 }, token }.to_der());
    written.map_err(|_| Bad::Unreadable)
}

/// Reads what is left.
fn rest<'a>(reader: &mut SliceReader<'a>) -> der::Result<()> {
    while !reader.is_finished() {
        reader.decode::<AnyRef<'a>>()?;
    }
    Ok(())
}

/// Reads a token whose signature holds, by the certificate that comes with it.
///
/// # Errors
/// `Unreadable`; `Signature`.
pub fn open(token: &[u8]) -> Result<Stamp, Bad> {
    if token.len() > LONGEST {
        return Err(Bad::Unreadable);
    }
    match outline(token) {
        Ok(Some(signers)) => are_sound(&signers)?,
        Ok(None) | Err(_) => return Err(Bad::Unreadable),
    }
    let mut signed = CmsContentInfo::from_der(token).map_err(|_| Bad::Unreadable)?;
    let mut info = Vec::new();
    let options = CMSOptions::BINARY | CMSOptions::NO_SIGNER_CERT_VERIFY;
    signed.verify(None, None, None, Some(&mut info), options).map_err(|_| Bad::Signature)?;
    let mut stamp = read_info(&info).ok().flatten().ok_or(Bad::Unreadable)?;
    stamp.signer = signer(token).as_ref().map(name_of).unwrap_or_default();
    Ok(stamp)
}

/// What is looked at of a `SignerInfo` (RFC 5652, 5.3) before its signature is.
struct Signer {
    digest: ObjectIdentifier,
    /// Whether it signs attributes, among which the certificate is named.
    has_attributes: bool,
}

/// RFC 3161, 2.4.2: signed by one and nobody else, over attributes that name the certificate. Without any OpenSSL would not
/// look for the name.
fn are_sound(signers: &[Signer]) -> Result<(), Bad> {
    match signers {
        [one] if one.has_attributes && !BROKEN.contains(&one.digest) => Ok(()),
        _ => Err(Bad::Signature),
    }
}

/// Who signed these bytes; `None` where they are not signed data over a time stamp, to their last byte.
fn outline(token: &[u8]) -> der::Result<Option<Vec<Signer>>> {
    AnyRef::from_der(token)?.sequence(|content| {
        let outer: ObjectIdentifier = content.decode()?;
        let explicit: AnyRef<'_> = content.decode()?;
        let (inner, signers) = AnyRef::from_der(explicit.value())?.sequence(|signed| {
            // Version and hashes.
            signed.decode::<AnyRef<'_>>()?;
            signed.decode::<AnyRef<'_>>()?;
            let held: AnyRef<'_> = signed.decode()?;
            let inner = held.sequence(|held| {
                let inner: ObjectIdentifier = held.decode()?;
                rest(held)?;
                Ok(inner)
            })?;
            // Certificates and lists of those that were called back, each told by its tag.
            let mut signers = Vec::new();
            while !signed.is_finished() {
                let more: AnyRef<'_> = signed.decode()?;
                if more.tag() == Tag::Set {
                    signers.extend(all_signers(more.value())?);
                }
            }
            Ok((inner, signers))
        })?;
        Ok((outer == SIGNED_DATA && inner == TST_INFO).then_some(signers))
    })
}

fn all_signers(set: &[u8]) -> der::Result<Vec<Signer>> {
    let mut reader = SliceReader::new(set)?;
    let mut signers = Vec::new();
    while !reader.is_finished() {
        let one: AnyRef<'_> = reader.decode()?;
        signers.push(one.sequence(|info| {
            // Version, and how the certificate is told.
            info.decode::<AnyRef<'_>>()?;
            info.decode::<AnyRef<'_>>()?;
            let digest: AlgorithmIdentifierRef<'_> = info.decode()?;
            let next: AnyRef<'_> = info.decode()?;
            rest(info)?;
            Ok(Signer { digest: digest.oid, has_attributes: next.tag() == ATTRIBUTES })
        })?);
    }
    Ok(signers)
}

/// `TSTInfo` (RFC 3161, 2.4.2), without its signer; `None`: over another hash, at no moment, or with a serial number without
/// end. The policy has an end by itself: `der` reads no longer object identifier than one of 39 bytes.
pub(super) fn read_info(info: &[u8]) -> der::Result<Option<Stamp>> {
    AnyRef::from_der(info)?.sequence(|reader| {
        let version: u8 = reader.decode()?;
        let policy: ObjectIdentifier = reader.decode()?;
        let imprint: Imprint<'_> = reader.decode()?;
        let serial: IntRef<'_> = reader.decode()?;
        let time: AnyRef<'_> = reader.decode()?;
        let mut nonce = Vec::new();
        // Accuracy, ordering, nonce, the authority's name and extensions, each told by its tag.
        while !reader.is_finished() {
            let more: AnyRef<'_> = reader.decode()?;
            if more.tag() == Tag::Integer {
                nonce = more.decode_as::<IntRef<'_>>()?.as_bytes().to_vec();
            }
        }
        let hash: Option<[u8; 32]> = imprint.hash.as_bytes().try_into().ok();
        let moment = (time.tag() == Tag::GeneralizedTime).then(|| moment(time.value())).flatten();
        let (Some(imprint), Some(time), true, 1) = (hash, moment, imprint.algorithm.oid == SHA_256, version)
        else {
            return Ok(None);
        };
        if serial.as_bytes().len() > LONGEST_SERIAL {
            return Ok(None);
        }
        let serial = number(serial.as_bytes());
        Ok(Some(Stamp { imprint, time, serial, policy: policy.to_string(), nonce, signer: String::new() }))
    })
}

/// A positive number as hex, without the zero that makes it one.
fn number(bytes: &[u8]) -> String {
    match bytes {
        [0, rest @ ..] if !rest.is_empty() => HEXLOWER.encode(rest),
        bytes => HEXLOWER.encode(bytes),
    }
}

/// A `GeneralizedTime` in UTC, which may have fractions of a second (RFC 3161, 2.4.2).
pub(super) fn moment(text: &[u8]) -> Option<Instant> {
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.len() != 14 || fraction.len() > 9 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let at = NaiveDateTime::parse_from_str(whole, "%Y%m%d%H%M%S").ok()?.and_utc();
    let micros: i64 = format!("{fraction:0<6}")[..6].parse().ok()?;
    Some(Instant::from_micros(at.timestamp_micros() + micros))
}

/// The certificate that a token is signed by; `None` where it is told in a way that PKCS #7 has not: then it has no name here.
fn signer(token: &[u8]) -> Option<X509> {
    let found = Pkcs7::from_der(token).and_then(|signed| {
        let others = Stack::<X509>::new()?;
        signed.signers(&others, Pkcs7Flags::empty())
    });
    found.ok()?.iter().next().map(ToOwned::to_owned)
}

/// What a certificate calls its holder.
fn name_of(certificate: &X509) -> String {
    let text = |nid: Nid| {
        let entry = certificate.subject_name().entries_by_nid(nid).next()?;
        entry.data().to_string().ok()
    };
    let name = text(Nid::COMMONNAME).or_else(|| text(Nid::ORGANIZATIONNAME)).unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}
