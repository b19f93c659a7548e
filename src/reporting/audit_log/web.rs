//! Searching the log, and one entry of it.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    asked::Asked,
    custody,
    entry_page::{EntryPage, ProofView},
    list_page::{self, Beside, COLUMNS, EntryView, LISTED, ListPage, entry_view},
    objects,
};
use crate::{
    audit::{self, Entry, Filter},
    directory::people::{
        Actor, LogReader, Role, session, store as people,
        view::{List, saved},
    },
    platform::{
        db::{Connection, Id},
        error::{AppError, FieldError, Result},
        http::{
            html, invalid,
            layout::Chrome,
            link::Query,
            list_head::{COUNTED, Columns, Counts, LOOKED_AT, ListHead, state_tabs},
            selection::{PICK, Picked, Picking},
            view::{Fact, Link},
        },
        i18n,
        keyset::Page,
        money, paths,
        services::Services,
        time,
    },
};

/// Entries of a page.
const PAGE: i64 = 50;

/// What goes with the entries: names, and personal parts for those who may see them.
/// `most`: of each entry, so many objects are named.
pub(super) fn beside(conn: &mut Connection, me: &Actor, rows: &[audit::Row], most: usize) -> Result<Beside> {
    let names = people::names(conn, rows.iter().filter_map(|row| row.actor_id))?;
    let private = if me.has(Role::Auditor) {
        audit::privates_of(conn, rows.iter().map(|row| row.id))?
    } else {
        HashMap::new()
    };
    Ok(Beside { names, private, called: objects::called(conn, rows, most, me.lang)? })
}

/// Entries in words, as the list has them with the first of their objects; without personal parts.
///
/// # Errors
/// Those of the database.
pub fn in_words(
    conn: &mut Connection,
    c: &Chrome,
    rows: &[audit::Row],
    zone: time::Tz,
) -> Result<Vec<EntryView>> {
    let names = people::names(conn, rows.iter().filter_map(|row| row.actor_id))?;
    let beside = Beside { names, called: objects::called(conn, rows, 1, c.language)?, ..Beside::default() };
    Ok(rows.iter().map(|row| entry_view(c, row, &beside, zone, 1)).collect())
}

struct Read {
    page: Page<audit::Row>,
    beside: Beside,
    faults: Vec<FieldError>,
    head: Option<audit::Head>,
    witnesses: Vec<audit::Standing>,
    /// The question as it was understood.
    filter: Filter,
    actor: String,
    /// The accounts that go by the name that is asked for, where they are several.
    namesakes: Vec<people::PersonRow>,
    /// `None`: the question was not understood.
    counts: Option<Counts>,
}

/// What the list does not understand of an address.
///
/// # Errors
/// Those of the database.
pub async fn faults(services: &Services, _: &Actor, asked: &str) -> Result<Vec<FieldError>> {
    let question = Asked::read(&Query::new(&format!("{}?{asked}", paths::AUDIT)));
    let (verbs, zone) = (services.verbs.clone(), services.settings.time_zone);
    services.db.read(move |conn| Ok(question.filter(conn, &verbs, zone)?.1)).await
}

/// `GET /audit`
pub async fn list(
    me: LogReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let address = request.uri().path_and_query().map_or(paths::AUDIT, |p| p.as_str());
    let query = Query::new(address).without("ok");
    let picked = Picked::of_list(&query);
    let (query, asked) = (picked.on(&query), Asked::read(&query));
    let zone = services.settings.time_zone;
    let (actor, question) = (me.actor().clone(), asked.clone());
    let (edge, verbs) = (asked.edge, services.verbs.clone());
    let witnesses = services.settings.witnesses.clone();
    let read = services
        .db
        .read_snapshot(move |conn| {
            let (filter, faults) = question.filter(conn, &verbs, zone)?;
            let found = if faults.is_empty() { audit::page(conn, &filter, PAGE + 1)? } else { Vec::new() };
            let page = Page::of(found, PAGE as usize, &edge);
            let beside = beside(conn, &actor, &page.rows, LISTED)?;
            let head = audit::latest_head(conn)?;
            let witnesses = audit::standings(conn, &witnesses)?;
            let named = people::names(conn, filter.actor)?.into_values().next();
            let namesakes = people::by_ids(conn, &filter.actors)?;
            // Of the whole log an index tells them; of a part the newest entries are looked at.
            let counts = match (question.is_whole(), faults.as_slice()) {
                (true, _) => Some(outcomes(conn)?),
                (false, []) => {
                    let (found, is_part) = audit::outcomes(conn, &filter, &verbs, LOOKED_AT)?;
                    Some(Counts::of_states(found, is_part))
                }
                (false, _) => None,
            };
            let actor = named.unwrap_or_default();
            Ok(Read { page, beside, faults, head, witnesses, filter, actor, namesakes, counts })
        })
        .await?;
    let shown: Vec<Id> = read.page.rows.iter().map(|row| row.id).collect();
    let ids = shown.clone();
    let entry = asked.entry("audit.list", &read.filter).fact("rows", shown.len());
    let page = async {
        let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "nav-audit"));
        let is_understood = read.faults.is_empty();
        let tabs = OUTCOMES.into_iter().map(|word| (word, c.t(format!("audit-outcome-{word}"))));
        let pager = read.page.pager(&query, |row| row.id.to_string());
        let page = ListPage {
            is_understood,
            tabs: state_tabs(&query, "outcome", c.t("list-all"), tabs, (read.counts.as_ref(), "")),
            tools: ListHead {
                saved: saved(&services, &me, List::Audit, &query).await?.if_understood(is_understood),
                columns: Columns::read(&query, &COLUMNS),
            },
            kept: query.kept(&["verb", "actor", "object", "from", "to"]),
            head: head_facts(&c, read.head.as_ref(), &read.witnesses, zone),
            filter: list_page::filter_form(&asked, read.faults),
            verbs: list_page::verb_choices(&c, &services.verbs, &asked.verb),
            active: list_page::active(&c, &query, &asked, &services.verbs, &read.actor),
            clear: picked.on(&query.bare()).href(),
            namesakes: list_page::namesakes(&c, &query, &asked, &read.namesakes),
            sorts: list_page::sorts(&c, &query, read.filter.oldest_first),
            picking: Picking::new(&query, &picked, &ids, &pager),
            pager,
            rows: read.page.rows.iter().map(|row| entry_view(&c, row, &read.beside, zone, LISTED)).collect(),
            exports: ["csv", "xlsx", "jsonl"]
                .map(|format| {
                    let path = format!("{}/export.{format}", paths::AUDIT);
                    let href = query.first_page().without(PICK).href().replacen(paths::AUDIT, &path, 1);
                    Link::new(c.t(format!("audit-export-{format}")), href)
                })
                .into_iter()
                .chain([custody_link(&c, &asked)])
                .collect(),
            c,
        };
        if is_understood { html(&page) } else { invalid(&page) }
    };
    audit::record_beside(&services.db, me.origin(), entry.objects("audit", shown), page).await
}

/// What the person that the list is of, if it is of one, had to do with evidence.
fn custody_link(c: &Chrome, asked: &Asked) -> Link {
    let query = Query::new(custody::FORM).with("person", &asked.actor);
    Link::new(c.t("custody-person-link"), query.with("from", &asked.from).with("to", &asked.to).href())
}

/// How an act ended.
const OUTCOMES: [&str; 2] = ["done", "refused"];

fn outcomes(conn: &mut Connection) -> Result<Counts> {
    let mut of = Vec::new();
    for outcome in OUTCOMES {
        let n = audit::count_outcome_up_to(conn, outcome, COUNTED + 1)?;
        of.push((outcome.to_owned(), n.unsigned_abs()));
    }
    Ok(Counts::new(of, COUNTED.unsigned_abs()))
}

fn head_facts(
    c: &Chrome,
    head: Option<&audit::Head>,
    witnesses: &[audit::Standing],
    zone: time::Tz,
) -> Vec<Fact> {
    let Some(head) = head else { return Vec::new() };
    let mut facts = vec![
        Fact::new(c.t("audit-size"), money::grouped(head.size.unsigned_abs()))
            .link("/api/v1/audit/checkpoint"),
        Fact::new(c.t("audit-head-at"), time::format_exact(head.at, zone)),
        Fact::new(c.t("audit-root"), data_encoding::HEXLOWER.encode(&head.root)),
    ];
    let told = |one: &audit::Standing| {
        Fact::new(c.tv("audit-witness", "name", &one.name), one.in_words(c.language, zone))
    };
    facts.extend(witnesses.iter().map(told));
    facts
}

/// `GET /audit/{id}`
pub async fn show(
    me: LogReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<Id>,
) -> Result<HttpResponse> {
    let id = path.into_inner();
    let actor = me.actor().clone();
    let (row, beside, proof) = services
        .db
        .write(me.origin(), move |tx| {
            let only = Filter { id: Some(id), ..Filter::default() };
            let row = audit::page(tx.conn(), &only, 1)?.pop().ok_or(AppError::NotFound)?;
            let beside = beside(tx.conn(), &actor, std::slice::from_ref(&row), usize::MAX)?;
            let proof = audit::prove(tx.conn(), id)?;
            audit::record(tx, Entry::new("audit.view").object("audit", id))?;
            Ok((row, beside, proof))
        })
        .await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "audit-entry-title"));
    html(&EntryPage {
        trail: vec![Link::new(c.t("nav-audit"), paths::AUDIT)],
        entry: entry_view(&c, &row, &beside, services.settings.time_zone, usize::MAX),
        leaf: row.leaf.to_string(),
        sees_private: me.has(Role::Auditor),
        proof: proof.as_ref().map(ProofView::new),
        c,
    })
}
