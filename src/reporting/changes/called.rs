//! What the things are called that a change is about, as the reader knows them. What an agency may not see has no name
//! here, and a change of it leads nowhere.

use std::collections::HashMap;

use diesel::prelude::*;

use super::store::{self, Change};
use crate::{
    directory::people::{Actor, Role},
    platform::{
        db::{
            Connection, Id,
            schema::{
                access, agency, agency_case, invitation, lead, mail_message, person, transfer, transfer_face,
            },
        },
        error::Result,
    },
};

/// A transfer or a case: number, title, Chinese and English name of its agency, whose own the number is.
pub type Numbered = (String, String, (String, String));

/// Names by id.
#[derive(Clone, Debug, Default)]
pub struct Called {
    /// Number and title.
    pub leads: HashMap<Id, (String, String)>,
    pub transfers: HashMap<Id, Numbered>,
    pub cases: HashMap<Id, Numbered>,
    /// Chinese and English name; for administrators alone, as all that follows.
    pub agencies: HashMap<Id, (String, String)>,
    pub accounts: HashMap<Id, String>,
    /// Whom they invite.
    pub invitations: HashMap<Id, String>,
    /// Of which kind they are.
    pub mail: HashMap<Id, String>,
}

/// The names of what these changes are about.
///
/// # Errors
/// Those of the database.
pub(super) fn read(conn: &mut Connection, me: &Actor, rows: &[Change]) -> Result<Called> {
    let of = |kind: &str| -> Vec<Id> {
        let objects = rows.iter().flat_map(|row| &row.objects);
        objects.filter(|(known, _)| known == kind).map(|(_, id)| *id).collect()
    };
    let (mut leads, mut transfers, mut cases) = (of("lead"), of("transfer"), of("case"));
    if !store::reads_cases(me) {
        [&mut leads, &mut transfers, &mut cases].into_iter().for_each(Vec::clear);
    }
    if let Some(own) = me.agency_id() {
        let asked: Vec<Id> = transfers.iter().chain(&cases).copied().collect();
        let seen: Vec<Id> = access::table
            .filter(access::agency_id.eq(own))
            .filter(access::object_id.eq_any(&asked))
            .select(access::object_id)
            .load(conn)?;
        leads.clear();
        transfers.retain(|id| seen.contains(id));
        cases.retain(|id| seen.contains(id));
    }
    let mut called = Called::default();
    if !leads.is_empty() {
        let found: Vec<(Id, (String, String))> = lead::table
            .filter(lead::id.eq_any(&leads))
            .select((lead::id, (lead::number, lead::title)))
            .load(conn)?;
        called.leads.extend(found);
    }
    if !transfers.is_empty() {
        let found: Vec<(Id, Numbered)> = transfer::table
            .inner_join(agency::table)
            .inner_join(transfer_face::table)
            .filter(transfer::id.eq_any(&transfers))
            .select((
                transfer::id,
                (transfer::number, transfer_face::title, (agency::name_zh, agency::name_en)),
            ))
            .load(conn)?;
        called.transfers.extend(found);
    }
    if !cases.is_empty() {
        let found: Vec<(Id, Numbered)> = agency_case::table
            .inner_join(agency::table)
            .filter(agency_case::id.eq_any(&cases))
            .select((
                agency_case::id,
                (agency_case::number, agency_case::title, (agency::name_zh, agency::name_en)),
            ))
            .load(conn)?;
        called.cases.extend(found);
    }
    if me.has(Role::Admin) {
        read_house(conn, &mut called, of)?;
    }
    Ok(called)
}

/// The names of what administrators look after.
fn read_house(conn: &mut Connection, called: &mut Called, of: impl Fn(&str) -> Vec<Id>) -> Result<()> {
    let agencies = of("agency");
    if !agencies.is_empty() {
        let found: Vec<(Id, (String, String))> = agency::table
            .filter(agency::id.eq_any(&agencies))
            .select((agency::id, (agency::name_zh, agency::name_en)))
            .load(conn)?;
        called.agencies.extend(found);
    }
    let people = of("person");
    if !people.is_empty() {
        let found: Vec<(Id, String)> =
            person::table.filter(person::id.eq_any(&people)).select((person::id, person::name)).load(conn)?;
        called.accounts.extend(found);
    }
    let invitations = of("invitation");
    if !invitations.is_empty() {
        let found: Vec<(Id, String)> = invitation::table
            .filter(invitation::id.eq_any(&invitations))
            .select((invitation::id, invitation::name))
            .load(conn)?;
        called.invitations.extend(found);
    }
    let mail = of("mail");
    if !mail.is_empty() {
        let found: Vec<(Id, String)> = mail_message::table
            .filter(mail_message::id.eq_any(&mail))
            .select((mail_message::id, mail_message::template))
            .load(conn)?;
        called.mail.extend(found);
    }
    Ok(())
}
