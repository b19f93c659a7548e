//! The verbs of a lead's parts. Each loads the lead, refuses where it may not be changed, notes the writer and records.

use super::{
    super::{
        actions::{changeable, note_writer},
        input::{Input, ListingInput, SiteInput, SubjectInput},
        model::{Lead, SiteRole, site_key, subject_key},
        store as leads,
    },
    full,
    store::{self, SubjectOf},
};
use crate::{
    audit::{self, Entry},
    directory::people::Compiler,
    platform::{
        db::{Id, Tx},
        error::{AppError, FieldError, Result},
    },
};

/// Everything that the input names, for a lead that was just made.
pub(in crate::casework::lead) fn insert_all(tx: &mut Tx<'_>, lead: &Lead, input: &Input) -> Result<()> {
    leads::replace_charges(tx, lead.id, &input.charges)?;
    for name in &input.brands {
        let brand_id = leads::brand_named(tx, name)?;
        let owner = input.rights_holders.get(name).map_or("", String::as_str);
        leads::link_brand(tx, lead.id, brand_id, owner)?;
    }
    for subject in &input.subjects {
        let (subject_id, _) = find_or_make(tx, lead, subject)?;
        store::link_subject(tx, lead.id, subject_id, subject)?;
    }
    for site in &input.sites {
        let site_id = store::site_at(tx, site, lead.synthetic)?;
        store::link_site(tx, lead.id, site_id, site)?;
    }
    for listing in &input.listings {
        store::insert_listing(tx, lead.id, listing)?;
    }
    Ok(())
}

/// The same subject again where it is known, else a new one; and whether it was known.
fn find_or_make(tx: &mut Tx<'_>, lead: &Lead, input: &SubjectInput) -> Result<(Id, bool)> {
    match store::known_subject(tx.conn(), input)? {
        Some(id) => Ok((id, true)),
        None => Ok((store::insert_subject(tx, input, lead.synthetic)?, false)),
    }
}

/// Names a subject on a lead of any state, for a loader of past leads: no check, no entry in the log.
///
/// # Errors
/// `NotFound`.
pub fn attach_subject(tx: &mut Tx<'_>, lead_id: Id, input: &SubjectInput, synthetic: bool) -> Result<Id> {
    let id = match store::known_subject(tx.conn(), input)? {
        Some(id) => id,
        None => store::insert_subject(tx, input, synthetic)?,
    };
    store::link_subject(tx, lead_id, id, input)?;
    Ok(id)
}

/// Names a site on a lead of any state; as [`attach_subject`].
///
/// # Errors
/// `NotFound`.
pub fn attach_site(tx: &mut Tx<'_>, lead_id: Id, input: &SiteInput, synthetic: bool) -> Result<Id> {
    let id = store::site_at(tx, input, synthetic)?;
    store::link_site(tx, lead_id, id, input)?;
    Ok(id)
}

/// Makes the lead's charges exactly these codes.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn set_charges(tx: &mut Tx<'_>, me: &Compiler, lead_id: Id, codes: &[String]) -> Result<()> {
    changeable(tx, me, lead_id)?;
    let before = leads::charges_of(tx.conn(), lead_id)?;
    if before.len() == codes.len() && before.iter().all(|code| codes.contains(code)) {
        return audit::unchanged(tx, "lead.charges", ("lead", lead_id));
    }
    leads::replace_charges(tx, lead_id, codes)?;
    note_writer(tx, me, lead_id)?;
    let entry = Entry::new("lead.charges").object("lead", lead_id).fact("before", before);
    audit::record(tx, entry.fact("after", codes.to_vec())).map(|_| ())
}

/// Names a brand with its rights holder, where one is known; a new name makes a new brand. Naming it again changes the
/// rights holder.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn add_brand(tx: &mut Tx<'_>, me: &Compiler, lead_id: Id, name: &str, owner: &str) -> Result<Id> {
    changeable(tx, me, lead_id)?;
    let mut named = leads::brands_of(tx.conn(), lead_id)?.into_iter();
    if let Some(same) = named.find(|brand| brand.name == name && brand.owner == owner) {
        audit::unchanged(tx, "lead.brand.add", ("lead", lead_id))?;
        return Ok(same.id);
    }
    let brand_id = leads::brand_named(tx, name)?;
    leads::link_brand(tx, lead_id, brand_id, owner)?;
    note_writer(tx, me, lead_id)?;
    let mut entry = Entry::new("lead.brand.add").object("lead", lead_id).object("brand", brand_id);
    if !owner.is_empty() {
        entry = entry.private("rights_holder", owner);
    }
    audit::record(tx, entry)?;
    Ok(brand_id)
}

/// Takes a brand off the lead.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn remove_brand(tx: &mut Tx<'_>, me: &Compiler, lead_id: Id, brand_id: Id) -> Result<()> {
    changeable(tx, me, lead_id)?;
    found(leads::unlink_brand(tx, lead_id, brand_id)?)?;
    note_writer(tx, me, lead_id)?;
    audit::record(tx, Entry::new("lead.brand.remove").object("lead", lead_id).object("brand", brand_id))?;
    Ok(())
}

fn found(rows: usize) -> Result<()> {
    if rows == 0 { Err(AppError::NotFound) } else { Ok(()) }
}

fn subject_entry(verb: &'static str, lead_id: Id, subject_id: Id) -> Entry {
    Entry::new(verb).object("lead", lead_id).object("subject", subject_id)
}

/// The fault of a subject that the lead names already: with what that one is called, and its id.
pub(super) const NAMED_ALREADY: &str = "error-subject-on-lead";

/// Refuses a subject that is one of these: what is said of that one would be lost for it.
fn refuse_named(mut others: impl Iterator<Item = SubjectOf>, input: &SubjectInput) -> Result<()> {
    let Some(same) = others.find(|other| other.is_meant_by(input)) else { return Ok(()) };
    let fault = FieldError::new(input.told_apart_by(), NAMED_ALREADY);
    Err(AppError::Invalid(vec![fault.arg("name", same.name).arg("id", same.id)]))
}

/// Names a subject. The same one (kind and identifier) is found again and linked as it is known; the answer says
/// whether it was.
///
/// # Errors
/// `NotFound`, `Conflict`; `Invalid` for one that the lead names already, and where it names as many as it can.
pub fn add_subject(tx: &mut Tx<'_>, me: &Compiler, lead_id: Id, input: &SubjectInput) -> Result<(Id, bool)> {
    let lead = changeable(tx, me, lead_id)?;
    full::subjects(tx.conn(), lead_id, input.told_apart_by())?;
    refuse_named(store::subjects_of(tx.conn(), lead_id)?.into_iter(), input)?;
    let (subject_id, was_known) = find_or_make(tx, &lead, input)?;
    store::link_subject(tx, lead_id, subject_id, input)?;
    note_writer(tx, me, lead_id)?;
    let entry = subject_entry("lead.subject.add", lead_id, subject_id)
        .fact("kind", input.kind.as_str())
        .fact("known", was_known);
    audit::record(tx, entry.private("name", input.name.as_str()))?;
    Ok((subject_id, was_known))
}

/// Corrects a subject as this lead names it. Kind and identifier are its identity: with others it is another subject,
/// found or made, and what other leads, dossiers and the ledger of outcomes name stays whom they meant.
///
/// # Errors
/// `NotFound`, `Conflict`; `Invalid` where that is another one that the lead names.
pub fn edit_subject(
    tx: &mut Tx<'_>,
    me: &Compiler,
    lead_id: Id,
    subject_id: Id,
    input: &SubjectInput,
) -> Result<Id> {
    let lead = changeable(tx, me, lead_id)?;
    let subjects = store::subjects_of(tx.conn(), lead_id)?;
    let before = subjects.iter().find(|s| s.id == subject_id).ok_or(AppError::NotFound)?;
    if before.is_said_by(input) {
        audit::unchanged(tx, "lead.subject.edit", ("lead", lead_id))?;
        return Ok(subject_id);
    }
    refuse_named(subjects.iter().filter(|other| other.id != subject_id).cloned(), input)?;
    let key = subject_key(input.kind, &input.name, &input.identifier);
    let same_key =
        before.kind == input.kind && subject_key(before.kind, &before.name, &before.identifier) == key;
    // Without an identifier nothing but the name says who is meant: until somebody read it, it may be corrected.
    let may_rename = key.is_empty() && !leads::was_submitted(tx.conn(), lead_id)?;
    let target = if same_key && (!key.is_empty() || before.name == input.name || may_rename) {
        subject_id
    } else {
        find_or_make(tx, &lead, input)?.0
    };
    if target != subject_id {
        store::unlink_subject(tx, lead_id, subject_id)?;
    } else if may_rename {
        store::rename_subject(tx, subject_id, &input.name)?;
    }
    store::link_subject(tx, lead_id, target, input)?;
    note_writer(tx, me, lead_id)?;
    let mut entry = subject_entry("lead.subject.edit", lead_id, target);
    if target != subject_id {
        entry = entry.object("subject", subject_id);
    }
    audit::record(tx, entry.private("before", format!("{} {}", before.name, before.identifier)))?;
    Ok(target)
}

/// Takes a subject off the lead.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn remove_subject(tx: &mut Tx<'_>, me: &Compiler, lead_id: Id, subject_id: Id) -> Result<()> {
    changeable(tx, me, lead_id)?;
    found(store::unlink_subject(tx, lead_id, subject_id)?)?;
    note_writer(tx, me, lead_id)?;
    audit::record(tx, subject_entry("lead.subject.remove", lead_id, subject_id))?;
    Ok(())
}

fn site_entry(verb: &'static str, lead_id: Id, site_id: Id, role: SiteRole) -> Entry {
    Entry::new(verb).object("lead", lead_id).object("site", site_id).fact("role", role.as_str())
}

/// Names a site. The same region and address is the same site.
///
/// # Errors
/// `NotFound`, `Conflict`; `Invalid` where the lead names as many as it can.
pub fn add_site(tx: &mut Tx<'_>, me: &Compiler, lead_id: Id, input: &SiteInput) -> Result<Id> {
    let lead = changeable(tx, me, lead_id)?;
    full::sites(tx.conn(), lead_id)?;
    let site_id = store::site_at(tx, input, lead.synthetic)?;
    store::link_site(tx, lead_id, site_id, input)?;
    note_writer(tx, me, lead_id)?;
    let entry = site_entry("lead.site.add", lead_id, site_id, input.role);
    audit::record(
        tx,
        entry.fact("region", input.region_code.as_str()).private("site_address", input.address.as_str()),
    )?;
    Ok(site_id)
}

/// Corrects a site as this lead names it. Region and address are its identity: with others it is another site, found or
/// made, and what other leads and dossiers name stays where they meant.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn edit_site(
    tx: &mut Tx<'_>,
    me: &Compiler,
    lead_id: Id,
    (site_id, role): (Id, SiteRole),
    input: &SiteInput,
) -> Result<Id> {
    let lead = changeable(tx, me, lead_id)?;
    let sites = store::sites_of(tx.conn(), lead_id)?;
    let before =
        sites.iter().find(|site| site.id == site_id && site.role == role).ok_or(AppError::NotFound)?;
    if before.is_said_by(input) {
        audit::unchanged(tx, "lead.site.edit", ("lead", lead_id))?;
        return Ok(site_id);
    }
    let is_same =
        site_key(&before.region_code, &before.address) == site_key(&input.region_code, &input.address);
    let target = if is_same { site_id } else { store::site_at(tx, input, lead.synthetic)? };
    if target != site_id || input.role != role {
        store::unlink_site(tx, lead_id, site_id, role)?;
    }
    if target == site_id && before.address != input.address {
        store::rewrite_address(tx, lead_id, site_id, &input.address)?;
    }
    store::link_site(tx, lead_id, target, input)?;
    note_writer(tx, me, lead_id)?;
    let mut entry = site_entry("lead.site.edit", lead_id, target, input.role);
    if target != site_id {
        entry = entry.object("site", site_id);
    }
    let entry = entry.fact("region", input.region_code.as_str());
    let entry = entry.private("before", format!("{} {}", before.region_code, before.address));
    audit::record(tx, entry.private("site_address", input.address.as_str()))?;
    Ok(target)
}

/// Takes a site in one role off the lead.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn remove_site(tx: &mut Tx<'_>, me: &Compiler, lead_id: Id, site_id: Id, role: SiteRole) -> Result<()> {
    changeable(tx, me, lead_id)?;
    found(store::unlink_site(tx, lead_id, site_id, role)?)?;
    note_writer(tx, me, lead_id)?;
    audit::record(tx, site_entry("lead.site.remove", lead_id, site_id, role))?;
    Ok(())
}

/// Adds an offer.
///
/// # Errors
/// `NotFound`, `Conflict`; `Invalid` where the lead has as many as it can.
pub fn add_listing(tx: &mut Tx<'_>, me: &Compiler, lead_id: Id, input: &ListingInput) -> Result<Id> {
    changeable(tx, me, lead_id)?;
    full::listings(tx.conn(), lead_id)?;
    let listing_id = store::insert_listing(tx, lead_id, input)?;
    note_writer(tx, me, lead_id)?;
    let entry = Entry::new("lead.listing.add").object("lead", lead_id).object("listing", listing_id);
    audit::record(tx, entry.private("url", input.url.as_str()))?;
    Ok(listing_id)
}

/// Corrects an offer.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn edit_listing(
    tx: &mut Tx<'_>,
    me: &Compiler,
    lead_id: Id,
    listing_id: Id,
    input: &ListingInput,
) -> Result<()> {
    changeable(tx, me, lead_id)?;
    let listings = store::listings_of(tx.conn(), lead_id)?;
    let before = listings.into_iter().find(|l| l.id == listing_id).ok_or(AppError::NotFound)?;
    if before.is_said_by(input) {
        return audit::unchanged(tx, "lead.listing.edit", ("lead", lead_id));
    }
    store::update_listing(tx, lead_id, listing_id, input)?;
    note_writer(tx, me, lead_id)?;
    let entry = Entry::new("lead.listing.edit").object("lead", lead_id).object("listing", listing_id);
    let entry = entry.private("before", format!("{} {}", before.url, before.title));
    audit::record(tx, entry.private("url", input.url.as_str()))?;
    Ok(())
}

/// Takes an offer off the lead; what it said stays in the log's erasable part.
///
/// # Errors
/// `NotFound`, `Conflict`.
pub fn remove_listing(tx: &mut Tx<'_>, me: &Compiler, lead_id: Id, listing_id: Id) -> Result<()> {
    changeable(tx, me, lead_id)?;
    let listings = store::listings_of(tx.conn(), lead_id)?;
    let before = listings.into_iter().find(|l| l.id == listing_id).ok_or(AppError::NotFound)?;
    store::delete_listing(tx, lead_id, listing_id)?;
    note_writer(tx, me, lead_id)?;
    let entry = Entry::new("lead.listing.remove").object("lead", lead_id).object("listing", listing_id);
    audit::record(tx, entry.private("url", before.url).private("title", before.title))?;
    Ok(())
}
