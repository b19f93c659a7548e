//! What generated leads stand in: who works on them, where they go, the files that they share; and whether they may be
//! made here at all.

use std::collections::HashSet;

use diesel::prelude::*;

use super::{
    Order, words,
    world::{Addressee, SharedFile, World},
};
use crate::{
    audit::{self, Entry},
    casework::evidence::{actions::keep_blob, model::category_or_suggested},
    demo::{Account, accounts, agencies},
    directory::{
        agencies::{model::COUNTRY, store::Agency},
        people::{self, Role},
        reference::regions,
    },
    platform::{
        db::{
            Connection, Id, Origin, Tx,
            schema::{agency, brand, person},
        },
        error::{AppError, Plain, Result},
        keyring,
        services::Services,
        time,
    },
};

/// An archive of nothing: what is there of every generated package.
const EMPTY_ZIP: [u8; 22] = *b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

/// Names and texts of the shared files.
const FILES: [(&str, &str); 5] = [
    ("商品页面.html", "<!doctype html><title>合成商品页面</title><p>为负载测试而生成，与真实店铺无关。"),
    ("交易记录.csv", "\u{feff}订单号,商品,单价（元）,数量\nSYN000001,合成商品,99.00,2\n"),
    ("聊天记录.txt", "合成聊天记录：为负载测试而生成。\n"),
    ("物流记录.csv", "\u{feff}运单号,发件地,收件地\nSYN-W-1,合成东路 1 号,合成西路 2 号\n"),
    ("测试购买记录.txt", "合成测试购买记录：为负载测试而生成。\n"),
];

fn plain(text: impl Into<String>) -> AppError {
    AppError::internal(Plain(text.into()))
}

fn people_count(conn: &mut Connection) -> Result<i64> {
    Ok(person::table.count().get_result(conn)?)
}

pub(super) fn settle_in(services: &Services) -> Result<Option<Vec<Account>>> {
    if services.db.read_now(people_count)? > 0 {
        return Ok(None);
    }
    let made = accounts::invent()?;
    let (accounts, master) = (made.clone(), services.master.clone());
    services.db.write_now(Origin::system("system:cli"), move |tx| {
        if people_count(tx.conn())? > 0 || super::real_leads(tx.conn())? > 0 {
            return Err(plain("somebody else has begun to use this data folder"));
        }
        keyring::mark_demo(tx)?;
        let agencies = agencies::plant(tx)?;
        accounts::plant(tx, &master, &accounts, &agencies)?;
        audit::record(tx, Entry::new("generate.people").fact("people", accounts.len())).map(|_| ())
    })?;
    Ok(Some(made))
}

/// Generated leads enter the figures of annual reports: not beside real data without leave.
pub(super) fn require_leave(services: &Services, mix: bool) -> Result<()> {
    let origin = services.origin.to_string();
    let is_demo = services.db.read_now(keyring::is_demo)?;
    if is_demo || mix {
        return Ok(());
    }
    Err(plain(format!(
        "{origin} is no demo: synthetic leads would enter its annual reports of 2019 to 2025 and can't be taken out \
         again. Take an empty folder with --data, or, after a backup, --yes-mix-with-real-data"
    )))
}

fn with_role(conn: &mut Connection, role: Role) -> Result<Vec<Id>> {
    let found: Vec<Id> = people::store::with_role(conn, role)?.into_iter().map(|(id, _)| id).collect();
    if found.is_empty() {
        return Err(plain(format!("no account has the role {role}; make one first (lead-handoff user add)")));
    }
    Ok(found)
}

/// Everything that leads of an order are drawn in, but for the marks.
pub(super) fn world(services: &Services, order: &Order) -> Result<World> {
    let (owners, approvers, managers, addressees) = services.db.read_now(|conn| {
        let roles = [Role::Compiler, Role::Approver, Role::Manager];
        let [owners, approvers, managers] = roles.map(|role| with_role(conn, role));
        Ok((owners?, approvers?, managers?, addressees(conn)?))
    })?;
    if owners.iter().any(|owner| approvers.iter().all(|approver| approver == owner)) {
        return Err(plain("nobody approves their own leads: there must be an approver beside the compilers"));
    }
    if addressees.is_empty() {
        return Err(plain("there is no agency; bring some in first (lead-handoff agency import)"));
    }
    let mut files = keep(services, FILES.map(|(name, text)| (name, text.as_bytes().to_vec())).to_vec())?;
    files.extend(keep(services, vec![("package.zip", EMPTY_ZIP.to_vec())])?);
    let package = files.pop().ok_or_else(|| plain("no file was stored"))?;
    Ok(World {
        seed: order.seed,
        leads: order.leads,
        zone: services.settings.time_zone,
        owners,
        approvers,
        managers,
        addressees,
        brands: Vec::new(),
        files,
        package,
    })
}

/// The agencies in being, by code.
fn addressees(conn: &mut Connection) -> Result<Vec<Addressee>> {
    let day = time::parse_date("2025-01-01").unwrap_or_default();
    let rows: Vec<Agency> =
        agency::table.filter(agency::valid_to.is_null()).order(agency::code).load::<Agency>(conn)?;
    let addressee = |row: Agency| {
        let own = if row.region_code == COUNTRY { "110000" } else { row.region_code.as_str() };
        let under = regions().children(Some(own), day);
        let mut regions = vec![own.to_owned()];
        regions.extend(under.into_iter().map(|region| region.code.clone()));
        let Agency { id, code, name_zh, name_en, ack_days, .. } = row;
        Addressee { id, code, name_zh, name_en, ack_days, regions }
    };
    Ok(rows.into_iter().map(addressee).collect())
}

/// Puts files into the vault, those that are there already but once.
fn keep(services: &Services, files: Vec<(&'static str, Vec<u8>)>) -> Result<Vec<SharedFile>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut kept = Vec::new();
    for (name, bytes) in files {
        let stored = runtime.block_on(services.vault.store_bytes(bytes, name))?;
        let key = stored.key;
        let file = stored.clone();
        let done = services.db.write_quiet_now(move |tx| keep_blob(tx, &file));
        if !matches!(done, Ok((_, false))) {
            runtime.block_on(services.vault.delete(key))?;
        }
        kept.push(SharedFile {
            blob: done?.0,
            name,
            category: category_or_suggested("", &stored.media_type),
            size: stored.size,
            sha256: data_encoding::HEXLOWER.encode(&stored.sha256),
        });
    }
    Ok(kept)
}

/// The marks, made where they are not there yet.
pub(super) fn brands(tx: &mut Tx<'_>, world: &World) -> Result<Vec<Id>> {
    let mut ids = Vec::with_capacity(words::BRANDS);
    let mut seen = HashSet::new();
    for k in 0..words::BRANDS {
        let name = words::brand(k);
        if !seen.insert(name.clone()) {
            continue;
        }
        let known: Option<Id> =
            brand::table.filter(brand::name.eq(&name)).select(brand::id).first(tx.conn()).optional()?;
        let id = known.unwrap_or_else(|| world.brand(k));
        if known.is_none() {
            let made = world.beginning();
            diesel::insert_into(brand::table)
                .values((brand::id.eq(id), brand::name.eq(&name), brand::created_at.eq(made)))
                .execute(tx.conn())?;
        }
        ids.push(id);
    }
    Ok(ids)
}

/// The row of the key that signs now.
pub(super) fn signing_key(services: &Services) -> Result<Id> {
    let public = services.signer.public().to_string();
    let known = services.db.read_now(keyring::known)?;
    let found = known.into_iter().find(|key| key.public_text == public);
    found.map(|key| key.id).ok_or_else(|| plain("the signing key is not in the ring"))
}
