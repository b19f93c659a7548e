//! `receipt.json` and `receipt.sig`: that a sealed dossier was received (签收), by whom and when, bound to the seal and the
//! manifest, signed by the recipient's passkey where they have one, and by the server.
//!
//! `receipt.json` is canonical JSON (RFC 8785) followed by one line feed; `receipt.sig` is to it what `seal.sig` is to
//! `seal.json`. Both are files of their own: a package is never written anew.

use chrono::{NaiveDate, SecondsFormat};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::seal::SealedFor;
use crate::platform::{
    db::{Id, Instant},
    error::Result,
    webauthn::{Assertion, Site},
    words::words,
};

/// What `schema` says.
pub const SCHEMA: &str = "lead-handoff/receipt/2";
/// What it says of a receipt that was made before the sending was named.
pub const SCHEMA_1: &str = "lead-handoff/receipt/1";
/// What `kind` says: a dossier was received.
pub const KIND: &str = "dossier_received";
/// What the `schema` of what a passkey signs says.
const SIGNED_SCHEMA: &str = "lead-handoff/receipt-signed/1";

words!(
    /// How the recipient showed who they are. A later version may know more ways.
    Strength {
        /// By their own passkey, which signed seal, transfer and statement.
        Passkey = "passkey",
        /// The weaker kind, which the server signs for them. By the password of their account, and by the code of a second factor where `second_factor_at` says when.
        PasswordAndCode = "password_and_code",
        /// By a stamped paper, whose scan the platform recorded.
        Paper = "paper",
    }
);

/// Everything that `receipt.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// [`SCHEMA`] or [`SCHEMA_1`].
    pub schema: String,
    /// [`KIND`].
    pub kind: String,
    pub synthetic: bool,
    /// Whose server says so: the organisation that sent the dossier.
    pub issuer: String,
    /// Of the transfer, counted per agency and year.
    pub transfer_number: String,
    /// As the dossier's own papers have it.
    pub lead_number: String,
    pub version: u32,
    /// SHA-256 of `seal.json`, lower-case hex.
    pub seal_sha256: String,
    /// SHA-256 of `manifest-sha256.txt`, lower-case hex.
    pub manifest_sha256: String,
    /// Who received it; another agency than the seal's where that one forwarded it.
    pub agency: SealedFor,
    pub statement: Statement,
    /// Not there where another agency forwarded it, and in a receipt of the first form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Sent>,
    pub signer: SignedBy,
    /// RFC 3339, with the offset of `zone`.
    pub at: String,
    /// Name of the zone in the IANA database.
    pub zone: String,
    /// A word of [`Strength`].
    pub strength: String,
    /// When the signer last showed the code of the second factor, as `at`; `null`: they had none, or it is a paper.
    pub second_factor_at: Option<String>,
    pub paper: Option<Paper>,
    /// What the recipient's passkey signed; not there where none did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passkey: Option<ByPasskey>,
    /// Fingerprint of the server's key, as `lead-handoff key show` reads it.
    pub key_fingerprint: String,
}

/// The sending. The entry in the audit log is under the person who sent, whom an agency does not learn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// As the receipt's own `at`.
    pub at: String,
    /// The entry of the sending in the audit log.
    pub audit_entry: Id,
}

/// What is stated, in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    pub zh: String,
    pub en: String,
}

/// Who signed. Of a paper the organisation that recorded it, and nobody of it: an agency does not learn who of the platform
/// acted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedBy {
    /// Not there of a paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Id>,
    /// `liaison`; not there of a paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// As it stood then; of a paper the name of the organisation.
    pub name: String,
}

/// The paper that a receipt was recorded from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// SHA-256 of its scan, lower-case hex.
    pub scan_sha256: String,
    /// The day that it bears.
    pub on_day: Option<NaiveDate>,
}

/// What a passkey signed, with all that is needed to check it. Its challenge is the hash of [`Signed`], which is put together
/// anew from this and the receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByPasskey {
    pub delivery: Id,
    /// When the recipient was shown what they sign, as `at`.
    pub issued_at: String,
    /// The server's own site, for which the passkey was made.
    pub site: Site,
    pub assertion: Assertion,
}

/// What a passkey signs the SHA-256 of, as canonical JSON (RFC 8785): seal, transfer and statement, for one delivery at one time.
#[derive(Debug, Serialize)]
pub struct Signed<'s> {
    pub seal_sha256: &'s str,
    pub transfer_number: &'s str,
    pub delivery: Id,
    pub statement: &'s Statement,
    pub issued_at: &'s str,
}

#[derive(Serialize)]
struct Named<'s> {
    schema: &'static str,
    #[serde(flatten)]
    signed: &'s Signed<'s>,
}

impl Signed<'_> {
    /// The very text that is hashed.
    ///
    /// # Errors
    /// Internal; writing to memory does not fail.
    pub fn to_text(&self) -> Result<String> {
        Ok(serde_json_canonicalizer::to_string(&Named { schema: SIGNED_SCHEMA, signed: self })?)
    }

    /// The challenge.
    ///
    /// # Errors
    /// As [`to_text`](Self::to_text).
    pub fn challenge(&self) -> Result<[u8; 32]> {
        Ok(challenge_of(&self.to_text()?))
    }
}

/// What a passkey is asked to sign of a text.
pub fn challenge_of(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

impl Receipt {
    /// The text of `receipt.json`, with its line feed.
    ///
    /// # Errors
    /// Internal; writing to memory does not fail.
    pub fn to_text(&self) -> Result<String> {
        let mut text = serde_json_canonicalizer::to_string(self)?;
        text.push('\n');
        Ok(text)
    }

    /// What its passkey has to have signed; `None`: none signed.
    pub fn signed(&self) -> Option<Signed<'_>> {
        let by = self.passkey.as_ref()?;
        Some(Signed {
            seal_sha256: &self.seal_sha256,
            transfer_number: &self.transfer_number,
            delivery: by.delivery,
            statement: &self.statement,
            issued_at: &by.issued_at,
        })
    }

    /// The strength as a value; `None` for one that only a later version knows.
    pub fn strength(&self) -> Option<Strength> {
        self.strength.parse().ok()
    }
}

/// RFC 3339 in microseconds, with the offset of the zone.
pub fn moment(at: Instant, zone: Tz) -> String {
    at.utc().with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Micros, false)
}

/// What a receipt states.
pub fn statement(
    strength: Strength,
    agency: &SealedFor,
    issuer: &str,
    (transfer, lead, version): (&str, &str, u32),
) -> Statement {
    let zh = &agency.name_zh;
    let en = if agency.name_en.is_empty() { zh } else { &agency.name_en };
    let (how_zh, how_en) = match strength {
        Strength::Passkey => (
            "由其联络员以本人通行密钥签名签收".to_owned(),
            "acknowledged by its liaison, who signed with a passkey of their own".to_owned(),
        ),
        Strength::PasswordAndCode => (
            "由其联络员以密码加验证码登录本系统签收（效力较弱，由平台代为签署）".to_owned(),
            "acknowledged by its liaison, signed in to this system with password and code (the weaker kind: the platform signs for them)"
                .to_owned(),
        ),
        Strength::Paper => (
            format!("以纸质回执签收，由{issuer}对照回执扫描件登记"),
            format!("acknowledged on paper and recorded by {issuer} from the scan of that paper"),
        ),
    };
    Statement {
        zh: format!(
            "{zh}已收到{issuer}移送的卷宗（移送编号{transfer}，线索编号{lead}，第{version}版），{how_zh}。所收卷宗的封存文件（seal.json）和清单（manifest-sha256.txt）以本回执所载SHA-256校验值为准。签收仅表明收到卷宗，不表示受理或者立案。"
        ),
        en: format!(
            "{en} received the dossier handed over by {issuer} (transfer {transfer}, lead {lead}, version {version}), {how_en}. The dossier is the one whose seal (seal.json) and manifest (manifest-sha256.txt) have the SHA-256 given here. A receipt says that the dossier arrived, not that it was accepted or that a case was filed."
        ),
    }
}

#[cfg(test)]
pub(super) mod sample {
    use super::*;

    /// A receipt of a liaison for a package with these hashes.
    pub fn of(number: &str, seal_sha256: &str, manifest_sha256: &str, fingerprint: &str) -> Receipt {
        let agency = SealedFor {
            code: "GA-440100".into(),
            name_zh: "广州市公安局".into(),
            name_en: "Guangzhou Public Security Bureau".into(),
        };
        Receipt {
            schema: SCHEMA.into(),
            kind: KIND.into(),
            synthetic: false,
            issuer: "平台治理部".into(),
            transfer_number: "YS-2016-0001".into(),
            lead_number: number.into(),
            version: 2,
            seal_sha256: seal_sha256.into(),
            manifest_sha256: manifest_sha256.into(),
            statement: statement(
                Strength::PasswordAndCode,
                &agency,
                "平台治理部",
                ("YS-2016-0001", number, 2),
            ),
            agency,
            sent: Some(Sent {
                at: "2016-05-11T10:00:00.000000+08:00".into(),
                audit_entry: Id::from_bytes([6; 16]),
            }),
            signer: SignedBy {
                account: Some(Id::from_bytes([7; 16])),
                role: Some("liaison".into()),
                name: "联络员甲".into(),
            },
            at: "2016-05-12T09:30:00.000000+08:00".into(),
            zone: "Asia/Shanghai".into(),
            strength: Strength::PasswordAndCode.to_string(),
            second_factor_at: Some("2016-05-12T09:00:00.000000+08:00".into()),
            paper: None,
            passkey: None,
            key_fingerprint: fingerprint.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_has_one_form_and_ends_in_one_line_feed() {
        let receipt = sample::of("XS-2016-001184", &"a".repeat(64), &"b".repeat(64), "0000");
        let text = receipt.to_text().unwrap();
        assert!(text.starts_with("{\"agency\":{\"code\":\"GA-440100\"") && text.ends_with("}\n"), "{text}");
        assert_eq!(text.matches('\n').count(), 1);
        let again: Receipt = serde_json::from_str(&text).unwrap();
        assert_eq!((again.to_text().unwrap(), &again), (text, &receipt));
    }

    #[test]
    fn a_receipt_from_paper_has_no_account_and_no_role() {
        let mut receipt = sample::of("XS-2016-001184", "", "", "");
        receipt.signer = SignedBy { account: None, role: None, name: "平台治理部".into() };
        let text = receipt.to_text().unwrap();
        assert!(text.contains("\"signer\":{\"name\":\"平台治理部\"}"), "{text}");
        let again: Receipt = serde_json::from_str(&text).unwrap();
        assert_eq!((again.to_text().unwrap(), &again), (text, &receipt));
    }

    #[test]
    fn a_receipt_of_the_first_form_keeps_it() {
        let mut receipt = sample::of("XS-2016-001184", "", "", "");
        (receipt.schema, receipt.sent) = (SCHEMA_1.to_owned(), None);
        let text = receipt.to_text().unwrap();
        assert!(!text.contains("\"sent\""), "{text}");
        let again: Receipt = serde_json::from_str(&text).unwrap();
        assert_eq!((again.to_text().unwrap(), &again), (text, &receipt));
    }

    #[test]
    fn a_moment_bears_the_offset_of_its_zone() {
        let at = Instant::from_micros(1_463_016_600_000_000);
        assert_eq!(moment(at, chrono_tz::Asia::Shanghai), "2016-05-12T09:30:00.000000+08:00");
        assert_eq!(moment(at, chrono_tz::UTC), "2016-05-12T01:30:00.000000+00:00");
    }

    #[test]
    fn the_statement_says_how_it_was_received() {
        let receipt = sample::of("XS-2016-001184", "", "", "");
        let about = ("YS-2016-0001", "XS-2016-001184", 2);
        let paper = statement(Strength::Paper, &receipt.agency, "平台治理部", about);
        assert!(paper.zh.contains("纸质回执") && paper.en.contains("on paper"), "{paper:?}");
        assert!(!receipt.statement.zh.contains("纸质") && !receipt.statement.en.contains("paper"));
        assert!(receipt.statement.zh.contains("效力较弱") && receipt.statement.en.contains("weaker kind"));
        let signed = statement(Strength::Passkey, &receipt.agency, "平台治理部", about);
        assert!(signed.zh.contains("本人通行密钥签名") && !signed.zh.contains("较弱"), "{signed:?}");
    }

    #[test]
    fn a_passkey_signs_every_part_of_what_is_received() {
        let statement = Statement { zh: "已收到".into(), en: "received".into() };
        let other = Statement { zh: "未收到".into(), ..statement.clone() };
        let id = Id::from_bytes([7; 16]);
        let whole = || Signed {
            seal_sha256: "aa",
            transfer_number: "YS-2016-0001",
            delivery: id,
            statement: &statement,
            issued_at: "2016-05-12T09:30:00.000000+08:00",
        };
        let challenge = whole().challenge().unwrap();
        assert_eq!(challenge, whole().challenge().unwrap());
        for changed in [
            Signed { seal_sha256: "ab", ..whole() },
            Signed { transfer_number: "YS-2016-0002", ..whole() },
            Signed { delivery: Id::from_bytes([8; 16]), ..whole() },
            Signed { statement: &other, ..whole() },
            Signed { issued_at: "2016-05-12T09:30:00.000001+08:00", ..whole() },
        ] {
            assert_ne!(challenge, changed.challenge().unwrap(), "{changed:?}");
        }
    }

    #[test]
    fn a_receipt_without_a_passkey_says_nothing_of_one() {
        let text = sample::of("XS-2016-001184", "", "", "").to_text().unwrap();
        assert!(!text.contains("passkey"), "as receipts were before there were any: {text}");
    }
}
