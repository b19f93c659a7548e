//! `lead-handoff agency import`, `region import`, `calendar import`: reference data from CSV files, all or nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Subcommand;

use super::Common;
use crate::{
    directory::{
        agencies::import,
        reference::{self, imported},
    },
    platform::{
        error::{AppError, FieldError, Plain, Result},
        i18n::{self, Lang},
        services::Services,
        settings::Settings,
    },
};

/// Agencies.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lead-handoff agency import agencies.csv --dry-run")]
pub struct Agency {
    #[command(subcommand)]
    act: AgencyAct,
}

#[derive(Debug, Subcommand)]
enum AgencyAct {
    /// Adds and changes agencies by their code; columns that the file leaves out stay as they are.
    #[command(
        after_help = "Columns: code, name_zh, name_en, type, level, region, parent, takes (a;b), channel, \
        addressee, address, phone, email, ack_days, accept_days, valid_from, valid_to, successor, contact_name, \
        contact_title, contact_phone, contact_email, note, source\n\n\
        Example:\n  lead-handoff agency import agencies.csv --dry-run"
    )]
    Import(File),
}

/// Regions.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lead-handoff region import regions-2027.csv")]
pub struct Region {
    #[command(subcommand)]
    act: RegionAct,
}

#[derive(Debug, Subcommand)]
enum RegionAct {
    /// Adds regions, or takes the place of those of the same code.
    #[command(
        after_help = "Columns: code, name_zh, name_en, parent, level (province, prefecture, county, zone), \
        valid_from, valid_to\n\nExample:\n  lead-handoff region import regions-2027.csv"
    )]
    Import(File),
}

/// Working days.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lead-handoff calendar import 2027.csv")]
pub struct Calendar {
    #[command(subcommand)]
    act: CalendarAct,
}

#[derive(Debug, Subcommand)]
enum CalendarAct {
    /// Takes in the published exceptions of whole years; a year that comes again is replaced.
    #[command(
        after_help = "Columns: date, kind (holiday: a Monday to Friday that is off; workday: a Saturday or \
        Sunday that is worked), name\n\nExample:\n  lead-handoff calendar import 2027.csv"
    )]
    Import(File),
}

#[derive(Debug, clap::Args)]
struct File {
    #[command(flatten)]
    common: Common,
    /// CSV, UTF-8 or GB 18030.
    file: PathBuf,
    /// Checks everything, writes nothing.
    #[arg(long)]
    dry_run: bool,
}

/// A fault with where it stands.
type Fault = (String, FieldError);

fn lang() -> Lang {
    std::env::var("LANG").ok().and_then(|tag| Lang::parse(&tag)).unwrap_or(Lang::En)
}

fn read(path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(|e| AppError::internal(Plain(format!("{}: {e}", path.display()))))?;
    Ok(import::decode(&bytes))
}

/// Opens the stores, imports, says what came of it: 0 done, 1 faults, 2 it can't be done.
fn with(file: &File, act: impl FnOnce(&Services, &str) -> Result<Result<String, Vec<Fault>>>) -> ExitCode {
    let done = Settings::load(file.common.flags(None), "./data")
        .and_then(super::open)
        .and_then(|services| act(&services, &read(&file.file)?))
        .map_err(super::words);
    match done {
        Ok(Ok(said)) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Ok(Err(faults)) => {
            for (place, fault) in &faults {
                eprintln!("line {place}: {}", i18n::t_with(lang(), fault.code, &fault.args));
            }
            eprintln!("{} faults; nothing was imported.", faults.len());
            ExitCode::from(1)
        }
        Err(e) => super::report(Err(e)),
    }
}

/// Runs `agency …`.
pub fn run_agency(args: &Agency) -> ExitCode {
    let AgencyAct::Import(file) = &args.act;
    with(file, |services, text| {
        let plan = match services.db.read_now(|conn| import::plan(conn, text))? {
            Ok(plan) => plan,
            Err(faults) => {
                return Ok(Err(faults.into_iter().map(|fault| (fault.place(), fault.error)).collect()));
            }
        };
        let counts =
            format!("{} new, {} changed, {} as they are", plan.created(), plan.changed(), plan.same());
        if file.dry_run || plan.created() + plan.changed() == 0 {
            return Ok(Ok(format!("{counts}; nothing was written.")));
        }
        let digest = plan.digest();
        services.db.write_now(super::user::origin(), |tx| import::apply(tx, text, Some(&digest)))?;
        Ok(Ok(format!("Agencies: {counts}.")))
    })
}

/// Runs `region …`.
pub fn run_region(args: &Region) -> ExitCode {
    let RegionAct::Import(file) = &args.act;
    with(file, |services, text| {
        let rows = match imported::read_regions(text) {
            Ok(rows) => rows,
            Err(faults) => return Ok(Err(faults)),
        };
        let count = rows.len();
        if file.dry_run {
            return Ok(Ok(format!("{count} regions are in order; nothing was written.")));
        }
        services.db.write_now(super::user::origin(), |tx| imported::write_regions(tx, &rows))?;
        Ok(Ok(format!("{count} regions imported. Servers that run see them after a restart.")))
    })
}

/// Runs `calendar …`.
pub fn run_calendar(args: &Calendar) -> ExitCode {
    let CalendarAct::Import(file) = &args.act;
    with(file, |services, text| {
        let days = match imported::read_days(text) {
            Ok(days) => days,
            Err(faults) => return Ok(Err(faults)),
        };
        let years = imported::years(&days);
        let counts: Vec<String> = years
            .iter()
            .map(|year| {
                let mut calendar = reference::working_calendar().clone();
                calendar.merge(days.iter().cloned());
                format!("{year}: {} working days", calendar.working_days_in(*year))
            })
            .collect();
        let said = counts.join(", ");
        if file.dry_run {
            return Ok(Ok(format!("{said}; nothing was written.")));
        }
        services.db.write_now(super::user::origin(), |tx| imported::write_days(tx, &days))?;
        Ok(Ok(format!("{said}. Servers that run see them after a restart.")))
    })
}
