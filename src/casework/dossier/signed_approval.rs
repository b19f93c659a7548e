//! `approval.json`: the approval as the approver's passkey signed it, in the packages of all dossiers that it is about. An approval
//! by the code of a second factor has no such file; its seal names the approval all the same.
//!
//! What is signed is the SHA-256 of the statement as canonical JSON (RFC 8785), which is the challenge of the passkey. The file is
//! canonical JSON followed by one line feed, and the seal holds its SHA-256. Whose the passkey is, the server alone says: its
//! fingerprint is to be compared another way.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::platform::{
    db::{Id, Instant},
    error::Result,
    webauthn::{Assertion, Site},
};

/// What the `schema` of the file says.
pub const SCHEMA: &str = "lead-handoff/approval-signed/1";
/// What the `schema` of the statement says.
pub const STATEMENT_SCHEMA: &str = "lead-handoff/approval/1";

/// Everything that `approval.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedApproval {
    /// [`SCHEMA`]
    pub schema: String,
    pub statement: Statement,
    /// The server's own site, for which the passkey was made.
    pub site: Site,
    pub assertion: Assertion,
}

/// What is signed: every dossier of one composition, by one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// [`STATEMENT_SCHEMA`]
    pub schema: String,
    pub lead_number: String,
    pub version: u32,
    /// The [`commitment`](super::facts::commitment) of each dossier, in ascending order. A manifest covers `data/lead.json`,
    /// which names the addressee; each seal has the salt of its own dossier, so that whoever has one learns of the others how
    /// many there are, and no more.
    pub commitments: Vec<String>,
    /// The review that the approval decides.
    pub review: Id,
    /// The account, as the seal names it.
    pub approver: Id,
    /// `approver`
    pub role: String,
    /// When the statement was shown to the approver; the approval itself follows it.
    pub stated_at: Instant,
}

impl Statement {
    /// Of a lead's number and version, by an account in a review.
    pub fn new(
        (lead_number, version): (&str, u32),
        mut commitments: Vec<String>,
        (review, approver): (Id, Id),
        stated_at: Instant,
    ) -> Self {
        commitments.sort_unstable();
        Self {
            schema: STATEMENT_SCHEMA.to_owned(),
            lead_number: lead_number.to_owned(),
            version,
            commitments,
            review,
            approver,
            role: "approver".to_owned(),
            stated_at,
        }
    }

    /// The very text that is hashed.
    ///
    /// # Errors
    /// Internal; writing to memory does not fail.
    pub fn to_text(&self) -> Result<String> {
        Ok(serde_json_canonicalizer::to_string(self)?)
    }

    /// What the passkey is asked to sign.
    ///
    /// # Errors
    /// As [`to_text`](Self::to_text).
    pub fn challenge(&self) -> Result<[u8; 32]> {
        Ok(Sha256::digest(self.to_text()?.as_bytes()).into())
    }
}

impl SignedApproval {
    /// A statement with what the passkey gave for it.
    pub fn new(statement: Statement, site: Site, assertion: Assertion) -> Self {
        Self { schema: SCHEMA.to_owned(), statement, site, assertion }
    }

    /// The text of `approval.json`, with its line feed.
    ///
    /// # Errors
    /// Internal; writing to memory does not fail.
    pub fn to_text(&self) -> Result<String> {
        let mut text = serde_json_canonicalizer::to_string(self)?;
        text.push('\n');
        Ok(text)
    }
}

#[cfg(test)]
pub(super) mod sample {
    use super::*;
    use crate::{
        casework::dossier::{
            facts::commitment,
            sample::{SALT, at},
        },
        platform::webauthn::{
            Answer, PasskeyKey,
            soft::{Asked, Soft},
        },
    };

    /// Of the dossier for another addressee.
    pub fn other() -> String {
        "3".repeat(64)
    }

    /// Of the sample's lead, for its addressee and another one.
    pub fn statement(manifest_sha256: &str) -> Statement {
        let people = (Id::from_bytes([6; 16]), Id::from_bytes([8; 16]));
        Statement::new(
            ("XS-2016-001184", 2),
            vec![commitment(SALT, manifest_sha256).unwrap(), other()],
            people,
            at("2016-05-11T00:59:00Z"),
        )
    }

    /// Signed by `soft`, which is asked as `asked` says of the question.
    pub fn signed(
        statement: Statement,
        soft: &mut Soft,
        asked: impl FnOnce(Asked) -> Asked,
    ) -> SignedApproval {
        let answer = soft.signed(&asked(Asked::of(&statement.challenge().unwrap())));
        let key = PasskeyKey::from_der(&soft.der()).unwrap();
        let assertion = Assertion::of(&Answer::parse(&answer.to_string()).unwrap(), &key);
        SignedApproval::new(statement, Site::of("https://desk.example").unwrap(), assertion)
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;
    use crate::casework::dossier::{
        facts::commitment,
        sample::{SALT, at},
    };

    #[test]
    fn a_salt_and_a_manifest_hash_are_bound() {
        let (one, other) = ("1".repeat(64), "2".repeat(64));
        let bytes: Vec<u8> = [[0x11; 32], [0x22; 32]].concat();
        let known = HEXLOWER.encode(&Sha256::digest(bytes));
        assert_eq!(commitment(&one, &other), Some(known));
        assert_ne!(commitment(&other, &one), commitment(&one, &other));
        assert_eq!((commitment("11", &other), commitment(&one, "no hash")), (None, None));
    }

    #[test]
    fn a_statement_has_one_form_in_the_order_of_the_hashes() {
        let statement = sample::statement(&"a".repeat(64));
        let text = statement.to_text().unwrap();
        let mut both = [sample::other(), commitment(SALT, &"a".repeat(64)).unwrap()];
        both.sort();
        assert_eq!(statement.commitments, both);
        assert!(text.contains("\"schema\":\"lead-handoff/approval/1\"") && !text.contains('\n'), "{text}");
        let again: Statement = serde_json::from_str(&text).unwrap();
        assert_eq!((again.to_text().unwrap(), &again), (text, &statement));
    }

    #[test]
    fn every_part_of_a_statement_is_signed() {
        let whole = sample::statement(&"a".repeat(64));
        let challenge = whole.challenge().unwrap();
        assert_eq!(challenge, whole.clone().challenge().unwrap());
        let changed = |change: fn(&mut Statement)| {
            let mut statement = whole.clone();
            change(&mut statement);
            statement.challenge().unwrap()
        };
        for changed in [
            changed(|statement| statement.lead_number.push('1')),
            changed(|statement| statement.version = 3),
            changed(|statement| statement.commitments[0] = "b".repeat(64)),
            changed(|statement| drop(statement.commitments.pop())),
            changed(|statement| statement.review = Id::from_bytes([5; 16])),
            changed(|statement| statement.approver = Id::from_bytes([5; 16])),
            changed(|statement| statement.role = "manager".into()),
            changed(|statement| statement.stated_at = at("2016-05-11T00:59:01Z")),
        ] {
            assert_ne!(challenge, changed);
        }
    }
}
