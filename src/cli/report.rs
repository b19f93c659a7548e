//! `lead-handoff report`: the annual report of a year on standard output or into a file.

use std::path::PathBuf;

use clap::ValueEnum;

use super::Common;
use crate::{
    audit::{self, Entry},
    platform::{
        db::Origin,
        error::{AppError, Plain, Result},
        i18n::Lang,
        time::{self, DateError},
    },
    reporting::annual_report::{Moment, compute_at, render},
};

/// How the report is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Format {
    Json,
    Csv,
    Xlsx,
    Pdf,
}

impl Format {
    fn as_str(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Pdf => "pdf",
        }
    }
}

/// Example: lead-handoff report 2016 --format pdf -o report-2016.pdf
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lead-handoff report 2016 --format pdf -o report-2016.pdf\n  lead-handoff report 2016 --as-at \"$(date -u +%FT%TZ)\" --data demo-data\n\nWithout --as-at the figures are those of now, and \"as at\" in the report is the moment of the last act that changed one\nof them: as long as none changes, the same report comes out.\n--as-at asks for what was on record then, not for what had happened by then. The rows of a demo happened in 2016 and\nwere recorded when it was loaded: ask for a moment after that, as above. A moment\nbefore it, such as 2016-12-31, knows of none of them, and every figure is 0."
)]
pub struct Args {
    /// The year.
    #[arg(value_parser = year_of)]
    year: i32,
    /// As the ledger was at this time (default: now): 2026-01-31 (the end of that day) or 2026-01-31T18:00, both in the
    /// configured zone, or RFC 3339.
    #[arg(long, value_name = "TIME")]
    as_at: Option<String>,
    #[arg(long, value_enum, default_value = "json")]
    format: Format,
    /// Language of CSV, XLSX and PDF: zh or en.
    #[arg(long, default_value = "zh")]
    lang: String,
    /// Writes into a file instead of the standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    common: Common,
}

/// The year of a report, 1990 to 2200.
fn year_of(text: &str) -> std::result::Result<i32, String> {
    let year = text.parse::<i32>().ok().filter(|year| (1990..=2200).contains(year));
    year.ok_or_else(|| "not a year from 1990 to 2200, such as 2016".to_owned())
}

fn plain(text: String) -> AppError {
    AppError::internal(Plain(text))
}

/// # Errors
/// Settings, stores or the file can't be used.
pub fn run(args: &Args) -> Result<()> {
    let lang = Lang::parse(&args.lang).ok_or_else(|| plain(format!("--lang {}: zh or en", args.lang)))?;
    let settings = args.common.settings(None, "./data")?;
    let zone = settings.time_zone;
    let at = match &args.as_at {
        None => None,
        Some(text) => Some(time::parse_as_at(text, zone).map_err(|e| {
            let fault = match e {
                DateError::NoSuchDay => "there is no such day",
                DateError::NoSuchTime => "there is no such time",
                DateError::OutOfRange => "the year must be from 1900 to 2200",
                _ => "not a time; write 2026-01-31 or 2026-01-31T18:00",
            };
            plain(format!("--as-at {text}: {fault}"))
        })?),
    };
    let services = super::open(settings)?;
    if let (Some(at), Some(text)) = (at, &args.as_at) {
        Moment::not_to_come(at, services.db.now())
            .map_err(|_| plain(format!("--as-at {text}: this moment is still to come")))?;
    }
    let (year, user) = (args.year, std::env::var("USER").unwrap_or_default());
    let origin = Origin { address: user, ..Origin::system("system:cli") };
    let mut entry = Entry::new("report.export").fact("year", year).fact("format", args.format.as_str());
    if let Some(at) = at {
        entry = entry.fact("as_at", at.to_string());
    }
    services.db.write_now(origin, |tx| audit::record(tx, entry).map(|_| ()))?;
    let report = services.db.read_snapshot_now(|conn| {
        let moment = Moment::resolve(conn, at)?;
        compute_at(conn, year, moment, zone)
    })?;
    let bytes = render(&report, args.format.as_str(), &services, lang)?;
    match &args.output {
        Some(path) => std::fs::write(path, bytes).map_err(|e| plain(format!("{}: {e}", path.display())))?,
        None => super::output(&bytes)?,
    }
    Ok(())
}
