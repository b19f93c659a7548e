//! What is asked of a browser, and what is said of its answers; pure.

use data_encoding::{BASE64, HEXLOWER};
use serde_json::{Value, json};

use crate::{
    directory::people::model::Actor,
    platform::{
        db::Instant,
        error::{AppError, Result},
        http::Form,
        webauthn::{Algorithm, Fault, Site},
    },
};

/// The field that the script puts the browser's answer into.
pub const FIELD: &str = "credential";
/// The field with the time at which a statement was shown that is signed.
pub const STATED_AT: &str = "stated_at";
/// What the address at which a challenge is asked for says of the text that the page shows: its SHA-256, lower-case hex.
pub(super) const SHOWN_TEXT: &str = "shown";
/// How long after it was shown a statement may be signed, in seconds: whoever signs reads a dossier first.
const SHOWN: i64 = 24 * 60 * 60;
pub(super) const ADD: &str = "passkey.add";
pub const REMOVE: &str = "passkey.remove";
/// How long what is asked can be answered, in seconds: with a second factor shown in between.
pub(super) const LIFE: i64 = 15 * 60;
/// How many passkeys an account has at most.
pub(super) const MOST: usize = 20;
/// How long the browser waits for its user, in milliseconds.
const PATIENCE: u32 = 300_000;

fn listed(credentials: &[Vec<u8>]) -> Vec<Value> {
    credentials.iter().map(|id| json!({ "type": "public-key", "id": BASE64.encode(id) })).collect()
}

/// The options for a new passkey (`PublicKeyCredentialCreationOptions`, bytes in base 64). `known`: credentials that are there.
pub(super) fn asked_to_make(me: &Actor, site: &Site, challenge: &[u8], known: &[Vec<u8>]) -> Value {
    let kinds = Algorithm::ALL.iter().map(|one| json!({ "type": "public-key", "alg": one.number() }));
    json!({
        "challenge": BASE64.encode(challenge),
        "rp": { "id": site.id, "name": "Lead Handoff" },
        "user": { "id": BASE64.encode(me.id.as_bytes()), "name": me.username, "displayName": me.name },
        "pubKeyCredParams": kinds.collect::<Vec<_>>(),
        "timeout": PATIENCE,
        "attestation": "none",
        "authenticatorSelection": { "userVerification": "required", "residentKey": "discouraged" },
        "excludeCredentials": listed(known),
    })
}

/// The options for a signature over `challenge` (`PublicKeyCredentialRequestOptions`, bytes in base 64) by one of `credentials`.
pub fn asked_to_sign(site: &Site, challenge: &[u8], credentials: &[Vec<u8>]) -> Value {
    json!({
        "challenge": BASE64.encode(challenge),
        "rpId": site.id,
        "timeout": PATIENCE,
        "userVerification": "required",
        "allowCredentials": listed(credentials),
    })
}

/// When a statement was shown, as the address and the form say it.
///
/// # Errors
/// `Conflict` where they don't.
pub fn stated_at(form: &Form) -> Result<Instant> {
    let micros = form.raw(STATED_AT).parse();
    micros.map(Instant::from_micros).map_err(|_| AppError::Conflict("conflict-passkey-old"))
}

/// Refuses to have another text signed than the one that the page showed.
///
/// # Errors
/// `Conflict`.
pub fn require_same(form: &Form, challenge: &[u8]) -> Result<()> {
    let is_same = form.raw(SHOWN_TEXT) == HEXLOWER.encode(challenge);
    if is_same { Ok(()) } else { Err(AppError::Conflict("conflict-passkey-old")) }
}

/// Refuses a statement that was shown too long ago, or is yet to be shown.
///
/// # Errors
/// `Conflict`.
pub fn require_shown(now: Instant, stated_at: Instant) -> Result<()> {
    let is_shown = stated_at <= now && stated_at.plus_seconds(SHOWN) > now;
    if is_shown { Ok(()) } else { Err(AppError::Conflict("conflict-passkey-old")) }
}

/// Which refusal says best what is wrong with an answer.
pub(super) fn refusal(faults: &[Fault]) -> &'static str {
    match faults.first() {
        Some(Fault::Challenge) => "conflict-passkey-old",
        Some(Fault::Verification) => "conflict-passkey-unverified",
        _ => "conflict-passkey-refused",
    }
}

/// Whether an authenticator counted on from `known`: one that counts never shows the same number twice, unless it was copied.
/// 0: it does not count.
pub(super) fn counts_on(known: i64, shown: u32) -> bool {
    (known == 0 && shown == 0) || i64::from(shown) > known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_was_shown_before_is_that_of_a_copy() {
        assert!(counts_on(0, 0) && counts_on(0, 1) && counts_on(4, 9));
        assert!(!counts_on(4, 4) && !counts_on(4, 3) && !counts_on(4, 0));
    }

    #[test]
    fn a_statement_is_signed_within_a_day_of_being_shown() {
        let at = Instant::from_micros(1_463_016_600_000_000);
        assert!(require_shown(at, at).is_ok() && require_shown(at.plus_seconds(SHOWN - 1), at).is_ok());
        assert!(require_shown(at.plus_seconds(SHOWN), at).is_err());
        assert!(require_shown(at, at.plus_seconds(1)).is_err(), "not shown yet");
        assert!(require_shown(at, Instant::from_micros(i64::MIN)).is_err());
        let said = |body: &str| stated_at(&Form::parse(body.as_bytes())).ok();
        assert_eq!(said("stated_at=1463016600000000"), Some(at));
        assert!(said("").is_none() && said("stated_at=now").is_none());
    }

    #[test]
    fn a_refusal_says_what_can_be_done_about_it() {
        assert_eq!(refusal(&[Fault::Challenge, Fault::Signature]), "conflict-passkey-old");
        assert_eq!(refusal(&[Fault::Verification]), "conflict-passkey-unverified");
        assert_eq!(refusal(&[Fault::Origin, Fault::Site]), "conflict-passkey-refused");
    }

    #[test]
    fn whoever_signs_shows_the_device_who_they_are() {
        let site = Site::of("https://desk.example").unwrap();
        let asked = asked_to_sign(&site, &[1, 2, 3], &[vec![9]]);
        assert_eq!(
            (asked["challenge"].as_str(), asked["rpId"].as_str()),
            (Some("AQID"), Some("desk.example"))
        );
        assert_eq!(asked["userVerification"], "required");
        assert_eq!(asked["allowCredentials"][0]["id"], "CQ==");
    }
}
