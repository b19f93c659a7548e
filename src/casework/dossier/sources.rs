//! The rows that the dossiers of a composition are compiled from, read together: however many addressees it has, nothing
//! more is asked for when one of them is compiled.

use std::collections::{HashMap, HashSet};

use super::{
    earlier::Held,
    many,
    model::Dossier,
    store::{self, Agency, Composition, Withheld},
};
use crate::{
    casework::{
        evidence::{
            sales::store::{self as sales, Records},
            sealing::store::{self as sealing, Record},
            store::{self as evidence, Item},
        },
        lead::{
            model::Lead,
            store::{self as leads, Brand, Listing, SiteOf, SubjectOf},
        },
    },
    directory::people,
    platform::{
        db::{Connection, Id},
        error::{AppError, Result},
    },
};

/// What was read.
#[derive(Debug)]
pub struct Sources {
    pub lead: Lead,
    pub made: Composition,
    /// Name and e-mail address of who made the composition.
    pub compiler: (String, String),
    pub charges: Vec<String>,
    pub brands: Vec<Brand>,
    pub subjects: Vec<SubjectOf>,
    pub sites: Vec<SiteOf>,
    pub listings: Vec<Listing>,
    /// The items that were chosen, with their numbers, in order.
    pub numbers: Vec<(Id, i32)>,
    pub items: HashMap<Id, Item>,
    /// The records of their sealed media, by item.
    pub sealings: HashMap<Id, Vec<Record>>,
    /// What the tables of the lead come to that are marked as sales records.
    pub sales: Records,
    /// What addressees hold of items that were kept back before.
    pub held: Held,
    agencies: HashMap<Id, Agency>,
    withheld: HashMap<Id, Vec<Withheld>>,
    /// Dossiers of earlier versions that were handed over.
    delivered: Vec<Dossier>,
}

impl Sources {
    /// Reads everything that these dossiers of the composition state.
    ///
    /// # Errors
    /// Those of the database; `NotFound` for a composition that there is none of.
    pub fn read(conn: &mut Connection, composition_id: Id, dossiers: &[Dossier]) -> Result<Self> {
        let made = store::composition(conn, composition_id)?;
        let lead = leads::find(conn, made.lead_id)?;
        let numbers = store::items(conn, made.id)?;
        let chosen: Vec<Id> = numbers.iter().map(|(id, _)| *id).collect();
        let items = evidence::find_many(conn, &chosen)?;
        let addressees: Vec<Id> = dossiers.iter().map(|one| one.agency_id).collect();
        let own: Vec<Id> = dossiers.iter().map(|one| one.id).collect();
        let agencies = store::agencies(conn, &addressees)?;
        let mut before = store::of_lead(conn, lead.id)?;
        before.retain(|old| old.version < made.version && old.sealed_at.is_some());
        let unsent = many::unsent(conn, lead.id)?;
        let held = Held::read(conn, &addressees, &before, &unsent)?;
        before.retain(|old| !unsent.contains(&old.id));
        let compiler = people::store::by_id(conn, made.created_by)?;
        Ok(Self {
            compiler: (compiler.name, compiler.email),
            charges: leads::charges_of(conn, lead.id)?,
            brands: leads::brands_of(conn, lead.id)?,
            subjects: leads::subjects_of(conn, lead.id)?,
            sites: leads::sites_of(conn, lead.id)?,
            listings: leads::listings_of(conn, lead.id)?,
            sealings: sealing::of_items(conn, &chosen)?,
            sales: sales::records(conn, lead.id, None)?,
            numbers,
            items: items.into_iter().map(|item| (item.id, item)).collect(),
            held,
            agencies: agencies.into_iter().map(|agency| (agency.id, agency)).collect(),
            withheld: many::withheld(conn, &own)?,
            delivered: before,
            lead,
            made,
        })
    }

    /// The addressee of a dossier.
    ///
    /// # Errors
    /// `NotFound` for a dossier that was not read.
    pub fn agency(&self, one: &Dossier) -> Result<&Agency> {
        self.agencies.get(&one.agency_id).ok_or(AppError::NotFound)
    }

    /// What is kept back from the addressee of a dossier, by number.
    pub fn withheld(&self, one: &Dossier) -> &[Withheld] {
        self.withheld.get(&one.id).map_or(&[], Vec::as_slice)
    }

    /// The items that are kept back from it.
    pub fn kept_back(&self, one: &Dossier) -> HashSet<Id> {
        self.withheld(one).iter().map(|row| row.evidence_id).collect()
    }

    /// The newest dossier before it that was handed to the same addressee. What was sealed and never handed over is none
    /// of its business.
    pub fn prior(&self, one: &Dossier) -> Option<&Dossier> {
        self.delivered.iter().filter(|old| old.agency_id == one.agency_id).max_by_key(|old| old.version)
    }
}
