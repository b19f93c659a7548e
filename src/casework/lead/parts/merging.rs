//! Two people on one subject, site or offer, or on the charges of one lead: what is stored, and what of it has changed since a form was
//! filled from it.

use chrono::NaiveDate;

use super::{
    super::model::SiteRole,
    store::{self, Listing, SiteOf, SubjectOf},
};
use crate::{
    audit,
    casework::lead::region,
    directory::{
        people::changed::{self, Asked, changes},
        reference::charges,
    },
    platform::{
        db::{Connection, Id},
        error::Result,
        http::{
            form_view::FormView,
            merge::{self, Change, Group},
        },
        i18n::{self, Lang},
        money::{self, Fen},
        time::Tz,
    },
};

/// A field of a form. A region is the same in whichever language it is written.
fn group(name: &str) -> Group {
    let group = Group::of(name);
    if name == "region" { group.meaning(region::meant) } else { group }
}

/// The fields of a subject's form.
pub(super) fn subject_groups() -> Vec<Group> {
    ["kind", "name", "identifier", "region", "part", "note"].map(group).into()
}

/// What the form of a subject is filled from. `facts`: the day by which regions are named.
pub(super) fn subject_form(
    labels: &'static str,
    subject: &SubjectOf,
    (facts, lang): (NaiveDate, Lang),
) -> FormView {
    let code = subject.region_code.as_deref().unwrap_or_default();
    FormView::new(labels)
        .set("kind", subject.kind.to_string())
        .set("name", subject.name.clone())
        .set("identifier", subject.identifier.clone())
        .set("region", region::written(code, facts, lang))
        .set("part", subject.part.clone())
        .set("note", subject.note.clone())
}

/// The subject as the lead names it now: another one, where a correction has made it that; none where it was taken off.
pub(super) fn now_named(conn: &mut Connection, lead_id: Id, subject_id: Id) -> Result<Option<SubjectOf>> {
    let subjects = store::subjects_of(conn, lead_id)?;
    let find = |wanted: Id| subjects.iter().find(|subject| subject.id == wanted).cloned();
    if let Some(subject) = find(subject_id) {
        return Ok(Some(subject));
    }
    let edits = changed::done(conn, subject_id, "lead.subject.edit", None)?;
    let (lead, own) = (lead_id.to_string(), subject_id.to_string());
    let of_lead = |row: &&audit::Row| row.named().any(|(_, id)| id == lead);
    let newest = edits.iter().find(of_lead);
    let other = newest.and_then(|row| {
        row.named().find(|(kind, id)| *kind == "subject" && *id != own).and_then(|(_, id)| id.parse().ok())
    });
    Ok(other.and_then(find))
}

/// The fields of a site's form.
pub(super) fn site_groups() -> Vec<Group> {
    ["region", "address", "role", "note"].map(group).into()
}

/// What the form of a site is filled from. `facts`: the day by which regions are named.
pub(super) fn site_form(labels: &'static str, site: &SiteOf, (facts, lang): (NaiveDate, Lang)) -> FormView {
    FormView::new(labels)
        .set("region", region::written(&site.region_code, facts, lang))
        .set("address", site.address.clone())
        .set("role", site.role.to_string())
        .set("note", site.note.clone())
}

/// The site as the lead names it now: another one or in another role, where a correction has made it that; none where it was
/// taken off.
pub(super) fn now_sited(
    conn: &mut Connection,
    lead_id: Id,
    (site_id, role): (Id, SiteRole),
) -> Result<Option<SiteOf>> {
    let sites = store::sites_of(conn, lead_id)?;
    let find = |wanted: Id, role: &str| {
        sites.iter().find(|site| site.id == wanted && site.role.as_str() == role).cloned()
    };
    if let Some(site) = find(site_id, role.as_str()) {
        return Ok(Some(site));
    }
    let edits = changed::done(conn, site_id, "lead.site.edit", None)?;
    let (lead, own) = (lead_id.to_string(), site_id.to_string());
    let Some(newest) = edits.iter().find(|row| row.named().any(|(_, id)| id == lead)) else {
        return Ok(None);
    };
    let other = newest.named().find(|(kind, id)| *kind == "site" && *id != own);
    let now = other.and_then(|(_, id)| id.parse().ok()).unwrap_or(site_id);
    Ok(newest.leaf["facts"]["role"].as_str().and_then(|role| find(now, role)))
}

/// The fields of an offer's form.
pub(super) fn listing_groups() -> Vec<Group> {
    let group = |name: &str| match name {
        "price" => Group::of(name).meaning(money::meant),
        _ => Group::of(name),
    };
    ["url", "title", "item_number", "shop", "price", "sold", "seen_on"].map(group).into()
}

/// What the form of an offer is filled from.
pub(super) fn listing_form(labels: &'static str, listing: &Listing) -> FormView {
    FormView::new(labels)
        .set("url", listing.url.clone())
        .set("title", listing.title.clone())
        .set("item_number", listing.item_number.clone())
        .set("shop", listing.shop.clone())
        .set("price", listing.price_fen.map(|fen| money::typed(Fen(fen))))
        .set("sold", listing.sold.map(|n| n.to_string()))
        .set("seen_on", listing.seen_on.map(|day| day.to_string()))
}

/// Who has corrected a part (its id, and the verb of correcting it) since the form with the mark `was` was filled.
pub(super) fn part_changes(
    conn: &mut Connection,
    (object, verb): (Id, &str),
    was: &str,
    reader: (Lang, Tz),
) -> Result<Vec<Change>> {
    changes(conn, Asked { object, verb, fact: "", since: merge::since(was) }, reader, str::to_owned)
}

/// What was typed of a part, put together with what is stored (`theirs`). `words`: the field that says one of a few words,
/// and how their messages begin; empty: none does.
pub(super) fn part_merged(
    (labels, groups): (&'static str, &[Group]),
    theirs: &FormView,
    typed: FormView,
    changes: Vec<Change>,
    (words, lang): ((&'static str, &'static str), Lang),
) -> FormView {
    let (field, prefix) = words;
    let text = move |group: &Group, form: &FormView| match form.value(&group.name) {
        word if group.name == field && !word.is_empty() => i18n::t(lang, &format!("{prefix}{word}")),
        price if group.name == "price" => merge::in_words(lang, "amount", price),
        day if group.name == "seen_on" => merge::in_words(lang, "date", day),
        _ => merge::plain(group, form),
    };
    let label = move |group: &Group| i18n::t(lang, &format!("{labels}{}", group.name.replace('_', "-")));
    merge::merged(groups, theirs, typed, changes, (text, label))
}

/// The form of a lead's charges.
pub(super) fn charge_groups() -> Vec<Group> {
    vec![Group::of("charges").list()]
}

/// Who has set the charges since then.
pub(super) fn charge_changes(
    conn: &mut Connection,
    lead_id: Id,
    was: &str,
    reader: (Lang, Tz),
) -> Result<Vec<Change>> {
    let asked = Asked { object: lead_id, verb: "lead.charges", fact: "", since: merge::since(was) };
    let mut found = changes(conn, asked, reader, str::to_owned)?;
    // The act is about this one field.
    found.iter_mut().for_each(|change| change.fields = i18n::t(reader.0, "lead-field-charges"));
    Ok(found)
}

/// The charges that were ticked, beside those that are stored; by their names on `at`.
pub(super) fn charges_merged(
    theirs: &FormView,
    typed: FormView,
    changes: Vec<Change>,
    (at, lang): (NaiveDate, Lang),
) -> FormView {
    let name = move |code: &String| charges().name(code, at, lang).to_owned();
    let text = move |group: &Group, form: &FormView| {
        let names: Vec<String> = form.values(&group.name).iter().map(name).collect();
        names.join(&lang.comma())
    };
    let label = move |_: &Group| i18n::t(lang, "lead-field-charges");
    merge::merged(&charge_groups(), theirs, typed, changes, (text, label))
}
