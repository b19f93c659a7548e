//! The verb.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::super::{
    actions::insert,
    input::{Input, ListingInput, SiteInput, SubjectInput},
    model::{Lead, State},
    related::store as related,
    store,
};
use crate::{
    audit::{self, Entry},
    directory::people::Compiler,
    platform::{
        db::{Connection, Id, Tx},
        error::{AppError, Result},
    },
};

/// What can be taken along beside the fields, by the words of the form.
pub const PARTS: [&str; 5] = ["charges", "brands", "subjects", "sites", "listings"];

/// A lead that can be cloned.
///
/// # Errors
/// `NotFound`; `Conflict` for one in the trash.
pub fn clonable(conn: &mut Connection, me: &Compiler, id: Id) -> Result<Lead> {
    let lead = store::find_visible(conn, me, id)?;
    if lead.state == State::Trashed { Err(AppError::Conflict("conflict-lead-trashed")) } else { Ok(lead) }
}

/// Makes a draft of one's own from a lead, with those of its [`PARTS`] that are named. Both say where it came from.
///
/// # Errors
/// As [`clonable`].
pub fn clone_lead(
    tx: &mut Tx<'_>,
    me: &Compiler,
    zone: Tz,
    (source_id, title): (Id, String),
    parts: &[&str],
) -> Result<Lead> {
    let source = clonable(tx.conn(), me, source_id)?;
    let input = input_of(tx.conn(), &source, title, parts)?;
    let now = tx.now();
    let made = insert(tx, me.id, now, zone, &input)?;
    related::insert_origin(tx, made.id, source.id)?;
    // What they wrote stands in the clone as well: none of them may decide about it.
    for writer in store::writers_of(tx.conn(), source.id)? {
        store::add_writer(tx, made.id, writer)?;
    }
    let entry = Entry::new("lead.clone")
        .object("lead", made.id)
        .object("lead", source.id)
        .fact("number", made.number.as_str())
        .fact("subjects", input.subjects.len())
        .fact("sites", input.sites.len())
        .fact("listings", input.listings.len());
    audit::record(tx, entry.private("title", made.title.as_str()))?;
    Ok(made)
}

/// The lead as somebody would hand it in.
fn input_of(conn: &mut Connection, source: &Lead, title: String, parts: &[&str]) -> Result<Input> {
    let takes = |part: &str| parts.contains(&part);
    let mut input = Input {
        title,
        summary: source.summary.clone(),
        region_code: source.region_code.clone(),
        occurred_from: source.occurred_from,
        occurred_to: source.occurred_to,
        value: source.value,
        source_kind: source.source_kind,
        source_note: source.source_note.clone(),
        sender_role: source.sender_role,
        // What was made up stays so; that a case was published is said of the source alone.
        synthetic: source.synthetic,
        ..Input::default()
    };
    if takes("charges") {
        input.charges = store::charges_of(conn, source.id)?;
    }
    if takes("brands") {
        let brands = store::brands_of(conn, source.id)?;
        let held = brands.iter().filter(|brand| !brand.owner.is_empty());
        input.rights_holders =
            held.map(|brand| (brand.name.clone(), brand.owner.clone())).collect::<BTreeMap<_, _>>();
        input.brands = brands.into_iter().map(|brand| brand.name).collect();
    }
    if takes("subjects") {
        let subject = |one: store::SubjectOf| SubjectInput {
            kind: one.kind,
            name: one.name,
            identifier: one.identifier,
            region_code: one.region_code,
            note: one.note,
            part: one.part,
        };
        input.subjects = store::subjects_of(conn, source.id)?.into_iter().map(subject).collect();
    }
    if takes("sites") {
        let site = |one: store::SiteOf| SiteInput {
            address: one.address,
            region_code: one.region_code,
            role: one.role,
            note: one.note,
        };
        input.sites = store::sites_of(conn, source.id)?.into_iter().map(site).collect();
    }
    if takes("listings") {
        let listing = |one: store::Listing| ListingInput {
            url: one.url,
            title: one.title,
            item_number: one.item_number,
            shop: one.shop,
            price_fen: one.price_fen,
            sold: one.sold,
            seen_on: one.seen_on,
        };
        input.listings = store::listings_of(conn, source.id)?.into_iter().map(listing).collect();
    }
    Ok(input)
}
