//! The parts of a lead and what the later stages made of it, as lists.

use std::collections::HashSet;

use super::{
    handed::{CaseOf, OutcomeOf, TransferOf},
    model::May,
    pages::{Line, Part},
    read::{COMMENTS, DossierOf, Story},
    view::Reading,
};
use crate::{
    casework::lead::{
        comment::{
            may_write,
            pages::{self, CommentView, Reader, Writing},
        },
        related::{model::Related, pages::RelatedView},
    },
    directory::{people::Actor, reference::regions},
    outcome::model::Kind,
    platform::{
        db::Id,
        file_size,
        http::{
            form_view::FormView,
            layout::Chrome,
            view::{Chip, Link, Tone},
        },
        money::{self, Fen, Qualifier},
        paths, time,
    },
};

/// So many related leads are listed.
const RELATED: usize = 10;

fn filled(notes: impl IntoIterator<Item = String>) -> Vec<String> {
    notes.into_iter().filter(|note| !note.is_empty()).collect()
}

fn part(c: &Chrome, id: &'static str, lines: Vec<Line>, edit: Option<Link>) -> Part {
    let title = c.t(format!("story-{id}"));
    Part { id, title, lines, empty: c.t(format!("story-{id}-none")), edit, ..Part::default() }
}

/// Message key of the way to where something is changed: what is not there yet is added.
pub fn to_change(is_empty: bool) -> &'static str {
    if is_empty { "action-add" } else { "action-edit" }
}

/// Subjects, sites and listings, with the way to change them.
pub fn parts(c: &Chrome, story: &Story, may: May) -> Vec<Part> {
    let of = |what: &'static str, lines: Vec<Line>| {
        let edit = may.change.then(|| {
            Link::new(c.t(to_change(lines.is_empty())), format!("{}/{what}", paths::lead(story.lead.id)))
        });
        part(c, what, lines, edit)
    };
    vec![
        of("subjects", subjects(c, story)),
        of("sites", sites(c, story)),
        of("listings", listings(c, story)),
        part(c, "related", related(c, story), None),
    ]
}

/// Leads with something in common; of many the newest.
fn related(c: &Chrome, story: &Story) -> Vec<Line> {
    let period = (story.lead.occurred_from, story.lead.occurred_to);
    let line = |one: &Related| {
        let view = RelatedView::new(c, one, one.is_likely(period));
        Line { label: view.label, href: view.href, notes: view.reasons, chips: view.chips, act: None }
    };
    let mut lines: Vec<Line> = story.related.iter().take(RELATED).map(line).collect();
    if story.related.len() > RELATED {
        let label = c.tn("story-related-more", story.related.len() - RELATED);
        lines.push(Line { label, ..Line::default() });
    }
    lines
}

/// The comments, the form for another one, and what is to be said to have been read.
pub fn talk(
    c: &Chrome,
    me: &Actor,
    story: &Story,
    at: &Reading,
) -> (Vec<CommentView>, Option<Writing>, String) {
    let id = story.lead.id;
    let may_write = may_write(me, &story.lead);
    let reader = Reader { me: me.id, now: at.now, zone: at.zone };
    let newest = &story.comments.comments[..story.comments.comments.len().min(COMMENTS)];
    let comments = pages::views(c, id, newest, &story.comments, (reader, may_write));
    let form = FormView::new(pages::LABELS);
    let writing = may_write.then(|| pages::writing(id, &story.comments, me.id, form));
    let seen = format!("{}/seen", paths::lead_part(id, "comments"));
    (comments, writing, if story.comments.is_called { seen } else { String::new() })
}

fn synthetic(c: &Chrome, is: bool) -> Vec<Chip> {
    if is { vec![Chip::new(c.t("synthetic"), Tone::Muted)] } else { Vec::new() }
}

fn place(c: &Chrome, story: &Story, code: &str) -> String {
    if code.is_empty() { String::new() } else { regions().path(code, story.lead.facts_date(), c.language) }
}

fn subjects(c: &Chrome, story: &Story) -> Vec<Line> {
    let line = |s: &crate::casework::lead::store::SubjectOf| Line {
        label: s.name.clone(),
        href: paths::subject(s.id),
        notes: filled([
            c.t(format!("story-subject-{}", s.kind)),
            s.identifier.clone(),
            place(c, story, s.region_code.as_deref().unwrap_or_default()),
            s.part.clone(),
            s.note.clone(),
        ]),
        chips: synthetic(c, s.synthetic),
        act: None,
    };
    story.subjects.iter().map(line).collect()
}

fn sites(c: &Chrome, story: &Story) -> Vec<Line> {
    let line = |s: &crate::casework::lead::store::SiteOf| Line {
        label: format!("{}{}", place(c, story, &s.region_code), c.language.pick("", " · ")) + &s.address,
        notes: filled([c.t(format!("story-site-{}", s.role)), s.note.clone()]),
        chips: synthetic(c, s.synthetic),
        ..Line::default()
    };
    story.sites.iter().map(line).collect()
}

fn listings(c: &Chrome, story: &Story) -> Vec<Line> {
    let line = |l: &crate::casework::lead::store::Listing| Line {
        label: if l.title.is_empty() { l.url.clone() } else { l.title.clone() },
        notes: filled([
            l.shop.clone(),
            l.item_number.clone(),
            l.price_fen.map_or_else(String::new, |fen| money::full(Fen(fen), Qualifier::Exact, c.language)),
            l.sold.map_or_else(String::new, |n| c.tn("story-sold", n)),
            l.seen_on
                .map_or_else(String::new, |d| c.tv("story-seen", "date", time::format_date(d, c.language))),
            l.url.clone(),
        ]),
        ..Line::default()
    };
    story.listings.iter().map(line).collect()
}

/// Evidence, dossiers, transfers, cases and outcomes.
pub fn stages(c: &Chrome, story: &Story, may: May, at: &Reading) -> Vec<Part> {
    let id = story.lead.id;
    let all = |href: String| Some(Link::new(c.t("story-all"), href));
    let dossiers: Vec<Line> = story.dossiers.iter().map(|d| dossier(c, story, d, may)).collect();
    let compose =
        may.change.then(|| Link::new(c.t("story-act-compose"), format!("{}/new", paths::lead_dossiers(id))));
    let list = if dossiers.is_empty() { compose } else { all(paths::lead_dossiers(id)) };
    let items = evidence(c, story, id);
    let adds = may.change && items.is_empty();
    let evidence = if adds {
        Some(Link::new(c.t("story-act-evidence"), format!("{}#upload", paths::lead_evidence(id))))
    } else {
        all(paths::lead_evidence(id))
    };
    let mut stages = vec![
        part(c, "evidence", items, evidence),
        part(c, "dossiers", dossiers, list),
        transfers(c, story, at),
    ];
    if !story.transfers.is_empty() {
        stages.push(part(c, "cases", cases(c, story), None));
        stages.push(part(c, "outcomes", story.outcomes.iter().map(|o| outcome(c, o)).collect(), None));
    }
    stages
}

/// What was sent, and of how many addressees to how many where some still wait; of none, whether a version is sealed.
fn transfers(c: &Chrome, story: &Story, at: &Reading) -> Part {
    let lines = story.transfers.iter().map(|t| transfer(c, t, at)).collect();
    let mut part = part(c, "transfers", lines, None);
    let (sent, all) = (story.transfers.iter().filter(|t| t.is_with_it()).count(), addressees(story));
    if sent > 0 && sent < all {
        part.count = c.ta("story-transfers-sent", &[("n", &sent.to_string()), ("of", &all.to_string())]);
    }
    if let Some(version) = story.approved_version() {
        let is_sealed = |d: &DossierOf| d.version == version && d.sealed_at.is_some();
        let sealed = if story.dossiers.iter().any(is_sealed) { "sealed" } else { "sealing" };
        part.empty = c.tv(&format!("story-transfers-none-{sealed}"), "n", version);
    }
    part
}

/// For how many agencies the lead is: those that have it, and those for which a sealed version waits to be sent.
pub fn addressees(story: &Story) -> usize {
    let having = story.transfers.iter().filter(|t| t.is_with_it()).map(|t| t.agency_id);
    let waiting = story.dossiers.iter().filter(|d| d.sealed_at.is_some() && is_undelivered(story, d));
    let all: HashSet<Id> = having.chain(waiting.map(|d| d.agency_id)).collect();
    all.len()
}

fn evidence(c: &Chrome, story: &Story, id: Id) -> Vec<Line> {
    let sum = story.evidence;
    if sum.items == 0 {
        return Vec::new();
    }
    vec![Line {
        label: c.tn("story-evidence-items", sum.items),
        href: paths::lead_evidence(id),
        notes: filled([
            file_size::short(sum.bytes.cast_unsigned()),
            if sum.withheld > 0 { c.tn("story-evidence-withheld", sum.withheld) } else { String::new() },
        ]),
        ..Line::default()
    }]
}

/// Whether a dossier is ready, was handed to nobody, and no newer version for its agency is sealed in its place.
pub fn is_unsent(story: &Story, d: &DossierOf) -> bool {
    d.packed_at.is_some() && is_undelivered(story, d)
}

fn is_undelivered(story: &Story, d: &DossierOf) -> bool {
    let replaces = |other: &DossierOf| {
        other.agency_id == d.agency_id && other.version > d.version && other.sealed_at.is_some()
    };
    !story.delivered.contains(&d.id) && !story.dossiers.iter().any(replaces)
}

/// The page that sends a dossier.
pub fn sending_page(d: &DossierOf) -> String {
    format!("{}/new?dossier={}", paths::TRANSFERS, d.id)
}

/// What a dossier is called beside the others of its lead: by its version and the agency that it is addressed to.
pub fn dossier_name(c: &Chrome, d: &DossierOf) -> String {
    let agency = c.language.pick(&d.agency.0, &d.agency.1);
    c.ta("story-dossier", &[("version", &d.version.to_string()), ("agency", agency)])
}

fn dossier(c: &Chrome, story: &Story, d: &DossierOf, may: May) -> Line {
    let (word, tone) = match (d.packed_at, d.sealed_at, d.frozen_at) {
        (Some(_), ..) => ("sealed", Tone::Good),
        (_, Some(_), _) => ("sealing", Tone::Info),
        (.., Some(_)) => ("frozen", Tone::Neutral),
        _ => ("freezing", Tone::Info),
    };
    let is_sent = story.delivered.contains(&d.id);
    // What was taken back or sent back does not wait for anybody any more.
    let decision = story.decisions.get(&d.composition_id).filter(|_| d.sealed_at.is_none());
    let over = decision.filter(|word| matches!(word.as_str(), "returned" | "withdrawn" | "void"));
    // Nor does one that was never submitted, once there is a newer one.
    let newest = story.dossiers.iter().map(|one| one.version).max().unwrap_or_default();
    let is_superseded =
        newest > d.version && d.sealed_at.is_none() && !story.decisions.contains_key(&d.composition_id);
    let mut chips = vec![match over {
        Some(word) => Chip::new(c.t(format!("review-state-{word}")), Tone::Muted),
        None if is_superseded => Chip::new(c.tv("dossier-superseded", "n", newest), Tone::Muted),
        None => Chip::new(c.t(format!("story-dossier-{word}")), tone),
    }];
    if is_sent {
        chips.push(Chip::new(c.t("story-dossier-sent"), Tone::Info));
    }
    let sends = may.send && is_unsent(story, d);
    Line {
        label: dossier_name(c, d),
        href: paths::dossier(d.id),
        chips,
        act: sends.then(|| Link::new(c.t("story-act-send"), sending_page(d))),
        ..Line::default()
    }
}

fn transfer(c: &Chrome, t: &TransferOf, at: &Reading) -> Line {
    let tone = match t.state.as_str() {
        "accepted" | "filed" => Tone::Good,
        "supplement_requested" | "returned" => Tone::Warn,
        "not_accepted" | "not_filed" => Tone::Bad,
        "withdrawn" => Tone::Muted,
        "forwarded" => Tone::Neutral,
        _ => Tone::Info,
    };
    let mut chips = vec![Chip::new(c.t(format!("story-transfer-{}", t.state.replace('_', "-"))), tone)];
    let mut notes =
        vec![c.tv("story-sent-on", "date", time::format_date(time::day_of(t.sent_at, at.zone), c.language))];
    if let Some(due) = t.next_due_at {
        notes.push(c.tv("story-due-on", "date", time::format_instant(due, at.zone, c.language)));
        if due < at.now {
            chips.push(Chip::new(c.t("overdue"), Tone::Bad));
        }
    }
    // A number is its agency's own: two of them may bear the same.
    let label = format!("{} · {}", t.number, c.language.pick(&t.agency.0, &t.agency.1));
    Line { label, href: paths::transfer(t.id), notes, chips, act: None }
}

fn cases(c: &Chrome, story: &Story) -> Vec<Line> {
    // A number is its agency's own, as that of a transfer.
    let line = |case: &CaseOf| Line {
        label: format!(
            "{} · {}",
            if case.number.is_empty() { &case.title } else { &case.number },
            c.language.pick(&case.agency.0, &case.agency.1)
        ),
        href: paths::case(case.id),
        notes: filled([
            if case.number.is_empty() { String::new() } else { case.title.clone() },
            case.filed_on.map_or_else(String::new, |d| {
                c.tv("story-filed-on", "date", time::format_date(d, c.language))
            }),
        ]),
        chips: vec![Chip::new(c.t(format!("story-case-{}", case.status)), Tone::Info)],
        act: None,
    };
    story.cases.iter().map(line).collect()
}

fn outcome(c: &Chrome, o: &OutcomeOf) -> Line {
    let qualifier = o.qualifier.as_deref().and_then(Qualifier::parse).unwrap_or_default();
    let counted = if o.kind == Kind::SiteRaided.as_str() { "outcome-sites" } else { "outcome-persons" };
    let mut chips = vec![Chip::new(c.t(o.state.key()), o.state.tone(o.is_counter))];
    if o.is_counter {
        chips.push(Chip::new(c.t("outcome-counter-entry"), Tone::Neutral));
    }
    Line {
        label: c.t(format!("story-outcome-{}", o.kind.replace('_', "-"))),
        href: paths::outcome(o.id),
        notes: filled([
            time::format_date(o.happened_on, c.language),
            if o.persons > 0 { c.tn(counted, o.persons) } else { String::new() },
            o.amount_fen.map_or_else(String::new, |fen| money::short(Fen(fen), qualifier, c.language)),
        ]),
        chips,
        act: None,
    }
}
