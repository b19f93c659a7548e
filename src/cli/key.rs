//! `lead-handoff key show|rotate`: the key that seals and log heads are signed with. `key witness`: the key by which other logs
//! are cosigned. `key make|rewrap`: the master key.

use std::{path::PathBuf, process::ExitCode};

use clap::Subcommand;

use super::{Common, rewrap};
use crate::{
    audit::{self, Entry},
    platform::{
        error::Result,
        keyring,
        keys::{MasterKey, PublicKey},
        services::Services,
    },
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lead-handoff key show > platform-key.txt")]
pub struct Args {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Prints the public key, as `verify --public-key` takes it; after a rotation below it the ones that went before,
    /// the last first, so that older packages are recognised too.
    #[command(after_help = "Example:\n  lead-handoff key show > platform-key.txt")]
    Show {
        /// As PEM, for other programs.
        #[arg(long, conflicts_with = "all")]
        pem: bool,
        /// Former keys too, oldest first, each with the statement by which the one before vouches for it.
        #[arg(long)]
        all: bool,
    },
    /// Makes a new key, signed by the old one. Restart the servers afterwards.
    #[command(
        after_help = "While the master key is being changed, every server that runs has to know the new one first \
        (LEAD_HANDOFF_MASTER_KEY_PREVIOUS): else this is refused, and nothing is changed.\n\n\
        Example:\n  lead-handoff key rotate --data ./data"
    )]
    Rotate,
    /// Prints the public key by which this program cosigns the heads of other logs as their witness, for the settings of those
    /// logs (LEAD_HANDOFF_WITNESSES) and for `verify --witness`; makes it where there is none yet. After a restore it is
    /// another one.
    #[command(after_help = "Example:\n  lead-handoff key witness > witness.txt")]
    Witness,
    /// Makes a master key in a file that is not there yet; nothing is wrapped by it until `key rewrap`.
    #[command(after_help = "Example:\n  lead-handoff key make /etc/lead-handoff/master-2017.key")]
    Make {
        /// The file; only its owner may read it.
        file: PathBuf,
    },
    /// Changes the master key while the servers run: whatever the one before wraps is wrapped by the new one. No stored
    /// file is touched. Stopped on its way, it goes on when it is run again.
    #[command(after_help = rewrap::HELP)]
    Rewrap {
        /// The new key: `file:…`, `env:…` or `command:…` (default: LEAD_HANDOFF_MASTER_KEY, with the one before it in
        /// LEAD_HANDOFF_MASTER_KEY_PREVIOUS).
        #[arg(long, value_name = "KEY")]
        new: Option<String>,
    },
}

/// Runs the command: 0 done, 1 some secrets are left, 2 it can't be done.
pub fn run(args: &Args) -> ExitCode {
    let done = args.common.settings(None, "./data").and_then(|settings| {
        if let Act::Make { file } = &args.act {
            let made = MasterKey::make(file)?;
            tell!(
                "Master key {} in {}. Keep a copy of it in a safe place.",
                made.fingerprint(),
                file.display()
            );
            return Ok(ExitCode::SUCCESS);
        }
        act(&super::open(settings)?, &args.act)
    });
    done.unwrap_or_else(|e| super::report(Err(e)))
}

fn act(services: &Services, act: &Act) -> Result<ExitCode> {
    match act {
        Act::Make { .. } => {} // needs no installation
        Act::Rewrap { new } => return rewrap::run(services, new.as_deref()),
        Act::Show { pem: true, .. } => super::output(services.signer.public().pem()?.as_bytes())?,
        Act::Show { all: true, .. } => show_all(services)?,
        Act::Show { .. } => show(services)?,
        Act::Witness => {
            let key = keyring::cosigner(&services.db, &services.master, &services.origin)?;
            tell!("{}", key.public());
        }
        Act::Rotate => {
            let new = rotate(services)?;
            tell!("{new}");
            eprintln!(
                "New key {}. Restart every server, and give the new key to those who pinned the old one.",
                new.fingerprint()
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The key in force on the first line, where it always was; then those that lead up to it.
fn show(services: &Services) -> Result<()> {
    let current = services.signer.public();
    let chain = services.db.read_now(|conn| keyring::trusted(conn, &services.master, super::lang()))?;
    tell!("{current}");
    let earlier = chain.keys.iter().rev().filter_map(|text| text.parse::<PublicKey>().ok());
    for key in earlier.filter(|key| *key != current) {
        tell!("# earlier key, fingerprint {}", key.fingerprint());
        tell!("{key}");
    }
    Ok(())
}

fn show_all(services: &Services) -> Result<()> {
    for key in services.db.read_now(keyring::known)? {
        tell!("{}", key.public_text);
        if let Some(statement) = key.statement {
            tell!("{statement}");
        }
    }
    Ok(())
}

/// A new signing key, vouched for by the present one.
///
/// # Errors
/// A server runs that could not open it; those of the database and of the master key.
pub fn rotate(services: &Services) -> Result<PublicKey> {
    services.db.write_now(super::user::origin(), |tx| {
        let new = keyring::rotate(tx, &services.master, &services.signer)?.public();
        let entry = Entry::new("key.rotate")
            .fact("old", services.signer.public().fingerprint())
            .fact("new", new.fingerprint());
        audit::record(tx, entry)?;
        Ok(new)
    })
}
