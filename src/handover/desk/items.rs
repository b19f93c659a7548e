//! The evidence list on the page of a transfer.

use diesel::prelude::*;

use crate::{
    casework::dossier::stated::{self, Stated},
    platform::{
        db::{
            Connection, Id,
            schema::{blob, composition_item, dossier, dossier_withheld, evidence},
        },
        error::{AppError, Result},
    },
};

/// One line of the evidence list of the newest dossier.
#[derive(Clone, Debug)]
pub struct Item {
    pub number: i32,
    /// Empty when it is withheld.
    pub name: String,
    pub category: String,
    pub size: i64,
    /// What stands for a withheld item: a salted hash.
    pub commitment: Option<Vec<u8>>,
}

/// The evidence list as its addressee may read it: what is withheld has a number, a kind and a hash.
pub(super) fn of(conn: &mut Connection, dossier_id: Id) -> Result<Vec<Item>> {
    match stated::of(conn, dossier_id)? {
        Some(stated) => stated_items(&stated),
        None => items_now(conn, dossier_id),
    }
}

fn stated_items(stated: &Stated) -> Result<Vec<Item>> {
    let number = |n: u32| i32::try_from(n).map_err(AppError::internal);
    let mut items = Vec::new();
    for item in &stated.facts.items {
        items.push(Item {
            number: number(item.number)?,
            name: item.name.clone(),
            category: item.category.code.clone(),
            size: i64::try_from(item.size).map_err(AppError::internal)?,
            commitment: None,
        });
    }
    for item in &stated.facts.withheld {
        let commitment = data_encoding::HEXLOWER.decode(item.commitment.as_bytes());
        items.push(Item {
            number: number(item.number)?,
            name: String::new(),
            category: item.category.code.clone(),
            size: 0,
            commitment: Some(commitment.map_err(AppError::internal)?),
        });
    }
    items.sort_by_key(|item| item.number);
    Ok(items)
}

/// The list from the rows as they are, for a dossier that was loaded without papers.
fn items_now(conn: &mut Connection, dossier_id: Id) -> Result<Vec<Item>> {
    let composition: Id = dossier::table.find(dossier_id).select(dossier::composition_id).first(conn)?;
    let withheld: Vec<(Id, i32, String, Vec<u8>)> = dossier_withheld::table
        .filter(dossier_withheld::dossier_id.eq(dossier_id))
        .select((
            dossier_withheld::evidence_id,
            dossier_withheld::number,
            dossier_withheld::category,
            dossier_withheld::commitment,
        ))
        .load(conn)?;
    let hidden: Vec<Id> = withheld.iter().map(|w| w.0).collect();
    type Row = (Id, i32, String, String, i64);
    let shown: Vec<Row> = composition_item::table
        .inner_join(evidence::table.inner_join(blob::table))
        .filter(composition_item::composition_id.eq(composition))
        .select((evidence::id, composition_item::number, evidence::name, evidence::category, blob::size))
        .load(conn)?;
    let open = shown
        .into_iter()
        .filter(|row| !hidden.contains(&row.0))
        .map(|(_, number, name, category, size)| Item { number, name, category, size, commitment: None });
    let closed = withheld.iter().map(|(_, number, category, commitment)| Item {
        number: *number,
        name: String::new(),
        category: category.clone(),
        size: 0,
        commitment: Some(commitment.clone()),
    });
    let mut items: Vec<Item> = open.chain(closed).collect();
    items.sort_by_key(|item| item.number);
    Ok(items)
}
