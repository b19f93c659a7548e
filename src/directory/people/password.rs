//! Passwords: Argon2id, a length rule, and a check against common and guessable ones.

use std::sync::LazyLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

use crate::platform::{
    error::{AppError, FieldError, Result},
    http::Form,
};

/// Shortest password, in characters.
pub const SHORTEST: usize = 12;
/// Longest password, in characters: longer ones only cost time.
pub const LONGEST: usize = 200;

/// The hash of a password in PHC form. Takes about 20 ms on purpose: call it off the async threads and outside
/// transactions.
///
/// # Errors
/// `Internal` when the machine gives no random bytes.
pub fn hash(password: &str) -> Result<String> {
    Ok(Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|e| AppError::internal(e.to_string()))?
        .to_string())
}

/// Whether `password` is the one behind `hash`. An unknown account passes `None` and takes as long.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: LazyLock<String> =
        LazyLock::new(|| self::hash("nobody has this password").unwrap_or_default());
    let known = hash.is_some();
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(&NOBODY)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && known
}

/// What is wrong with a new password for `field`, given words that belong to the person.
pub fn fault(field: &str, password: &str, personal: &[&str]) -> Option<FieldError> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(FieldError::new(field, "error-password-short").arg("min", SHORTEST));
    }
    if length > LONGEST {
        return Some(FieldError::new(field, "error-too-long").arg("max", LONGEST));
    }
    // zxcvbn knows the common ones and their variations; 3 of 4 is "safely unguessable".
    (zxcvbn::zxcvbn(password, personal).score() < zxcvbn::Score::Three)
        .then(|| FieldError::new(field, "error-password-common"))
}

/// A password as it was typed: nothing is trimmed or composed.
///
/// # Errors
/// `Invalid` when it is missing or longer than any password.
pub fn typed(form: &Form, field: &str) -> Result<String> {
    let typed = as_typed(form, field);
    if typed.is_empty() {
        return Err(AppError::field(field, "error-required"));
    }
    if typed.chars().count() > LONGEST {
        return Err(AppError::Invalid(vec![FieldError::new(field, "error-too-long").arg("max", LONGEST)]));
    }
    Ok(typed)
}

fn as_typed(form: &Form, field: &str) -> String {
    form.pairs().into_iter().find(|(name, _)| name == field).map(|(_, value)| value).unwrap_or_default()
}

/// A new password from the fields `password` and `repeat`.
///
/// # Errors
/// `Invalid` with all that is wrong with either.
pub fn new_pair(form: &Form, personal: &[&str]) -> Result<String> {
    let (new, repeat) = (as_typed(form, "password"), as_typed(form, "repeat"));
    let missing = |field: &str| FieldError::new(field, "error-required");
    let of_new = if new.is_empty() { Some(missing("password")) } else { fault("password", &new, personal) };
    let of_repeat = if repeat.is_empty() {
        Some(missing("repeat"))
    } else {
        // There is nothing to repeat where nothing was typed.
        (repeat != new && !new.is_empty()).then(|| FieldError::new("repeat", "error-mismatch"))
    };
    let faults: Vec<FieldError> = of_new.into_iter().chain(of_repeat).collect();
    if faults.is_empty() { Ok(new) } else { Err(AppError::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_and_personal_passwords_are_refused() {
        assert_eq!(fault("p", "short", &[]).map(|e| e.code), Some("error-password-short"));
        assert_eq!(fault("p", "password1234", &[]).map(|e| e.code), Some("error-password-common"));
        assert_eq!(fault("p", "compiler2016", &["compiler"]).map(|e| e.code), Some("error-password-common"));
        assert_eq!(fault("p", "丹桂 crane-lantern 7 orbit", &[]), None);
    }

    #[test]
    fn a_password_is_checked_against_its_own_hash_only() {
        let stored = hash("crane-lantern 7 orbit").expect("hash");
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify("crane-lantern 7 orbit", Some(&stored)));
        assert!(!verify("crane-lantern 8 orbit", Some(&stored)));
        assert!(!verify("nobody has this password", None));
    }
}
