//! Synthetic leads in any number, with all that comes of leads, for load tests. The same seed and number give the same
//! data. Everything is marked synthetic, and dated in years after the 2016 sample and before today.

mod cases;
mod draw;
mod papers;
mod setting;
mod tables;
mod transfers;
mod words;
mod world;

use std::{collections::HashMap, ops::Range};

use diesel::prelude::*;

use draw::Drawer;
use world::World;

use super::Account;
use crate::{
    audit::{self, Entry},
    casework::lead::{model::SubjectKind, store},
    platform::{
        db::{
            Id, Origin, Tx,
            schema::{counter, lead, subject},
            upsert_counter,
        },
        error::{AppError, Plain, Result},
        services::Services,
    },
};

/// The verb under which the log has what is generated.
pub const VERB: &str = "generate.row";

/// Leads of one transaction.
const AT_ONCE: usize = 1_000;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    pub leads: u32,
    pub seed: u64,
    /// Whether they may stand beside real data.
    pub mix: bool,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// Numbers of the first and the last lead.
    pub first: String,
    pub last: String,
}

/// Makes the people and agencies that leads need, in a database that has nobody yet, and marks it as a demo's. Returns
/// their accounts; `None`: there are people already.
///
/// # Errors
/// Those of the database.
pub fn settle_in(services: &Services) -> Result<Option<Vec<Account>>> {
    setting::settle_in(services)
}

/// Generates leads; `progress` is told how many there are so far.
///
/// # Errors
/// In words: real data and no leave to mix; people or agencies are missing; this seed was there already.
pub fn generate(services: &Services, order: &Order, progress: &mut dyn FnMut(u32)) -> Result<Made> {
    setting::require_leave(services, order.mix)?;
    let mut world = setting::world(services, order)?;
    let origin = Origin::system("system:cli");
    services.db.write_now(origin.clone(), |tx| begin(tx, &mut world))?;
    let key = setting::signing_key(services)?;
    let mut drawer = Drawer::new(&world, &services.signer, key);
    let mut numbers = (String::new(), String::new());
    let mut n = 0;
    while n < order.leads {
        let upto = order.leads.min(n.saturating_add(AT_ONCE as u32));
        let (first, last) = services.db.write_now(origin.clone(), |tx| batch(tx, &mut drawer, n..upto))?;
        audit::place_pending(&services.db, &services.signer)?;
        if n == 0 {
            numbers.0 = first;
        }
        numbers.1 = last;
        n = upto;
        progress(n);
    }
    Ok(Made { first: numbers.0, last: numbers.1 })
}

/// What many leads share: marks, and subjects that come up again and again.
fn begin(tx: &mut Tx<'_>, world: &mut World) -> Result<()> {
    let first = world.known_subject(0);
    let known: i64 = subject::table.filter(subject::id.eq(first)).count().get_result(tx.conn())?;
    if known > 0 {
        let text = format!("leads of seed {} are here already; take another --seed", world.seed);
        return Err(AppError::internal(Plain(text)));
    }
    world.brands = setting::brands(tx, world)?;
    let mut rows = tables::Tables::new();
    let at = world.beginning();
    for k in 0..world.known_subjects() {
        let name = world.known_subject_name(k);
        let code = world.known_subject_code(k);
        rows.subject(world.known_subject(k), SubjectKind::Person, &name, &code, at);
    }
    rows.insert(tx.conn())?;
    let entry = Entry::new("generate.begin").fact("leads", world.leads).fact("seed", world.seed.to_string());
    audit::record(tx, entry).map(|_| ())
}

/// One transaction of leads; the numbers of the first and the last.
fn batch(tx: &mut Tx<'_>, drawer: &mut Drawer<'_>, which: Range<u32>) -> Result<(String, String)> {
    let before = counters(tx)?;
    drawer.counters.clone_from(&before);
    for n in which {
        drawer.lead(n)?;
    }
    for (name, value) in &drawer.counters {
        if before.get(name) != Some(value) {
            upsert_counter(tx.conn(), name, *value)?;
        }
    }
    drawer.rows.insert(tx.conn())?;
    audit::record_many(tx, std::mem::take(&mut drawer.entries))?;
    let ids = std::mem::take(&mut drawer.leads);
    index(tx, &ids)
}

fn counters(tx: &mut Tx<'_>) -> Result<HashMap<String, i64>> {
    let rows: Vec<(String, i64)> = counter::table.select((counter::name, counter::value)).load(tx.conn())?;
    Ok(rows.into_iter().collect())
}

/// Makes the new leads findable; their `seq` is the database's.
fn index(tx: &mut Tx<'_>, ids: &[Id]) -> Result<(String, String)> {
    let leads = store::find_many(tx.conn(), ids)?;
    for lead in &leads {
        store::index_text(tx.conn(), lead)?;
    }
    let number = |lead: Option<&crate::casework::lead::model::Lead>| {
        lead.map_or_else(String::new, |lead| lead.number.clone())
    };
    Ok((number(leads.first()), number(leads.last())))
}

/// How many leads there are that are not synthetic.
fn real_leads(conn: &mut crate::platform::db::Connection) -> Result<i64> {
    Ok(lead::table.filter(lead::synthetic.eq(false)).count().get_result(conn)?)
}
