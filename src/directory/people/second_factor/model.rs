//! Codes: how they are made, read and compared; pure but for random bytes.

use rand::{RngCore, rngs::OsRng};
use sha2::{Digest, Sha256};
use totp_rs::{Builder, Totp};

use crate::platform::{
    db::{Id, Instant},
    error::{AppError, Result},
};

/// Recovery codes made at once.
pub const RECOVERY_CODES: usize = 10;
/// Shown in the app beside the code. No colon may be in it.
const ISSUER: &str = "Lead Handoff";
/// Letters of recovery codes: none that look alike.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";

/// 20 random bytes, as RFC 4226 recommends.
pub fn new_secret() -> [u8; 20] {
    let mut bytes = [0u8; 20];
    OsRng.fill_bytes(&mut bytes);
    bytes
}

/// The code generator of an account: SHA-1, six digits, 30 seconds, one step of grace, which every app knows.
///
/// # Errors
/// `Internal` for a secret that is too short.
pub fn totp(secret: &[u8], username: &str) -> Result<Totp> {
    Builder::new()
        .with_secret(secret.to_vec())
        .with_issuer(Some(ISSUER))
        .with_account_name(username)
        .build()
        .map_err(|e| AppError::internal(e.to_string()))
}

/// What a code of the app is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worth {
    /// Good, for this step of the clock.
    Step(i64),
    /// Right, but it or a later one was used already.
    Used,
    Wrong,
}

/// What `code` is worth `now`, when `last_step` is the last that was used.
pub fn worth_of(totp: &Totp, code: &str, now: Instant, last_step: i64) -> Worth {
    let step = u64::try_from(now.micros() / 1_000_000).ok().and_then(|at| totp.check(&digits(code), at));
    match step.and_then(|step| i64::try_from(step).ok()) {
        Some(step) if step > last_step => Worth::Step(step),
        Some(_) => Worth::Used,
        None => Worth::Wrong,
    }
}

/// The secret in groups of four letters, to be typed.
pub fn typed_secret(secret: &[u8]) -> String {
    let text = data_encoding::BASE32_NOPAD.encode(secret);
    let groups: Vec<&str> = crate::platform::http::view::groups_of_four(&text);
    groups.join(" ")
}

/// A code as typed, without the spaces that apps show in it.
fn digits(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// Whether it can only be meant as a code of the app.
pub fn is_app_code(code: &str) -> bool {
    let code = digits(code);
    code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())
}

/// A new recovery code, `abcd-efgh-jkmn-pqrs`: 80 random bits.
pub fn new_recovery_code() -> String {
    let mut bytes = [0u8; 16];
    OsRng.fill_bytes(&mut bytes);
    let text: String = bytes.iter().map(|b| char::from(LETTERS[usize::from(b % 32)])).collect();
    crate::platform::http::view::groups_of_four(&text).join("-")
}

/// What is stored of a recovery code; it has enough random bits for a plain hash.
pub fn recovery_hash(person: Id, code: &str) -> [u8; 32] {
    let plain: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    Sha256::new()
        .chain_update(person.as_bytes())
        .chain_update(plain.to_ascii_lowercase().as_bytes())
        .finalize()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_good_once_with_one_step_of_grace() {
        let totp = totp(&new_secret(), "lin").expect("totp");
        let now = Instant::from_micros(1_462_352_400_000_000);
        let seconds = 1_462_352_400u64;
        let code = totp.generate(seconds).to_string();
        let spaced = format!("{} {}", &code[..3], &code[3..]);
        let step = 1_462_352_400 / 30;
        assert_eq!(worth_of(&totp, &spaced, now, 0), Worth::Step(step));
        assert_eq!(worth_of(&totp, &code, now, step), Worth::Used, "again");
        let before = totp.generate(seconds - 30).to_string();
        assert_eq!(worth_of(&totp, &before, now, 0), Worth::Step(step - 1));
        assert_eq!(worth_of(&totp, &before, now, step), Worth::Used, "an earlier one");
        assert_eq!(worth_of(&totp, &totp.generate(seconds - 90).to_string(), now, 0), Worth::Wrong);
        assert_eq!(worth_of(&totp, "12345", now, 0), Worth::Wrong);
    }

    #[test]
    fn a_recovery_code_is_read_however_it_is_typed_and_belongs_to_one_person() {
        let (one, two) = (Id::new(), Id::new());
        let code = new_recovery_code();
        assert_eq!(code.len(), 19);
        let typed = code.to_uppercase().replace('-', " ");
        assert_eq!(recovery_hash(one, &code), recovery_hash(one, &typed));
        assert_ne!(recovery_hash(one, &code), recovery_hash(two, &code));
        assert!(!is_app_code(&code) && is_app_code("123 456"));
    }

    #[test]
    fn the_secret_is_shown_in_fours() {
        assert_eq!(typed_secret(b"12345678901234567890"), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
    }
}
