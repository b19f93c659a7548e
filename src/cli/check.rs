//! `lead-handoff check`: whether everything that is stored is as it was stored.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    process::ExitCode,
};

use diesel::prelude::*;
use futures_util::StreamExt;
use uuid::Uuid;

use super::{Common, progress::Progress};
use crate::{
    audit::{self, Entry},
    casework::{
        dossier,
        evidence::{resumable, store as items, time_stamp},
    },
    directory::{
        agencies::model::COUNTRY,
        reference::{agency_types, categories, charges, regions},
    },
    handover::transfer,
    platform::{
        db::{
            Connection, Id, Instant, integrity,
            schema::{self, agency, blob, counter, evidence, lead, lead_charge},
        },
        error::{AppError, Plain, Result},
        i18n::{Lang, t, t_count, t_with},
        keyring,
        services::Services,
        vault::VaultError,
    },
};

/// An object without a row may belong to an upload that is still under way for so many seconds.
const GRACE: i64 = 24 * 3600;
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
    let mut report = check(&services, lang)?;
    if args.tidy && report.faults.is_empty() {
        let gone = tidy(&services, &mut report, lang)?;
        let objects = t_count(lang, "check-objects", gone as u64);
        tell!("{}", t_with(lang, "check-tidied", &[("objects", objects)]));
    }
    Ok(report)
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

#[derive(Queryable)]
pub(super) struct Blob {
    pub id: Id,
    pub sha256: Vec<u8>,
    pub sm3: Vec<u8>,
    pub size: i64,
    pub wrapped_key: Vec<u8>,
    pub erased_at: Option<Instant>,
}

/// The stored files behind one, in the order of their ids; at most a thousand.
pub(super) fn blobs_after(conn: &mut Connection, after: Option<Id>) -> Result<Vec<Blob>> {
    let mut query = blob::table.into_boxed();
    if let Some(after) = after {
        query = query.filter(blob::id.gt(after));
    }
    let columns = (blob::id, blob::sha256, blob::sm3, blob::size, blob::wrapped_key, blob::erased_at);
    Ok(query.order(blob::id).limit(STEP).select(columns).load(conn)?)
}

fn check_files(services: &Services, report: &mut Report, lang: Lang) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut after = None;
    let all: i64 = services.db.read_now(|conn| {
        let kept = blob::table.filter(blob::erased_at.is_null());
        Ok(kept.count().get_result(conn)?)
    })?;
    let mut progress = Progress::new(usize::try_from(all).unwrap_or_default());
    loop {
        let part = services.db.read_now(|conn| blobs_after(conn, after))?;
        let Some(last) = part.last() else { break };
        after = Some(last.id);
        for blob in part.iter().filter(|blob| blob.erased_at.is_none()) {
            report.files += 1;
            let found = runtime.block_on(services.vault.digest(blob.id.uuid(), &blob.wrapped_key));
            progress.step();
            match found {
                Err(e @ VaultError::Unavailable(_)) => return Err(e.into()),
                Err(e) => {
                    report.faults.push(of_file(lang, "check-file", blob.id, ("what", unread(&e, lang))))
                }
                Ok(found) => {
                    let size = i64::try_from(found.size).unwrap_or(i64::MAX);
                    let parts = [
                        ("SHA-256".to_owned(), found.sha256[..] == blob.sha256[..]),
                        ("SM3".to_owned(), found.sm3[..] == blob.sm3[..]),
                        (t(lang, "check-file-size"), size == blob.size),
                    ];
                    let wrong = parts.into_iter().filter(|(_, same)| !same);
                    let wrong: Vec<String> = wrong.map(|(name, _)| name).collect();
                    if !wrong.is_empty() {
                        let wrong = wrong.join(&lang.comma());
                        report.faults.push(of_file(lang, "check-file-differs", blob.id, ("parts", wrong)));
                    }
                }
            }
        }
    }
    let now = services.db.now();
    runtime.block_on(async {
        let mut objects = services.vault.list();
        let mut part = Vec::new();
        while let Some(object) = objects.next().await {
            let object = object?;
            if now.seconds_since(Instant::from(object.modified)) > GRACE {
                part.push(Id::from(object.key));
            }
            if part.len() == STEP as usize {
                report.left.extend(left_of(services, &std::mem::take(&mut part))?);
            }
        }
        report.left.extend(left_of(services, &part)?);
        Ok(())
    })
}

fn of_file(lang: Lang, key: &str, id: Id, what: (&str, String)) -> String {
    t_with(lang, key, &[("id", id.to_string()), what])
}

/// Why an object could not be read; what is no fault of the object itself is told as the program tells it.
fn unread(error: &VaultError, lang: Lang) -> String {
    match error {
        VaultError::Missing(id) => t_with(lang, "check-object-missing", &[("id", id.to_string())]),
        VaultError::Damaged(id, _) => t_with(lang, "check-object-damaged", &[("id", id.to_string())]),
        VaultError::Key(_) => t(lang, "check-object-key"),
        other => other.to_string(),
    }
}

/// Of these objects those that no stored file has, nor what has arrived of files on their way.
fn left_of(services: &Services, ids: &[Id]) -> Result<Vec<Uuid>> {
    services.db.read_now(|conn| {
        let kept = blob::table.filter(blob::id.eq_any(ids)).filter(blob::erased_at.is_null());
        let mut known: HashSet<Id> = kept.select(blob::id).load::<Id>(conn)?.into_iter().collect();
        known.extend(resumable::store::known(conn, ids)?);
        Ok(ids.iter().filter(|id| !known.contains(id)).map(|id| id.uuid()).collect())
    })
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
