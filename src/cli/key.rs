//! `lead-handoff key show|rotate`: the key that seals and log heads are signed with.

use clap::Subcommand;

use super::Common;
use crate::{
    audit::{self, Entry},
    platform::{error::Result, keyring, keys::PublicKey, services::Services},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lead-handoff key show > sender.txt")]
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
    #[command(after_help = "Example:\n  lead-handoff key show > sender.txt")]
    Show {
        /// As PEM, for other programs.
        #[arg(long, conflicts_with = "all")]
        pem: bool,
        /// Former keys too, oldest first, each with the statement by which the one before vouches for it.
        #[arg(long)]
        all: bool,
    },
    /// Makes a new key, signed by the old one. Restart the servers afterwards.
    #[command(after_help = "Example:\n  lead-handoff key rotate --data ./data")]
    Rotate,
}

/// # Errors
/// What stands in the way, in words.
pub fn run(args: &Args) -> Result<()> {
    let settings = args.common.settings(None, "./data")?;
    let services = super::open(settings)?;
    match args.act {
        Act::Show { pem: true, .. } => super::output(services.signer.public().pem()?.as_bytes())?,
        Act::Show { all: true, .. } => show_all(&services)?,
        Act::Show { .. } => show(&services)?,
        Act::Rotate => {
            let new = rotate(&services)?;
            tell!("{new}");
            eprintln!(
                "New key {}. Restart every server, and give the new key to those who pinned the old one.",
                new.fingerprint()
            );
        }
    }
    Ok(())
}

/// The key in force on the first line, where it always was; then those that lead up to it.
fn show(services: &Services) -> Result<()> {
    let current = services.signer.public();
    let chain = services.db.read_now(|conn| keyring::trusted(conn, &services.master))?;
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
/// Those of the database and of the master key.
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
