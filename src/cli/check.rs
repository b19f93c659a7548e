//! `lead-handoff check`: whether everything that is stored is as it was stored. That the stored files were read and hashed
//! anew is on record, for the custody of each item.

mod files;

use std::{
    collections::{BTreeMap, BTreeSet},
    process::ExitCode,
};

use diesel::prelude::*;
use uuid::Uuid;

use self::files::check_files;
pub(super) use self::files::{Blob, blobs_after};
use super::Common;
use crate::{
    audit::{self, Entry},
    casework::{
        dossier,
        evidence::{
            custody_of_store::{BEGUN, CHECKED},
            store as items, time_stamp,
        },
    },
    directory::{
        agencies::model::COUNTRY,
        reference::{agency_types, categories, charges, regions},
    },
    handover::transfer,
    platform::{
        db::{
            Connection, Id, Instant, integrity,
            schema::{self, agency, counter, evidence, lead, lead_charge},
        },
        error::{AppError, Plain, Result},
        i18n::{Lang, t, t_count, t_with},
        keyring,
        services::Services,
    },
};

/// Rows read at once.
const STEP: i64 = 1_000;
/// Objects that are taken out before the database is asked again.
const AT_ONCE: usize = 100;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Ends with 0 when everything is in order, 1 with each fault named, 2 when it can't be checked.\n\n\
    Example:\n  lead-handoff check --data ./data\n  lead-handoff check --data ./data --tidy"
)]
pub struct Args {
    #[command(flatten)]
    common: Common,
    /// Removes what interrupted uploads have left in the evidence store, once nothing else is wrong.
    #[arg(long)]
    tidy: bool,
}

/// What was looked at, and what is wrong.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Stored files that were read and hashed anew.
    pub files: usize,
    /// Those of them that could not be read, or are other files.
    pub faulty: usize,
    /// Entries of the audit log that have their place.
    pub entries: u64,
    /// Entries of the audit log that wait for their place.
    pub waiting: u64,
    /// One sentence each.
    pub faults: Vec<String>,
    /// Objects of the evidence store that no stored file has: a process was killed between the store and the database,
    /// before anything was confirmed. They hold room, and nothing is wrong with them.
    pub left: Vec<Uuid>,
    /// Secrets that still need the previous master key; `None`: there is none, or none is given.
    pub older_key: Option<u64>,
}

/// Runs the command.
pub fn run(args: &Args) -> ExitCode {
    match looked_over(args) {
        Ok(report) => print(&report, super::lang()),
        Err(e) => super::report(Err(e)),
    }
}

fn looked_over(args: &Args) -> Result<Report> {
    let services = args.common.settings(None, "./data").and_then(super::open)?;
    let lang = super::lang();
    let begun = services.db.now();
    let mut report = check(&services, lang)?;
    if let Err(error) = put_on_record(&services, &report, begun) {
        eprintln!("lead-handoff: {}", t_with(lang, "check-not-on-record", &[("why", error.to_string())]));
    }
    if args.tidy && report.faults.is_empty() {
        let gone = tidy(&services, &mut report, lang)?;
        let objects = t_count(lang, "check-objects", gone as u64);
        tell!("{}", t_with(lang, "check-tidied", &[("objects", objects)]));
    }
    Ok(report)
}

/// Puts on record that every stored file was read and hashed anew, from `begun` on.
fn put_on_record(services: &Services, report: &Report, begun: Instant) -> Result<()> {
    let entry = Entry::new(CHECKED)
        .fact("files", report.files)
        .fact("faults", report.faulty)
        .fact(BEGUN, begun.to_string());
    services.db.write_now(super::user::origin(), |tx| audit::record(tx, entry).map(|_| ()))
}

/// Takes out of the evidence store what no stored file has; says how many objects that were. Not by itself at the start of
/// `serve`: with the wrong database before the right store that would be everything. Such a one is refused here where it
/// can be told: killed uploads do not leave more than half as many objects as there are files. What goes is on record
/// first.
///
/// # Errors
/// Too much is left; the database or the evidence store is out of reach.
pub fn tidy(services: &Services, report: &mut Report, lang: Lang) -> Result<usize> {
    let (left, known) = (report.left.len(), report.files);
    if left > known.div_ceil(2) {
        let objects = t_count(lang, "check-objects", left as u64);
        let files = t_count(lang, "check-stored-files", known as u64);
        let why = t_with(lang, "check-too-much-left", &[("objects", objects), ("files", files)]);
        return Err(AppError::internal(Plain(why)));
    }
    let keys = unused(services, &std::mem::take(&mut report.left))?;
    if keys.is_empty() {
        return Ok(0);
    }
    let entry = Entry::new("evidence.tidy")
        .objects("object", keys.iter().copied().map(Id::from))
        .fact("count", keys.len());
    services.db.write_now(super::user::origin(), |tx| audit::record(tx, entry).map(|_| ()))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut gone = 0;
    for part in keys.chunks(AT_ONCE) {
        for key in unused(services, part)? {
            runtime.block_on(services.vault.delete(key))?;
            gone += 1;
        }
    }
    Ok(gone)
}

/// Of these objects those that still have no row: one may have been written down since the store was listed.
fn unused(services: &Services, keys: &[Uuid]) -> Result<Vec<Uuid>> {
    let mut unused = Vec::new();
    for part in keys.chunks(STEP as usize) {
        unused.extend(services.db.read_now(|conn| items::unreferenced(conn, part))?);
    }
    Ok(unused)
}

/// Says what was found, and with which exit code.
pub(super) fn print(report: &Report, lang: Lang) -> ExitCode {
    for fault in &report.faults {
        tell!("{fault}");
    }
    if !report.left.is_empty() {
        let objects = t_count(lang, "check-objects", report.left.len() as u64);
        tell!("{}", t_with(lang, "check-left", &[("objects", objects)]));
    }
    match report.older_key {
        None => {}
        Some(0) => {
            tell!("{}", t(lang, "check-older-key-none"));
        }
        Some(n) => {
            tell!("{}", t_count(lang, "check-older-key", n));
        }
    }
    let files = t_count(lang, "check-files", report.files as u64);
    let (is_whole, n) = (report.faults.is_empty(), report.faults.len().to_string());
    let key = if is_whole { "check-in-order" } else { "check-faulty" };
    let said = t_with(lang, key, &[("files", files), ("entries", entries_of(report, lang)), ("n", n)]);
    tell!("{said}");
    if is_whole { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

/// The entries that were looked at, and those that no head covers yet.
fn entries_of(report: &Report, lang: Lang) -> String {
    let entries = t_count(lang, "check-entries", report.entries);
    if report.waiting == 0 {
        return entries;
    }
    t_with(lang, "check-entries-waiting", &[("entries", entries), ("n", report.waiting.to_string())])
}

/// Checks stored files, the audit log, references and counters. Reads every file once; on a thread that may block.
///
/// # Errors
/// The database or the evidence store is out of reach.
pub fn check(services: &Services, lang: Lang) -> Result<Report> {
    let mut report = Report::default();
    check_files(services, &mut report, lang)?;
    services.db.read_now(|conn| {
        let keys = keyring::trusted(conn, &services.master, lang)?;
        report.faults.extend(keys.faults);
        check_secrets(conn, services, &mut report, lang)?;
        let (entries, faults) = audit::check(conn, &keys.keys, lang)?;
        report.entries = entries;
        report.waiting = audit::waiting(conn)?;
        report.faults.extend(faults.into_iter().map(|fault| fault.0));
        report.faults.extend(integrity(conn, lang)?);
        report.faults.extend(time_stamp::check(conn, lang)?);
        report.faults.extend(dossier::check(conn, lang)?);
        report.faults.extend(transfer::check(conn, lang)?);
        check_codes(conn, &mut report.faults, lang)?;
        check_counters(conn, &mut report.faults, lang)
    })?;
    Ok(report)
}

/// Which master keys the secrets need.
fn check_secrets(conn: &mut Connection, services: &Services, report: &mut Report, lang: Lang) -> Result<()> {
    let standing = keyring::standing(conn, &services.master)?;
    let lost = |(table, n): (&str, u64)| {
        t_with(lang, "check-secrets-lost", &[("table", table.to_owned()), ("n", n.to_string())])
    };
    report.faults.extend(standing.lost.into_iter().map(lost));
    report.older_key = (!services.master.previous().is_empty()).then_some(standing.waiting);
    Ok(())
}

/// Codes that rows bear must be known, at whatever date.
fn check_codes(conn: &mut Connection, faults: &mut Vec<String>, lang: Lang) -> Result<()> {
    let known: BTreeSet<&str> = regions().all().iter().map(|region| region.code.as_str()).collect();
    let mut unknown = |key: &str, codes: Vec<String>, is_known: &dyn Fn(&str) -> bool| {
        let unknown = codes.into_iter().filter(|code| !code.is_empty() && !is_known(code));
        faults.extend(unknown.map(|code| t_with(lang, key, &[("code", code)])));
    };
    let codes = lead::table.select(lead::region_code).distinct().load(conn)?;
    unknown("check-code-lead-region", codes, &|code| known.contains(code));
    let codes = agency::table.select(agency::region_code).distinct().load(conn)?;
    unknown("check-code-agency-region", codes, &|code| code == COUNTRY || known.contains(code));
    let codes = agency::table.select(agency::type_code).distinct().load(conn)?;
    unknown("check-code-agency-type", codes, &|code| agency_types().get(code).is_some());
    let codes = lead_charge::table.select(lead_charge::charge_code).distinct().load(conn)?;
    unknown("check-code-charge", codes, &|code| charges().all().iter().any(|charge| charge.code == code));
    let codes = evidence::table.select(evidence::category).distinct().load(conn)?;
    unknown("check-code-category", codes, &|code| categories().get(code).is_some());
    Ok(())
}

/// Year and serial number of `XS-2016-001184` or `YS-2016-0001`.
fn parts(number: &str) -> Option<(&str, i64)> {
    let (rest, serial) = number.rsplit_once('-')?;
    Some((rest.rsplit_once('-')?.1, serial.parse().ok()?))
}

/// A counter must not be behind a number that was given.
fn check_counters(conn: &mut Connection, faults: &mut Vec<String>, lang: Lang) -> Result<()> {
    let mut highest: BTreeMap<String, i64> = BTreeMap::new();
    let mut given = |number: &str, name: &dyn Fn(&str) -> String| match parts(number) {
        Some((year, serial)) => {
            let highest = highest.entry(name(year)).or_default();
            *highest = serial.max(*highest);
        }
        None => faults.push(t_with(lang, "check-number", &[("number", number.to_owned())])),
    };
    let mut after = i64::MIN;
    loop {
        let rows: Vec<(i64, String)> = lead::table
            .filter(lead::seq.gt(after))
            .order(lead::seq)
            .limit(STEP)
            .select((lead::seq, lead::number))
            .load(conn)?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        rows.iter().for_each(|(_, number)| given(number, &|year| format!("lead-{year}")));
    }
    let mut after = i64::MIN;
    loop {
        let rows: Vec<(i64, Id, String)> = schema::transfer::table
            .filter(schema::transfer::seq.gt(after))
            .order(schema::transfer::seq)
            .limit(STEP)
            .select((schema::transfer::seq, schema::transfer::agency_id, schema::transfer::number))
            .load(conn)?;
        let Some(last) = rows.last() else { break };
        after = last.0;
        rows.iter()
            .for_each(|(_, agency, number)| given(number, &|year| format!("transfer-{agency}-{year}")));
    }
    let stands: BTreeMap<String, i64> = counter::table
        .select((counter::name, counter::value))
        .load::<(String, i64)>(conn)?
        .into_iter()
        .collect();
    for (name, highest) in highest {
        let stand = stands.get(&name).copied().unwrap_or_default();
        if stand < highest {
            let arguments = [("name", name), ("stand", stand.to_string()), ("given", highest.to_string())];
            faults.push(t_with(lang, "check-counter", &arguments));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_number_has_a_year_and_a_serial() {
        assert_eq!(parts("XS-2016-001184"), Some(("2016", 1184)));
        assert_eq!(parts("YS-2016-0001"), Some(("2016", 1)));
        assert_eq!(parts("nonsense"), None);
    }
}
