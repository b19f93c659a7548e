//! `keys.json`: how the key that signed a package came to be the sender's. Each step is the statement by which one signing
//! key names the next, signed by both ([`Succession`]): whoever holds an older key follows them to the one that signed.
//!
//! The file follows from the statements alone, in one form: canonical JSON (RFC 8785) and one line feed. The seal holds the
//! hash of the statements that lead to its own key, so that none of them can be taken out. Steps beyond that key are there
//! where the head of the audit log was signed by a later one.

use serde::{Deserialize, Serialize};

use super::bag;
use crate::platform::{
    db::Connection,
    error::{AppError, Plain, Result},
    keyring,
    keys::{PublicKey, Succession},
};

/// What `schema` says.
pub const SCHEMA: &str = "lead-handoff/keys/1";

/// The most steps of a file: more than a key a week for a good while.
const MOST: usize = 1_000;

/// Everything that `keys.json` says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keys {
    /// [`SCHEMA`].
    pub schema: String,
    pub first: FirstKey,
    /// Oldest first.
    pub steps: Vec<Step>,
}

/// The key that no other one vouches for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstKey {
    /// Verifier key, `name+id+base64`.
    pub key: String,
    /// As [`PublicKey::fingerprint`].
    pub fingerprint: String,
}

/// A key that an earlier one of the file named as its successor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Verifier key, `name+id+base64`.
    pub key: String,
    /// As [`PublicKey::fingerprint`].
    pub fingerprint: String,
    /// RFC 3339, UTC.
    pub at: String,
    /// The signed note in which both keys say so.
    pub statement: String,
}

impl Keys {
    /// The text of `keys.json`, with its line feed.
    ///
    /// # Errors
    /// Internal; writing to memory does not fail.
    pub fn to_text(&self) -> Result<String> {
        let mut text = serde_json_canonicalizer::to_string(self)?;
        text.push('\n');
        Ok(text)
    }

    /// The keys that it proves.
    ///
    /// # Errors
    /// The number of the step that does not hold, from 1; 0 for the first key.
    pub fn open(&self) -> Result<Chain, usize> {
        let first = self.first.key.parse::<PublicKey>().map_err(|_| 0_usize)?;
        let statements = self.steps.iter().map(|step| step.statement.clone());
        let chain = Chain::new(first, statements).map_err(|place| place + 1)?;
        let proved = chain.file();
        if proved.first != self.first {
            return Err(0);
        }
        match proved.steps.iter().zip(&self.steps).position(|(proved, said)| proved != said) {
            Some(place) => Err(place + 1),
            None => Ok(chain),
        }
    }
}

/// A first key and those that follow from it, each by a statement whose signatures hold.
#[derive(Clone, Debug)]
pub struct Chain {
    first: PublicKey,
    steps: Vec<(Succession, String)>,
}

impl Chain {
    /// Each statement is by the first key or one that a statement before it names, and names a new one.
    ///
    /// # Errors
    /// The place of the statement that does not hold, from 0.
    pub fn new(first: PublicKey, statements: impl IntoIterator<Item = String>) -> Result<Self, usize> {
        let mut chain = Self { first, steps: Vec::new() };
        for (place, statement) in statements.into_iter().enumerate() {
            let step = chain.keys().rev().find_map(|old| Succession::open(&statement, old).ok());
            match step {
                Some(step) if place < MOST && chain.keys().all(|known| *known != step.new) => {
                    chain.steps.push((step, statement));
                }
                _ => return Err(place),
            }
        }
        Ok(chain)
    }

    /// What leads to each of our own keys.
    ///
    /// # Errors
    /// Those of the database; `Internal` when they do not all come from one first key.
    pub fn read(conn: &mut Connection, keys: &[PublicKey]) -> Result<Self> {
        let broken = || AppError::internal(Plain("a signing key does not follow from the first one".into()));
        let mut first: Option<PublicKey> = None;
        let mut statements: Vec<String> = Vec::new();
        for key in keys {
            let line = keyring::lineage(conn, key)?;
            if first.as_ref().is_some_and(|first| *first != line.first) {
                return Err(broken());
            }
            first = Some(line.first);
            for statement in line.statements {
                if !statements.contains(&statement) {
                    statements.push(statement);
                }
            }
        }
        Self::new(first.ok_or_else(broken)?, statements).map_err(|_| broken())
    }

    /// All of them, the first one first.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &PublicKey> {
        std::iter::once(&self.first).chain(self.steps.iter().map(|(step, _)| &step.new))
    }

    /// The steps from the first key to `key`; `None`: it is none of these.
    fn path(&self, key: &PublicKey) -> Option<Vec<&(Succession, String)>> {
        let mut path = Vec::new();
        let mut at = key;
        while *at != self.first {
            let step = self.steps.iter().find(|(step, _)| step.new == *at)?;
            at = &step.0.old;
            path.push(step);
        }
        path.reverse();
        Some(path)
    }

    /// SHA-256, lower-case hex, of the statements from the first key to `key`, one after the other; `None`: it is none of
    /// these.
    pub fn sha256_to(&self, key: &PublicKey) -> Option<String> {
        let text: String = self.path(key)?.into_iter().map(|(_, statement)| statement.as_str()).collect();
        Some(bag::sha256_hex(text.as_bytes()))
    }

    /// `given`, and whatever they or their successors name.
    pub fn reached(&self, given: &[PublicKey]) -> Vec<PublicKey> {
        let mut reached = given.to_vec();
        for (step, _) in &self.steps {
            if reached.contains(&step.old) && !reached.contains(&step.new) {
                reached.push(step.new.clone());
            }
        }
        reached
    }

    /// The steps from the last of the `given` keys before it to `key`; empty where it is given itself, or none leads there.
    pub fn followed(&self, given: &[PublicKey], key: &PublicKey) -> Vec<&Succession> {
        if given.contains(key) {
            return Vec::new();
        }
        let path = self.path(key).unwrap_or_default();
        let Some(from) = path.iter().rposition(|(step, _)| given.contains(&step.old)) else {
            return Vec::new();
        };
        path[from..].iter().map(|(step, _)| step).collect()
    }

    /// What the file says.
    pub fn file(&self) -> Keys {
        let first = FirstKey { key: self.first.to_string(), fingerprint: self.first.fingerprint() };
        let steps = self.steps.iter().map(|(step, statement)| Step {
            key: step.new.to_string(),
            fingerprint: step.new.fingerprint(),
            at: step.time(),
            statement: statement.clone(),
        });
        Keys { schema: SCHEMA.to_owned(), first, steps: steps.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::keys::SigningKey;

    fn made() -> (Vec<SigningKey>, Vec<String>) {
        let keys: Vec<_> = (0..4).map(|_| SigningKey::generate("log.example.com").unwrap()).collect();
        let at = "2016-03-01T08:00:00Z".parse().unwrap();
        let statements = keys.windows(2).map(|two| Succession::sign(&two[0], &two[1], at).unwrap()).collect();
        (keys, statements)
    }

    #[test]
    fn whoever_holds_a_key_follows_it_to_the_later_ones_only() {
        let (keys, statements) = made();
        let chain = Chain::new(keys[0].public(), statements).unwrap();
        let public: Vec<PublicKey> = keys.iter().map(SigningKey::public).collect();
        assert!(chain.keys().eq(&public));
        assert_eq!(chain.reached(&public[1..2]), public[1..]);
        assert!(chain.reached(&[]).is_empty());
        let stranger = [SigningKey::generate("log.example.com").unwrap().public()];
        assert_eq!(chain.reached(&stranger), stranger);
        // From the nearest of the given keys.
        let steps = chain.followed(&public[..2], &public[3]);
        let steps: Vec<_> = steps.iter().map(|step| (&step.old, &step.new)).collect();
        assert_eq!(steps, [(&public[1], &public[2]), (&public[2], &public[3])]);
        assert!(chain.followed(&public[3..], &public[3]).is_empty());
        assert!(chain.followed(&public[3..], &public[2]).is_empty(), "nothing leads back");
        assert!(chain.followed(&stranger, &public[3]).is_empty());
        assert_ne!(chain.sha256_to(&public[2]), chain.sha256_to(&public[3]));
        assert_eq!(chain.sha256_to(&stranger[0]), None);
    }

    #[test]
    fn a_step_that_does_not_hold_is_named() {
        let (keys, statements) = made();
        let file = Chain::new(keys[0].public(), statements.clone()).unwrap().file();
        assert!(file.open().is_ok());
        let text = file.to_text().unwrap();
        assert_eq!(serde_json::from_str::<Keys>(&text).unwrap(), file);
        let changed = |change: &dyn Fn(&mut Keys)| {
            let mut file = file.clone();
            change(&mut file);
            file.open().map(drop)
        };
        assert_eq!(changed(&|file| drop(file.steps.remove(0))), Err(1));
        assert_eq!(changed(&|file| file.steps[1].at = "2016-03-02T08:00:00Z".into()), Err(2));
        assert_eq!(changed(&|file| file.steps[2].fingerprint = file.steps[1].fingerprint.clone()), Err(3));
        assert_eq!(changed(&|file| file.steps[1] = file.steps[0].clone()), Err(2), "a step twice");
        assert_eq!(changed(&|file| file.first.fingerprint = String::new()), Err(0));
        assert_eq!(changed(&|file| file.first.key = "a+b+c".into()), Err(0));
        let other = |statement: &str| statement.replace("2016-03-01", "2017-03-01");
        assert_eq!(changed(&|file| file.steps[1].statement = other(&statements[1])), Err(2));
        // One who holds no key of ours names his own as the next.
        let own = SigningKey::generate("log.example.com").unwrap();
        let last = SigningKey::generate("log.example.com").unwrap();
        let forged = Succession::sign(&own, &last, "2016-03-01T08:00:00Z".parse().unwrap()).unwrap();
        assert!(matches!(Chain::new(keys[0].public(), [forged]), Err(0)));
    }
}
