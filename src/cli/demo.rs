//! `lead-handoff demo`: the sample in a data folder of its own, then the web app on it.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use super::{Common, More, serve};
use crate::{
    app,
    demo::{self, Account},
    platform::{
        error::{AppError, Plain, Result},
        services::Services,
    },
};

/// Says that a folder is a demo's, and so may be remade.
pub(super) const MARK: &str = "demo-accounts.json";

/// There while the sample is being loaded.
const LOADING: &str = "demo-loading";

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lead-handoff demo --reset")]
pub struct Args {
    /// Data folder of the demo.
    #[arg(long, default_value = "./demo-data")]
    data: PathBuf,
    /// Database URL (default: SQLite in the data folder). Must be empty.
    #[arg(long)]
    database_url: Option<String>,
    #[command(flatten)]
    more: More,
    /// Address and port to listen on.
    #[arg(long)]
    listen: Option<String>,
    /// Remakes the folder.
    #[arg(long)]
    reset: bool,
    /// Loads the sample and ends.
    #[arg(long)]
    no_serve: bool,
}

/// # Errors
/// The folder is not a demo's; settings, stores or the port can't be used.
pub fn run(args: &Args) -> Result<()> {
    prepare(&args.data, args.reset)?;
    std::fs::create_dir_all(&args.data)?;
    let loading = args.data.join(LOADING);
    if !args.data.join(MARK).exists() {
        std::fs::write(&loading, b"")?;
    }
    let common = Common {
        data: Some(args.data.clone()),
        database_url: args.database_url.clone(),
        more: args.more.clone(),
    };
    let settings = common.settings(args.listen.clone(), "./demo-data")?;
    let mark = settings.data.join(MARK);
    let mut services = app::open(settings, app::system_clock())?;
    let accounts = if mark.exists() {
        serde_json::from_slice(&std::fs::read(&mark)?)?
    } else {
        eprintln!("Loading the sample …");
        let accounts = demo::load(&services, &app::settle)?;
        app::settle(&services)?;
        std::fs::remove_file(&loading)?;
        write_private(&mark, &serde_json::to_vec_pretty(&accounts)?)?;
        accounts
    };
    services.is_demo = true;
    say(&services, &accounts);
    if args.no_serve { Ok(()) } else { serve::serve(&services) }
}

/// An existing folder must be a demo's; a half-loaded one has no mark and is remade only on `--reset`.
fn prepare(data: &Path, reset: bool) -> Result<()> {
    let is_empty = match std::fs::read_dir(data) {
        Ok(mut entries) => entries.next().is_none(),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => true,
        Err(e) => return Err(e.into()),
    };
    if is_empty {
        return Ok(());
    }
    let is_demo = data.join(MARK).exists() || data.join(LOADING).exists();
    if !is_demo {
        let text = format!("{} is not a demo's folder; choose another with --data", data.display());
        return Err(AppError::internal(Plain(text)));
    }
    if reset {
        std::fs::remove_dir_all(data)?;
    } else if !data.join(MARK).exists() {
        let text = format!("{} was not loaded to the end; remake it with --reset", data.display());
        return Err(AppError::internal(Plain(text)));
    }
    Ok(())
}

pub(super) fn write_private(path: &Path, bytes: &[u8]) -> Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    Ok(())
}

pub(super) fn say(services: &Services, accounts: &[Account]) {
    println!("演示账号 · Demo accounts\n");
    println!("{:<10} {:<10} {:<21} {:<33} agency", "role", "user", "password", "TOTP secret");
    for a in accounts {
        let agency = a.agency.as_deref().unwrap_or("");
        println!("{:<10} {:<10} {:<21} {:<33} {agency}", a.role, a.username, a.password, a.totp_secret);
    }
    println!("\n{}", services.settings.base_url);
}
