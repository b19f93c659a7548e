//! The demo: accounts of every role, agencies, and the 2016 sample as rows of the ledger, from which the published
//! yearly figures come out by counting. Named public cases carry their source; everything made up to fill the totals
//! is marked synthetic.
//!
//! Writes rows of every room's tables; it is a loader, not a room of the way of a lead.

mod accounts;
mod agencies;
mod appraisal;
mod cases;
mod figures;
mod ledger;
mod live;
mod named;
mod named_facts;
mod orders;
mod plan;
mod published;
pub mod synthetic;

pub use accounts::Account;
pub use agencies::Agencies;
pub use plan::{Group, Plan, Quota};

use crate::{
    audit::{self, Entry},
    platform::{
        db::{
            Connection, Origin, Tx,
            schema::{agency, person},
        },
        error::{AppError, Plain, Result},
        keyring,
        services::Services,
    },
};

/// Seed of the sample: the same rows every time.
const SEED: u64 = 2016;

/// How many leads the sample has.
pub fn leads() -> u32 {
    let dealt: u32 = published::GROUPS.iter().map(|group| group.quota.leads).sum();
    dealt + u32::try_from(named_facts::cases().len() + live::LIVE.len()).unwrap_or_default()
}

/// Loads the sample into an empty database, in one transaction, then a few open leads through the
/// real acts; `settle` does the jobs that follow from them. `progress` is told how many leads there are by now, up to
/// [`leads`]. Returns the accounts.
///
/// # Errors
/// The database is not empty; those of the database.
pub fn load(
    services: &Services,
    settle: &dyn Fn(&Services) -> Result<()>,
    progress: &mut dyn FnMut(u32),
) -> Result<Vec<Account>> {
    let mut done = 0;
    let mut step = || {
        done += 1;
        progress(done);
    };
    let told: &mut dyn FnMut() = &mut step;
    let accounts = accounts::invent()?;
    let zone = services.settings.time_zone;
    let made = accounts.clone();
    let master = services.master.clone();
    services.db.write_now(Origin::system("system:demo"), move |tx| {
        require_empty(tx)?;
        keyring::mark_demo(tx)?;
        let agencies = agencies::plant(tx)?;
        let people = accounts::plant(tx, &master, &made, &agencies)?;
        let mut writer = ledger::Writer::new(tx, &people, &agencies, zone);
        writer.named(told)?;
        for group in published::GROUPS {
            writer.group(&Plan::deal(group, SEED), told)?;
        }
        writer.write_entries()?;
        figures::plant(tx)?;
        published::operation(tx)?;
        figures::put_on_record(tx)?;
        audit::record(tx, Entry::new("demo.load").fact("seed", SEED))?;
        Ok(())
    })?;
    live::load(services, &accounts, settle, &mut step)?;
    Ok(accounts)
}

/// Whether anything was ever loaded into a database or done in it, and whether it is a demo's.
///
/// # Errors
/// Those of the database.
pub fn holds(conn: &mut Connection) -> Result<(bool, bool)> {
    use diesel::prelude::*;
    let people: i64 = person::table.count().get_result(conn)?;
    // An installation may have its directory before its first account.
    let agencies: i64 = agency::table.count().get_result(conn)?;
    let is_used = people + agencies > 0;
    Ok((is_used, is_used && keyring::is_demo(conn)?))
}

fn require_empty(tx: &mut Tx<'_>) -> Result<()> {
    if holds(tx.conn())?.0 {
        return Err(AppError::internal(Plain("the database is not empty".into())));
    }
    Ok(())
}
