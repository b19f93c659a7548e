use super::{KeyError, PublicKey, SigningKey, signing::sign_note};
use chrono::{DateTime, SecondsFormat, Utc};

/// The first line of the statement; no other text that a key signs begins with it.
const TITLE: &str = "lead-handoff/key-succession/v1";

/// A statement that a new signing key takes the place of an old one, signed by both: the old one vouches, the new one
/// shows that it is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    pub old: PublicKey,
    pub new: PublicKey,
    pub at: DateTime<Utc>,
}

impl Succession {
    /// Makes the statement, a C2SP signed note.
    ///
    /// # Errors
    /// [`KeyError::Note`] when both are the same key.
    pub fn sign(old: &SigningKey, new: &SigningKey, at: DateTime<Utc>) -> Result<String, KeyError> {
        if old.public() == new.public() {
            return Err(KeyError::Note("a key can't follow itself"));
        }
        let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let text = format!("{TITLE}\nold {}\nnew {}\nat {at}\n", old.public(), new.public());
        sign_note(&text, &[old, new])
    }

    /// Its time as the statement has it, RFC 3339 in seconds.
    pub fn time(&self) -> String {
        self.at.to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// Reads a statement and checks both signatures. The old key must be the one that the reader trusts already.
    ///
    /// # Errors
    /// [`KeyError::Note`] when it is no such statement, [`KeyError::NotSigned`] when a signature is missing or false.
    pub fn open(statement: &str, trusted: &PublicKey) -> Result<Self, KeyError> {
        let text = trusted.open_note(statement.as_bytes())?;
        let lines: Vec<&str> = text.lines().collect();
        let [TITLE, old, new, at] = lines[..] else {
            return Err(KeyError::Note("it is no statement about a new key"));
        };
        let value = |line: &'_ str, name: &str| line.strip_prefix(name).map(str::to_owned);
        let missing = || KeyError::Note("a line of the statement is missing");
        let old: PublicKey = value(old, "old ").ok_or_else(missing)?.parse()?;
        let new: PublicKey = value(new, "new ").ok_or_else(missing)?.parse()?;
        let at = DateTime::parse_from_rfc3339(&value(at, "at ").ok_or_else(missing)?)
            .map_err(|_| KeyError::Note("its time can't be read"))?;
        if old != *trusted {
            return Err(KeyError::Note("it is about another key"));
        }
        new.open_note(statement.as_bytes())?;
        Ok(Succession { old, new, at: at.to_utc() })
    }
}

/// Follows statements in order from a trusted key: gives the keys that are trusted by it, the trusted one first. A
/// statement that does not follow from the last key ends the chain.
pub fn follow<'a>(trusted: &PublicKey, statements: impl IntoIterator<Item = &'a str>) -> Vec<PublicKey> {
    let mut keys = vec![trusted.clone()];
    let mut last = trusted.clone();
    for statement in statements {
        if let Ok(step) = Succession::open(statement, &last) {
            last = step.new;
            keys.push(last.clone());
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey::generate("lead-handoff/example.org").unwrap()
    }

    fn at() -> DateTime<Utc> {
        "2016-03-01T08:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_new_key_is_vouched_for_by_the_old_one() {
        let (old, new) = (key(), key());
        let statement = Succession::sign(&old, &new, at()).unwrap();
        let step = Succession::open(&statement, &old.public()).unwrap();
        assert_eq!(step, Succession { old: old.public(), new: new.public(), at: at() });
        assert!(Succession::open(&statement, &key().public()).is_err());
        assert!(Succession::open(&statement, &new.public()).is_err(), "the new one alone is no witness");
        assert!(Succession::sign(&old, &old, at()).is_err());
    }

    #[test]
    fn a_statement_needs_both_signatures_unchanged() {
        let (old, new, third) = (key(), key(), key());
        let statement = Succession::sign(&old, &new, at()).unwrap();
        let text = old.public().open_note(statement.as_bytes()).unwrap();
        let by_old_only = sign_note(&text, &[&old]).unwrap();
        assert!(matches!(Succession::open(&by_old_only, &old.public()), Err(KeyError::NotSigned(_))));
        let changed = statement.replace(&new.public().to_string(), &third.public().to_string());
        assert!(Succession::open(&changed, &old.public()).is_err());
        let other = sign_note("something else\n", &[&old, &new]).unwrap();
        assert!(matches!(Succession::open(&other, &old.public()), Err(KeyError::Note(_))));
    }

    #[test]
    fn trust_follows_the_chain_and_ends_where_it_breaks() {
        let keys = [key(), key(), key(), key()];
        let steps: Vec<String> =
            keys.windows(2).map(|w| Succession::sign(&w[0], &w[1], at()).unwrap()).collect();
        let all = follow(&keys[0].public(), steps.iter().map(String::as_str));
        assert_eq!(all, keys.iter().map(SigningKey::public).collect::<Vec<_>>());
        let from_second = follow(&keys[1].public(), steps.iter().map(String::as_str));
        assert_eq!(from_second.len(), 3, "a reader who trusts a later key begins there");
        let gap = follow(&keys[0].public(), [steps[0].as_str(), steps[2].as_str()]);
        assert_eq!(gap, [keys[0].public(), keys[1].public()]);
    }
}
