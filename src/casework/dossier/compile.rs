//! From the rows of a lead to the facts of one dossier. The same rows give the same facts, byte for byte: what is
//! frozen again after a crash is what was begun.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use data_encoding::HEXLOWER;

use super::{
    earlier,
    facts::{
        Addressee, Brand, Charge, Contact, EarlierCommitment, EstimatedValue, Item, ItemKind, LeadFacts,
        Listing, Named, Origin, Prior, Region, SCHEMA, Sender, SenderRole, Site, SiteRole, Subject,
        SubjectKind, Withheld,
    },
    model::Dossier,
    names,
    stated::Refs,
    store,
};
use crate::{
    casework::{
        evidence,
        lead::{self, model as words},
    },
    directory::{
        people,
        reference::{agency_types, categories, charges, regions},
    },
    platform::{
        db::{Connection, Id},
        error::{AppError, Plain, Result},
        i18n::{self, Lang},
        settings::Settings,
        time,
    },
};

/// The facts of a dossier with the items that it shows, in the order of their numbers.
#[derive(Clone, Debug)]
pub struct Compiled {
    pub dossier: Id,
    pub facts: LeadFacts,
    pub items: Vec<evidence::store::Item>,
    /// The rows that numbers of subjects and sites stand for.
    pub refs: Refs,
}

/// Reads everything that a dossier states.
///
/// # Errors
/// Those of the database; `Internal` when an item of it was erased.
pub fn compile(conn: &mut Connection, settings: &Settings, one: &Dossier) -> Result<Compiled> {
    let lead = lead::store::find(conn, one.lead_id)?;
    let made = store::composition(conn, one.composition_id)?;
    let day = lead.facts_date();
    let (items, shown) = items(conn, one)?;
    let zone = settings.time_zone;
    let brands = lead::store::brands_of(conn, lead.id)?;
    let (subject_ids, subjects) = subjects(conn, lead.id, day)?;
    let (site_ids, sites) = sites(conn, lead.id, day)?;
    let facts = LeadFacts {
        schema: SCHEMA.to_owned(),
        synthetic: one.synthetic,
        folder: one.folder.clone(),
        number: lead.number.clone(),
        version: u32::try_from(one.version).map_err(AppError::internal)?,
        prior: prior(conn, one)?,
        prepared_at: made.created_at,
        prepared_on: time::day_of(made.created_at, zone),
        time_zone: zone.name().to_owned(),
        sender: sender(conn, settings, &lead, &brands, made.created_by)?,
        addressee: addressee(conn, one.agency_id, time::day_of(made.created_at, zone))?,
        title: lead.title.clone(),
        summary: lead.summary.clone(),
        origin: origin(&lead),
        charges: charges_of(conn, &lead, day, time::day_of(made.created_at, zone))?,
        region: region(&lead.region_code, day),
        brands: brands
            .into_iter()
            .map(|b| Brand { name: b.name, name_en: b.name_en, owner: b.owner })
            .collect(),
        occurred_from: lead.occurred_from,
        occurred_to: lead.occurred_to,
        estimated_value: lead.value.map(|value| EstimatedValue {
            fen: value.fen.0,
            qualifier: value.qualifier.as_str().to_owned(),
            basis: value.basis.as_str().to_owned(),
        }),
        subjects,
        sites,
        listings: listings(conn, lead.id)?,
        items: shown,
        withheld: withheld(conn, one.id)?,
    };
    Ok(Compiled { dossier: one.id, facts, items, refs: Refs { subjects: subject_ids, sites: site_ids } })
}

fn prior(conn: &mut Connection, one: &Dossier) -> Result<Option<Prior>> {
    let Some(before) = store::delivered_before(conn, one.lead_id, one.agency_id, one.version)? else {
        return Ok(None);
    };
    let version = u32::try_from(before.version).map_err(AppError::internal)?;
    Ok(before.content_sha256.zip(before.manifest_sha256).map(|(content_sha256, manifest_sha256)| Prior {
        version,
        content_sha256,
        manifest_sha256,
    }))
}

fn sender(
    conn: &mut Connection,
    settings: &Settings,
    lead: &words::Lead,
    brands: &[lead::store::Brand],
    compiler: Id,
) -> Result<Sender> {
    let role = match lead.sender_role {
        words::SenderRole::Reporter => SenderRole::Reporter,
        words::SenderRole::AccuserJoint => SenderRole::AccuserJoint,
        words::SenderRole::Assisting => SenderRole::Assisting,
    };
    let mut accusers: Vec<String> = Vec::new();
    if role == SenderRole::AccuserJoint {
        for owner in brands.iter().map(|brand| &brand.owner).filter(|owner| !owner.is_empty()) {
            if !accusers.contains(owner) {
                accusers.push(owner.clone());
            }
        }
    }
    let person = people::store::by_id(conn, compiler)?;
    let known = settings.contact.clone();
    let contact = Contact {
        name: person.name,
        role: known.role,
        phone: known.phone,
        email: person.email,
        address: known.address,
    };
    Ok(Sender { organisation: settings.organisation.clone(), role, accusers, contact: Some(contact) })
}

fn addressee(conn: &mut Connection, agency_id: Id, day: NaiveDate) -> Result<Addressee> {
    let agency = store::agency(conn, agency_id)?;
    let kind = agency_types().get(&agency.type_code);
    let agency_type = kind.map_or_else(
        || unnamed(&agency.type_code),
        |kind| Named {
            code: kind.code.clone(),
            name_zh: kind.name_zh.clone(),
            name_en: kind.name_en.clone(),
        },
    );
    let salutation =
        if agency.addressee.is_empty() { agency.name_zh.clone() } else { agency.addressee.clone() };
    Ok(Addressee {
        code: agency.code,
        name_zh: agency.name_zh,
        name_en: agency.name_en,
        agency_type,
        region: region(&agency.region_code, day),
        salutation,
    })
}

fn unnamed(code: &str) -> Named {
    Named { code: code.to_owned(), name_zh: code.to_owned(), name_en: code.to_owned() }
}

fn origin(lead: &words::Lead) -> Origin {
    let code = lead.source_kind.as_str();
    let name = |lang| i18n::t(lang, &format!("dossier-origin-{}", code.replace('_', "-")));
    Origin {
        kind: Named { code: code.to_owned(), name_zh: name(Lang::Zh), name_en: name(Lang::En) },
        note: lead.source_note.clone(),
        public_source: lead.public_source.clone(),
    }
}

/// By the names of the day of the facts; one that there was not then by that of the day on which it is written.
fn charges_of(
    conn: &mut Connection,
    lead: &words::Lead,
    day: NaiveDate,
    prepared: NaiveDate,
) -> Result<Vec<Charge>> {
    let codes = lead::store::charges_of(conn, lead.id)?;
    Ok(codes
        .into_iter()
        .map(|code| match charges().get(&code, day).or_else(|| charges().get(&code, prepared)) {
            Some(charge) => Charge {
                code,
                track: charge.track.as_str().to_owned(),
                article: charge.cited_zh.clone(),
                name_zh: charge.name_zh.clone(),
                name_en: charge.name_en.clone(),
                valid_from: charge.valid_from,
                valid_to: charge.valid_to,
            },
            None => Charge {
                name_zh: code.clone(),
                name_en: code.clone(),
                code,
                track: String::new(),
                article: String::new(),
                valid_from: None,
                valid_to: None,
            },
        })
        .collect())
}

/// A region by the name of the day.
fn region(code: &str, day: NaiveDate) -> Region {
    let found = regions().get(code, day);
    let name = |lang| found.map_or_else(|| code.to_owned(), |region| region.name(lang).to_owned());
    Region {
        code: code.to_owned(),
        name_zh: name(Lang::Zh),
        name_en: name(Lang::En),
        full_zh: regions().path(code, day, Lang::Zh),
        full_en: regions().path(code, day, Lang::En),
    }
}

/// Rows and facts, in the order of their numbers.
fn subjects(conn: &mut Connection, lead_id: Id, day: NaiveDate) -> Result<(Vec<Id>, Vec<Subject>)> {
    let found = lead::store::subjects_of(conn, lead_id)?;
    let ids = found.iter().map(|subject| subject.id).collect();
    let facts = (1..)
        .zip(found)
        .map(|(number, subject)| Subject {
            number,
            kind: match subject.kind {
                words::SubjectKind::Person => SubjectKind::Person,
                words::SubjectKind::Company => SubjectKind::Company,
                words::SubjectKind::Shop => SubjectKind::Shop,
                words::SubjectKind::Account => SubjectKind::Account,
                words::SubjectKind::Phone => SubjectKind::Phone,
                words::SubjectKind::Vehicle => SubjectKind::Vehicle,
            },
            name: subject.name,
            identifier: subject.identifier,
            part: subject.part,
            region: subject.region_code.map(|code| region(&code, day)),
            note: subject.note,
        })
        .collect();
    Ok((ids, facts))
}

/// Rows and facts, in the order of their numbers.
fn sites(conn: &mut Connection, lead_id: Id, day: NaiveDate) -> Result<(Vec<Id>, Vec<Site>)> {
    let found = lead::store::sites_of(conn, lead_id)?;
    let ids = found.iter().map(|site| site.id).collect();
    let facts = (1..)
        .zip(found)
        .map(|(number, site)| Site {
            number,
            role: match site.role {
                words::SiteRole::Production => SiteRole::Production,
                words::SiteRole::Storage => SiteRole::Storage,
                words::SiteRole::Sale => SiteRole::Sale,
            },
            address: site.address,
            region: region(&site.region_code, day),
            note: site.note,
        })
        .collect();
    Ok((ids, facts))
}

fn listings(conn: &mut Connection, lead_id: Id) -> Result<Vec<Listing>> {
    let found = lead::store::listings_of(conn, lead_id)?;
    Ok((1..)
        .zip(found)
        .map(|(number, listing)| Listing {
            number,
            url: listing.url,
            title: listing.title,
            item_number: listing.item_number,
            shop: listing.shop,
            price_fen: listing.price_fen,
            sold: listing.sold,
            seen_on: listing.seen_on,
        })
        .collect())
}

fn category(code: &str) -> Named {
    categories().get(code).map_or_else(
        || unnamed(code),
        |found| Named {
            code: found.code.clone(),
            name_zh: found.name_zh.clone(),
            name_en: found.name_en.clone(),
        },
    )
}

/// The items that the addressee gets, as rows and as facts, in the order of their numbers.
fn items(conn: &mut Connection, one: &Dossier) -> Result<(Vec<evidence::store::Item>, Vec<Item>)> {
    let kept_back: HashSet<Id> = store::withheld(conn, one.id)?.iter().map(|w| w.evidence_id).collect();
    let mut numbers = store::items(conn, one.composition_id)?;
    numbers.retain(|(id, _)| !kept_back.contains(id));
    let ids: Vec<Id> = numbers.iter().map(|(id, _)| *id).collect();
    let rows = evidence::store::find_many(conn, &ids)?;
    let rows: HashMap<Id, evidence::store::Item> = rows.into_iter().map(|row| (row.id, row)).collect();
    let mut earlier = earlier::commitments(conn, one)?;
    let (mut items, mut facts) = (Vec::new(), Vec::new());
    for (id, number) in numbers {
        let row = rows.get(&id).ok_or(AppError::NotFound)?;
        if row.blob.erased_at.is_some() {
            return Err(AppError::internal(Plain(format!("evidence {id} was erased"))));
        }
        let earlier = earlier.remove(&id).unwrap_or_default();
        facts.push(item(row, u32::try_from(number).map_err(AppError::internal)?, earlier));
        items.push(row.clone());
    }
    Ok((items, facts))
}

fn item(row: &evidence::store::Item, number: u32, earlier_commitments: Vec<EarlierCommitment>) -> Item {
    Item {
        number,
        evidence_id: row.id,
        kind: match row.kind.as_str() {
            "note" => ItemKind::Note,
            "fact" => ItemKind::Fact,
            _ => ItemKind::File,
        },
        category: category(&row.category),
        name: row.name.clone(),
        path: names::evidence_path(number, &row.name),
        media_type: row.blob.media_type.clone(),
        size: row.blob.size.cast_unsigned(),
        sha256: HEXLOWER.encode(&row.blob.sha256),
        sm3: HEXLOWER.encode(&row.blob.sm3),
        source: row.source.clone(),
        collected_by: row.collected_by.clone(),
        collected_at: row.collected_at,
        method: row.method.clone(),
        tool: row.tool.clone(),
        original_medium: row.medium.clone(),
        holder: row.holder.clone(),
        description: row.description.clone(),
        earlier_commitments,
    }
}

fn withheld(conn: &mut Connection, dossier_id: Id) -> Result<Vec<Withheld>> {
    store::withheld(conn, dossier_id)?
        .into_iter()
        .map(|row| {
            Ok(Withheld {
                number: u32::try_from(row.number).map_err(AppError::internal)?,
                category: category(&row.category),
                commitment: HEXLOWER.encode(&row.commitment),
            })
        })
        .collect()
}
