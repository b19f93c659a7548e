//! The settings as the administrator's page shows them: the value without its secrets, where it came from, and by which
//! names each can be set.

use super::Whence;

/// Name, value as shown (secrets hidden) and where it came from.
pub type Shown = (&'static str, String, Whence);

/// What stands in place of a secret.
pub const HIDDEN: &str = "••••";

/// A setting that can't be given by a variable: files with public keys, named in the settings file alone.
pub const TRUSTED_KEYS: &str = "trusted_keys";

/// Variables that a bucket of evidence is opened with, and whether their value is a secret.
pub const BUCKET: [(&str, bool); 6] = [
    ("AWS_ACCESS_KEY_ID", false),
    ("AWS_SECRET_ACCESS_KEY", true),
    ("AWS_SESSION_TOKEN", true),
    ("AWS_REGION", false),
    ("AWS_ENDPOINT", false),
    ("AWS_ALLOW_HTTP", false),
];

/// The flag of a setting, e.g. `--listen`; `None`: it has none.
pub fn flag(name: &str) -> Option<&'static str> {
    Some(match name {
        "LEAD_HANDOFF_DATA" => "--data",
        "LEAD_HANDOFF_LISTEN" => "--listen",
        "LEAD_HANDOFF_BASE_URL" => "--base-url",
        "DATABASE_URL" => "--database-url",
        "LEAD_HANDOFF_MASTER_KEY" => "--master-key",
        "LEAD_HANDOFF_EVIDENCE_URL" => "--evidence-url",
        "LEAD_HANDOFF_SMTP_URL" => "--smtp-url",
        "LEAD_HANDOFF_MAIL_FROM" => "--mail-from",
        "LEAD_HANDOFF_TIME_ZONE" => "--time-zone",
        "LEAD_HANDOFF_ORGANISATION" => "--organisation",
        "RUST_LOG" => "--log",
        "LEAD_HANDOFF_LOG_FORMAT" => "--log-format",
        _ => return None,
    })
}

/// The environment variable of a setting; `None`: it has none.
pub fn variable(name: &'static str) -> Option<&'static str> {
    (name != TRUSTED_KEYS).then_some(name)
}

/// What a setting is called in `lead-handoff.toml`; `None`: it can't stand there.
pub fn key(name: &str) -> Option<String> {
    if name == "LEAD_HANDOFF_DATA" || name.starts_with("AWS_") {
        return None;
    }
    Some(name.trim_start_matches("LEAD_HANDOFF_").to_lowercase())
}

/// Key of the message that says what a setting is: `setting-base-url`.
pub fn words(name: &str) -> String {
    format!("setting-{}", name.trim_start_matches("LEAD_HANDOFF_").to_lowercase().replace('_', "-"))
}

/// Parameters of our URLs whose values say nothing that is secret; whatever else stands there may be a key or a token.
const PLAIN: [&str; 9] = [
    "sslmode",
    "sslrootcert",
    "application_name",
    "connect_timeout",
    "options",
    "mode",
    "region",
    "tls",
    "host",
];

/// A value without its secrets: of a URL the password is shown as dots, the user name too where it stands alone (a token),
/// and so is every parameter but those of [`PLAIN`]; of a command, what it is given.
pub(super) fn without_secret(value: &str) -> String {
    if let Some(command) = value.strip_prefix("command:") {
        let mut words = command.split_whitespace();
        // A variable before the program is given to it, as `TOKEN=… vault read`.
        let program = words.next().map_or("", |word| if word.contains('=') { "…" } else { word });
        let rest = if words.next().is_some() { " …" } else { "" };
        return format!("command:{program}{rest}");
    }
    // A password may hold a mark that means something else in an address (`#`, `/`), and so not be found as one.
    let may_hide_one = value.contains("://") && value.contains('@');
    let Ok(mut url) = url::Url::parse(value) else {
        return if may_hide_one { HIDDEN.into() } else { value.to_owned() };
    };
    if may_hide_one && url.username().is_empty() && url.password().is_none() {
        return HIDDEN.into();
    }
    // Of a database it is an account's name.
    let is_name = url.scheme().starts_with("postgres") || url.password().is_some();
    let has_token = !is_name && !url.username().is_empty();
    let is_hidden = has_token || url.password().is_some();
    if has_token && url.set_username(HIDDEN).is_err() {
        return HIDDEN.into();
    }
    if url.password().is_some() && url.set_password(Some(HIDDEN)).is_err() {
        return HIDDEN.into();
    }
    let hidden = |name: &str| !PLAIN.contains(&name);
    if url.query_pairs().any(|(name, _)| hidden(&name)) {
        let shown: Vec<(String, String)> = url
            .query_pairs()
            .map(|(name, value)| {
                let value = if hidden(&name) { "hidden".into() } else { value.into_owned() };
                (name.into_owned(), value)
            })
            .collect();
        url.query_pairs_mut().clear().extend_pairs(shown);
        return url.into();
    }
    if is_hidden { url.into() } else { value.to_owned() }
}

/// What the settings leave to the libraries and is shown all the same: the keys that `verify` trusts, the bucket's
/// variables.
pub(super) fn beside(
    trusted_keys: &[std::path::PathBuf],
    env: &dyn Fn(&str) -> Option<String>,
) -> Vec<Shown> {
    let listed: Vec<String> = trusted_keys.iter().map(|path| path.display().to_string()).collect();
    let whence = if listed.is_empty() { Whence::Default } else { Whence::File };
    let mut shown = vec![(TRUSTED_KEYS, listed.join(", "), whence)];
    for (name, is_secret) in BUCKET {
        let value = env(name).filter(|value| !value.is_empty());
        let whence = if value.is_some() { Whence::Environment } else { Whence::Default };
        let value = value.map(|value| if is_secret { HIDDEN.to_owned() } else { without_secret(&value) });
        shown.push((name, value.unwrap_or_default(), whence));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{
        i18n::{self, Lang},
        settings::{Flags, Settings},
    };

    fn load(env: &[(&str, &str)]) -> Settings {
        let env: Vec<(String, String)> = env.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        Settings::load_with(Flags::default(), "/nonexistent", &|name| {
            env.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone())
        })
        .expect("settings")
    }

    #[test]
    fn every_setting_says_what_it_is_and_how_it_is_set() {
        for (name, ..) in load(&[]).shown {
            for lang in Lang::ALL {
                assert!(i18n::has(lang, &words(name)), "{lang}: {name} has no words");
            }
            let ways = [flag(name).is_some(), variable(name).is_some(), key(name).is_some()];
            assert!(ways.contains(&true), "{name} can't be set");
        }
        assert_eq!(key("LEAD_HANDOFF_BASE_URL").as_deref(), Some("base_url"));
        assert_eq!((key("LEAD_HANDOFF_DATA"), key("AWS_REGION")), (None, None));
        assert_eq!((flag("LEAD_HANDOFF_METRICS"), variable(TRUSTED_KEYS)), (None, None));
    }

    #[test]
    fn what_is_secret_is_never_shown_wherever_it_stands() {
        let s = load(&[
            ("AWS_SECRET_ACCESS_KEY", "sesame"),
            ("AWS_REGION", "cn-east-1"),
            ("LEAD_HANDOFF_MASTER_KEY", "command:vault read sesame"),
        ]);
        let of = |wanted: &str| s.shown.iter().find(|(name, ..)| *name == wanted).expect("shown").clone();
        assert_eq!(of("AWS_SECRET_ACCESS_KEY").1, HIDDEN);
        assert_eq!(of("AWS_REGION").1, "cn-east-1");
        assert_eq!(of("LEAD_HANDOFF_MASTER_KEY").1, "command:vault …");
        assert_eq!(s.master_key, "command:vault read sesame");
        for url in [
            "postgres://db/app?sslkey=sesame",
            "https://sesame@bucket.example/evidence",
            "smtp://mail.example/?token=sesame&region=cn",
            "s3://bucket/?X-Amz-Signature=sesame",
            "postgres://app:12#sesame@db/app",
            "postgres://app:a#sesame@db/app",
            "command:TOKEN=sesame vault read",
        ] {
            assert!(!without_secret(url).contains("sesame"), "{}", without_secret(url));
        }
        let plain = "postgres://db/app?sslmode=require";
        assert_eq!(without_secret(plain), plain);
        assert_eq!(of("AWS_SESSION_TOKEN"), ("AWS_SESSION_TOKEN", String::new(), Whence::Default));
    }
}
