//! Rules of signing in; pure.

use crate::platform::{
    db::Instant,
    error::{AppError, FieldError, Result},
    i18n::{self, Lang},
};

/// Failures are counted over so long, in seconds.
pub const WINDOW: i64 = 15 * 60;
/// Failures of one account within the window, after which it has to wait.
pub const PER_ACCOUNT: usize = 5;
/// Failures from one address within the window, whatever the accounts.
pub const PER_ADDRESS: usize = 20;

/// Seconds to wait before another try; `failures` are those within the window, newest first.
pub fn wait(now: Instant, failures: &[Instant], limit: usize) -> Option<u64> {
    let oldest = failures.get(limit.checked_sub(1)?)?;
    u64::try_from(WINDOW - now.seconds_since(*oldest)).ok().filter(|left| *left > 0)
}

/// The wait as people say it: "14 minutes 30 seconds".
pub fn wait_words(lang: Lang, seconds: u64) -> String {
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let args = [("m", minutes.to_string()), ("s", seconds.to_string())];
    match (minutes, seconds) {
        (0, _) => i18n::t_with(lang, "people-wait-seconds", &args),
        (_, 0) => i18n::t_with(lang, "people-wait-minutes", &args),
        _ => i18n::t_with(lang, "people-wait-both", &args),
    }
}

/// What was wrong with a form by which somebody proves who they are: its faults, or how long to wait.
#[derive(Clone, Debug, Default)]
pub struct Trouble {
    pub errors: Vec<FieldError>,
    /// Seconds, after too many tries.
    pub wait: Option<u64>,
}

impl Trouble {
    /// Of what an act came to.
    ///
    /// # Errors
    /// Whatever the form's sender can't mend.
    pub fn of(error: AppError) -> Result<Self> {
        match error {
            AppError::Invalid(errors) => Ok(Self { errors, wait: None }),
            AppError::TooMany(seconds) => Ok(Self { errors: Vec::new(), wait: Some(seconds) }),
            other => Err(other),
        }
    }

    /// How long to wait, in words; empty: not at all.
    pub fn words(&self, lang: Lang) -> String {
        self.wait.map_or_else(String::new, |seconds| wait_words(lang, seconds))
    }
}

/// The page to go on to, if it is one of this site; nobody is sent elsewhere by a link to our login page.
pub fn local_path(path: &str) -> Option<&str> {
    let odd = |c: char| c.is_control() || c == '\\' || c.is_whitespace();
    let local = path.starts_with('/') && !path.starts_with("//") && !path.chars().any(odd);
    local.then_some(path)
}

/// A name as it is stored and compared.
pub fn username(typed: &str) -> String {
    typed.trim().to_lowercase()
}

/// Whether a new name can be had: 3 to 32 of `a-z 0-9 . _ -`, the first a letter or digit.
pub fn is_username(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    (3..=32).contains(&name.len())
        && name.bytes().all(|b| plain(b) || matches!(b, b'.' | b'_' | b'-'))
        && name.bytes().next().is_some_and(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_fifth_failure_closes_the_account_until_the_first_is_old_enough() {
        let at = |s: i64| Instant::from_micros(s * 1_000_000);
        let four = [at(40), at(30), at(20), at(10)];
        assert_eq!(wait(at(50), &four, PER_ACCOUNT), None);
        let five = [at(40), at(30), at(20), at(10), at(0)];
        assert_eq!(wait(at(50), &five, PER_ACCOUNT), Some(850));
        assert_eq!(wait(at(WINDOW), &five, PER_ACCOUNT), None);
    }

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for good in ["/", "/leads?state=draft", "/leads/1#x"] {
            assert_eq!(local_path(good), Some(good));
        }
        for bad in
            ["", "leads", "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil", "/a b"]
        {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_followed_stays_on_this_host(path in "[/\\\\a-z:.@\\t ]{0,12}") {
            if let Some(path) = local_path(&path) {
                let base = url::Url::parse("http://us.example/login").expect("base");
                let followed = base.join(path).expect("path");
                prop_assert_eq!(followed.host_str(), Some("us.example"));
            }
        }
    }

    #[test]
    fn names_are_plain() {
        assert!(is_username("lin.ke-2") && is_username("007"));
        for bad in ["ab", "Lin", "林可", ".lin", "a b c", "a@b.example"] {
            assert!(!is_username(bad), "{bad}");
        }
    }
}
