//! The state that is asked for when it is scraped.

use diesel::prelude::*;
use prometheus::{IntGaugeVec, Opts, core::Collector, proto::MetricFamily};

use crate::{
    audit,
    platform::{
        db::{
            Connection, Instant, PoolState,
            schema::{audit_pending, job, mail_message},
        },
        error::{AppError, Result},
    },
};

/// Counts of rows.
pub struct State {
    /// By state; `due` are those queued whose time has come.
    jobs: [(&'static str, i64); 3],
    mails: [(&'static str, i64); 2],
    unplaced: i64,
    log_size: i64,
}

/// Counts them at `now`.
///
/// # Errors
/// Those of the database.
pub fn state(conn: &mut Connection, now: Instant) -> Result<State> {
    let queued = || job::table.filter(job::state.eq("queued")).count();
    let mails = |state: &'static str| mail_message::table.filter(mail_message::state.eq(state)).count();
    let due: i64 = queued().filter(job::run_at.le(now)).get_result(conn)?;
    let waiting: i64 = queued().filter(job::run_at.gt(now)).get_result(conn)?;
    let failed: i64 = job::table.filter(job::state.eq("failed")).count().get_result(conn)?;
    Ok(State {
        jobs: [("due", due), ("waiting", waiting), ("failed", failed)],
        mails: [("queued", mails("queued").get_result(conn)?), ("failed", mails("failed").get_result(conn)?)],
        unplaced: audit_pending::table.count().get_result(conn)?,
        log_size: audit::latest_head(conn)?.map_or(0, |head| head.size),
    })
}

fn gauge<const N: usize>(
    name: &str,
    help: &str,
    labels: [&str; N],
    values: &[([&str; N], i64)],
) -> Result<Vec<MetricFamily>> {
    let gauge = IntGaugeVec::new(Opts::new(name, help), &labels).map_err(AppError::internal)?;
    for (of, value) in values {
        gauge.with_label_values(of).set(*value);
    }
    Ok(gauge.collect())
}

/// As series.
///
/// # Errors
/// Internal: a name that is none.
pub fn families(state: &State, pools: &[PoolState]) -> Result<Vec<MetricFamily>> {
    let by_state = |all: &[(&'static str, i64)]| all.iter().map(|(of, n)| ([*of], *n)).collect::<Vec<_>>();
    let connections: Vec<_> = pools
        .iter()
        .flat_map(|pool| [([pool.name, "idle"], pool.idle), ([pool.name, "used"], pool.used)])
        .collect();
    let parts = [
        gauge("lead_handoff_jobs", "Background jobs by state.", ["state"], &by_state(&state.jobs))?,
        gauge("lead_handoff_mails", "Mails that are not sent.", ["state"], &by_state(&state.mails))?,
        gauge(
            "lead_handoff_audit_unplaced",
            "Audit entries without a place yet.",
            [],
            &[([], state.unplaced)],
        )?,
        gauge("lead_handoff_audit_log_size", "Entries under the signed head.", [], &[([], state.log_size)])?,
        gauge("lead_handoff_database_connections", "Open connections.", ["pool", "state"], &connections)?,
        gauge(
            "lead_handoff_build_info",
            "1, with the version.",
            ["version"],
            &[([env!("CARGO_PKG_VERSION")], 1)],
        )?,
    ];
    Ok(parts.into_iter().flatten().collect())
}
