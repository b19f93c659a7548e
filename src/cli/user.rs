//! `lead-handoff user …`: accounts, from the machine itself.

use clap::Subcommand;
use diesel::prelude::*;

use super::{Common, words};
use crate::{
    directory::people::{
        Role,
        account::set_password,
        actions::{NewPerson, create_person},
        admin::actions as admin,
        invitation, password,
        second_factor::{self, model::new_recovery_code},
        sign_in::model as names,
        store,
    },
    platform::{
        db::{
            Connection, Id, Origin,
            schema::{agency, person},
        },
        error::{AppError, Plain, Result},
        i18n::Lang,
        notice,
        services::Services,
    },
};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  lead-handoff user add --username lin.ke --name 林可 --email lin.ke@example.com --role compiler"
)]
pub struct Args {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Makes an account with a password for one login, alone on the last line.
    #[command(
        after_help = "Example:\n  lead-handoff user add --username wang --name 王宁 --email wang@example.com --role liaison --agency GZ-ECD"
    )]
    Add(Add),
    /// Lists the accounts: username, roles, state, name.
    #[command(after_help = "Example:\n  lead-handoff user list --data ./data")]
    List,
    /// Closes an account; its sessions and tokens end.
    #[command(after_help = "Example:\n  lead-handoff user disable lin.ke")]
    Disable(Who),
    /// Sets a password for one login, alone on the last line.
    #[command(after_help = "Example:\n  lead-handoff user reset-password lin.ke")]
    ResetPassword(Who),
    /// Takes the second factor of somebody who lost it.
    #[command(after_help = "Example:\n  lead-handoff user reset-second-factor lin.ke")]
    ResetSecondFactor(Who),
}

#[derive(Debug, clap::Args)]
struct Who {
    /// Name of the account, with or without `--username`.
    #[arg(required_unless_present = "named")]
    username: Option<String>,
    #[arg(long = "username", value_name = "USERNAME", conflicts_with = "username")]
    named: Option<String>,
}

impl Who {
    fn username(&self) -> &str {
        self.username.as_deref().or(self.named.as_deref()).unwrap_or_default()
    }
}

#[derive(Debug, clap::Args)]
struct Add {
    #[command(flatten)]
    who: Who,
    #[arg(long)]
    name: String,
    #[arg(long)]
    email: String,
    /// compiler, approver, manager, admin, auditor or liaison; may be repeated.
    #[arg(long = "role", required = true)]
    roles: Vec<String>,
    /// Code of the agency, for a liaison.
    #[arg(long)]
    agency: Option<String>,
    /// zh-CN or en.
    #[arg(long, default_value = "zh-CN")]
    language: String,
}

/// The machine itself, with the operating system's user as personal text.
pub(super) fn origin() -> Origin {
    let user = std::env::var("USER").or_else(|_| std::env::var("LOGNAME")).unwrap_or_default();
    Origin { address: user, ..Origin::system("system:cli") }
}

/// The account of a name.
pub(super) fn find(conn: &mut Connection, username: &str) -> Result<Id> {
    match store::by_username(conn, &names::username(username)) {
        Err(AppError::NotFound) => Err(AppError::internal(Plain(format!("there is no account {username}")))),
        other => Ok(other?.id),
    }
}

/// # Errors
/// What stands in the way, in words.
pub fn run(args: &Args) -> Result<()> {
    let settings = args.common.settings(None, "./data")?;
    let services = super::open(settings)?;
    act(&services, &args.act).map_err(words)
}

fn act(services: &Services, act: &Act) -> Result<()> {
    let db = &services.db;
    match act {
        Act::Add(new) => add(services, new),
        Act::List => list(services),
        Act::Disable(who) => {
            db.write_now(origin(), |tx| {
                let id = find(tx.conn(), who.username())?;
                admin::disable(tx, None, id)
            })?;
            tell!("{}: the account is closed; its sessions and tokens have ended.", who.username());
            Ok(())
        }
        Act::ResetPassword(who) => {
            let once = new_recovery_code();
            let hash = password::hash(&once)?;
            db.write_now(origin(), |tx| {
                let id = find(tx.conn(), who.username())?;
                set_password(tx, id, &hash, true, None)
            })?;
            tell!("{once}");
            Ok(())
        }
        Act::ResetSecondFactor(who) => {
            let (had_one, needs_one) = db.write_now(origin(), |tx| {
                let id = find(tx.conn(), who.username())?;
                let had_one = second_factor::is_confirmed(tx.conn(), id)?;
                let roles = store::roles(tx.conn(), id)?;
                admin::reset_second_factor(tx, None, id)?;
                Ok((had_one, roles.iter().any(|role| role.needs_second_factor())))
            })?;
            let done = if had_one { "the second factor is removed" } else { "there was no second factor" };
            let next = match (needs_one, had_one) {
                (true, true) => "the next login asks for a new one",
                (true, false) => "the next login asks for one",
                (false, _) => "the account's roles need none",
            };
            tell!("{}: {done}; {next}. Its sessions and tokens have ended.", who.username());
            Ok(())
        }
    }
}

fn agency_id(conn: &mut Connection, code: Option<&str>) -> Result<Option<Id>> {
    let Some(code) = code else { return Ok(None) };
    let found = agency::table.filter(agency::code.eq(code)).select(agency::id).first(conn).optional()?;
    found.map(Some).ok_or_else(|| AppError::internal(Plain(format!("there is no agency {code}"))))
}

fn add(services: &Services, new: &Add) -> Result<()> {
    let username = names::username(new.who.username());
    if !names::is_username(&username) {
        return Err(AppError::field("username", "error-username"));
    }
    if !notice::is_address(&new.email) {
        return Err(AppError::field("email", "error-not-an-address"));
    }
    let unknown = |word: &String| AppError::internal(Plain(format!("there is no role {word}")));
    let roles: Vec<Role> =
        new.roles.iter().map(|word| word.parse().map_err(|_| unknown(word))).collect::<Result<_>>()?;
    let once = new_recovery_code();
    let password_hash = password::hash(&once)?;
    services.db.write_now(origin(), |tx| {
        let now = tx.now();
        if invitation::is_open_for(tx.conn(), &new.email, now)? {
            return Err(AppError::field("email", "error-invited-already"));
        }
        let agency_id = agency_id(tx.conn(), new.agency.as_deref())?;
        let locale = Lang::parse(&new.language).unwrap_or_default();
        create_person(
            tx,
            NewPerson {
                username,
                name: new.name.clone(),
                email: new.email.clone(),
                roles,
                agency_id,
                locale,
                password_hash,
                must_change: true,
                synthetic: false,
            },
        )
    })?;
    tell!("{once}");
    Ok(())
}

fn list(services: &Services) -> Result<()> {
    services.db.read_now(|conn| {
        let rows: Vec<store::PersonRow> =
            person::table.order(person::username).select(store::PersonRow::as_select()).load(conn)?;
        let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
        let roles = store::roles_of(conn, &ids)?;
        for row in rows {
            let roles = roles.get(&row.id).map_or(&[][..], Vec::as_slice);
            let roles: Vec<&str> = roles.iter().map(|role| role.as_str()).collect();
            let state = if row.disabled_at.is_some() { "closed" } else { "active" };
            tell!("{}\t{}\t{state}\t{}", row.username, roles.join(","), row.name);
        }
        Ok(())
    })
}
