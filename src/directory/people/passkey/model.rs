//! What is asked of a browser, and what is said of its answers; pure.

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::{
    directory::people::model::Actor,
    platform::{
        db::{Id, Instant},
        error::{AppError, Result},
        webauthn::{Algorithm, Fault, Site},
    },
};

/// The field that the script puts the browser's answer into.
pub const FIELD: &str = "credential";
/// The SHA-256 of the text that the page shows, lower-case hex: in the address at which its challenge is asked for, and in the form
/// that takes the signature.
pub const SHOWN: &str = "shown";
/// How long after it was shown a statement may be signed, in seconds: whoever signs reads a dossier first.
pub(super) const SIGNABLE: i64 = 24 * 60 * 60;
/// How long a statement that is shown again bears the instant at which it was shown first, in seconds: what is left of a day is
/// time enough to sign it.
const SAME: i64 = SIGNABLE / 2;
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

/// Who signs what.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub person: Id,
    /// A delivery or a review.
    pub thing: Id,
    /// Since when there is something to sign: the delivery was sent, the review submitted.
    pub since: Instant,
}

/// Whether a statement that was shown at `shown_at` can bear that instant still where it is shown again.
pub(super) fn is_same(now: Instant, since: Instant, shown_at: Instant) -> bool {
    since <= shown_at && shown_at <= now && shown_at.plus_seconds(SAME) > now
}

/// Refuses a statement that was shown too long ago, is yet to be shown, or was shown before there was something to sign.
///
/// # Errors
/// `Conflict`.
pub(super) fn require_shown(now: Instant, since: Instant, shown_at: Instant) -> Result<()> {
    let is_shown = since <= shown_at && shown_at <= now && shown_at.plus_seconds(SIGNABLE) > now;
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
        let is_taken = |now: Instant, shown_at: Instant| require_shown(now, at, shown_at).is_ok();
        assert!(is_taken(at, at) && is_taken(at.plus_seconds(SIGNABLE - 1), at));
        assert!(!is_taken(at.plus_seconds(SIGNABLE), at));
        assert!(!is_taken(at, at.plus_seconds(1)), "not shown yet");
        assert!(!is_taken(at, at.plus_seconds(-1)), "shown before it was sent or submitted");
        assert!(!is_taken(at, Instant::from_micros(i64::MIN)));
    }

    #[test]
    fn what_is_shown_again_bears_its_first_instant_for_half_a_day() {
        let at = Instant::from_micros(1_463_016_600_000_000);
        assert!(is_same(at, at, at) && is_same(at.plus_seconds(SAME - 1), at, at));
        assert!(!is_same(at.plus_seconds(SAME), at, at));
        assert!(!is_same(at, at, at.plus_seconds(1)) && !is_same(at, at, at.plus_seconds(-1)));
        assert!(require_shown(at.plus_seconds(SAME), at, at).is_ok(), "time is left to sign it");
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
