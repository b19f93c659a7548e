//! `receipt.json` and `receipt.sig`: that a sealed dossier was received (签收), by whom and when, bound to the seal and the
//! manifest, and signed by the server.
//!
//! `receipt.json` is canonical JSON (RFC 8785) followed by one line feed; `receipt.sig` is to it what `seal.sig` is to
//! `seal.json`. Both are files of their own: a package is never written anew.

use chrono::{NaiveDate, SecondsFormat};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::seal::SealedFor;
use crate::platform::{
    db::{Id, Instant},
    error::Result,
    words::words,
};

/// What `schema` says.
pub const SCHEMA: &str = "lead-handoff/receipt/2";
/// What it says of a receipt that was made before the sending was named.
pub const SCHEMA_1: &str = "lead-handoff/receipt/1";
/// What `kind` says: a dossier was received.
pub const KIND: &str = "dossier_received";

words!(
    /// How the recipient showed who they are. A later version may know more ways.
    Strength {
        /// By the password of their account, and by the code of a second factor where `second_factor_at` says when.
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
        Strength::PasswordAndCode => (
            "由其联络员登录本系统签收".to_owned(),
            "acknowledged by its liaison, signed in to this system".to_owned(),
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
    }
}
