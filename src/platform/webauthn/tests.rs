//! Answers of a passkey in software, and what is found of those that are not as they must be.

use openssl::{pkey::PKey, rsa::Rsa};

use super::{
    Algorithm, Answer, Assertion, Fault, PasskeyKey, Site, faults, registered,
    soft::{Asked, PRESENT, Soft},
};

fn site() -> Site {
    Site::of("https://desk.example").unwrap()
}

fn answer(value: &serde_json::Value) -> Answer {
    Answer::parse(&value.to_string()).unwrap()
}

fn signed(soft: &mut Soft, asked: &Asked) -> Assertion {
    let key = PasskeyKey::from_der(&soft.der()).unwrap();
    Assertion::of(&answer(&soft.signed(asked)), &key)
}

#[test]
fn a_passkey_is_made_and_signs_what_it_was_asked() {
    for mut soft in [Soft::new(), Soft::ed25519(), Soft::rsa()] {
        let made = registered(&answer(&soft.made(&Asked::of(b"new"))), b"new", &site()).unwrap();
        assert_eq!((made.credential.as_slice(), made.count), (soft.id.as_slice(), 1));
        assert_eq!(made.key.fingerprint(), soft.fingerprint());
        let assertion = signed(&mut soft, &Asked::of(b"sign this"));
        assert!(faults(&assertion, b"sign this", &site()).is_empty());
        assert_eq!((assertion.count(), assertion.key()), (2, Some(made.key)));
    }
}

#[test]
fn what_signs_something_else_or_elsewhere_is_told_by_name() {
    let mut soft = Soft::new();
    let mut found = |asked: Asked| faults(&signed(&mut soft, &asked), b"this", &site());
    let this = || Asked::of(b"this");
    assert!(found(this()).is_empty());
    assert_eq!(found(Asked::of(b"that")), [Fault::Challenge], "also one that was signed before");
    assert_eq!(found(Asked { origin: "https://evil.example".into(), ..this() }), [Fault::Origin]);
    assert_eq!(found(Asked { origin: "http://desk.example".into(), ..this() }), [Fault::Origin]);
    assert_eq!(found(Asked { site: "evil.example".into(), ..this() }), [Fault::Site]);
    assert_eq!(found(Asked { flags: PRESENT, ..this() }), [Fault::Verification]);
    assert_eq!(found(Asked { flags: 0, ..this() }), [Fault::Presence, Fault::Verification]);
}

#[test]
fn every_changed_part_of_an_assertion_is_found() {
    let mut soft = Soft::new();
    let whole = signed(&mut soft, &Asked::of(b"this"));
    let found = |changed: Assertion| faults(&changed, b"this", &site());
    let other = signed(&mut soft, &Asked::of(b"this"));
    assert_eq!(found(Assertion { signature: other.signature.clone(), ..whole.clone() }), [Fault::Signature]);
    assert_eq!(found(Assertion { signature: "no".into(), ..whole.clone() }), [Fault::Signature]);
    let data = other.authenticator_data;
    assert_eq!(found(Assertion { authenticator_data: data, ..whole.clone() }), [Fault::Signature]);
    let stranger = signed(&mut Soft::new(), &Asked::of(b"this"));
    assert_eq!(found(Assertion { public_key: stranger.public_key, ..whole.clone() }), [Fault::Signature]);
    assert_eq!(found(Assertion { public_key: String::new(), ..whole.clone() }), [Fault::Key]);
    assert_eq!(found(Assertion { algorithm: "EdDSA".into(), ..whole.clone() }), [Fault::Key]);
    assert_eq!(found(Assertion { client_data_json: "e30=".into(), ..whole.clone() }), [Fault::Form]);
    assert_eq!(found(Assertion { credential_id: String::new(), ..whole.clone() }), [Fault::Form]);
    // A new key is no signature.
    let made = answer(&soft.made(&Asked::of(b"this")));
    let key = PasskeyKey::from_der(&soft.der()).unwrap();
    assert_eq!(found(Assertion::of(&made, &key)), [Fault::Form, Fault::Signature]);
}

#[test]
fn a_new_key_is_the_one_that_the_authenticator_wrote() {
    let mut soft = Soft::new();
    let asked = Asked::of(b"new");
    let made = soft.made(&asked);
    let found = |value: &serde_json::Value| registered(&answer(value), b"new", &site()).unwrap_err();
    let mut changed = made.clone();
    changed["key"] = Soft::new().made(&asked)["key"].clone();
    assert_eq!(found(&changed), [Fault::Key]);
    changed["key"] = serde_json::Value::Null;
    assert_eq!(found(&changed), [Fault::Key]);
    let mut changed = made.clone();
    changed["id"] = "AAAA".into();
    assert_eq!(found(&changed), [Fault::Form]);
    assert_eq!(found(&soft.signed(&asked)), [Fault::Form]);
    assert_eq!(registered(&answer(&made), b"old", &site()).unwrap_err(), [Fault::Challenge]);
    let unseen = soft.made(&Asked { flags: PRESENT, ..asked });
    assert_eq!(found(&unseen), [Fault::Verification]);
    assert!(Answer::parse("{}").is_none() && Answer::parse("").is_none());
}

#[test]
fn a_key_has_one_form_and_a_fingerprint() {
    let soft = Soft::new();
    let key = PasskeyKey::from_der(&soft.der()).unwrap();
    assert_eq!(PasskeyKey::from_pem(&key.to_pem()), Some(key));
    let longer = [soft.der().as_slice(), &[0]].concat();
    assert_eq!(PasskeyKey::from_der(&longer), None);
    let group = openssl::ec::EcGroup::from_curve_name(openssl::nid::Nid::SECP384R1).unwrap();
    let other = openssl::pkey::PKey::from_ec_key(openssl::ec::EcKey::generate(&group).unwrap()).unwrap();
    assert_eq!(PasskeyKey::from_der(&other.public_key_to_der().unwrap()), None, "another curve");
    let rsa = |bits| PKey::from_rsa(Rsa::generate(bits).unwrap()).unwrap().public_key_to_der().unwrap();
    assert_eq!(PasskeyKey::from_der(&rsa(1024)), None, "a weak key");
    let kind = PasskeyKey::from_der(&rsa(2048)).map(|key| key.algorithm());
    assert_eq!(kind, Some(Algorithm::Rs256));
    assert_eq!(Algorithm::ALL.iter().map(|one| one.number()).collect::<Vec<_>>(), [-7, -8, -257]);
}

#[test]
fn a_site_has_a_name_and_is_reached_safely() {
    assert_eq!(site(), Site { id: "desk.example".into(), origin: "https://desk.example".into() });
    let here = Site::of("http://localhost:8080").unwrap();
    assert_eq!((here.id.as_str(), here.origin.as_str()), ("localhost", "http://localhost:8080"));
    for none in ["http://127.0.0.1:8080", "https://[::1]", "http://desk.example", "desk.example"] {
        assert_eq!(Site::of(none), None, "{none}");
    }
    assert!(site().is_one());
    assert!(!Site { id: "example".into(), ..site() }.is_one());
}
