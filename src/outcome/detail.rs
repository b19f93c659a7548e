//! One entry with all that stands beside it, as its page needs it.

use std::collections::HashMap;

use diesel::prelude::*;

use super::{
    model::State,
    named::{self, Named},
    paper::{self, Paper},
    store::{self, CaseRow, ConfirmationRow, OutcomeRow},
};
use crate::{
    casework::lead::remark,
    directory::people::Actor,
    platform::{
        db::{Connection, Id, schema::agency},
        error::Result,
    },
};

/// An entry with what belongs to it.
pub struct Found {
    pub row: OutcomeRow,
    pub state: State,
    pub case: Option<CaseRow>,
    pub agency: (String, String),
    pub agency_has_accounts: bool,
    /// What of the agency's paper lies before a reader of the platform, where it has no accounts.
    pub paper: Paper,
    pub named: Vec<Named>,
    pub confirmation: Option<ConfirmationRow>,
    /// Whether somebody of the asserting side took note of its rejection.
    pub is_seen: bool,
    /// Counter-entries against it, with the decisions on them.
    pub counters: Vec<(OutcomeRow, Option<ConfirmationRow>)>,
    /// What was proposed together with it, when it is a counter-entry.
    pub replacements: Vec<OutcomeRow>,
    /// What those name.
    pub named_anew: HashMap<Id, Vec<Named>>,
    pub remarks: HashMap<Id, String>,
    pub people: HashMap<Id, (String, String)>,
}

impl Found {
    /// Whether it is a counter-entry that brings no other entry with it.
    pub fn only_takes_back(&self) -> bool {
        self.row.corrects_id.is_some() && self.replacements.is_empty()
    }
}

/// Reads an entry with all that stands beside it.
///
/// # Errors
/// `NotFound`.
pub fn read(conn: &mut Connection, me: &Actor, id: Id) -> Result<Found> {
    let row = store::visible(conn, me, id)?;
    let case = match row.case_id {
        Some(case) => Some(store::visible_case(conn, me, case)?),
        None => None,
    };
    let agency = agency::table.find(row.agency_id).select((agency::name_zh, agency::name_en)).first(conn)?;
    let confirmation = store::confirmation(conn, id)?;
    let counters = store::counters(conn, id)?;
    // Who proposed that it be taken back is not who decided on that.
    let decisions = || counters.iter().filter_map(|(_, done)| done.as_ref()).chain(&confirmation);
    let texts = counters
        .iter()
        .map(|(k, _)| k.source_text_id)
        .chain([row.source_text_id, row.source_link_id, row.legal_text_id])
        .chain(decisions().map(|done| done.remark_id));
    let texts: Vec<Id> = texts.flatten().collect();
    let people: Vec<Id> = counters
        .iter()
        .map(|(k, _)| k.asserted_by)
        .chain([row.asserted_by])
        .chain(decisions().map(|done| done.actor_id))
        .flatten()
        .collect();
    let agency_has_accounts = store::has_accounts(conn, row.agency_id)?;
    let replacements = store::replacements(conn, id)?;
    // One, or the few of one form.
    let mut named_anew = HashMap::new();
    for one in &replacements {
        named_anew.insert(one.id, named::named(conn, one.id)?);
    }
    let by_paper = me.agency.is_none() && !agency_has_accounts;
    let paper = if by_paper { paper::of(conn, me, &row, &replacements)? } else { Paper::default() };
    Ok(Found {
        state: store::state_of(conn, id)?,
        agency_has_accounts,
        paper,
        named: named::named(conn, id)?,
        is_seen: store::is_seen(conn, id)?,
        replacements,
        named_anew,
        remarks: remark::bodies(conn, texts)?,
        people: store::person_names(conn, &people)?,
        case,
        agency,
        confirmation,
        counters,
        row,
    })
}
