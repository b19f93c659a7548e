//! What is a key that can be encrypted to, and how its fingerprint is written. Pure.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sha2::{Digest, Sha256};

use crate::platform::http::{Form, keeping::holds_secret_key};

/// Longest note on who brought a key.
const LONGEST_NOTE: usize = 500;
/// Longest text that is taken for a key; a right one has 62 characters.
const LONGEST_KEY: usize = 200;
/// So many hex digits of a fingerprint are shown: 16 bytes.
const SHOWN: usize = 32;
/// So many of its last digits a second person types.
pub const DIGITS: usize = 16;

/// A key as it is registered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// `age1…`, as age writes it.
    pub recipient: String,
    /// Who brought it, and how.
    pub note: String,
}

/// Reads a key and its note; the faults stay in the form, which holds no secret key afterwards.
pub fn read(form: &mut Form) -> Input {
    // Whatever field it was pasted into, and before anything else looks at it.
    let is_secret = form.pairs().iter().any(|(_, value)| holds_secret_key(value));
    if is_secret {
        *form = without_secrets(form);
        form.fault("recipient", "error-key-secret");
        return Input { recipient: String::new(), note: form.text("note", LONGEST_NOTE) };
    }
    let typed = form.required("recipient", LONGEST_KEY);
    let note = form.required("note", LONGEST_NOTE);
    let recipient = match (typed.is_empty(), recipient(&typed)) {
        (true, _) => String::new(),
        (false, Ok(recipient)) => recipient,
        (false, Err(code)) => {
            form.fault("recipient", code);
            String::new()
        }
    };
    Input { recipient, note }
}

/// A form without the fields that hold a secret key.
fn without_secrets(form: &Form) -> Form {
    let mut pairs = form.pairs();
    pairs.retain(|(_, value)| !holds_secret_key(value));
    Form::from_pairs(pairs)
}

/// A public key of age (X25519), as age writes it.
///
/// # Errors
/// The message key of what is wrong with it.
pub fn recipient(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    if holds_secret_key(text) {
        return Err("error-key-secret");
    }
    if lower.starts_with("ssh-") || lower.starts_with("ecdsa-") || lower.starts_with("sk-") {
        return Err("error-key-ssh");
    }
    if !lower.starts_with("age1") {
        return Err("error-key-form");
    }
    let key: age::x25519::Recipient = text.parse().map_err(|_| "error-key-broken")?;
    if can_encrypt(&key) { Ok(key.to_string()) } else { Err("error-key-broken") }
}

/// Whether a file can be encrypted to it. To a point of low order nothing can: there age panics whatever its own half is,
/// so that one try tells.
fn can_encrypt(key: &age::x25519::Recipient) -> bool {
    let tried = || age::Encryptor::with_recipients(std::iter::once(key as &dyn age::Recipient)).is_ok();
    catch_unwind(AssertUnwindSafe(tried)).unwrap_or(false)
}

/// SHA-256 of a key as age writes it, in 64 hex digits: what `printf %s age1… | sha256sum` prints.
pub fn fingerprint(recipient: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(recipient.as_bytes()))
}

/// The first 16 bytes of a fingerprint, in groups of four digits.
pub fn short(fingerprint: &str) -> String {
    crate::platform::http::view::groups_of_four(&fingerprint[..SHOWN.min(fingerprint.len())]).join(" ")
}

/// Whether what was typed are the last digits of a fingerprint; gaps and capitals do not matter.
pub fn ends_in(fingerprint: &str, typed: &str) -> bool {
    let typed: String = typed.chars().filter(|ch| !ch.is_whitespace()).collect();
    typed.len() == DIGITS && fingerprint.ends_with(&typed.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the published examples of age, which nobody uses.
    const PUBLIC: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";
    const SECRET: &str = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";

    fn form(recipient: &str, note: &str) -> Form {
        Form::from_pairs(vec![
            ("recipient".to_owned(), recipient.to_owned()),
            ("note".to_owned(), note.to_owned()),
        ])
    }

    #[test]
    fn a_public_key_is_taken_as_age_writes_it() {
        assert_eq!(recipient(PUBLIC).as_deref(), Ok(PUBLIC));
        assert_eq!(recipient(&format!("  {}\n", PUBLIC.to_uppercase())).as_deref(), Ok(PUBLIC));
    }

    #[test]
    fn what_is_no_public_key_of_age_is_called_what_it_is() {
        let mistyped = PUBLIC.replace("svpy7pa", "svpy7pq");
        let (cut, lower) = (&PUBLIC[..60], SECRET.to_lowercase());
        for (text, code) in [
            (SECRET, "error-key-secret"),
            (lower.as_str(), "error-key-secret"),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE7l a@b.example", "error-key-ssh"),
            ("ssh-rsa AAAAB3NzaC1yc2E", "error-key-ssh"),
            (mistyped.as_str(), "error-key-broken"),
            (cut, "error-key-broken"),
            // Of another kind: for a plugin.
            ("age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t", "error-key-broken"),
            ("-----BEGIN PGP PUBLIC KEY BLOCK-----", "error-key-form"),
        ] {
            assert_eq!(recipient(text), Err(code), "{text}");
        }
    }

    /// Points of low order: whatever is encrypted to one can be read by everybody, if at all.
    #[test]
    fn a_key_that_nothing_can_be_encrypted_to_is_refused() {
        for text in [
            "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z",
            "age1qyqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqj7vrya",
        ] {
            assert!(text.parse::<age::x25519::Recipient>().is_ok(), "{text}");
            assert_eq!(recipient(text), Err("error-key-broken"));
        }
    }

    #[test]
    fn a_secret_key_stays_in_no_field_of_the_form() {
        let file = format!("# public key: {PUBLIC}\n{SECRET}\n");
        for (recipient, note) in [(SECRET, "张某送来"), (PUBLIC, file.as_str())] {
            let mut form = form(recipient, note);
            let input = read(&mut form);
            assert_eq!(input.recipient, "");
            assert!(form.errors().iter().any(|fault| fault.code == "error-key-secret"));
            let left = format!("{:?} {:?} {:?}", form.pairs(), form.errors(), input);
            assert!(!left.to_uppercase().contains("AGE-SECRET-KEY-"), "{left}");
        }
    }

    #[test]
    fn a_fingerprint_is_told_by_its_first_digits_and_confirmed_by_its_last() {
        let whole = fingerprint(PUBLIC);
        assert_eq!(whole, "e669ae85e31856826947b65d66926681cd6c4d8a35e8addddbe6e733444a44ef");
        assert_eq!(short(&whole), "e669 ae85 e318 5682 6947 b65d 6692 6681");
        assert!(ends_in(&whole, "dbe6e733444a44ef") && ends_in(&whole, " DBE6 E733 444A 44EF "));
        for wrong in ["", "444a44ef", "dbe6e733444a44ee", "e669ae85e3185682", whole.as_str()] {
            assert!(!ends_in(&whole, wrong), "{wrong}");
        }
    }
}
