//! `lead-handoff evidence stamp`: asks for the time stamps that were never asked for. In the language of the terminal.

use std::process::ExitCode;

use super::{Common, plain};
use crate::{
    casework::evidence::time_stamp::{self, Standing},
    cli::{lang, progress::Progress, report, user},
    platform::{
        error::Result,
        i18n::{t, t_count, t_with},
        services::Services,
    },
};

/// Runs the command.
pub(super) fn run(common: &Common) -> ExitCode {
    let done = common.settings(None, "./data").and_then(crate::cli::open);
    report(done.and_then(|services| stamp(&services)))
}

fn stamp(services: &Services) -> Result<()> {
    let lang = lang();
    let authorities = services.stamp_authorities();
    if authorities.is_empty() {
        return Err(plain(t(lang, "stamp-unset")));
    }
    let told = move |done: usize, all: usize| {
        t_with(lang, "stamp-progress", &[("done", done.to_string()), ("all", all.to_string())])
    };
    let mut progress: Option<Progress> = None;
    let asked = time_stamp::ask_now(services, user::origin(), &mut |done, all| {
        let size = |n: i64| usize::try_from(n).unwrap_or_default();
        progress.get_or_insert_with(|| Progress::told(told, size(all))).tell(size(done));
        Ok(())
    })?;
    match asked {
        Some(asked) => tell!("{}", t_count(lang, "stamp-asked", asked.unsigned_abs())),
        None => tell!("{}", t(lang, "stamp-none")),
    }
    let found: Standing = services.db.read_now(|conn| time_stamp::standing(conn, &authorities))?;
    let counts = [("asked", found.asked), ("outstanding", found.outstanding), ("failed", found.failed)];
    tell!("{}", t_with(lang, "stamp-standing", &counts.map(|(name, n)| (name, n.to_string()))));
    Ok(())
}
