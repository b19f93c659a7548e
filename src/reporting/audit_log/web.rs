//! Searching the log, and one entry of it.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    asked::Asked,
    entry_page::{EntryPage, ProofView},
    list_page::{self, Beside, LISTED, ListPage, entry_view},
    objects,
};
use crate::{
    audit::{self, Entry, Filter},
    directory::people::{Actor, LogReader, Role, session, store as people},
    platform::{
        db::{Connection, Id},
        error::{AppError, FieldError, Result},
        http::{
            html, invalid,
            layout::Chrome,
            link::Query,
            view::{Choice, Fact, Link},
        },
        i18n,
        keyset::Page,
        paths,
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
    Ok(Beside { names, private, called: objects::called(conn, rows, most)? })
}

struct Read {
    page: Page<audit::Row>,
    beside: Beside,
    faults: Vec<FieldError>,
    head: Option<audit::Head>,
    /// The question as it was understood.
    filter: Filter,
    actor: String,
}

/// `GET /audit`
pub async fn list(
    me: LogReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let address = request.uri().path_and_query().map_or(paths::AUDIT, |p| p.as_str());
    let query = Query::new(address);
    let asked = Asked::read(&query);
    let zone = services.settings.time_zone;
    let (actor, question) = (me.actor().clone(), asked.clone());
    let (edge, verbs) = (asked.edge, services.verbs.clone());
    let read = services
        .db
        .read_snapshot(move |conn| {
            let (filter, faults) = question.filter(conn, &verbs, zone)?;
            let found = if faults.is_empty() { audit::page(conn, &filter, PAGE + 1)? } else { Vec::new() };
            let page = Page::of(found, PAGE as usize, &edge);
            let beside = beside(conn, &actor, &page.rows, LISTED)?;
            let head = audit::latest_head(conn)?;
            let named = people::names(conn, filter.actor)?.into_values().next();
            Ok(Read { page, beside, faults, head, filter, actor: named.unwrap_or_default() })
        })
        .await?;
    let shown: Vec<Id> = read.page.rows.iter().map(|row| row.id).collect();
    let entry = asked.entry("audit.list", &read.filter).fact("rows", shown.len());
    audit::record_read(&services.db, me.origin(), entry.objects("audit", shown)).await?;
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "nav-audit"));
    let list = query.first_page();
    let is_understood = read.faults.is_empty();
    let page = ListPage {
        is_understood,
        head: head_facts(&c, read.head.as_ref(), zone),
        filter: list_page::filter_form(&asked, read.faults),
        verbs: list_page::verb_choices(&c, &services.verbs, &asked.verb),
        outcomes: ["done", "refused"].map(|w| Choice::new(w, c.t(format!("audit-outcome-{w}")))).into(),
        active: list_page::active(&c, &query, &asked, &services.verbs, &read.actor),
        clear: paths::AUDIT,
        pager: read.page.pager(&list, |row| row.id.to_string()),
        rows: read.page.rows.iter().map(|row| entry_view(&c, row, &read.beside, zone, LISTED)).collect(),
        exports: ["csv", "jsonl"]
            .map(|format| {
                let path = format!("{}/export.{format}", paths::AUDIT);
                let href = list.href().replacen(paths::AUDIT, &path, 1);
                Link::new(c.t(format!("audit-export-{format}")), href)
            })
            .into(),
        c,
    };
    if is_understood { html(&page) } else { invalid(&page) }
}

fn head_facts(c: &Chrome, head: Option<&audit::Head>, zone: time::Tz) -> Vec<Fact> {
    let Some(head) = head else { return Vec::new() };
    vec![
        Fact::new(c.t("audit-size"), head.size.to_string()).link("/api/v1/audit/checkpoint"),
        Fact::new(c.t("audit-head-at"), time::format_exact(head.at, zone)),
        Fact::new(c.t("audit-root"), data_encoding::HEXLOWER.encode(&head.root)),
    ]
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
