//! The list as a file, with its filters and order.

use super::{
    super::{model::Lead, region},
    model::Asked,
    pages::Beside,
    store,
    web::beside,
};
use crate::{
    directory::reference::charges,
    platform::{
        db::Connection,
        export::{AT_ONCE, Export},
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
pub fn file(services: &Services, asked: Asked, lang: Lang) -> Export {
    let zone = services.settings.time_zone;
    // From which key on the next rows are read; none after the last.
    let mut at: Option<Option<(i64, i64)>> = Some(None);
    let next = move |conn: &mut Connection| {
        let Some(edge) = at else { return Ok(Vec::new()) };
        let leads = store::next_rows(conn, &asked, zone, edge, AT_ONCE as usize)?;
        let beside = beside(conn, &leads)?;
        at =
            leads.last().filter(|_| leads.len() == AT_ONCE as usize).map(|lead| Some(asked.sort.by.of(lead)));
        Ok(leads.iter().map(|lead| cells(lead, &beside, lang, zone)).collect())
    };
    Export {
        db: services.db.clone(),
        folder: services.settings.data.clone(),
        name: "leads",
        head: COLUMNS.iter().map(|key| i18n::t(lang, key)).collect(),
        cut: i18n::t(lang, "export-cut"),
        next: Box::new(next),
    }
}
