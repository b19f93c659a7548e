use data_encoding::{BASE64, HEXLOWER};

use super::{
    token::{SHA_256, moment, read_info},
    *,
};
use crate::platform::db::Instant;

/// An answer of `openssl ts` over "hello\n", and the root that its certificate leads to; both made for this test.
const ANSWER: &str = "\
    MIIDlDADAgEAMIIDiwYJKoZIhvcNAQcCoIIDfDCCA3gCAQMxDzANBglghkgBZQMEAgEFADB2BgsqhkiG9w0BCRABBKBnBGUwYwIB\
    AQYEKgMEATAxMA0GCWCGSAFlAwQCAQUABCBYkbW1ItXfCG0P8LEQ+9nSG7T8cWOvNNCChqLoRva+AwIBARgTMjAyNjEyMDIwMDU3\
    MTYuMjE5WjADAgEBAggW9uWhkrr3aKCCAaMwggGfMIIBRKADAgECAhQ0wLH+UV3qr5DRuv/wFQzkAJZBGDAKBggqhkjOPQQDAjAU\
    MRIwEAYDVQQDDAlUZXN0IFJvb3QwHhcNMjYxMjAyMDA1NzE2WhcNMjcwMTAxMDA1NzE2WjATMREwDwYDVQQDDAhUZXN0IFRTQTBZ\
    MBMGByqGSM49AgEGCCqGSM49AwEHA0IABDmS5ue8LpD7ik/0M1VBdUcirAncA3w1CqhyObRwrMi9X7jo6+ZYyxx6ngIpwhK8wF8f\
    v0ti53ePTh/IKlS2RdajdTBzMAkGA1UdEwQCMAAwDgYDVR0PAQH/BAQDAgeAMBYGA1UdJQEB/wQMMAoGCCsGAQUFBwMIMB0GA1Ud\
    DgQWBBTaIYpYaKRZTofWB07z2Ole27CLpTAfBgNVHSMEGDAWgBT5VqyGrHrTCcub0h/MhpUQLnk8fjAKBggqhkjOPQQDAgNJADBG\
    AiEAiFL6EIvI54Pc1NGX/nb/fxSB55YZ6Qa1FTMODjk9YHUCIQDLjdjZamOyOZP5nB7CP5W6E2tIxKQ3M4GDVW+dbec50zGCAUEw\
    ggE9AgEBMCwwFDESMBAGA1UEAwwJVGVzdCBSb290AhQ0wLH+UV3qr5DRuv/wFQzkAJZBGDANBglghkgBZQMEAgEFAKCBpDAaBgkq\
    hkiG9w0BCQMxDQYLKoZIhvcNAQkQAQQwHAYJKoZIhvcNAQkFMQ8XDTI2MTIwMjAwNTcxNlowLwYJKoZIhvcNAQkEMSIEIBNkfFrm\
    VGtcJpKZQeOnKJ/ZoB9yKZzKp2AfVwkkqN2/MDcGCyqGSIb3DQEJEAIvMSgwJjAkMCIEIJm4B1ZojNI9w5ZCsVvf/migsPcBNWZ4\
    zEqK+vW50NEAMAoGCCqGSM49BAMCBEgwRgIhAJpSu43JYurEgLZoMEJ0RxI9o+2zLl+FthjFwzY8UAyZAiEAv6pAmzEHrQp2Ydpa\
    o6dVnwdAKxCYnZCH2a4se9jG8qQ=\
";
const ROOT: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBbDCCARKgAwIBAgIUbKk+BJPc0u9AuTLRebpzoMzoNQEwCgYIKoZIzj0EAwIw\n\
FDESMBAGA1UEAwwJVGVzdCBSb290MB4XDTI2MTIwMjAwNTcxNloXDTI3MDEwMTAw\n\
NTcxNlowFDESMBAGA1UEAwwJVGVzdCBSb290MFkwEwYHKoZIzj0CAQYIKoZIzj0D\n\
AQcDQgAEJ1JbtxO1ogiOJiCqDIx2Fwn5VDp3vbqExoU/Ct1aUJx0gC1lXLU2bkdm\n\
row/TnP28+QjkJt3GrH6qT/+qs0EpaNCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNV\n\
HQ8BAf8EBAMCAgQwHQYDVR0OBBYEFPlWrIasetMJy5vSH8yGlRAueTx+MAoGCCqG\n\
SM49BAMCA0gAMEUCIQCCrV/TYNA6z9kW27FZtzGgj90DrFN579Jz/CdlEKHG9wIg\n\
Rphf2uiLQKAgCFaenC60UuOAIG2dkr4SRxuVqYK8uGM=\n\
-----END CERTIFICATE-----\n\
";
/// A root that it does not lead to.
const OTHER_ROOT: &str = "\
-----BEGIN CERTIFICATE-----\n\
MIIBfjCCASWgAwIBAgIUI/xRtakS4as2/m/6+7WxMIAsMlEwCgYIKoZIzj0EAwIw\n\
FTETMBEGA1UEAwwKT3RoZXIgUm9vdDAeFw0yNjEyMDIwMTQ2NDVaFw0zNjExMjkw\n\
MTQ2NDVaMBUxEzARBgNVBAMMCk90aGVyIFJvb3QwWTATBgcqhkjOPQIBBggqhkjO\n\
PQMBBwNCAATSmsQM9tGCR+fAyn2Iq1kX4ZLMZmBKLD43z1BAxeM9ce4nKU1jw9Jm\n\
nZYr24sf92I9THO3V1A7UANaUcnw0OvTo1MwUTAdBgNVHQ4EFgQUnf/5oWtpcDyj\n\
Pp9jUNA0jgMQyh4wHwYDVR0jBBgwFoAUnf/5oWtpcDyjPp9jUNA0jgMQyh4wDwYD\n\
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAqqT02OWbWlFxEgzuJ90Cb\n\
ZFPu5s1MDMa9MURKehkHVQIgWzy71PyvFSdpmiAAIvIvrVVVBCYmmm9jJ1dbDcmI\n\
hIs=\n\
-----END CERTIFICATE-----\n\
";
const NONCE: [u8; 8] = [0x16, 0xf6, 0xe5, 0xa1, 0x92, 0xba, 0xf7, 0x68];

/// The answer's bytes.
pub(crate) fn answer() -> Vec<u8> {
    BASE64.decode(ANSWER.as_bytes()).unwrap()
}

fn imprint() -> [u8; 32] {
    let hash = HEXLOWER.decode(b"5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03").unwrap();
    hash.try_into().unwrap()
}

fn asked() -> Request {
    Request { imprint: imprint(), nonce: NONCE, ..Request::new([0; 32]).unwrap() }
}

/// The root alone.
pub(crate) fn roots() -> Roots {
    Roots::of_pem(ROOT.as_bytes()).unwrap()
}

/// Roots of which the authority's is none.
pub(crate) fn other_roots() -> Roots {
    Roots::of_pem(OTHER_ROOT.as_bytes()).unwrap()
}

#[test]
fn a_stamp_says_over_what_when_and_by_whom() {
    let answer = answer();
    let stamp = open(granted(&answer).unwrap()).unwrap();
    assert_eq!((stamp.imprint, stamp.nonce.as_slice()), (imprint(), &NONCE[..]));
    assert_eq!((stamp.serial.as_str(), stamp.policy.as_str()), ("01", "1.2.3.4.1"));
    assert_eq!(stamp.signer, "Test TSA");
    assert_eq!(stamp.time.to_string(), "2026-12-02T00:57:16.219Z");
}

#[test]
fn an_answer_is_taken_only_if_it_is_what_was_asked_for_by_whom_and_when() {
    let (answer, roots) = (answer(), roots());
    let now = open(granted(&answer).unwrap()).unwrap().time.plus_seconds(2);
    let (_, token) = asked().accept(&answer, &roots, now).unwrap();
    assert_eq!(response(token).unwrap(), answer);
    let refused = |request: Request, at: Instant| request.accept(&answer, &roots, at).unwrap_err();
    assert_eq!(refused(Request { imprint: [7; 32], ..asked() }, now), Bad::Imprint);
    assert_eq!(refused(Request { nonce: [7; 8], ..asked() }, now), Bad::Nonce);
    assert_eq!(refused(asked(), now.plus_seconds(86_400)), Bad::Time);
}

/// From its hash to its nonce no byte of what a token says can be another, and only its own root is trusted.
#[test]
fn what_a_token_says_can_not_be_changed() {
    let (whole, roots) = (answer(), roots());
    let token = granted(&whole).unwrap();
    let stamp = open(token).unwrap();
    roots.trust(token, &stamp).unwrap();
    let place = |wanted: &[u8]| token.windows(wanted.len()).position(|part| part == wanted).unwrap();
    for at in place(&imprint())..place(&NONCE) + NONCE.len() {
        let mut changed = token.to_vec();
        changed[at] ^= 1;
        assert!(open(&changed).is_err(), "byte {at} was changed");
    }
    let mut changed = token.to_vec();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(open(&changed), Err(Bad::Signature));
    // A root that was made later, or of which nobody knows: the chain is looked at as it was then.
    assert_eq!(roots.trust(token, &Stamp { time: Instant::from_micros(0), ..stamp }), Err(Bad::Untrusted));
    assert!(Roots::of_pem(b"no certificate").is_none());
}

#[test]
fn what_is_no_answer_is_no_stamp() {
    // Status "rejection", without a token.
    assert_eq!(granted(&[0x30, 5, 0x30, 3, 2, 1, 2]), Err(Bad::Refused(2)));
    for bytes in [&b""[..], b"<html>", &[0x30, 5, 0x30, 3, 2, 1, 0], &[0x30, 0]] {
        assert_eq!(granted(bytes), Err(Bad::Unreadable), "{bytes:?}");
    }
    for bytes in [&b""[..], b"x", &[0x30, 0]] {
        assert_eq!(open(bytes), Err(Bad::Unreadable), "{bytes:?}");
    }
}

/// `bytes` under a tag, as DER writes them.
fn der(tag: u8, bytes: &[u8]) -> Vec<u8> {
    let length = u8::try_from(bytes.len()).unwrap();
    let head = if length < 0x80 { vec![tag, length] } else { vec![tag, 0x81, length] };
    [head, bytes.to_vec()].concat()
}

/// A serial number or a policy without end is none: they stand on pages, in the database and in reports.
#[test]
fn serial_numbers_and_policies_have_an_end() {
    let info = |policy: &[u8], serial: &[u8]| {
        let algorithm = der(0x30, &der(6, SHA_256.as_bytes()));
        let parts = [
            der(2, &[1]),
            der(6, policy),
            der(0x30, &[algorithm, der(4, &imprint())].concat()),
            der(2, serial),
            der(0x18, b"20261202005716Z"),
        ];
        read_info(&der(0x30, &parts.concat())).ok().flatten()
    };
    let policy = [0x2a, 3, 4, 1];
    assert_eq!(info(&policy, &[1; 20]).unwrap().serial, "01".repeat(20));
    assert!(info(&policy, &[1; 32]).is_some());
    assert!(info(&policy, &[1; 33]).is_none());
    assert!(info(&[0x2a; 39], &[1]).is_some());
    assert!(info(&[0x2a; 40], &[1]).is_none());
}

#[test]
fn moments_are_in_utc_and_may_have_fractions() {
    let read = |text: &str| moment(text.as_bytes()).map(|at| at.to_string()).unwrap_or_default();
    assert_eq!(read("20160504011200Z"), "2016-05-04T01:12:00Z");
    assert_eq!(read("20160504011200.5Z"), "2016-05-04T01:12:00.500Z");
    assert_eq!(read("20160504011200.123456789Z"), "2016-05-04T01:12:00.123456Z");
    for wrong in ["", "20160504011200", "201605040112Z", "20161304011200Z", "20160504011200+0800"] {
        assert_eq!(read(wrong), "", "{wrong}");
    }
}

#[test]
fn a_request_is_another_one_each_time() {
    let [one, other] = [(); 2].map(|()| Request::new(imprint()).unwrap());
    assert_ne!(one.bytes, other.bytes);
    assert!(one.bytes.windows(32).any(|part| part == imprint()));
}
