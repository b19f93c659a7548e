//! What a move says, in the language of the terminal.

use std::{error::Error, process::ExitCode};

use super::{Moved, Stores};
use crate::{
    cli::progress::Progress,
    platform::{
        i18n::{Lang, t, t_count, t_with},
        services::Services,
        vault::{Brought, VaultError},
    },
};

/// An error of a store with its cause, in one line. The cause is told as the system or the service tells it.
pub(super) fn told(lang: Lang, store: &str, error: &VaultError) -> String {
    let cause = error.source().map(|cause| cause.to_string()).unwrap_or_default();
    let cause: String = cause.lines().next().unwrap_or_default().chars().take(300).collect();
    let key = if cause.is_empty() { "migrate-told" } else { "migrate-told-with-cause" };
    t_with(lang, key, &[("store", store.to_owned()), ("why", why(lang, error)), ("cause", cause)])
}

fn why(lang: Lang, error: &VaultError) -> String {
    match error {
        VaultError::Full(_) => t(lang, "migrate-why-full"),
        VaultError::Unavailable(_) => t(lang, "migrate-why-away"),
        VaultError::Missing(id) => t_with(lang, "check-object-missing", &[("id", id.to_string())]),
        VaultError::Damaged(id, _) => t_with(lang, "check-object-damaged", &[("id", id.to_string())]),
        VaultError::Key(_) => t(lang, "check-object-key"),
        VaultError::NoFolder(folder) => t_with(lang, "migrate-why-no-folder", &[("folder", folder.clone())]),
        VaultError::Setting(setting) => t_with(lang, "migrate-why-setting", &[("setting", setting.clone())]),
        VaultError::Incoming(_) => error.to_string(), // nobody sends anything here
    }
}

/// What is said of both stores.
fn of_both(stores: &Stores, key: &str) -> String {
    let (from, to) = (stores.from.address(), stores.to.address());
    t_with(stores.lang, key, &[("from", from), ("to", to)])
}

/// What is the matter with an object that was not brought.
pub(super) fn words(stores: &Stores, object: &str, fault: Brought) -> String {
    let key = match fault {
        Brought::Missing => "migrate-missing",
        _ => "migrate-damaged",
    };
    let (from, to) = (stores.from.address(), stores.to.address());
    t_with(stores.lang, key, &[("object", object.to_owned()), ("from", from), ("to", to)])
}

/// That an object is not what was read, twice.
pub(super) fn arrives_damaged(stores: &Stores, object: &str) -> String {
    let args = [("object", object.to_owned()), ("to", stores.to.address())];
    t_with(stores.lang, "migrate-arrives-damaged", &args)
}

/// What stops the whole run. Which store said so is not known; a store that is full can only be the new one.
pub(super) fn error_of(stores: &Stores, error: &VaultError) -> String {
    match error {
        VaultError::Full(_) => told(stores.lang, &stores.to.address(), error),
        _ => told(stores.lang, &of_both(stores, "migrate-or"), error),
    }
}

/// That the store that is left can't be meant: nothing is in it, and so many files should be.
pub(super) fn is_empty(stores: &Stores, known: u64) -> String {
    let args = [("from", stores.from.address()), ("files", files(stores.lang, known))];
    t_with(stores.lang, "migrate-empty", &args)
}

/// That another run holds the bucket, and after how many seconds it does so no longer.
pub(super) fn held(lang: Lang, to: &str, seconds: i64) -> String {
    t_with(lang, "migrate-held", &[("to", to.to_owned()), ("seconds", seconds.to_string())])
}

/// That another run has begun to move into the same store; what this one brought last may not have been proven.
pub(super) fn lost(stores: &Stores) -> String {
    of_both(stores, "migrate-lost")
}

/// How far one way over the objects has come; `key`: what is said of it, with `done` and `all`.
pub(super) fn progress(lang: Lang, key: &'static str, all: u64) -> Progress {
    let told = move |done: usize, all: usize| {
        t_with(lang, key, &[("done", done.to_string()), ("all", all.to_string())])
    };
    Progress::told(told, usize::try_from(all).unwrap_or(usize::MAX))
}

/// `1 file`, `2 files`.
fn files(lang: Lang, n: u64) -> String {
    t_count(lang, "migrate-files", n)
}

/// Says what came of it and what is to be done now, and with which exit code.
pub(super) fn say(services: &Services, stores: &Stores, moved: &Moved) -> ExitCode {
    let lang = stores.lang;
    let (from, to) = (stores.from.address(), stores.to.address());
    moved.faults.values().for_each(|fault| tell!("{fault}"));
    let brought = [
        ("to", to),
        ("files", files(lang, moved.files)),
        ("bytes", t_count(lang, "migrate-bytes", moved.bytes)),
        ("there", moved.there.to_string()),
    ];
    tell!("{}", t_with(lang, "migrate-brought", &brought));
    if moved.pieces > 0 {
        tell!("{}", t_with(lang, "migrate-pieces", &[("pieces", moved.pieces.to_string())]));
    }
    if let Some(why) = &moved.stopped {
        eprintln!("lead-handoff: {why}");
        eprintln!("{}", t(lang, "migrate-again"));
        return ExitCode::from(1);
    }
    if !moved.faults.is_empty() {
        let faults = files(lang, moved.faults.len() as u64);
        tell!("{}", t_with(lang, "migrate-not-brought", &[("files", faults), ("from", from)]));
        return ExitCode::from(1);
    }
    if services.vault.overlaps(&stores.from) {
        tell!("{}", t(lang, "migrate-switch"));
        tell!("  1. {}", of_both(stores, "migrate-switch-set"));
        tell!("     {}", of_both(stores, "migrate-switch-fallback"));
        tell!("  2. {}", t(lang, "migrate-switch-again"));
        tell!("  3. {}", t(lang, "migrate-switch-end"));
    } else if services.vault.overlaps(&stores.to) {
        tell!("{}", of_both(stores, "migrate-switched"));
    } else {
        tell!("{}", t(lang, "migrate-done"));
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_in_one_short_line() {
        let long = format!("no answer\n{}", "x".repeat(1_000));
        let error = VaultError::Unavailable(long.into());
        let said = told(Lang::En, "s3://bucket", &error);
        assert_eq!(said, "s3://bucket: the evidence store can’t be reached: no answer");
        assert_eq!(told(Lang::Zh, "s3://bucket", &error), "s3://bucket：无法连接证据存储：no answer");
    }
}
