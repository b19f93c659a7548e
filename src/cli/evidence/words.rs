//! What a move says.

use std::{error::Error, process::ExitCode};

use super::{Moved, Stores};
use crate::platform::{
    services::Services,
    vault::{Brought, VaultError},
};

/// An error of a store with its cause, in one line.
pub(super) fn told(store: &str, error: &VaultError) -> String {
    let cause = error.source().map(|cause| cause.to_string()).unwrap_or_default();
    let cause: String = cause.lines().next().unwrap_or_default().chars().take(300).collect();
    let between = if cause.is_empty() { "" } else { ": " };
    format!("{store}: {error}{between}{cause}")
}

/// What is the matter with an object that was not brought.
pub(super) fn words(stores: &Stores, object: &str, fault: Brought) -> String {
    let (from, to) = (stores.from.address(), stores.to.address());
    match fault {
        Brought::Missing => format!("{object}: it is neither in {from} nor in {to}"),
        _ => format!("{object}: it is not in {from} as it was registered, nor in {to}"),
    }
}

/// What stops the whole run. Which store said so is not known; a store that is full can only be the new one.
pub(super) fn error_of(stores: &Stores, error: &VaultError) -> String {
    match error {
        VaultError::Full(_) => told(&stores.to.address(), error),
        _ => told(&format!("{} or {}", stores.from.address(), stores.to.address()), error),
    }
}

/// That another run has begun to move into the same store; what this one brought last may not have been proven.
pub(super) fn lost(stores: &Stores) -> String {
    format!(
        "{}: another run has begun meanwhile, as nothing was heard of this one. Once it has ended, run this again with --deep: \
         what arrived last was not read back",
        stores.to.address()
    )
}

/// `1 file`, `2 files`.
pub(super) fn files(n: u64) -> String {
    crate::cli::counted(usize::try_from(n).unwrap_or(usize::MAX), "file")
}

/// Says what came of it and what is to be done now, and with which exit code.
pub(super) fn say(services: &Services, stores: &Stores, moved: &Moved) -> ExitCode {
    let (from, to) = (stores.from.address(), stores.to.address());
    moved.faults.values().for_each(|fault| tell!("{fault}"));
    tell!("Brought to {to}: {}, {} bytes. There before: {}.", files(moved.files), moved.bytes, moved.there);
    if moved.pieces > 0 {
        tell!("Pieces of files that are still on their way are among them: {}.", moved.pieces);
    }
    if let Some(why) = &moved.stopped {
        eprintln!("lead-handoff: {why}");
        eprintln!("What has arrived stays there. Run this again when that is mended: it goes on from here.");
        return ExitCode::from(1);
    }
    if !moved.faults.is_empty() {
        let faults = crate::cli::counted(moved.faults.len(), "file");
        tell!("Not brought: {faults}. Leave {from} as it is; `lead-handoff check` says more.");
        return ExitCode::from(1);
    }
    if services.vault.overlaps(&stores.from) {
        tell!("Everything is there. To switch:");
        tell!("  1. Set LEAD_HANDOFF_EVIDENCE_URL={to}");
        tell!("     and LEAD_HANDOFF_EVIDENCE_FALLBACK_URL={from}, and restart every server.");
        tell!("  2. Run this command once more: it brings what came meanwhile.");
        tell!("  3. Take LEAD_HANDOFF_EVIDENCE_FALLBACK_URL out, and restart every server.");
    } else if services.vault.overlaps(&stores.to) {
        tell!(
            "Everything is there, and evidence is kept there. If every server was restarted with it, \
             LEAD_HANDOFF_EVIDENCE_FALLBACK_URL can be taken out; {from} is needed no longer."
        );
    } else {
        tell!("Everything is there.");
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_in_one_short_line() {
        let long = format!("no answer\n{}", "x".repeat(1_000));
        let said = told("s3://bucket", &VaultError::Unavailable(long.into()));
        assert_eq!(said, "s3://bucket: the evidence store can't be reached: no answer");
    }
}
