//! The list as a file, with its filters and order.

use super::{
    super::{model::Lead, region},
    beside::beside,
    model::Asked,
    pages::Beside,
    store,
};
use crate::{
    directory::reference::charges,
    platform::{
        db::{Connection, Id},
        error::Result,
        export::{self, AT_ONCE, About, Export},
        i18n::{self, Lang},
        services::Services,
        sheet::Cell,
        time::{self, Tz},
    },
};

/// Message keys of the columns.
const COLUMNS: [&str; 16] = [
    "number",
    "title",
    "state",
    "region",
    "lead-list-region-code",
    "lead-field-charges",
    "lead-field-brands",
    "lead-field-occurred-from",
    "lead-field-occurred-to",
    "lead-list-value",
    "lead-field-estimated-value-qualifier",
    "lead-field-estimated-value-basis",
    "lead-field-source",
    "lead-list-owner",
    "created",
    "synthetic",
];

/// A row of the file.
fn cells(lead: &Lead, beside: &Beside, lang: Lang, zone: Tz) -> Vec<Cell> {
    let at = lead.facts_date();
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |d| d.to_string());
    let codes = beside.charges.get(&lead.id).map_or(&[][..], Vec::as_slice);
    let names: Vec<&str> = codes.iter().map(|code| charges().name(code, at, lang)).collect();
    let brands = beside.brands.get(&lead.id).map_or(&[][..], Vec::as_slice);
    let worker = lead.assignee_id.unwrap_or(lead.owner_id);
    vec![
        lead.number.as_str().into(),
        lead.title.as_str().into(),
        i18n::t(lang, &format!("lead-state-{}", lead.state)).into(),
        region::path(&lead.region_code, at, lang).into(),
        lead.region_code.as_str().into(),
        names.join("; ").into(),
        brands.join("; ").into(),
        day(lead.occurred_from).into(),
        day(lead.occurred_to).into(),
        lead.value.map_or(Cell::Empty, |v| Cell::Fen(v.fen.0)),
        lead.value.map_or_else(String::new, |v| i18n::t(lang, v.qualifier.key())).into(),
        lead.value.map_or_else(String::new, |v| i18n::t(lang, v.basis.key())).into(),
        i18n::t(lang, &format!("lead-source-{}", lead.source_kind)).into(),
        beside.names.get(&worker).map_or("", String::as_str).into(),
        time::day_of(lead.created_at, zone).to_string().into(),
        i18n::t(lang, if lead.synthetic { "yes" } else { "no" }).into(),
    ]
}

/// The list as a file.
pub fn file(services: &Services, asked: Asked, about: About, lang: Lang) -> Export {
    let zone = services.settings.time_zone;
    let next = export::by_pages(
        move |conn, last: Option<&Lead>| {
            let edge = last.map(|lead| asked.sort.by.of(lead));
            store::next_rows(conn, &asked, zone, edge, AT_ONCE as usize)
        },
        move |conn, leads| lines(conn, leads, lang, zone),
    );
    Export::new(services, "leads", head(lang), about, next)
}

/// These leads as a file, in their order; those that are not there are left out.
pub fn selected(services: &Services, ids: Vec<Id>, about: About, lang: Lang) -> Export {
    let zone = services.settings.time_zone;
    let next = export::by_ids(ids, move |conn, ids| {
        let leads = store::these(conn, ids)?;
        lines(conn, &leads, lang, zone)
    });
    Export::new(services, "leads", head(lang), about, next)
}

fn head(lang: Lang) -> impl Iterator<Item = String> {
    COLUMNS.into_iter().map(move |key| i18n::t(lang, key))
}

/// Rows of the file, with what belongs to them.
fn lines(conn: &mut Connection, leads: &[Lead], lang: Lang, zone: Tz) -> Result<Vec<Vec<Cell>>> {
    let beside = beside(conn, leads)?;
    Ok(leads.iter().map(|lead| cells(lead, &beside, lang, zone)).collect())
}
