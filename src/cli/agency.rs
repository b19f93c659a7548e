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
        agencies::{self, import},
        reference::{
            self, files,
            import::plan::{Doing, Plan},
            imported,
        },
    },
    handover::transfer,
    platform::{
        error::{AppError, FieldError, Plain, Result},
        i18n::Lang,
        services::Services,
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
        after_long_help = permitted(),
        after_help = "Columns: code, name_zh, name_en, type, level, region, parent, takes (a;b), channel, \
        addressee, address, phone, email, ack_days, accept_days, valid_from, valid_to, successor, contact_name, \
        contact_title, contact_phone, contact_email, note, source\n\n\
        Of an agency on record, columns that are left out and empty cells keep what is there.\n\n\
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
    /// Adds regions and their new names; a code keeps its earlier names until the new one begins, and nothing that is on
    /// file is overwritten.
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
    /// Takes in the State Council's notice for a year: it replaces that year, and puts days of the years beside it to
    /// what is there. Running deadlines that waited for the notice are reckoned anew.
    #[command(
        after_help = "Columns: date, kind (holiday: a Monday to Friday that is off; workday: a Saturday or \
        Sunday that is worked), name\n\nExample:\n  lead-handoff calendar import 2027.csv"
    )]
    Import(Days),
}

#[derive(Debug, clap::Args)]
struct Days {
    #[command(flatten)]
    file: File,
    /// The year of the notice (default: the one that most days of the file are of).
    #[arg(long)]
    year: Option<i32>,
    /// Writes a year also when its number of working days is hard to believe.
    #[arg(long)]
    force: bool,
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

/// The help of `agency import`: columns, and what may stand in those that hold one of a list.
fn permitted() -> String {
    let list = |(column, words): (&str, Vec<(String, String)>)| {
        let each: Vec<String> = words.into_iter().map(|(word, name)| format!("{word} ({name})")).collect();
        format!("{column}: {}", each.join(", "))
    };
    let lists: Vec<String> = import::permitted(Lang::En).into_iter().map(list).collect();
    format!(
        "Columns: {}\n\nOf an agency on record, columns that are left out and empty cells keep what is there.\n\n{}\n\n\
         Example:\n  lead-handoff agency import agencies.csv --dry-run",
        agencies::table::COLUMNS.join(", "),
        lists.join("\n")
    )
}

/// A fault with where it stands.
type Fault = (String, FieldError);

fn read(path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(|e| AppError::internal(Plain(format!("{}: {e}", path.display()))))?;
    // No text has a zero byte; a picture or a workbook, read as text, would be shown as one fault of many signs.
    if bytes.contains(&0) {
        return Err(AppError::internal(Plain(format!("{}: this is no CSV file", path.display()))));
    }
    Ok(import::decode(&bytes))
}

/// Opens the stores, imports, says what came of it: 0 done, 1 faults, 2 it can't be done.
fn with(file: &File, act: impl FnOnce(&Services, &str) -> Result<Result<String, Vec<Fault>>>) -> ExitCode {
    let done = file
        .common
        .settings(None, "./data")
        .and_then(super::open)
        .and_then(|services| act(&services, &read(&file.file)?))
        .map_err(super::words);
    match done {
        Ok(Ok(said)) => {
            tell!("{said}");
            ExitCode::SUCCESS
        }
        Ok(Err(faults)) => {
            for (place, fault) in &faults {
                eprintln!("line {place}: {}", import::words(fault, super::lang()));
            }
            eprintln!("{}; nothing was imported.", super::counted(faults.len(), "fault"));
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
        let plan = match reference::import::regions(text, reference::regions()) {
            Ok(plan) => plan,
            Err(faults) => return Ok(Err(faults)),
        };
        let counts = doing(&plan);
        if file.dry_run || plan.is_empty() {
            return Ok(Ok(format!("{counts}; nothing was written.")));
        }
        services
            .db
            .write_now(super::user::origin(), |tx| imported::write_regions(tx, &plan.written, text))?;
        Ok(Ok(format!(
            "{} imported: {counts}. Servers that run take them in within seconds.",
            super::counted(plan.written.len(), "row")
        )))
    })
}

/// How many rows or days become what, e.g. `2 added, 1 as it is`.
fn doing<T>(plan: &Plan<T>) -> String {
    let word = |what: Doing| match what {
        Doing::Same => "as on file",
        what => what.as_str(),
    };
    let counted = Doing::ALL.into_iter().map(|what| (plan.count(what), word(what)));
    let said: Vec<String> = counted.filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    said.join(", ")
}

/// Runs `calendar …`.
pub fn run_calendar(args: &Calendar) -> ExitCode {
    let CalendarAct::Import(days) = &args.act;
    with(&days.file, |services, text| {
        let plan = match reference::import::days(text, days.year, reference::working_calendar()) {
            Ok(plan) => plan,
            Err(faults) => return Ok(Err(faults)),
        };
        let counts = doing(&plan);
        let (notice, calendar) = plan.written;
        let year = notice.year;
        let count = calendar.working_days_in(year);
        tell!("{year}: {count} working days, {}.", super::counted(notice.days.len(), "published day"));
        tell!("{counts}.");
        if !files::PLAUSIBLE.contains(&count) && !days.force {
            return Err(AppError::internal(Plain(format!(
                "a year has about 250 working days, not {count}; nothing was written. Check the file, or use --force"
            ))));
        }
        if days.file.dry_run {
            return Ok(Ok("Nothing was written.".into()));
        }
        let zone = services.settings.time_zone;
        let moved = services.db.write_now(super::user::origin(), |tx| {
            imported::write_days(tx, &notice)?;
            transfer::reckon_anew(tx, zone, &calendar)
        })?;
        Ok(Ok(format!(
            "{year} imported; {} reckoned anew. Servers that run take it in within seconds.",
            super::counted(moved, "deadline")
        )))
    })
}
