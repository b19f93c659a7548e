//! What one did oneself, as the log has it: for everybody, a liaison too.
//!
//! A look at it is not on record: it shows nobody's acts but the reader's, so nobody learns anything by it, and each look
//! would stand at the top of what it shows. Of the personal parts it tells from where the reader acted and nothing else,
//! because the rest may speak of others. An agency's people read neither what the platform keeps with an act (why a forward
//! waits, say, or that it does not) nor the names of what is not theirs; and what a refused try was aimed at is named to
//! nobody, because that would tell that it is there.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;

use super::{
    asked::Asked,
    facts::{FactView, Reader},
    list_page,
    objects::{self, Called, Name},
};
use crate::{
    audit,
    directory::people::{Actor, from_where, policy::CASE_READERS, session},
    platform::{
        db::Id,
        error::Result,
        http::{
            form_view::FormView,
            html, invalid,
            layout::Chrome,
            link::Query,
            view::{ActiveFilter, Choice, Link, Pager},
        },
        i18n,
        keyset::Page,
        paths,
        services::Services,
        time,
    },
    reporting::words,
};

/// Entries of a page.
const PAGE: usize = 50;
/// Objects of an entry that are named.
const NAMED: usize = 3;
/// The page's own address.
const ADDRESS: &str = "/account/activity";
/// Kinds of acts that the program or its command line alone does.
const OF_NOBODY: &[&str] =
    &["generate", "demo", "backup", "key", "region", "calendar", "deadline", "timestamp"];
/// Kinds of acts and objects that an agency's people have to do with.
const OF_AGENCIES: &[&str] = &[
    "session",
    "second-factor",
    "passkey",
    "person",
    "invitation",
    "transfer",
    "case",
    "outcome",
    "dossier",
    "worklist",
    "page",
];
/// Kinds of objects that somebody without case material may have named.
const OF_THE_HOUSE: &[&str] = &["person", "agency"];

/// An object of an act.
struct ObjectLine {
    kind: String,
    /// Its number or code; empty: not told.
    called: String,
    href: Option<String>,
}

/// One thing that one did.
struct OwnLine {
    time: String,
    datetime: String,
    title: String,
    refused: bool,
    by_token: bool,
    /// From which device and where.
    from: String,
    objects: Vec<ObjectLine>,
    facts: Vec<FactView>,
}

/// What one did.
#[derive(Template)]
#[template(path = "reporting/activity.html")]
struct ActivityPage {
    c: Chrome,
    trail: Vec<Link>,
    filter: FormView,
    verbs: Vec<Choice>,
    outcomes: Vec<Choice>,
    active: Vec<ActiveFilter>,
    is_understood: bool,
    lines: Vec<OwnLine>,
    pager: Pager,
}

/// Whether an object of this kind is named to the reader.
fn is_named(me: &Actor, kind: &str) -> bool {
    if me.agency.is_some() {
        return matches!(kind, "transfer" | "case" | "outcome" | "dossier");
    }
    me.has_any(CASE_READERS) || OF_THE_HOUSE.contains(&kind)
}

/// Whether the reader may choose acts of such a verb's kind.
fn is_offered(me: &Actor, verb: &str) -> bool {
    let kind = verb.split('.').next().unwrap_or_default();
    !OF_NOBODY.contains(&kind) && (me.agency.is_none() || OF_AGENCIES.contains(&kind))
}

fn line(c: &Chrome, me: &Actor, row: &audit::Row, called: &Called, from: String, zone: time::Tz) -> OwnLine {
    let refused = row.outcome == audit::Outcome::Refused.as_str();
    let reader = Reader { lang: c.language, zone, on: time::day_of(row.at, zone) };
    let is_told = |kind: &str| me.agency.is_none() || OF_AGENCIES.contains(&kind);
    // Of a forward its own transfer, which stands first: what comes behind it is there only where the dossier went on at
    // once, and that tells what the other agency had.
    let most = if me.agency.is_some() && row.verb == "transfer.forward" { 1 } else { NAMED };
    let object = |(kind, id): (&str, &str)| {
        let known: Option<Id> = id.parse().ok().filter(|_| !refused && is_named(me, kind));
        let name = known.and_then(|id| called.get(&id));
        ObjectLine {
            kind: audit::object_name(c.language, kind),
            href: known.and_then(|id| words::object_href(kind, id)),
            // Which agency's number it is goes without saying there.
            called: match name {
                Some(name) if me.agency.is_some() => name.own.clone(),
                name => name.map(Name::whole).unwrap_or_default(),
            },
        }
    };
    let facts = row.facts();
    let told = facts.iter().filter(|_| me.agency.is_none());
    OwnLine {
        time: time::table_instant(row.at, zone),
        datetime: row.at.to_string(),
        title: row.title(c.language),
        refused,
        by_token: row.actor_kind == "token",
        from,
        objects: row.named().filter(|(kind, _)| is_told(kind)).take(most).map(object).collect(),
        facts: told.map(|(name, value)| reader.fact(&row.verb, name, value)).collect(),
    }
}

/// From where each act came; what else stands in the personal parts stays there.
fn places(lang: i18n::Lang, private: &HashMap<Id, String>) -> HashMap<Id, String> {
    let place = |(id, body): (&Id, &String)| {
        let read: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
        let text = |name: &str| read[name].as_str().unwrap_or_default().to_owned();
        (*id, from_where(lang, &text("address"), &text("agent")))
    };
    private.iter().map(place).collect()
}

/// `GET /account/activity`
pub async fn list(me: Actor, services: web::Data<Services>, request: HttpRequest) -> Result<HttpResponse> {
    let address = request.uri().path_and_query().map_or(ADDRESS, |path| path.as_str());
    let query = Query::new(address).without("actor").without("object").without("ok");
    let asked = Asked::read(&query);
    let (zone, lang) = (services.settings.time_zone, me.lang);
    let (question, reader, verbs) = (asked.clone(), me.clone(), services.verbs.clone());
    let (page, called, private, faults) = services
        .db
        .read_snapshot(move |conn| {
            let (mut filter, faults) = question.filter(conn, &verbs, zone)?;
            filter.actor = Some(reader.id);
            let found = if faults.is_empty() {
                audit::page(conn, &filter, i64::try_from(PAGE + 1).unwrap_or(i64::MAX))?
            } else {
                Vec::new()
            };
            let page = Page::of(found, PAGE, &question.edge);
            let done: Vec<audit::Row> =
                page.rows.iter().filter(|row| row.outcome == "done").cloned().collect();
            let called = objects::called(conn, &done, NAMED, lang)?;
            let private = audit::privates_of(conn, page.rows.iter().map(|row| row.id))?;
            Ok((page, called, private, faults))
        })
        .await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(lang, "people-activity-title"));
    let mut places = places(lang, &private);
    let is_understood = faults.is_empty();
    let verbs: Vec<&str> = services.verbs.iter().copied().filter(|verb| is_offered(&me, verb)).collect();
    let shown = ActivityPage {
        trail: vec![Link::new(c.t("nav-account"), paths::ACCOUNT)],
        filter: list_page::filter_form(&asked, faults),
        verbs: list_page::verb_choices(&c, &verbs, &asked.verb),
        outcomes: ["done", "refused"].map(|w| Choice::new(w, c.t(format!("audit-outcome-{w}")))).into(),
        active: list_page::active(&c, &query, &asked, &services.verbs, ""),
        is_understood,
        pager: page.pager(&query.first_page(), |row| row.id.to_string()),
        lines: page
            .rows
            .iter()
            .map(|row| line(&c, &me, row, &called, places.remove(&row.id).unwrap_or_default(), zone))
            .collect(),
        c,
    };
    if is_understood { html(&shown) } else { invalid(&shown) }
}
