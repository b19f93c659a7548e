//! One entry of the timeline.

use super::{
    handed::TransferOf,
    log::EntryOf,
    parts,
    read::{Names, Story},
    view::Reading,
};
use crate::{
    audit,
    handover::remedy::model::Verdict,
    platform::{
        db::Id,
        http::{
            layout::Chrome,
            view::{Event, Link},
        },
        i18n, paths, time,
    },
    reporting::words,
};

/// The entry in words, with the way to what it is about.
pub fn event(c: &Chrome, story: &Story, entry: &EntryOf, at: &Reading) -> Event {
    let known = entry.actor_id.and_then(|id| story.names.get(&id).cloned());
    let refused = entry.outcome == "refused";
    let said = entry.comments().iter().find_map(|id| story.said.get(id).cloned());
    // Submitting has no words of its own: what was said in the same act is why the lead is no duplicate, and stands there.
    let has_words = entry.verb != "lead.submit";
    let remark = story.remarks.get(&(entry.at, entry.actor_id)).filter(|_| has_words).cloned();
    let verdict = || {
        let verdict = entry.leaf["facts"]["verdict"].as_str()?.parse::<Verdict>().ok()?;
        Some(c.t(format!("remedy-verdict-{verdict}")))
    };
    let mut title = audit::title(c.language, &entry.verb, entry.leaf["facts"]["route"].as_str());
    let objects = entry.objects();
    let forwarded = (entry.verb == "transfer.forward").then(|| forward(c, story, &objects)).flatten();
    let link = match forwarded {
        Some((from, to)) => {
            title = format!("{title} · {from}");
            Some(to)
        }
        None => link(c, story, &objects),
    };
    Event {
        time: time::format_instant(entry.at, at.zone, c.language),
        datetime: entry.at.to_string(),
        actor: known.unwrap_or_else(|| words::actor_name(c.language, &entry.actor_name)),
        title: if refused { refused_title(c, entry, &title) } else { title },
        body: said.or(remark).or_else(verdict).or_else(|| changed(c, story, entry)).unwrap_or_default(),
        tone: words::tone(&entry.verb, refused),
        link,
    }
}

/// What was tried and not done: what the rules did not allow in that state is told from what somebody was kept from.
fn refused_title(c: &Chrome, entry: &EntryOf, title: &str) -> String {
    let facts = &entry.leaf["facts"];
    let is_conflict = entry.verb == "page.act" && facts["status"].to_string().trim_matches('"') == "409";
    let is_submit = entry.verb == "lead.submit" || (is_conflict && facts["route"] == "/leads/{id}/submit");
    match (is_submit, is_conflict) {
        (true, _) => c.t("story-not-submitted"),
        (false, true) => format!("{title} · {}", c.t("story-not-done")),
        (false, false) => format!("{title} · {}", c.t("audit-outcome-refused")),
    }
}

/// What an act on the lead itself was about: the names of the fields that it changed, never what stood there; or who is to
/// work on it. None where the entry does not say.
fn changed(c: &Chrome, story: &Story, entry: &EntryOf) -> Option<String> {
    match entry.verb.as_str() {
        "lead.update" => {
            let fields = entry.leaf["facts"]["changed"].as_array()?.iter().filter_map(|one| one.as_str());
            let keys = fields.map(|field| format!("lead-field-{}", field.replace('_', "-")));
            let names: Vec<String> =
                keys.filter(|key| i18n::has(c.language, key)).map(|key| c.t(key)).collect();
            (!names.is_empty()).then(|| names.join(&c.language.comma()))
        }
        "lead.assign" if entry.outcome != "refused" => match entry.assignee() {
            Some(id) => Some(format!("{}{}{}", c.t("story-assignee"), c.t("colon"), story.names.get(&id)?)),
            None => Some(c.t("lead-assign-nobody")),
        },
        _ => None,
    }
}

fn pick<'a>(c: &Chrome, names: &'a Names) -> &'a str {
    c.language.pick(&names.0, &names.1)
}

/// The agency that forwarded it, and the way to where it went: the transfer there, or the agency while the forward waits.
fn forward(c: &Chrome, story: &Story, objects: &[(String, Id)]) -> Option<(String, Link)> {
    let (_, target) = objects.iter().find(|(kind, _)| kind == "agency")?;
    let names = story.agencies.get(target)?;
    let (there, here): (Vec<&TransferOf>, Vec<&TransferOf>) = objects
        .iter()
        .filter(|(kind, _)| kind == "transfer")
        .filter_map(|(_, id)| story.transfers.iter().find(|t| t.id == *id))
        .partition(|t| t.agency_id == *target);
    let href = there.first().map_or_else(|| paths::agency(*target), |t| paths::transfer(t.id));
    let from = pick(c, &here.first()?.agency).to_owned();
    Some((from, Link::new(c.tv("home-forward-to", "agency", pick(c, names)), href)))
}

/// What an object is called beside others of its kind: a lead may have several of each.
fn called(c: &Chrome, story: &Story, (kind, id): (&str, Id)) -> Option<String> {
    match kind {
        "transfer" => {
            let found = story.transfers.iter().find(|t| t.id == id)?;
            Some(format!("{} · {}", found.number, pick(c, &found.agency)))
        }
        "evidence" => {
            let (number, name) = story.items.get(&id)?;
            Some(format!("{} {number} · {name}", audit::object_name(c.language, kind)))
        }
        "dossier" => story.dossiers.iter().find(|d| d.id == id).map(|d| parts::dossier_name(c, d)),
        "case" => {
            let found = story.cases.iter().find(|case| case.id == id)?;
            let name = if found.number.is_empty() { &found.title } else { &found.number };
            Some(name.clone()).filter(|name| !name.is_empty())
        }
        "outcome" => {
            let found = story.outcomes.iter().find(|o| o.id == id)?;
            Some(c.t(format!("story-outcome-{}", found.kind.replace('_', "-"))))
        }
        _ => None,
    }
}

/// The other object that the entry is about; none where it is about many.
fn link(c: &Chrome, story: &Story, objects: &[(String, Id)]) -> Option<Link> {
    let others: Vec<&(String, Id)> = objects.iter().filter(|(_, id)| *id != story.lead.id).collect();
    let mut linked = others.iter().filter_map(|(kind, id)| Some((kind, *id, words::object_href(kind, *id)?)));
    let (kind, id, href) = linked.next()?;
    if others.iter().filter(|(other, _)| other == kind).count() > 1 {
        return None;
    }
    let label = called(c, story, (kind.as_str(), id)).unwrap_or_else(|| audit::object_name(c.language, kind));
    Some(Link::new(label, href))
}
