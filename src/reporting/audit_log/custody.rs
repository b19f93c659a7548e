//! What one person had to do with items of evidence in a period, as a sheet: a line an entry.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    asked::{Asked, usernames},
    custody_page::CustodyPage,
    list_page::LISTED,
    objects::{self, Called},
};
use crate::{
    audit::{self, Filter, Row},
    casework::evidence::{
        custody::{self, Known, Span},
        custody_sheet::{
            CustodyFile, Format,
            lines::{self, Beside, Line},
        },
    },
    directory::people::{Actor, LogReader, Role, proof, session},
    platform::{
        db::{Connection, Id, blocking},
        error::{AppError, FieldError, Result},
        http::{html, invalid, link::Query},
        i18n::{self, Lang},
        services::Services,
        sheet,
        time::Tz,
    },
};

/// Where a sheet is asked for.
pub(super) const FORM: &str = "/audit/custody";
const VERB: &str = "audit.custody";
/// So many accounts of one name are told.
const MOST_NAMED: i64 = 8;

/// `GET /audit/custody`: the form.
pub async fn form(
    me: LogReader,
    services: web::Data<Services>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let c = session::chrome(&request, &services, &me, &i18n::t(me.lang, "custody-person-title"));
    html(&CustodyPage::new(c, &query_of(&request), Vec::new()))
}

fn query_of(request: &HttpRequest) -> Query {
    Query::new(request.uri().path_and_query().map_or(FORM, |p| p.as_str()))
}

/// The parameters as the log's own search reads them.
fn asked_of(query: &Query) -> Asked {
    let log = Query::new(FORM).with("actor", query.get("person"));
    Asked::read(&log.with("from", query.get("from")).with("to", query.get("to")))
}

/// What is read.
struct Found {
    filter: Filter,
    id: Id,
    /// Oldest first.
    rows: Vec<Row>,
    person: Known,
    beside: Beside,
    called: Called,
    head: Option<audit::Head>,
}

fn find(conn: &mut Connection, me: &Actor, asked: &Asked, verbs: &[&str], zone: Tz) -> Result<Found> {
    let (mut filter, mut faults) = asked.filter(conn, verbs, zone)?;
    for fault in faults.iter_mut().filter(|fault| fault.field == "actor") {
        fault.field = "person".into();
    }
    if !filter.actors.is_empty() {
        let names = usernames(conn, &filter.actors, MOST_NAMED)?.join(&me.lang.comma());
        faults.push(FieldError::new("person", "error-custody-namesakes").arg("names", names));
    }
    let person = match filter.actor {
        Some(id) => custody::person(conn, id)?.map(|known| (id, known)),
        None => None,
    };
    let Some((id, person)) = person.filter(|_| faults.is_empty()) else {
        if asked.actor.is_empty() {
            faults.push(FieldError::new("person", "error-required"));
        } else if faults.is_empty() {
            faults.push(FieldError::new("person", "error-audit-actor"));
        }
        return Err(AppError::Invalid(faults));
    };
    filter.verbs = custody::HANDLING;
    let mut rows = custody::all(conn, filter.clone())?;
    lines::bounded(&rows)?;
    rows.reverse();
    Ok(Found {
        beside: lines::beside(conn, &rows, me, me.has(Role::Auditor))?,
        called: objects::called(conn, &rows, LISTED, me.lang)?,
        head: audit::latest_head(conn)?,
        filter,
        id,
        rows,
        person,
    })
}

/// `GET /audit/custody.pdf`, `GET /audit/custody.csv`
pub async fn sheet(
    me: LogReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse> {
    let format = Format::read(path.as_str())?;
    let (query, zone, verbs) = (query_of(&request), services.settings.time_zone, services.verbs.clone());
    let (actor, asked) = (me.actor().clone(), asked_of(&query));
    let question = asked.clone();
    let read = services.db.read_snapshot(move |conn| find(conn, &actor, &question, &verbs, zone));
    let found = match read.await {
        Err(AppError::Invalid(faults)) => {
            let title = i18n::t(me.lang, "custody-person-title");
            let c = session::chrome(&request, &services, &me, &title);
            return invalid(&CustodyPage::new(c, &query, faults));
        }
        found => found?,
    };
    // Back to the form with what was typed: the page that they came from may hold nothing of it.
    let typed = ["person", "from", "to"];
    let next = typed.into_iter().fold(Query::new(FORM), |next, name| next.with(name, query.get(name)));
    proof::ask_before(&services, &me, VERB, &next.href())?.of(VERB)?;
    let entry = asked.entry(VERB, &found.filter).object("person", found.id);
    let entry = entry.fact("format", format.as_str()).fact("rows", found.rows.len());
    audit::record_read(&services.db, me.origin(), entry).await?;
    let lang = me.actor().lang;
    let line = |row: &Row| lines::line(row, &found.beside, about(row, &found.called, lang), lang);
    let lines: Vec<Line> = found.rows.iter().map(line).collect();
    let span = Span { from: found.filter.from, to: found.filter.to };
    let file = CustodyFile {
        title: i18n::t(lang, "custody-person-title"),
        subject: found.person.name.clone(),
        facts: vec![
            (i18n::t(lang, "custody-column-role"), lines::role(Some(&found.person), lang)),
            (i18n::t(lang, "custody-period"), lines::span_text(span, zone, lang)),
        ],
        lines,
        head: found.head,
        says_where: found.beside.sees_where,
        organisation: services.settings.organisation.clone(),
        by: me.signature(),
        at: services.db.now(),
        zone,
        lang,
        synthetic: services.is_demo,
    };
    let bytes = blocking(move || file.bytes(format)).await?;
    let name = format!("custody-person.{}", format.as_str());
    Ok(sheet::download(bytes, format.media_type(), &name))
}

/// What an entry is about, by its numbers: the first few, and how many there are beside them.
fn about(row: &Row, called: &Called, lang: Lang) -> String {
    let name = |(kind, id): (&str, &str)| {
        let called = id.parse().ok().and_then(|id: Id| called.get(&id))?;
        Some(format!("{} {}", audit::object_name(lang, kind), called.whole()))
    };
    let mut said: Vec<String> = row.named().take(LISTED).filter_map(name).collect();
    let hidden = row.named().count().saturating_sub(LISTED) as u64 + row.more_objects();
    if hidden > 0 {
        said.push(i18n::t_with(lang, "audit-unlisted-objects", &[("n", hidden.to_string())]));
    }
    said.join(&lang.comma())
}
