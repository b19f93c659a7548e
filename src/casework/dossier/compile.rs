//! From the rows of a lead to the facts of one dossier. The same rows give the same facts, byte for byte: what is
//! frozen again after a crash is what was begun.

use std::collections::HashMap;

use chrono::NaiveDate;
use data_encoding::HEXLOWER;

use super::{
    facts::{
        Addressee, Brand, Charge, Contact, EstimatedValue, Item, ItemKind, LeadFacts, Listing, Named, Origin,
        Prior, Region, SCHEMA, Sales, SealedMedium, Sender, SenderRole, Site, SiteRole, Subject, SubjectKind,
        Withheld,
    },
    model::Dossier,
    names,
    sources::Sources,
    stated::Refs,
    store,
};
use crate::{
    casework::{
        evidence,
        lead::{self, model as words},
    },
    directory::reference::{agency_types, categories, charges, regions},
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

/// Reads everything that one dossier states.
///
/// # Errors
/// Those of the database; `Internal` when an item of it was erased.
pub fn compile_one(conn: &mut Connection, settings: &Settings, one: &Dossier) -> Result<Compiled> {
    let from = Sources::read(conn, one.composition_id, std::slice::from_ref(one))?;
    compile(&from, settings, one)
}

/// Everything that a dossier states, from what was read for its composition.
///
/// # Errors
/// `NotFound` for a dossier that was not read; `Internal` when an item of it was erased.
pub fn compile(from: &Sources, settings: &Settings, one: &Dossier) -> Result<Compiled> {
    let (lead, made) = (&from.lead, &from.made);
    let day = lead.facts_date();
    let (items, shown) = items(from, one)?;
    let zone = settings.time_zone;
    let prepared_on = time::day_of(made.created_at, zone);
    let facts = LeadFacts {
        schema: SCHEMA.to_owned(),
        synthetic: one.synthetic,
        folder: one.folder.clone(),
        number: lead.number.clone(),
        version: u32::try_from(one.version).map_err(AppError::internal)?,
        prior: prior(from, one)?,
        prepared_at: made.created_at,
        prepared_on,
        time_zone: zone.name().to_owned(),
        sender: sender(from, settings),
        addressee: addressee(from.agency(one)?, prepared_on),
        title: lead.title.clone(),
        summary: lead.summary.clone(),
        origin: origin(lead),
        charges: from.charges.iter().map(|code| charge(code, day, prepared_on)).collect(),
        region: region(&lead.region_code, day),
        brands: from
            .brands
            .iter()
            .map(|b| Brand { name: b.name.clone(), name_en: b.name_en.clone(), owner: b.owner.clone() })
            .collect(),
        occurred_from: lead.occurred_from,
        occurred_to: lead.occurred_to,
        estimated_value: lead.value.map(|value| EstimatedValue {
            fen: value.fen.0,
            qualifier: value.qualifier.as_str().to_owned(),
            basis: value.basis.as_str().to_owned(),
        }),
        subjects: (1..).zip(&from.subjects).map(|(n, row)| subject(n, row, day)).collect(),
        sites: (1..).zip(&from.sites).map(|(n, row)| site(n, row, day)).collect(),
        listings: (1..).zip(&from.listings).map(|(n, row)| listing(n, row)).collect(),
        sales: Sales::of(&from.sales, &numbers(from, one)),
        items: shown,
        withheld: from.withheld(one).iter().map(withheld).collect::<Result<_>>()?,
    };
    let refs = Refs {
        subjects: from.subjects.iter().map(|subject| subject.id).collect(),
        sites: from.sites.iter().map(|site| site.id).collect(),
    };
    Ok(Compiled { dossier: one.id, facts, items, refs })
}

fn prior(from: &Sources, one: &Dossier) -> Result<Option<Prior>> {
    let Some(before) = from.prior(one) else { return Ok(None) };
    let version = u32::try_from(before.version).map_err(AppError::internal)?;
    let hashes = before.content_sha256.clone().zip(before.manifest_sha256.clone());
    Ok(hashes.map(|(content_sha256, manifest_sha256)| Prior { version, content_sha256, manifest_sha256 }))
}

fn sender(from: &Sources, settings: &Settings) -> Sender {
    let role = match from.lead.sender_role {
        words::SenderRole::Reporter => SenderRole::Reporter,
        words::SenderRole::AccuserJoint => SenderRole::AccuserJoint,
        words::SenderRole::Assisting => SenderRole::Assisting,
    };
    let mut accusers: Vec<String> = Vec::new();
    if role == SenderRole::AccuserJoint {
        for owner in from.brands.iter().map(|brand| &brand.owner).filter(|owner| !owner.is_empty()) {
            if !accusers.contains(owner) {
                accusers.push(owner.clone());
            }
        }
    }
    let (name, email) = from.compiler.clone();
    let known = settings.contact.clone();
    let contact = Contact { name, role: known.role, phone: known.phone, email, address: known.address };
    Sender { organisation: settings.organisation.clone(), role, accusers, contact: Some(contact) }
}

fn addressee(agency: &store::Agency, day: NaiveDate) -> Addressee {
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
    Addressee {
        code: agency.code.clone(),
        name_zh: agency.name_zh.clone(),
        name_en: agency.name_en.clone(),
        agency_type,
        region: region(&agency.region_code, day),
        salutation,
    }
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
pub(super) fn charge(code: &str, day: NaiveDate, prepared: NaiveDate) -> Charge {
    match charges().get(code, day).or_else(|| charges().get(code, prepared)) {
        Some(charge) => Charge {
            code: code.to_owned(),
            track: charge.track.as_str().to_owned(),
            article: charge.cited_zh.clone(),
            name_zh: charge.name_zh.clone(),
            name_en: charge.name_en.clone(),
            valid_from: charge.valid_from,
            valid_to: charge.valid_to,
        },
        None => Charge {
            code: code.to_owned(),
            name_zh: code.to_owned(),
            name_en: code.to_owned(),
            track: String::new(),
            article: String::new(),
            valid_from: None,
            valid_to: None,
        },
    }
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

fn subject(number: u32, row: &lead::store::SubjectOf, day: NaiveDate) -> Subject {
    Subject {
        number,
        kind: match row.kind {
            words::SubjectKind::Person => SubjectKind::Person,
            words::SubjectKind::Company => SubjectKind::Company,
            words::SubjectKind::Shop => SubjectKind::Shop,
            words::SubjectKind::Account => SubjectKind::Account,
            words::SubjectKind::Phone => SubjectKind::Phone,
            words::SubjectKind::Vehicle => SubjectKind::Vehicle,
        },
        name: row.name.clone(),
        identifier: row.identifier.clone(),
        part: row.part.clone(),
        region: row.region_code.as_deref().map(|code| region(code, day)),
        note: row.note.clone(),
    }
}

fn site(number: u32, row: &lead::store::SiteOf, day: NaiveDate) -> Site {
    Site {
        number,
        role: match row.role {
            words::SiteRole::Production => SiteRole::Production,
            words::SiteRole::Storage => SiteRole::Storage,
            words::SiteRole::Sale => SiteRole::Sale,
        },
        address: row.address.clone(),
        region: region(&row.region_code, day),
        note: row.note.clone(),
    }
}

fn listing(number: u32, row: &lead::store::Listing) -> Listing {
    Listing {
        number,
        url: row.url.clone(),
        title: row.title.clone(),
        item_number: row.item_number.clone(),
        shop: row.shop.clone(),
        price_fen: row.price_fen,
        sold: row.sold,
        seen_on: row.seen_on,
    }
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

/// The numbers of the items that the addressee gets.
fn numbers(from: &Sources, one: &Dossier) -> HashMap<Id, u32> {
    let kept_back = from.kept_back(one);
    let shown = from.numbers.iter().filter(|(id, _)| !kept_back.contains(id));
    shown.filter_map(|(id, number)| Some((*id, u32::try_from(*number).ok()?))).collect()
}

/// The items that the addressee gets, as rows and as facts, in the order of their numbers.
fn items(from: &Sources, one: &Dossier) -> Result<(Vec<evidence::store::Item>, Vec<Item>)> {
    let kept_back = from.kept_back(one);
    let (mut items, mut facts) = (Vec::new(), Vec::new());
    let number_of = numbers(from, one);
    for (id, number) in from.numbers.iter().filter(|(id, _)| !kept_back.contains(id)) {
        let row = from.items.get(id).ok_or(AppError::NotFound)?;
        if row.blob.erased_at.is_some() {
            return Err(AppError::internal(Plain(format!("evidence {id} was erased"))));
        }
        let earlier = from.held.of(one.agency_id, *id);
        let records = from.sealings.get(id).map(Vec::as_slice).unwrap_or_default();
        let sealings = SealedMedium::of(records, &|photo| number_of.get(&photo).copied());
        let number = u32::try_from(*number).map_err(AppError::internal)?;
        facts.push(Item { earlier_commitments: earlier, sealings, ..item(row, number) });
        items.push(row.clone());
    }
    Ok((items, facts))
}

/// What the list says of an item by itself.
pub(super) fn item(row: &evidence::store::Item, number: u32) -> Item {
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
        quantity: row.quantity.clone(),
        remark: row.remark.clone(),
        witness: row.witness.clone(),
        earlier_commitments: Vec::new(),
        sealings: Vec::new(),
    }
}

fn withheld(row: &store::Withheld) -> Result<Withheld> {
    Ok(Withheld {
        number: u32::try_from(row.number).map_err(AppError::internal)?,
        category: category(&row.category),
        commitment: HEXLOWER.encode(&row.commitment),
    })
}
