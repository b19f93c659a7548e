//! What the pages of a lead's parts show.

use askama::Template;

use super::{
    super::{
        model::{Lead, SiteRole, SubjectKind},
        pages::{self, ChargeGroup, choices, region_names},
        region,
        store::Brand,
    },
    actions::NAMED_ALREADY,
    store::{Listing, SiteOf, SubjectOf},
};
use crate::platform::{
    http::{
        form_view::FormView,
        layout::Chrome,
        view::{Chip, Choice, Link},
    },
    i18n,
    money::{self, Fen, Qualifier},
    paths, time,
};

/// The head of every part's page.
pub struct Top {
    pub trail: Vec<Link>,
    pub tabs: Vec<Link>,
    pub title: String,
    pub number: String,
    pub state: Chip,
    /// Where the page's form goes.
    pub action: String,
    pub back: String,
}

impl Top {
    pub fn new(c: &Chrome, lead: &Lead, part: &str) -> Self {
        Self {
            trail: pages::trail(c, lead),
            tabs: pages::tabs(c, lead, part),
            title: lead.title.clone(),
            number: lead.number.clone(),
            state: pages::state_chip(c.language, lead.state),
            action: paths::lead_part(lead.id, part),
            back: paths::lead(lead.id),
        }
    }
}

/// `/leads/{id}/charges`
#[derive(Template)]
#[template(path = "casework/lead/charges.html")]
pub struct ChargesPage {
    pub c: Chrome,
    pub top: Top,
    pub form: FormView,
    pub charges: Vec<ChargeGroup>,
}

/// `/leads/{id}/brands`
#[derive(Template)]
#[template(path = "casework/lead/brands.html")]
pub struct BrandsPage {
    pub c: Chrome,
    pub top: Top,
    pub form: FormView,
    pub brands: Vec<Row>,
    /// Names of brands, to choose from.
    pub known: Vec<String>,
}

/// One thing that the lead names, with what can be done to it.
pub struct Row {
    pub title: String,
    /// Its kind, role or number; empty: none.
    pub kind: String,
    /// Lines below it, without empty ones.
    pub lines: Vec<String>,
    /// Its own page; empty: none.
    pub href: String,
    /// Where it is corrected; empty: nowhere.
    pub edit: String,
    /// Where the post goes that takes it off.
    pub remove: String,
}

fn lines(parts: impl IntoIterator<Item = String>) -> Vec<String> {
    parts.into_iter().filter(|line| !line.is_empty()).collect()
}

pub fn brand_row(c: &Chrome, lead: &Lead, brand: &Brand) -> Row {
    let owner =
        if brand.owner.is_empty() { String::new() } else { c.tv("lead-brand-of", "name", &brand.owner) };
    Row {
        title: brand.name.clone(),
        kind: String::new(),
        lines: lines([brand.name_en.clone(), owner]),
        href: String::new(),
        edit: String::new(),
        remove: paths::lead_part(lead.id, &format!("brands/{}/remove", brand.id)),
    }
}

pub fn subject_row(c: &Chrome, lead: &Lead, subject: &SubjectOf) -> Row {
    let region = subject.region_code.as_deref().unwrap_or_default();
    let identifier =
        if subject.identifier == subject.name { String::new() } else { subject.identifier.clone() };
    Row {
        title: subject.name.clone(),
        kind: c.t(format!("subject-kind-{}", subject.kind)),
        lines: lines([
            identifier,
            subject.part.clone(),
            region::path(region, lead.facts_date(), c.language),
            subject.note.clone(),
        ]),
        href: paths::subject(subject.id),
        edit: paths::lead_part(lead.id, &format!("subjects/{}", subject.id)),
        remove: paths::lead_part(lead.id, &format!("subjects/{}/remove", subject.id)),
    }
}

pub fn site_row(c: &Chrome, lead: &Lead, site: &SiteOf) -> Row {
    Row {
        title: site.address.clone(),
        kind: c.t(format!("site-role-{}", site.role)),
        lines: lines([region::path(&site.region_code, lead.facts_date(), c.language), site.note.clone()]),
        href: String::new(),
        edit: paths::lead_part(lead.id, &format!("sites/{}/{}", site.id, site.role)),
        remove: paths::lead_part(lead.id, &format!("sites/{}/{}/remove", site.id, site.role)),
    }
}

pub fn listing_row(c: &Chrome, lead: &Lead, listing: &Listing) -> Row {
    let price = listing.price_fen.map_or_else(String::new, |fen| {
        c.tv("listing-price", "amount", money::full(Fen(fen), Qualifier::Exact, c.language))
    });
    let sold = listing.sold.map_or_else(String::new, |n| c.tn("listing-sold", n));
    let seen = listing
        .seen_on
        .map_or_else(String::new, |day| c.tv("listing-seen", "date", time::format_date(day, c.language)));
    let title = if listing.title.is_empty() { listing.url.clone() } else { listing.title.clone() };
    let url = if listing.title.is_empty() { String::new() } else { listing.url.clone() };
    Row {
        title,
        kind: listing.item_number.clone(),
        lines: lines([url, listing.shop.clone(), price, sold, seen]),
        href: String::new(),
        edit: paths::lead_part(lead.id, &format!("listings/{}", listing.id)),
        remove: paths::lead_part(lead.id, &format!("listings/{}/remove", listing.id)),
    }
}

/// `/leads/{id}/subjects`, and `/leads/{id}/subjects/{subject}` for correcting one.
#[derive(Template)]
#[template(path = "casework/lead/subjects.html")]
pub struct SubjectsPage {
    pub c: Chrome,
    pub top: Top,
    pub form: FormView,
    /// Empty where one is corrected.
    pub rows: Vec<Row>,
    pub kinds: Vec<Choice>,
    pub regions: Vec<String>,
    /// One that is there is corrected, none is added.
    pub corrects: bool,
    /// The page of the one that the lead names already, where that is what must be mended.
    pub same: Option<Link>,
}

impl SubjectsPage {
    pub fn new(c: Chrome, lead: &Lead, form: FormView) -> Self {
        let named = |arg: &str| form.fault_arg(NAMED_ALREADY, arg);
        let same = named("name")
            .zip(named("id"))
            .map(|(name, id)| Link::new(name, paths::lead_part(lead.id, &format!("subjects/{id}"))));
        Self {
            same,
            top: Top::new(&c, lead, "subjects"),
            kinds: choices(c.language, "subject-kind-", SubjectKind::WORDS),
            regions: region_names(c.language, lead.facts_date()),
            rows: Vec::new(),
            corrects: false,
            form,
            c,
        }
    }
}

/// `/leads/{id}/sites`, and `/leads/{id}/sites/{site}/{role}` for correcting one.
#[derive(Template)]
#[template(path = "casework/lead/sites.html")]
pub struct SitesPage {
    pub c: Chrome,
    pub top: Top,
    pub form: FormView,
    /// Empty where one is corrected.
    pub rows: Vec<Row>,
    pub roles: Vec<Choice>,
    pub regions: Vec<String>,
    /// One that is there is corrected, none is added.
    pub corrects: bool,
}

impl SitesPage {
    pub fn new(c: Chrome, lead: &Lead, form: FormView) -> Self {
        Self {
            top: Top::new(&c, lead, "sites"),
            roles: choices(c.language, "site-role-", SiteRole::WORDS),
            regions: region_names(c.language, lead.facts_date()),
            rows: Vec::new(),
            corrects: false,
            form,
            c,
        }
    }
}

/// `/leads/{id}/listings`, and `/leads/{id}/listings/{listing}` for correcting one.
#[derive(Template)]
#[template(path = "casework/lead/listings.html")]
pub struct ListingsPage {
    pub c: Chrome,
    pub top: Top,
    pub form: FormView,
    /// Empty where one is corrected.
    pub rows: Vec<Row>,
    /// One that is there is corrected, none is added.
    pub corrects: bool,
}

/// The heading of a part's page.
pub fn heading(lang: i18n::Lang, lead: &Lead, part: &str) -> String {
    format!("{} {}", lead.number, i18n::t(lang, &format!("lead-tab-{part}")))
}
