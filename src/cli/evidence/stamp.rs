//! `lead-handoff evidence stamp`: asks for the time stamps that were never asked for.

use std::process::ExitCode;

use super::{Common, plain};
use crate::{
    casework::evidence::time_stamp::{self, Standing},
    cli::{counted, progress::Progress, report, user},
    platform::{error::Result, services::Services},
};

/// Runs the command.
pub(super) fn run(common: &Common) -> ExitCode {
    let done = common.settings(None, "./data").and_then(crate::cli::open);
    report(done.and_then(|services| stamp(&services)))
}

fn stamp(services: &Services) -> Result<()> {
    let authorities = services.stamp_authorities();
    if authorities.is_empty() {
        return Err(plain("no authority for time stamps is configured (LEAD_HANDOFF_TIMESTAMP_URL)"));
    }
    let mut progress: Option<Progress> = None;
    let asked = time_stamp::ask_now(services, user::origin(), &mut |done, all| {
        let size = |n: i64| usize::try_from(n).unwrap_or_default();
        progress.get_or_insert_with(|| Progress::of("Stamp", size(all))).tell(size(done));
        Ok(())
    })?;
    match asked {
        Some(asked) => tell!("{} asked for.", counted(usize::try_from(asked).unwrap_or_default(), "stamp")),
        None => tell!("No stamp is missing: every stored file of an item and every seal was asked for."),
    }
    let found: Standing = services.db.read_now(|conn| time_stamp::standing(conn, &authorities))?;
    tell!(
        "Asked for so far: {}. Waited for: {}. Given up: {}.",
        found.asked,
        found.outstanding,
        found.failed
    );
    Ok(())
}
