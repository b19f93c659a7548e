//! One look at a stored file.

use super::{
    model::{Fault, Finding, compare},
    store::Stored,
};
use crate::platform::{
    error::Result,
    jobs,
    keys::KeyError,
    vault::{Vault, VaultError},
};

/// Reads a file back, on a thread that may block; `None`: the store itself can't be reached now. What is wrong is looked
/// at twice: a line that breaks for a moment is no fault of the file.
///
/// # Errors
/// The runtime of the jobs can't be started.
pub fn look(vault: &Vault, file: &Stored) -> Result<Option<Finding>> {
    let first = once(vault, file)?;
    if first == Finding::Whole {
        return Ok(Some(first));
    }
    if is_away(vault)? {
        return Ok(None);
    }
    let second = once(vault, file)?;
    Ok(if second != Finding::Whole && is_away(vault)? { None } else { Some(second) })
}

fn once(vault: &Vault, file: &Stored) -> Result<Finding> {
    let found = jobs::wait(vault.digest(file.id.uuid(), &file.wrapped_key))?;
    Ok(match found {
        Ok(found) => compare(&found, &file.sha256, &file.sm3, file.size),
        Err(VaultError::Missing(_)) => Finding::Faulty(Fault::Missing),
        Err(VaultError::Damaged(..)) => Finding::Faulty(Fault::Damaged),
        // The master key is being changed: whoever has the other one reads it.
        Err(VaultError::Key(KeyError::OtherMaster)) => Finding::Unreached,
        Err(VaultError::Key(_)) => Finding::Faulty(Fault::Key),
        Err(error) => {
            tracing::warn!(file = %file.id, %error, "a stored file was not given out");
            Finding::Unreached
        }
    })
}

/// Whether the store does not answer. One that is full does.
fn is_away(vault: &Vault) -> Result<bool> {
    jobs::wait(vault.is_away())
}

/// Whether the store before does not answer, while evidence is being moved: what was not given out may lie there.
///
/// # Errors
/// As [`look`].
pub fn is_before_away(vault: &Vault) -> Result<bool> {
    jobs::wait(vault.is_fallback_away())
}
