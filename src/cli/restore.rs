//! `lead-handoff restore FOLDER`: a backup back into an empty installation. The audit log goes on under a new name,
//! so that nobody can mistake it for the log that it left.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
};

use diesel::prelude::*;
use futures_util::StreamExt;
use tokio::runtime::Runtime;

use super::{
    Common,
    backup::{EVIDENCE, FORMAT, MANIFEST, Manifest, each_kept, listed},
    check,
};
use crate::{
    app,
    audit::{self, Entry},
    casework::evidence::resumable,
    platform::{
        db::{self, Instant, Stage, Target, schema::session},
        error::{AppError, Plain, Result},
        i18n::Lang,
        keyring,
        keys::{MasterKey, Source},
        services::Services,
        settings::Settings,
        vault::{self, Vault},
    },
};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The data folder may hold nothing but lead-handoff.toml and the master key of the backup \
    (master.key, unless LEAD_HANDOFF_MASTER_KEY says otherwise). For PostgreSQL the program pg_restore must be there.\n\n\
    Example:\n  lead-handoff restore /mnt/backup/2016-12-31 --data ./data"
)]
pub struct Args {
    #[command(flatten)]
    common: Common,
    /// A folder that `backup` wrote.
    folder: PathBuf,
}

fn plain(text: impl Into<String>) -> AppError {
    AppError::internal(Plain(text.into()))
}

/// Runs the command; ends with what `check` says of the restored data.
pub fn run(args: &Args) -> ExitCode {
    let done = args.common.settings(None, "./data").and_then(|settings| restore(settings, &args.folder)).map(
        |report| {
            tell!(
                "Sessions were ended. Passwords, tokens and mail are as they were when the backup was made."
            );
            tell!(
                "From now on packages and log heads are signed with a new key. Give it to those who pinned the old one: \
                 lead-handoff key show > platform-key.txt"
            );
            // What stands above it is English, wherever the machine is.
            check::print(&report, Lang::En)
        },
    );
    done.unwrap_or_else(|e| super::report(Err(e)))
}

/// Whether there is no database yet.
///
/// # Errors
/// The server is out of reach.
pub fn is_new(settings: &Settings) -> Result<bool> {
    db::is_empty(&settings.database)
}

/// Restores into an empty installation, or goes on where a restore of the same backup was stopped, and checks the
/// result. Until it is done, the program refuses the installation.
///
/// # Errors
/// The target is not empty, the backup is damaged, the master key is missing or another one.
pub fn restore(settings: Settings, folder: &Path) -> Result<check::Report> {
    let manifest = read(folder)?;
    let stage = refuse_used(&settings, &manifest)?;
    let master = Arc::new(master_of(&settings, &manifest)?);
    let vault = Vault::open(settings.evidence_url.as_deref(), &settings.data, master)?;
    let has_some = has_some(&vault)?;
    if has_some && !matches!(stage, Stage::Copied(_)) {
        return Err(plain("the evidence store is not empty"));
    }
    verify(folder, &manifest)?;
    if !matches!(stage, Stage::Copied(_)) {
        db::restore(&settings.database, &folder.join(&manifest.database), hash_of_database(&manifest)?)?;
    }
    let services = app::open_restoring(settings.clone(), app::system_clock())?;
    bring_objects(&services, folder, &manifest, has_some)?;
    begin_anew(&services)?;
    drop(services);
    check::check(&app::open(settings, app::system_clock())?, Lang::En)
}

/// The master key of the settings, if it opens the backup, by itself or with the one before it.
fn master_of(settings: &Settings, manifest: &Manifest) -> Result<MasterKey> {
    let mut master = MasterKey::open(&Source::parse(Some(&settings.master_key), &settings.data)?)?;
    if let Some(previous) = keyring::previous_master(settings.master_key_previous.as_deref(), &settings.data)?
    {
        master = master.with_previous(&previous);
    }
    let needed = std::iter::once(&manifest.master_key).chain(&manifest.previous_keys);
    if needed.clone().any(|mark| !master.knows(mark)) {
        let needed: Vec<&str> = needed.map(String::as_str).collect();
        return Err(plain(format!(
            "the master key {} does not open this backup; it needs {}",
            master.fingerprint(),
            needed.join(" and ")
        )));
    }
    Ok(master)
}

fn runtime() -> Result<Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// Whether anything lies in the store.
fn has_some(vault: &Vault) -> Result<bool> {
    Ok(runtime()?.block_on(async { vault.list().next().await.transpose() })?.is_some())
}

/// Copies the objects that the restored rows name: what was uploaded while the backup was written lies in it too, but
/// belongs to nothing. `has_some`: a stopped restore has brought some already.
fn bring_objects(services: &Services, folder: &Path, manifest: &Manifest, has_some: bool) -> Result<()> {
    let listed: HashSet<&str> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    let runtime = runtime()?;
    each_kept(services, |id| {
        let path = format!("{EVIDENCE}/{}", vault::path_of(id.uuid()));
        if !listed.contains(path.as_str()) {
            return Err(plain(format!("the backup is damaged: it lacks {path}")));
        }
        if !has_some || !runtime.block_on(services.vault.has(id.uuid()))? {
            services.vault.copy_in(id.uuid(), &folder.join(&path))?;
        }
        Ok(())
    })
}

fn hash_of_database(manifest: &Manifest) -> Result<&str> {
    let file = manifest.files.iter().find(|file| file.path == manifest.database);
    file.map(|file| file.sha256.as_str()).ok_or_else(|| plain("the backup is damaged: it has no database"))
}

fn read(folder: &Path) -> Result<Manifest> {
    let path = folder.join(MANIFEST);
    let text = fs::read(&path)
        .map_err(|e| plain(format!("{}: {e}; is this a folder that `backup` wrote?", path.display())))?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|e| plain(format!("{}: {e}", path.display())))?;
    if manifest.format != FORMAT {
        return Err(plain(format!("this program can't read backups of the form {}", manifest.format)));
    }
    let safe = |path: &str| {
        path == manifest.database && !path.contains('/')
            || path.strip_prefix(EVIDENCE).is_some_and(|rest| rest.starts_with('/') && !rest.contains(".."))
    };
    match manifest.files.iter().find(|file| !safe(&file.path)) {
        Some(file) => Err(plain(format!("{}: it lists {}", path.display(), file.path))),
        None => Ok(manifest),
    }
}

/// How far this restore has come; refuses an installation that is in use.
fn refuse_used(settings: &Settings, manifest: &Manifest) -> Result<Stage> {
    let stage = db::stage(&settings.database)?;
    match &stage {
        Stage::InUse => return Err(plain("the database is not empty; restore only into a new one")),
        Stage::Begun(copy) | Stage::Copied(copy) if copy != hash_of_database(manifest)? => {
            return Err(plain(
                "the restore of another backup was stopped here; end that one, or empty the database",
            ));
        }
        _ => {}
    }
    let Ok(entries) = fs::read_dir(&settings.data) else { return Ok(stage) };
    let database = match &settings.database {
        Target::Sqlite(path) if path.parent() == Some(&settings.data) => path.file_name(),
        _ => None,
    };
    let database = database.map(|name| name.to_string_lossy().into_owned());
    let keys = key_files(settings)?;
    for entry in entries {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        // The evidence folder may be there; what is in it is looked at later. So may what a stopped restore left.
        let allowed = ["master.key", "lead-handoff.toml", EVIDENCE].contains(&name.as_ref())
            || keys.iter().any(|key| *key == settings.data.join(&*name))
            || database.as_deref().is_some_and(|database| name.starts_with(database));
        if !allowed {
            return Err(plain(format!("{} is not empty: it holds {name}", settings.data.display())));
        }
    }
    Ok(stage)
}

/// The files that the master keys of the settings lie in.
fn key_files(settings: &Settings) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for setting in [Some(&settings.master_key), settings.master_key_previous.as_ref()].into_iter().flatten() {
        if let Source::File(path) = Source::parse(Some(setting), &settings.data)? {
            files.push(path);
        }
    }
    Ok(files)
}

/// What is the matter with a file that can't be read, to stand behind its name.
fn unreadable(error: &AppError) -> String {
    let AppError::Internal(cause) = error else { return format!("can't be read: {error}") };
    match cause.downcast_ref::<io::Error>() {
        Some(e) if e.kind() == io::ErrorKind::NotFound => "is missing".to_owned(),
        _ => format!("can't be read: {cause}"),
    }
}

/// Every file is hashed before anything is written.
fn verify(folder: &Path, manifest: &Manifest) -> Result<()> {
    for file in &manifest.files {
        let found = listed(folder, &file.path)
            .map_err(|e| plain(format!("the backup is damaged: {} {}", file.path, unreadable(&e))))?;
        if found.sha256 != file.sha256 || found.size != file.size {
            return Err(plain(format!("the backup is damaged: {} is not what was written", file.path)));
        }
    }
    Ok(())
}

/// A new name for the audit log with a new key, which the old one vouches for. The first entry under it commits to the
/// head that was restored.
fn begin_anew(services: &Services) -> Result<()> {
    let host = url::Url::parse(&services.settings.base_url).ok();
    let host = host.as_ref().and_then(|url| url.host_str()).unwrap_or("localhost");
    services.db.write_now(super::user::origin(), |tx| {
        let head = audit::latest_head(tx.conn())?;
        let (instance, key) = keyring::begin_anew(tx, &services.master, host)?;
        let entry = Entry::new("backup.restore")
            .fact("restored_origin", services.origin.to_string())
            .fact("restored_size", head.as_ref().map_or(0, |head| head.size))
            .fact(
                "restored_root",
                head.map_or_else(String::new, |head| data_encoding::HEXLOWER.encode(&head.root)),
            )
            .fact("origin", instance.origin);
        audit::begin_anew(tx, &key, entry)?;
        // What had arrived of files on their way is in no backup.
        resumable::store::forget_all(tx)?;
        db::end_restoring(tx)?;
        let now: Instant = tx.now();
        diesel::update(session::table.filter(session::ended_at.is_null()))
            .set(session::ended_at.eq(Some(now)))
            .execute(tx.conn())?;
        Ok(())
    })
}
