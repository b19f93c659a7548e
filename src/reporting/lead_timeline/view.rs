//! From what was read to what is shown.

use chrono_tz::Tz;

use super::{
    events,
    model::{self, Ended, Kind, May},
    pages::{Act, LeadPage},
    parts::{self, is_unsent},
    read::Story,
    sold, steps,
};
use crate::{
    casework::{
        dossier::current,
        lead::{
            list::handed,
            model::{State, Step as LeadStep, unlisted as unlisted_of},
            pages::{Unlisted, labels_of},
            store::Brand,
        },
    },
    directory::{
        people::Actor,
        reference::{charges, regions},
    },
    platform::{
        db::{Id, Instant},
        http::{
            layout::Chrome,
            link::Query,
            steps_back,
            view::{Chip, Fact, Link, Tone},
        },
        i18n,
        money::{self, Basis, Fen, Qualifier},
        paths, time,
    },
};

/// When, where and how the page is read.
pub struct Reading {
    pub now: Instant,
    pub zone: Tz,
    pub kind: Kind,
}

/// The page.
pub fn page(c: Chrome, me: &Actor, query: &Query, story: &Story, at: &Reading) -> LeadPage {
    let was_approved = story.steps.iter().any(|s| s.step == LeadStep::Approved);
    let is_writer = story.writers.contains(&me.id);
    let may = model::may(me, &story.lead, story.obstacle.is_none(), was_approved, is_writer);
    let list = steps_back::bare(query);
    let older = story.entries.last().filter(|_| story.has_older).map(|last| last.id);
    let ways = steps_back::ways(query, older);
    let (comments, writing, seen) = parts::talk(&c, me, story, at);
    LeadPage {
        trail: vec![Link::new(c.t("nav-leads"), paths::LEADS)],
        chips: chips(&c, story),
        public_source: story.lead.public_source.clone(),
        returned: returned(&c, story, at),
        asked: story.asked.iter().map(|one| one.said(at.zone, c.language)).collect(),
        steps: steps::steps(&c, story, at),
        acts: acts(&c, story, may),
        next: next(&c, story, may),
        next_at: next_at(&c, story, may),
        unlisted: unlisted(&c, story, may),
        facts: facts(&c, story, at),
        sold: sold::view(&c, story, may),
        charges: charge_facts(&c, story),
        charges_edit: may.change.then(|| {
            let key = parts::to_change(story.charges.is_empty());
            Link::new(c.t(key), paths::lead_part(story.lead.id, "charges"))
        }),
        summary: story.lead.summary.clone(),
        parts: parts::parts(&c, story, may),
        stages: parts::stages(&c, story, may, at),
        comments,
        all_comments: Link::new(c.t("comment-all"), paths::lead_part(story.lead.id, "comments")),
        writing,
        seen,
        kinds: Kind::ALL.map(|k| kind(&c, story, &list, k, at.kind)).into(),
        zone: c.ta("story-zone", &[("zone", at.zone.name()), ("offset", &offset(at))]),
        events: story.entries.iter().map(|entry| events::event(&c, story, entry, at)).collect(),
        ways,
        c,
    }
}

/// The way to the entries of a kind, with how many there are, where they were counted.
fn kind(c: &Chrome, story: &Story, list: &Query, kind: Kind, now: Kind) -> Link {
    let of_kind = story.counts.iter().filter(|(verb, _)| kind.holds(verb));
    let n: i64 = of_kind.map(|(_, n)| n).sum();
    let link = Link::new(c.t(kind.key()), format!("{}#timeline", list.with("kind", kind.word()).href()));
    let link = link.current(kind == now);
    if story.counts.is_empty() { link } else { link.count(n.unsigned_abs()) }
}

/// How far the zone is from UTC now, e.g. `+08:00`.
fn offset(at: &Reading) -> String {
    at.now.utc().with_timezone(&at.zone).format("%:z").to_string()
}

/// What a draft that an approver sent back says of it. A submission that its compiler took back bears no reason.
fn returned(c: &Chrome, story: &Story, at: &Reading) -> String {
    let last = story.steps.last().filter(|s| s.step == LeadStep::Returned);
    let reason = last.and_then(|s| story.remarks.get(&(s.at, s.actor_id)));
    match (last, reason) {
        (Some(last), Some(reason)) if story.lead.state == State::Draft => {
            let when = time::format_instant(last.at, at.zone, c.language);
            c.ta("story-returned", &[("when", &when), ("reason", i18n::unstopped(reason))])
        }
        _ => String::new(),
    }
}

/// How all that became of it ended, where no result is on record nevertheless and no decision was revoked.
pub(super) fn ended(story: &Story) -> Option<Ended> {
    let goes_on = !story.outcomes.is_empty() || story.transfers.iter().any(|t| t.revoked);
    model::ended(story.transfers.iter().map(|t| t.state.as_str())).filter(|_| !goes_on)
}

fn chips(c: &Chrome, story: &Story) -> Vec<Chip> {
    let state = story.lead.state;
    let tone = match state {
        State::Draft | State::Withdrawn => Tone::Neutral,
        State::InReview => Tone::Info,
        State::Approved => Tone::Good,
        State::Trashed => Tone::Muted,
    };
    let mut chips = vec![Chip::new(c.t(format!("lead-state-{state}")), tone)];
    if let Some(ended) = ended(story) {
        chips.push(Chip::new(c.t(ended.key()), Tone::Bad));
    } else {
        chips.extend(handed_chips(c, story));
    }
    if story.lead.synthetic {
        chips.push(Chip::new(c.t("synthetic"), Tone::Muted));
    }
    chips
}

fn acts(c: &Chrome, story: &Story, may: May) -> Vec<Act> {
    let id = story.lead.id;
    let sub = |part: &str| format!("{}/{part}", paths::lead(id));
    let mut acts = Vec::new();
    let step = step_of(story, may);
    let mut add = |allowed: bool, key: &str, href: String, is_post: bool, tone| {
        if allowed {
            let is_next = key == step;
            acts.push(Act { label: c.t(key), href, is_post, tone, shortcut: Act::shortcut_of(key), is_next });
        }
    };
    let waiting = story.waiting.filter(|_| may.decide);
    add(
        waiting.is_some(),
        "story-act-decide",
        waiting.map_or_else(String::new, paths::approval),
        false,
        "primary",
    );
    let taken_back = story.waiting.filter(|_| may.take_back);
    let take_back = taken_back.map_or_else(String::new, |id| format!("{}/withdraw", paths::approval(id)));
    add(taken_back.is_some(), "story-act-take-back", take_back, true, "");
    add(may.submit, "story-act-submit", sub("submit"), true, "primary");
    add(may.change, "action-edit", sub("edit"), false, "");
    // What the page calls the next step is what its button says.
    let tone = |key: &str| if key == step { "primary" } else { "" };
    let (evidence, compose) = ("story-act-evidence", "story-act-compose");
    add(may.change, evidence, format!("{}#upload", paths::lead_evidence(id)), false, tone(evidence));
    add(may.change, compose, format!("{}/new", paths::lead_dossiers(id)), false, tone(compose));
    let asked = asked_back(story);
    let reopen = asked.map_or("story-act-reopen", |(_, act)| act);
    // What nobody asked for takes an approval back, and is asked about before.
    let is_at_once = asked.is_some() || story.lead.state != State::Approved;
    add(may.reopen, reopen, sub("reopen"), is_at_once, if asked.is_some() { "primary" } else { "" });
    add(may.restore, "action-restore", sub("restore"), true, "primary");
    add(may.assign, "story-act-assign", sub("assign"), false, "");
    add(may.clone, "lead-act-clone", sub("clone"), false, "");
    add(may.withdraw, "story-act-withdraw", sub("withdraw"), false, "danger");
    add(may.trash, "story-act-trash", sub("trash"), false, "danger");
    sending(c, story, may).into_iter().chain(acts).collect()
}

/// Where its agencies stand: the word alone where one has it.
fn handed_chips(c: &Chrome, story: &Story) -> Vec<Chip> {
    let rows: Vec<handed::Transfer> = story.transfers.iter().map(|t| (t.state.clone(), t.stage)).collect();
    let Some(found) = handed::told(&rows) else { return Vec::new() };
    let parts = match found.states.as_slice() {
        // What was taken back is the transfer, and not the lead.
        [(state, 1)] if state != "withdrawn" => {
            vec![c.t(format!("story-transfer-{}", state.replace('_', "-")))]
        }
        _ => handed::words(&found, c.language),
    };
    parts.into_iter().map(|part| Chip::new(part, Tone::Info)).collect()
}

/// Where an approved lead goes on: the page that sends the first of its dossiers which nobody was sent, by whose agency the
/// button is told where there are several.
fn sending(c: &Chrome, story: &Story, may: May) -> Option<Act> {
    if story.lead.state != State::Approved || !may.send {
        return None;
    }
    let mut unsent = story.dossiers.iter().filter(|d| is_unsent(story, d));
    let first = unsent.next()?;
    let label = match unsent.next() {
        Some(_) => c.tv("story-act-send-to", "agency", c.language.pick(&first.agency.0, &first.agency.1)),
        None => c.t("story-act-send"),
    };
    let (href, shortcut) = (parts::sending_page(first), Act::shortcut_of("story-act-send"));
    Some(Act { label, href, is_post: false, tone: "primary", shortcut, is_next: false })
}

/// The act that is the next step of a draft, where it has a key of its own too; empty: none is.
fn step_of(story: &Story, may: May) -> &'static str {
    if story.lead.state != State::Draft || !may.change || !story.missing.is_empty() {
        return "";
    }
    if story.obstacle == Some(current::STALE) {
        "story-act-compose"
    } else if may.submit {
        ""
    } else if story.evidence.items == 0 {
        "story-act-evidence"
    } else {
        "story-act-compose"
    }
}

/// Whether an agency waits for the lead to be supplemented, mended or sent anew: what to do, and the button for it.
fn asked_back(story: &Story) -> Option<(&'static str, &'static str)> {
    let waits = |state: &str| story.transfers.iter().any(|t| t.state == state && t.stays);
    if story.lead.state != State::Approved || story.dossiers.iter().any(|d| is_unsent(story, d)) {
        return None;
    }
    if waits("supplement_requested") {
        Some(("story-next-supplement", "story-act-reopen-supplement"))
    } else if story.transfers.iter().any(|t| t.revoked) {
        Some(("story-next-revoked", "story-act-reopen-revoked"))
    } else if waits("returned") {
        Some(("story-next-mend", "story-act-reopen-mend"))
    } else {
        None
    }
}

fn next(c: &Chrome, story: &Story, may: May) -> String {
    let unsent = story.dossiers.iter().any(|d| is_unsent(story, d));
    if may.change && !story.missing.is_empty() {
        return c.tv("story-next-facts", "fields", labels_of(c, &story.missing));
    }
    let key = match story.lead.state {
        State::Draft if may.change && story.obstacle == Some(current::STALE) => "story-next-recompose",
        State::Draft if may.submit => "story-next-submit",
        State::Draft if may.change && story.evidence.items == 0 => {
            // One that was made from another names its subjects and sites already.
            let is_bare = story.subjects.is_empty() && story.sites.is_empty();
            if is_bare { "story-next-evidence" } else { "story-next-evidence-alone" }
        }
        State::Draft if may.change => "story-next-compose",
        State::InReview if may.decide => "story-next-decide",
        State::InReview => "story-next-wait",
        State::Approved if unsent && may.send => "story-next-send",
        State::Approved if may.reopen => match asked_back(story) {
            Some((next, _)) => next,
            None => match ended(story) {
                Some(ended) => ended.next(),
                None => return String::new(),
            },
        },
        _ => return String::new(),
    };
    c.t(key)
}

/// The pages on which what a draft lacks is filled in.
fn next_at(c: &Chrome, story: &Story, may: May) -> Vec<Link> {
    let mut parts: Vec<&str> = Vec::new();
    for fault in story.missing.iter().filter(|_| may.change) {
        let part = match fault.field.as_str() {
            "charges" => "charges",
            "rights_holder" => "brands",
            _ => "edit",
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    let link = |part: &str| Link::new(c.t(format!("lead-tab-{part}")), paths::lead_part(story.lead.id, part));
    parts.into_iter().map(link).collect()
}

/// What the papers of a draft that has all that it must have will not mention.
fn unlisted(c: &Chrome, story: &Story, may: May) -> Unlisted {
    // Before there is evidence the next step names these parts itself.
    if !may.change || !story.missing.is_empty() || story.evidence.items == 0 {
        return Unlisted::default();
    }
    let parts = unlisted_of(story.subjects.len(), story.sites.len(), story.listings.len());
    Unlisted::new(c, story.lead.id, &parts)
}

fn facts(c: &Chrome, story: &Story, at: &Reading) -> Vec<Fact> {
    let (lead, lang) = (&story.lead, c.language);
    let facts_day = lead.facts_date();
    let given = |text: String| if text.is_empty() { c.t("not-given") } else { text };
    let name = |id: Id| story.names.get(&id).cloned().unwrap_or_default();
    let brand = |b: &Brand| {
        let name = lang.pick(&b.name, &b.name_en);
        let of = if b.owner.is_empty() { String::new() } else { c.tv("lead-brand-of", "name", &b.owner) };
        [name, &of].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    };
    let brands: Vec<String> = story.brands.iter().map(brand).collect();
    let region = if lead.region_code.is_empty() {
        String::new()
    } else {
        regions().path(&lead.region_code, facts_day, lang)
    };
    let occurred = time::span((lead.occurred_from, lead.occurred_to), lang, |d| time::format_date(d, lang));
    let mut facts = vec![
        Fact::new(c.t("region"), given(region)),
        Fact::new(c.t("nav-brands"), given(brands.join(&c.language.comma()))),
        Fact::new(c.t("story-occurred"), given(occurred)),
        Fact::new(c.t("story-value"), given(value(c, &story.value))),
        Fact::new(c.t("story-source"), {
            let kind = c.t(format!("lead-source-{}", lead.source_kind));
            if lead.source_note.is_empty() { kind } else { format!("{kind} · {}", lead.source_note) }
        }),
        Fact::new(c.t("story-sender-role"), c.t(format!("lead-role-{}", lead.sender_role))),
        Fact::new(c.t("story-owner"), name(lead.owner_id)),
    ];
    if let Some(id) = lead.assignee_id.filter(|id| *id != lead.owner_id) {
        facts.push(Fact::new(c.t("story-assignee"), name(id)));
    }
    facts.push(Fact::new(c.t("created"), time::format_instant(lead.created_at, at.zone, lang)));
    facts.push(Fact::new(c.t("changed"), time::format_instant(lead.updated_at, at.zone, lang)));
    facts
}

fn value(c: &Chrome, (fen, qualifier, basis): &(Option<i64>, Option<String>, Option<String>)) -> String {
    let Some(fen) = fen else { return String::new() };
    let qualifier = qualifier.as_deref().and_then(Qualifier::parse).unwrap_or_default();
    let amount = money::full(Fen(*fen), qualifier, c.language);
    match basis.as_deref().and_then(Basis::parse) {
        Some(basis) => format!("{amount} · {}", c.t(basis.key())),
        None => amount,
    }
}

/// Each charge under the name of its time, with its article.
fn charge_facts(c: &Chrome, story: &Story) -> Vec<Fact> {
    let at = story.lead.facts_date();
    let fact = |code: &String| match charges().get(code, at) {
        Some(charge) => Fact::new(charge.name(c.language), charge.cited(c.language)),
        None => Fact::new(code.clone(), String::new()),
    };
    story.charges.iter().map(fact).collect()
}
