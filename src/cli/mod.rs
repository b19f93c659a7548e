//! The commands, one file each, and how far they have come (`progress`).

/// A line for the standard output, as `println!` has it; where nobody reads on, that is no fault.
macro_rules! tell {
    ($($words:tt)*) => {
        $crate::cli::tell(format_args!($($words)*))
    };
}

mod agency;
pub mod backup;
pub mod check;
mod demo;
mod draw_pages;
pub mod evidence;
mod generate;
mod help;
pub mod key;
mod lead_import;
mod progress;
mod report;
pub mod restore;
pub mod rewrap;
mod serve;
mod token;
mod user;
pub mod verify;

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{CommandFactory, Parser, Subcommand};

use crate::{
    app,
    platform::{
        db,
        error::{AppError, FieldError, Plain, Result},
        i18n::{self, Lang},
        services::Services,
        settings::{Flags, Settings},
    },
};

#[derive(Debug, Parser)]
#[command(name = "lead-handoff", version, about, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Loads the 2016 sample into a folder of its own and serves it.
    Demo(demo::Args),
    /// Runs the web app and its background work.
    Serve(serve::Args),
    /// Leads, many at once.
    #[command(subcommand, after_help = "Example:\n  lead-handoff lead import leads.csv --dry-run")]
    Lead(LeadCommand),
    /// The annual report of a year.
    Report(report::Args),
    /// Accounts, from the machine itself.
    User(user::Args),
    /// API tokens, from the machine itself.
    Token(token::Args),
    /// Checks a sealed package offline.
    Verify(verify::Args),
    /// The key that seals and log heads are signed with, and the master key that wraps every other one.
    Key(key::Args),
    /// Where evidence is kept.
    Evidence(evidence::Args),
    /// Agencies from a file.
    Agency(agency::Agency),
    /// Regions from a file.
    Region(agency::Region),
    /// Working days from a file.
    Calendar(agency::Calendar),
    /// Writes everything but the master key into a folder, while the servers run.
    Backup(backup::Args),
    /// Puts a backup into an empty installation.
    Restore(restore::Args),
    /// Hashes every stored file anew; checks the audit log, references and counters.
    Check(check::Args),
    /// Synthetic leads with all that comes of them, for load tests.
    Generate(generate::Args),
    /// What a server runs beside itself: the pages of the PDF on the standard input as pictures.
    #[command(hide = true)]
    DrawPages(draw_pages::Args),
}

#[derive(Debug, Subcommand)]
enum LeadCommand {
    /// Takes leads in from a file, all of them or none.
    Import(lead_import::Args),
}

/// Settings that every command with a data folder takes.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Common {
    /// Data folder.
    #[arg(long, global = true)]
    pub data: Option<PathBuf>,
    /// Database URL (default: SQLite in the data folder).
    #[arg(long, global = true)]
    pub database_url: Option<String>,
    #[command(flatten)]
    pub more: More,
}

/// What the help of a command has the settings under, apart from its own options: each of them says so, as a heading that is
/// set for those that follow goes on over the options of the command.
const SETTINGS: &str = "Settings";

/// The other settings that have a flag; the README says what each is.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct More {
    /// How others reach the program.
    #[arg(long, global = true, help_heading = SETTINGS)]
    base_url: Option<String>,
    /// Where evidence is kept: `s3://bucket/prefix` (default: a folder in the data folder).
    #[arg(long, global = true, help_heading = SETTINGS)]
    evidence_url: Option<String>,
    /// What wraps every other key: `file:…`, `env:…` or `command:…`.
    #[arg(long, global = true, help_heading = SETTINGS)]
    master_key: Option<String>,
    /// Mail server; others on this machine can read a password that stands here.
    #[arg(long, global = true, help_heading = SETTINGS)]
    smtp_url: Option<String>,
    /// Sender of mail.
    #[arg(long, global = true, help_heading = SETTINGS)]
    mail_from: Option<String>,
    /// Zone for showing times and for a year's figures.
    #[arg(long, global = true, help_heading = SETTINGS)]
    time_zone: Option<String>,
    /// The sender on letters.
    #[arg(long, global = true, help_heading = SETTINGS)]
    organisation: Option<String>,
    /// What goes into the log: `warn`, `lead_handoff=debug` …, as in `RUST_LOG`.
    #[arg(long, global = true, help_heading = SETTINGS)]
    log: Option<String>,
    /// Form of the log: `text` or `json`.
    #[arg(long, global = true, help_heading = SETTINGS)]
    log_format: Option<String>,
}

impl Common {
    /// Reads the settings, and begins the log as they say.
    ///
    /// # Errors
    /// A setting can't be read.
    fn settings(&self, listen: Option<String>, default_data: &str) -> Result<Settings> {
        let more = self.more.clone();
        let flags = Flags {
            data: self.data.clone(),
            listen,
            database_url: self.database_url.clone(),
            base_url: more.base_url,
            evidence_url: more.evidence_url,
            master_key: more.master_key,
            smtp_url: more.smtp_url,
            mail_from: more.mail_from,
            time_zone: more.time_zone,
            organisation: more.organisation,
            log: more.log,
            log_format: more.log_format,
        };
        let settings = Settings::load(flags, default_data)?;
        begin_log(&settings)?;
        Ok(settings)
    }
}

/// Runs the program; the exit code is the command's.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return help::end(&error, Cli::command(), lang()),
    };
    match cli.command {
        Command::Demo(args) => report(demo::run(&args)),
        Command::Serve(args) => report(serve::run(&args)),
        Command::Lead(LeadCommand::Import(args)) => lead_import::run(&args),
        Command::Report(args) => report(report::run(&args)),
        Command::User(args) => report(user::run(&args)),
        Command::Token(args) => report(token::run(&args)),
        Command::Verify(args) => verify::run(args),
        Command::Key(args) => key::run(&args),
        Command::Evidence(args) => evidence::run(&args),
        Command::Agency(args) => agency::run_agency(&args),
        Command::Region(args) => agency::run_region(&args),
        Command::Calendar(args) => agency::run_calendar(&args),
        Command::Backup(args) => report(backup::run(&args)),
        Command::Restore(args) => restore::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Generate(args) => report(generate::run(&args)),
        Command::DrawPages(args) => report(draw_pages::run(&args)),
    }
}

/// Opens an installation that is there. A wrong folder is told so, not turned into a new, empty installation.
fn open(settings: Settings) -> Result<Services> {
    if db::is_empty(&settings.database)? {
        let folder = settings.data.display().to_string();
        return Err(AppError::internal(Plain(i18n::t_with(
            lang(),
            "check-no-installation",
            &[("folder", folder)],
        ))));
    }
    app::open(settings, app::system_clock())
}

/// Writes to the standard output. Who closed it (`… | head`) has read enough: the rest is left out, and all is well.
fn output(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// What `tell!` does. A line that is lost otherwise, on a full disk, may be a password: the program ends with it.
fn tell(line: std::fmt::Arguments<'_>) {
    if let Err(e) = output(format!("{line}\n").as_bytes()) {
        eprintln!("lead-handoff: {e}");
        std::process::exit(2);
    }
}

/// `1 fault`, `2 faults`.
fn counted(n: usize, noun: &str) -> String {
    if n == 1 { format!("1 {noun}") } else { format!("{n} {noun}s") }
}

/// The language of the terminal: Chinese where its locale says so, else English.
fn lang() -> Lang {
    lang_of(|name| std::env::var(name).ok())
}

/// The first of the variables that holds anything is the locale, as POSIX has it.
fn lang_of(get: impl Fn(&str) -> Option<String>) -> Lang {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(|name| get(name)).find(|v| !v.is_empty());
    set.and_then(|tag| Lang::parse(&tag)).unwrap_or(Lang::En)
}

/// An error of an act as a plain line, in the language of the terminal.
fn words(error: AppError) -> AppError {
    let lang = lang();
    let text = match error {
        AppError::Conflict(key) => i18n::t(lang, key),
        AppError::Invalid(fields) => {
            let line = |e: &FieldError| format!("{}: {}", e.field, i18n::t_with(lang, e.code, &e.args));
            fields.iter().map(line).collect::<Vec<_>>().join("; ")
        }
        other => return other,
    };
    AppError::internal(Plain(text))
}

/// One plain line for an error, never a trace.
fn report(done: Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(AppError::Internal(cause)) => {
            eprintln!("lead-handoff: {cause}");
            ExitCode::from(2)
        }
        Err(e) => {
            eprintln!("lead-handoff: {e}");
            ExitCode::from(2)
        }
    }
}

fn begin_log(settings: &Settings) -> Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log)
        .map_err(|e| AppError::internal(Plain(format!("RUST_LOG: '{}': {e}", settings.log))))?;
    // Colours are for eyes: a log that goes to a file is plain.
    let colours = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let logs =
        tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr);
    let begun = if settings.log_json { logs.json().try_init() } else { logs.try_init() };
    begun.map_err(AppError::Internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_that_of_the_locale() {
        let lang = |value: &str| lang_of(|name| (name == "LANG").then(|| value.to_owned()));
        assert_eq!(lang("zh_CN.UTF-8"), Lang::Zh);
        assert_eq!(lang("en_GB.UTF-8"), Lang::En);
        assert_eq!(lang("C"), Lang::En);
        assert_eq!(lang(""), Lang::En);
        let first = |name: &str| Some(if name == "LC_ALL" { "zh_CN" } else { "en_GB" }.to_owned());
        assert_eq!(lang_of(first), Lang::Zh);
    }
}
