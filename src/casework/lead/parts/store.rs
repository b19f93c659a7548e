//! Subjects, sites and listings of leads, as stored.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::{
    super::{
        input::{ListingInput, SiteInput, SubjectInput},
        model::{SiteRole, SubjectKind, listing_key, site_key, subject_key},
        store::word,
    },
    shops,
};
use crate::platform::{
    db::{
        Connection, Id, Instant, Tx,
        schema::{lead_site, lead_subject, listing, site, subject},
    },
    error::Result,
};

/// A subject with what one lead says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectOf {
    pub id: Id,
    pub kind: SubjectKind,
    /// As this lead calls it.
    pub name: String,
    /// Identity number, licence number, account, plate … as written; may be empty.
    pub identifier: String,
    /// Where it is, according to the lead.
    pub region_code: Option<String>,
    /// The lead's own note.
    pub note: String,
    /// What it has to do with the lead.
    pub part: String,
    pub synthetic: bool,
}

/// A site with what happens there, according to one lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteOf {
    pub id: Id,
    pub address: String,
    pub region_code: String,
    pub role: SiteRole,
    pub note: String,
    pub synthetic: bool,
}

/// An offer on the platform.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = listing)]
pub struct Listing {
    pub id: Id,
    pub url: String,
    pub title: String,
    pub item_number: String,
    pub shop: String,
    /// Price in fen.
    pub price_fen: Option<i64>,
    /// How many were sold, as the page said.
    pub sold: Option<i64>,
    pub seen_on: Option<NaiveDate>,
}

impl SubjectOf {
    /// Whether the lead says of it already what is handed in.
    pub(super) fn is_said_by(&self, input: &SubjectInput) -> bool {
        self.kind == input.kind
            && self.name == input.name
            && self.identifier == input.identifier
            && self.region_code == input.region_code
            && self.part == input.part
            && self.note == input.note
    }

    /// Whether whoever hands that in means it: by what makes two mentions of a subject the same one, or where there is
    /// nothing of the kind, by all that is said.
    pub(super) fn is_meant_by(&self, input: &SubjectInput) -> bool {
        let key = subject_key(input.kind, &input.name, &input.identifier);
        if key.is_empty() {
            self.is_said_by(input)
        } else {
            self.kind == input.kind && subject_key(self.kind, &self.name, &self.identifier) == key
        }
    }
}

impl SiteOf {
    /// As [`SubjectOf::is_said_by`].
    pub(super) fn is_said_by(&self, input: &SiteInput) -> bool {
        self.address == input.address
            && self.region_code == input.region_code
            && self.role == input.role
            && self.note == input.note
    }
}

impl Listing {
    /// As [`SubjectOf::is_said_by`].
    pub(super) fn is_said_by(&self, input: &ListingInput) -> bool {
        self.url == input.url
            && self.title == input.title
            && self.item_number == input.item_number
            && self.shop == input.shop
            && self.price_fen == input.price_fen
            && self.sold == input.sold
            && self.seen_on == input.seen_on
    }
}

/// The subjects of a lead, in the order in which they became known.
///
/// # Errors
/// Those of the database.
pub fn subjects_of(conn: &mut Connection, lead_id: Id) -> Result<Vec<SubjectOf>> {
    type Row = (Id, String, String, String, Option<String>, String, String, bool);
    let rows: Vec<Row> = lead_subject::table
        .inner_join(subject::table)
        .filter(lead_subject::lead_id.eq(lead_id))
        .order((subject::created_at, subject::id))
        .select((
            subject::id,
            subject::kind,
            lead_subject::name,
            lead_subject::identifier,
            lead_subject::region_code,
            lead_subject::note,
            lead_subject::part,
            subject::synthetic,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, kind, name, identifier, region_code, note, part, synthetic)| {
            let kind = word("subject.kind", &kind)?;
            Ok(SubjectOf { id, kind, name, identifier, region_code, note, part, synthetic })
        })
        .collect()
}

/// The sites of a lead, in the order in which they became known.
///
/// # Errors
/// Those of the database.
pub fn sites_of(conn: &mut Connection, lead_id: Id) -> Result<Vec<SiteOf>> {
    let rows: Vec<(Id, String, String, String, String, bool)> = lead_site::table
        .inner_join(site::table)
        .filter(lead_site::lead_id.eq(lead_id))
        .order((site::created_at, site::id, lead_site::role))
        .select((
            site::id,
            site::address,
            site::region_code,
            lead_site::role,
            lead_site::note,
            site::synthetic,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(id, address, region_code, role, note, synthetic)| {
            Ok(SiteOf { id, address, region_code, role: word("lead_site.role", &role)?, note, synthetic })
        })
        .collect()
}

/// The listings of a lead, oldest first.
///
/// # Errors
/// Those of the database.
pub fn listings_of(conn: &mut Connection, lead_id: Id) -> Result<Vec<Listing>> {
    Ok(listing::table
        .filter(listing::lead_id.eq(lead_id))
        .order((listing::created_at, listing::id))
        .select(Listing::as_select())
        .load(conn)?)
}

/// The subject of this kind and key that is already known.
pub(super) fn known_subject(conn: &mut Connection, input: &SubjectInput) -> Result<Option<Id>> {
    let key = subject_key(input.kind, &input.name, &input.identifier);
    if key.is_empty() {
        return Ok(None);
    }
    Ok(subject::table
        .filter(subject::kind.eq(input.kind.as_str()))
        .filter(subject::match_key.eq(key))
        .order(subject::created_at)
        .select(subject::id)
        .first(conn)
        .optional()?)
}

/// Writes a new subject, whether or not there is one like it; for the later rooms too.
///
/// # Errors
/// Those of the database.
pub fn insert_subject(tx: &mut Tx<'_>, input: &SubjectInput, synthetic: bool) -> Result<Id> {
    let (id, now) = (Id::new(), tx.now());
    diesel::insert_into(subject::table)
        .values((
            subject::id.eq(id),
            subject::kind.eq(input.kind.as_str()),
            subject::name.eq(&input.name),
            subject::identifier.eq(&input.identifier),
            subject::match_key.eq(subject_key(input.kind, &input.name, &input.identifier)),
            subject::synthetic.eq(synthetic),
            subject::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// Corrects the name of a subject that only one lead can name: a person without an identifier.
pub(super) fn rename_subject(tx: &mut Tx<'_>, id: Id, name: &str) -> Result<()> {
    diesel::update(subject::table.filter(subject::id.eq(id)))
        .set(subject::name.eq(name))
        .execute(tx.conn())?;
    Ok(())
}

/// Links a subject with what the lead says of it, or changes that; false if it was linked already.
pub(super) fn link_subject(
    tx: &mut Tx<'_>,
    lead_id: Id,
    subject_id: Id,
    input: &SubjectInput,
) -> Result<bool> {
    let said = (
        lead_subject::name.eq(&input.name),
        lead_subject::identifier.eq(&input.identifier),
        lead_subject::part.eq(&input.part),
        lead_subject::region_code.eq(input.region_code.as_deref()),
        lead_subject::note.eq(&input.note),
    );
    let link = lead_subject::table
        .filter(lead_subject::lead_id.eq(lead_id))
        .filter(lead_subject::subject_id.eq(subject_id));
    if diesel::update(link).set(said).execute(tx.conn())? > 0 {
        return Ok(false);
    }
    diesel::insert_into(lead_subject::table)
        .values((lead_subject::lead_id.eq(lead_id), lead_subject::subject_id.eq(subject_id), said))
        .execute(tx.conn())?;
    Ok(true)
}

/// Takes a subject off the lead; the subject itself stays.
pub(super) fn unlink_subject(tx: &mut Tx<'_>, lead_id: Id, subject_id: Id) -> Result<usize> {
    let link = lead_subject::table
        .filter(lead_subject::lead_id.eq(lead_id))
        .filter(lead_subject::subject_id.eq(subject_id));
    Ok(diesel::delete(link).execute(tx.conn())?)
}

/// The site of this region and address, made if there is none.
pub(super) fn site_at(tx: &mut Tx<'_>, input: &SiteInput, synthetic: bool) -> Result<Id> {
    let known: Option<Id> = site::table
        .filter(site::match_key.eq(site_key(&input.region_code, &input.address)))
        .order(site::created_at)
        .select(site::id)
        .first(tx.conn())
        .optional()?;
    match known {
        Some(id) => Ok(id),
        None => insert_site(tx, &input.region_code, &input.address, synthetic),
    }
}

/// Writes a new site, whether or not there is one at this address; for the later rooms too.
///
/// # Errors
/// Those of the database.
pub fn insert_site(tx: &mut Tx<'_>, region_code: &str, address: &str, synthetic: bool) -> Result<Id> {
    let (id, now) = (Id::new(), tx.now());
    diesel::insert_into(site::table)
        .values((
            site::id.eq(id),
            site::address.eq(address),
            site::region_code.eq(region_code),
            site::synthetic.eq(synthetic),
            site::match_key.eq(site_key(region_code, address)),
            site::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// Links a site in a role or changes its note; false if it was linked already.
pub(super) fn link_site(tx: &mut Tx<'_>, lead_id: Id, site_id: Id, input: &SiteInput) -> Result<bool> {
    let role = input.role.as_str();
    let link = lead_site::table
        .filter(lead_site::lead_id.eq(lead_id))
        .filter(lead_site::site_id.eq(site_id))
        .filter(lead_site::role.eq(role));
    if diesel::update(link).set(lead_site::note.eq(&input.note)).execute(tx.conn())? > 0 {
        return Ok(false);
    }
    diesel::insert_into(lead_site::table)
        .values((
            lead_site::lead_id.eq(lead_id),
            lead_site::site_id.eq(site_id),
            lead_site::role.eq(role),
            lead_site::note.eq(&input.note),
        ))
        .execute(tx.conn())?;
    Ok(true)
}

/// Writes the address of a site as it is written now, where no other lead names it: blanks and marks make no other site.
pub(super) fn rewrite_address(tx: &mut Tx<'_>, lead_id: Id, site_id: Id, address: &str) -> Result<()> {
    let elsewhere: i64 = lead_site::table
        .filter(lead_site::site_id.eq(site_id))
        .filter(lead_site::lead_id.ne(lead_id))
        .count()
        .get_result(tx.conn())?;
    if elsewhere == 0 {
        diesel::update(site::table.filter(site::id.eq(site_id)))
            .set(site::address.eq(address))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Takes a site off the lead, in one role; the site itself stays.
pub(super) fn unlink_site(tx: &mut Tx<'_>, lead_id: Id, site_id: Id, role: SiteRole) -> Result<usize> {
    let link = lead_site::table
        .filter(lead_site::lead_id.eq(lead_id))
        .filter(lead_site::site_id.eq(site_id))
        .filter(lead_site::role.eq(role.as_str()));
    Ok(diesel::delete(link).execute(tx.conn())?)
}

pub(super) fn insert_listing(tx: &mut Tx<'_>, lead_id: Id, input: &ListingInput) -> Result<Id> {
    let (id, now): (Id, Instant) = (Id::new(), tx.now());
    diesel::insert_into(listing::table)
        .values((
            listing::id.eq(id),
            listing::lead_id.eq(lead_id),
            listing::url.eq(&input.url),
            listing::title.eq(&input.title),
            listing::item_number.eq(&input.item_number),
            listing::shop.eq(&input.shop),
            listing::price_fen.eq(input.price_fen),
            listing::sold.eq(input.sold),
            listing::seen_on.eq(input.seen_on),
            listing::match_key.eq(listing_key(&input.url)),
            listing::shop_key.eq(shops::key(&input.url, &input.shop)),
            listing::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(id)
}

/// Writes a listing of the lead over.
pub(super) fn update_listing(
    tx: &mut Tx<'_>,
    lead_id: Id,
    listing_id: Id,
    input: &ListingInput,
) -> Result<usize> {
    let row = listing::table.filter(listing::lead_id.eq(lead_id)).filter(listing::id.eq(listing_id));
    let said = (
        listing::url.eq(&input.url),
        listing::title.eq(&input.title),
        listing::item_number.eq(&input.item_number),
        listing::shop.eq(&input.shop),
        listing::price_fen.eq(input.price_fen),
        listing::sold.eq(input.sold),
        listing::seen_on.eq(input.seen_on),
        listing::match_key.eq(listing_key(&input.url)),
        listing::shop_key.eq(shops::key(&input.url, &input.shop)),
    );
    Ok(diesel::update(row).set(said).execute(tx.conn())?)
}

/// Deletes a listing of the lead.
pub(super) fn delete_listing(tx: &mut Tx<'_>, lead_id: Id, listing_id: Id) -> Result<usize> {
    let row = listing::table.filter(listing::lead_id.eq(lead_id)).filter(listing::id.eq(listing_id));
    Ok(diesel::delete(row).execute(tx.conn())?)
}
