//! Dated reference data: regions, charges and their families, which kind of agency takes what, reasons, evidence
//! categories, working days. The tables in `assets/reference/` are part of the program and are read once. Every rule
//! and name is looked up at the date of the act or step that it is for; administrators add to them by import.
//!
//! Tables: `region`, `calendar_day`.

pub mod agency_types;
pub mod asked;
pub mod calendar;
pub mod categories;
pub mod charges;
pub mod files;
pub mod import;
pub mod imported;
pub mod pages;
mod pick;
pub mod reasons;
pub mod region;
pub mod regions;
pub mod table;
pub mod web;

pub use agency_types::{AgencyLevel, AgencyType, AgencyTypes, agency_types};
pub use calendar::{WorkingCalendar, working_calendar};
pub use categories::{Categories, Category, categories};
pub use charges::{Charge, Charges, Family, Route, Track, Use, charges};
pub use imported::{load, stamp};
pub use reasons::{Reason, ReasonKind, Reasons, reasons};
pub use regions::{Region, RegionLevel, Regions, regions};
pub use table::{Dated, Span};

use actix_web::web::{ServiceConfig, get};
use chrono::NaiveDate;

use crate::{
    directory::people::{Admin, policy::Verb},
    platform::i18n::{Lang, t_with},
};

/// A warning where the working days are on file for less than sixty days more.
pub fn calendar_warning(today: NaiveDate, lang: Lang) -> Option<String> {
    let year = working_calendar().last_year()?;
    let end = NaiveDate::from_ymd_opt(year, 12, 31)?;
    let soon = end.signed_duration_since(today).num_days() <= 60;
    soon.then(|| t_with(lang, "reference-calendar-ends", &[("year", year.to_string())]))
}

/// What can be done here, and by whom.
pub const VERBS: &[Verb] = &[imports("region.import", "region"), imports("calendar.import", "calendar")];

const fn imports(name: &'static str, object: &'static str) -> Verb {
    Verb {
        name,
        object,
        roles: Admin::ROLES,
        rule: "the whole file is in order; nothing on file is overwritten",
    }
}

pub fn routes(cfg: &mut ServiceConfig) {
    cfg.route("/reference", get().to(web::start))
        .route("/reference/charges", get().to(web::charges))
        .route("/reference/regions", get().to(web::regions))
        .route("/reference/reasons", get().to(web::reasons))
        .route("/reference/categories", get().to(web::categories))
        .route("/reference/calendar", get().to(web::calendar))
        .route("/pick/regions", get().to(pick::regions_found))
        .route("/pick/charges", get().to(pick::charges_found))
        .route("/pick/reading", get().to(pick::reading));
    import::routes(cfg);
}
