//! Reading an answer (`TimeStampResp`) and its token: CMS signed data over a `TSTInfo`.

use chrono::NaiveDateTime;
use data_encoding::HEXLOWER;
use der::{
    Decode, Encode, Reader, Sequence, SliceReader, Tag, Tagged,
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

/// The one hash that is asked for.
pub(super) const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

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
    if token.len() > LONGEST || !is_stamp(token).unwrap_or(false) {
        return Err(Bad::Unreadable);
    }
    let mut signed = CmsContentInfo::from_der(token).map_err(|_| Bad::Unreadable)?;
    let mut info = Vec::new();
    let options = CMSOptions::BINARY | CMSOptions::NO_SIGNER_CERT_VERIFY;
    signed.verify(None, None, None, Some(&mut info), options).map_err(|_| Bad::Signature)?;
    let mut stamp = read_info(&info).ok().flatten().ok_or(Bad::Unreadable)?;
    let signers = signers(token);
    // RFC 3161, 2.4.2: signed by nobody else. One that the certificates are not found for has no name here.
    if signers.len() > 1 {
        return Err(Bad::Signature);
    }
    stamp.signer = signers.first().map(name_of).unwrap_or_default();
    Ok(stamp)
}

/// Whether these bytes are signed data over a time stamp, to their last byte.
fn is_stamp(token: &[u8]) -> der::Result<bool> {
    AnyRef::from_der(token)?.sequence(|content| {
        let outer: ObjectIdentifier = content.decode()?;
        let explicit: AnyRef<'_> = content.decode()?;
        let inner = AnyRef::from_der(explicit.value())?.sequence(|signed| {
            // Version and hashes.
            signed.decode::<AnyRef<'_>>()?;
            signed.decode::<AnyRef<'_>>()?;
            let held: AnyRef<'_> = signed.decode()?;
            let inner = held.sequence(|held| {
                let inner: ObjectIdentifier = held.decode()?;
                rest(held)?;
                Ok(inner)
            })?;
            rest(signed)?;
            Ok(inner)
        })?;
        Ok(outer == SIGNED_DATA && inner == TST_INFO)
    })
}

/// `TSTInfo` (RFC 3161, 2.4.2), without its signer; `None`: over another hash, or at no moment.
fn read_info(info: &[u8]) -> der::Result<Option<Stamp>> {
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

/// The certificates that a token is signed by.
fn signers(token: &[u8]) -> Vec<X509> {
    let found = Pkcs7::from_der(token).and_then(|signed| {
        let others = Stack::<X509>::new()?;
        signed.signers(&others, Pkcs7Flags::empty())
    });
    found.map(|stack| stack.iter().map(ToOwned::to_owned).collect()).unwrap_or_default()
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
