//! `lead-handoff token create`: an API token, from the machine itself.

use clap::Subcommand;

use super::{Common, user, words};
use crate::{
    directory::people::token::{NewToken, create_for, model::SCOPES},
    platform::error::{AppError, Plain, Result},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  lead-handoff token create --user compiler --scope read --scope write")]
pub struct Args {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Makes a token for an account with a second factor; it is shown once, alone on the last line.
    #[command(
        after_help = "Example:\n  lead-handoff token create --user compiler --scope read --scope write --days 90"
    )]
    Create(Create),
}

#[derive(Debug, clap::Args)]
struct Create {
    /// The account in whose name the token acts.
    #[arg(long)]
    user: String,
    /// read or write; may be repeated.
    #[arg(long = "scope", required = true)]
    scopes: Vec<String>,
    /// What it is called in the account's list.
    #[arg(long, default_value = "command line")]
    name: String,
    /// Days that it holds; without it, until it is revoked.
    #[arg(long, value_parser = clap::value_parser!(i64).range(1..=3650))]
    days: Option<i64>,
}

/// # Errors
/// What stands in the way, in words.
pub fn run(args: &Args) -> Result<()> {
    let Act::Create(new) = &args.act;
    let unknown = |word: &String| AppError::internal(Plain(format!("there is no scope {word}")));
    let known = |word: &String| SCOPES.into_iter().find(|s| s == word).ok_or_else(|| unknown(word));
    let mut scopes: Vec<&'static str> = new.scopes.iter().map(known).collect::<Result<_>>()?;
    scopes.sort_unstable();
    scopes.dedup();
    let settings = args.common.settings(None, "./data")?;
    let services = super::open(settings)?;
    let made = services.db.write_now(user::origin(), |tx| {
        let id = user::find(tx.conn(), &new.user)?;
        create_for(tx, id, NewToken { name: new.name.clone(), scopes, days: new.days })
    });
    tell!("{}", made.map_err(words)?);
    Ok(())
}
