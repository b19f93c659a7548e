//! What the form that composes a version shows.

use askama::Template;
use chrono::NaiveDate;

use super::{
    addressees::{Candidate, Candidates},
    pages::category_name,
    store::Agency,
};
use crate::{
    casework::{evidence::store::Item, lead::pages::Unlisted},
    directory::{
        agencies::model::COUNTRY,
        reference::{AgencyLevel, regions},
    },
    platform::{
        db::Id,
        file_size,
        http::{form_view::FormView, layout::Chrome, sections::Part, view::Link},
        i18n::{self, Lang},
        paths,
    },
};

/// Name of the field with the numbers of the items that one agency does not get.
pub fn withhold_field(agency: Id) -> String {
    format!("withhold-{agency}")
}

/// The form that composes a version.
#[derive(Template)]
#[template(path = "casework/dossier/new.html")]
pub struct NewPage {
    pub c: Chrome,
    pub trail: Vec<Link>,
    pub action: String,
    pub evidence_href: String,
    /// Fields that the lead must have before it can be submitted and has not; empty: none.
    pub lacks: String,
    pub edit_href: String,
    /// What its papers will not mention, as it has nothing of it.
    pub unlisted: Unlisted,
    /// Photographs of sealed media that are not ticked with their items; empty: none.
    pub photographs: String,
    /// The version that would be made.
    pub version: i32,
    pub form: FormView,
    /// Why no agency is suggested.
    pub no_suggestion: String,
    pub agencies: Agencies,
    pub items: Vec<ItemChoice>,
    /// That the lead has more than these, which are as many as a dossier holds; empty: it has not.
    pub cut: String,
}

impl NewPage {
    /// The parts of the form, as the template has them.
    fn parts(&self) -> &'static [Part] {
        const PARTS: &[Part] = &[
            Part { id: "part-agencies", label: "dossier-addressees", need: &["agencies"], more: &[] },
            Part { id: "part-evidence", label: "dossier-evidence", need: &["evidence"], more: &[] },
            Part { id: "part-note", label: "dossier-field-note", need: &[], more: &["note"] },
        ];
        PARTS
    }
}

/// The agencies that can be ticked, each once.
pub struct Agencies {
    pub suggested: Vec<CandidateView>,
    /// Those that are ticked and not suggested.
    pub chosen: Vec<CandidateView>,
    /// Whether some were looked for.
    pub is_sought: bool,
    pub found: Vec<CandidateView>,
    /// Whether more were found than are shown.
    pub has_more: bool,
    /// The others, by province.
    pub areas: Vec<Area>,
    /// How many these are; empty: none is shown so.
    pub others: String,
    /// Whether the others are too many to be shown.
    pub is_large: bool,
}

/// The agencies of a province, or of the whole country.
pub struct Area {
    pub name: String,
    pub agencies: Vec<CandidateView>,
}

/// An agency that can be ticked.
pub struct CandidateView {
    pub id: String,
    pub name: String,
    pub code: String,
    /// Why it is suggested, or else for which region it is and of which level.
    pub hint: String,
    pub chosen: bool,
    /// Name of the field with the numbers of what it does not get.
    pub withhold: String,
}

impl Agencies {
    /// As they are on `today`; ticked as in `form`.
    pub fn new(found: &Candidates, form: &FormView, today: NaiveDate, lang: Lang) -> Self {
        let view = |agency: &Agency, hint: String| CandidateView {
            id: agency.id.to_string(),
            name: lang.pick(&agency.name_zh, &agency.name_en).to_owned(),
            code: agency.code.clone(),
            hint,
            chosen: form.has("agencies", &agency.id.to_string()),
            withhold: withhold_field(agency.id),
        };
        let suggested = |one: &Candidate| view(&one.agency, one.text(today, lang));
        let other = |agency: &Agency| view(agency, whose(agency, today, lang));
        let mut areas: Vec<Area> = Vec::new();
        for agency in &found.others {
            let name = area_name(&agency.region_code, today, lang);
            match areas.last_mut() {
                Some(area) if area.name == name => area.agencies.push(other(agency)),
                _ => areas.push(Area { name, agencies: vec![other(agency)] }),
            }
        }
        let others = if areas.is_empty() { String::new() } else { found.others.len().to_string() };
        Self {
            suggested: found.suggested.iter().map(suggested).collect(),
            chosen: found.chosen.iter().map(other).collect(),
            is_sought: !form.value("q").trim().is_empty(),
            found: found.found.iter().map(other).collect(),
            has_more: found.has_more,
            areas,
            others,
            is_large: found.is_large,
        }
    }
}

/// For which region an agency is, and of which level.
fn whose(agency: &Agency, today: NaiveDate, lang: Lang) -> String {
    let region = if agency.region_code == COUNTRY {
        i18n::t(lang, "agency-country")
    } else {
        regions().path(&agency.region_code, today, lang)
    };
    match AgencyLevel::parse(&agency.level) {
        Some(level) => format!("{region} · {}", i18n::t(lang, level.key())),
        None => region,
    }
}

fn area_name(code: &str, today: NaiveDate, lang: Lang) -> String {
    let province = regions().province_of(code, today).map(|province| province.name(lang).to_owned());
    province.unwrap_or_else(|| i18n::t(lang, "agency-country"))
}

/// An item that can be ticked.
pub struct ItemChoice {
    pub id: String,
    pub number: i32,
    pub name: String,
    pub href: String,
    pub category: String,
    pub size: String,
    pub withheld: bool,
    pub chosen: bool,
}

impl ItemChoice {
    pub fn new(item: &Item, form: &FormView, lang: Lang) -> Self {
        Self {
            id: item.id.to_string(),
            number: item.position,
            name: item.name.clone(),
            href: paths::evidence(item.id),
            category: category_name(&item.category, lang),
            size: file_size::short(item.blob.size.cast_unsigned()),
            withheld: item.withheld,
            chosen: form.has("evidence", &item.id.to_string()),
        }
    }
}
