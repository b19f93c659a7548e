//! `lead-handoff demo`: the sample in a data folder of its own, then the web app on it.

use std::{
    io::Write as _,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::Command,
};

use super::{Common, More, progress::Progress, serve};
use crate::{
    app,
    demo::{self, Account},
    platform::{
        db::{Db, Target},
        error::{AppError, Plain, Result},
        services::Services,
    },
};

/// Says that a folder is a demo's, and so may be remade.
pub(super) const MARK: &str = "demo-accounts.json";

/// There while the sample is being loaded.
const LOADING: &str = "demo-loading";

/// Outlives a `--reset`.
const SETTINGS: &str = "lead-handoff.toml";

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lead-handoff demo --reset")]
pub struct Args {
    /// Data folder of the demo (default: ./demo-data).
    #[arg(long)]
    data: Option<PathBuf>,
    /// Database URL (default: SQLite in the data folder). Must be empty.
    #[arg(long)]
    database_url: Option<String>,
    #[command(flatten)]
    more: More,
    /// Address and port to listen on.
    #[arg(long)]
    listen: Option<String>,
    /// Remakes the folder but for its settings, and empties the database where it is a demo's.
    #[arg(long)]
    reset: bool,
    /// Loads the sample and ends.
    #[arg(long)]
    no_serve: bool,
}

/// # Errors
/// The folder is not a demo's; settings, stores or the port can't be used.
pub fn run(args: &Args) -> Result<()> {
    let common =
        Common { data: args.data.clone(), database_url: args.database_url.clone(), more: args.more.clone() };
    let settings = common.settings(args.listen.clone(), "./demo-data")?;
    let data = settings.data.clone();
    let is_demo = prepare(&data, args.reset)?;
    if args.reset || !is_demo {
        prepare_database(&settings.database, &data, args.reset)?;
    }
    if args.reset && is_demo {
        empty(&data)?;
    }
    std::fs::create_dir_all(&data)?;
    let (mark, loading) = (data.join(MARK), data.join(LOADING));
    if !mark.exists() {
        std::fs::write(&loading, b"")?;
    }
    let mut services = app::open(settings, app::system_clock())?;
    let accounts = if mark.exists() {
        serde_json::from_slice(&std::fs::read(&mark)?)?
    } else {
        eprintln!("Loading the sample …");
        let mut shown = Progress::of("Lead", demo::leads() as usize);
        let accounts = demo::load(&services, &app::settle, &mut |n| shown.tell(n as usize))?;
        app::settle(&services)?;
        std::fs::remove_file(&loading)?;
        write_private(&mark, &serde_json::to_vec_pretty(&accounts)?)?;
        if !args.no_serve {
            drop(services);
            return begin_anew();
        }
        accounts
    };
    services.is_demo = true;
    say(&services, &accounts);
    if args.no_serve { Ok(()) } else { serve::serve(&services) }
}

/// Takes everything out of a demo's folder but its settings: once the sample is loaded, the program begins anew and reads
/// them again. The mark of loading goes first, so that the folder stays a demo's where this is broken off.
fn empty(data: &Path) -> Result<()> {
    std::fs::write(data.join(LOADING), b"")?;
    for entry in std::fs::read_dir(data)? {
        let entry = entry?;
        if [LOADING, SETTINGS].iter().any(|kept| entry.file_name() == *kept) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Loading takes far more memory than serving; the same process begun anew has given it back.
fn begin_anew() -> Result<()> {
    let args = std::env::args_os().skip(1).filter(|arg| arg != "--reset");
    Err(Command::new(std::env::current_exe()?).args(args).exec().into())
}

fn refused<T>(text: String) -> Result<T> {
    Err(AppError::internal(Plain(text)))
}

/// An existing folder must be a demo's; a half-loaded one has no mark and is remade only on `--reset`. Whether there is
/// a demo's folder.
fn prepare(data: &Path, reset: bool) -> Result<bool> {
    let is_empty = match std::fs::read_dir(data) {
        Ok(mut entries) => entries.next().is_none(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => true,
        Err(e) => return Err(e.into()),
    };
    if is_empty {
        return Ok(false);
    }
    let is_demo = data.join(MARK).exists() || data.join(LOADING).exists();
    if !is_demo {
        return refused(format!("{} is not a demo's folder; choose another with --data", data.display()));
    }
    if !reset && !data.join(MARK).exists() {
        return refused(format!("{} was not loaded to the end; remake it with --reset", data.display()));
    }
    Ok(true)
}

/// A database elsewhere than in the folder outlives it. Where nothing was loaded into it, all is well; that of a demo
/// is emptied on `--reset`; any other is left alone.
fn prepare_database(database: &Target, data: &Path, reset: bool) -> Result<()> {
    if matches!(database, Target::Sqlite(path) if path.starts_with(data) || !path.exists()) {
        return Ok(());
    }
    let db = Db::open(database, app::system_clock())?;
    let (is_used, is_demo) = db.read_now(demo::holds)?;
    match (is_used, is_demo, reset) {
        (true, false, _) => {
            refused("the database is in use and not a demo's; choose another with --database-url".into())
        }
        (true, true, false) => {
            refused("the database holds a demo whose folder is not here; remake both with --reset".into())
        }
        (false, _, false) => Ok(()),
        // Where loading was broken off there are keys in it, of the folder that goes.
        (_, _, true) => db.empty_now(),
    }
}

pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}

pub(super) fn say(services: &Services, accounts: &[Account]) {
    tell!("演示账号 · Demo accounts\n");
    tell!("{:<10} {:<10} {:<21} {:<33} agency", "role", "user", "password", "TOTP secret");
    for a in accounts {
        let agency = a.agency.as_deref().unwrap_or("");
        tell!("{:<10} {:<10} {:<21} {:<33} {agency}", a.role, a.username, a.password, a.totp_secret);
    }
    tell!("\n{}", services.settings.base_url);
}
