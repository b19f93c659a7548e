//! The log as a file, with the filter of the list; it leaves while it is read.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use chrono_tz::Tz;
use serde_json::json;

use super::{
    asked::{Asked, OLDEST},
    list_page::{self, Beside, leaf_hash},
    web::beside,
};
use crate::{
    audit::{self, Entry, Filter},
    directory::people::{Actor, LogReader, proof, session, store as people},
    platform::{
        db::Connection,
        error::{AppError, Result},
        export::{AT_ONCE, About, Export, known, streamed},
        http::{
            link::Query,
            selection::{self, MOST, PICK, Picked},
        },
        i18n::{self, Lang},
        keyset::Edge,
        paths,
        services::Services,
        sheet::Cell,
        time,
    },
};

const VERB: &str = "audit.export";
/// Of the files, without their ending.
const NAME: &str = "audit-log";

const COLUMNS: [&str; 11] =
    ["place", "time", "actor", "verb", "title", "outcome", "objects", "facts", "private", "leaf-hash", "id"];

fn cells(row: &audit::Row, beside: &Beside, lang: Lang, zone: Tz) -> Vec<Cell> {
    let join = |pairs: Vec<(String, String)>, between: &str| {
        pairs.into_iter().map(|(a, b)| format!("{a}{between}{b}")).collect::<Vec<_>>().join("; ")
    };
    let name = row.actor_id.and_then(|id| beside.names.get(&id).cloned());
    let cells = [
        row.place.map_or_else(String::new, |n| n.to_string()),
        time::format_exact(row.at, zone),
        name.unwrap_or_else(|| audit::actor_name(lang, &row.actor_name)),
        row.verb.clone(),
        row.title(lang),
        i18n::t(lang, &format!("audit-outcome-{}", row.outcome)),
        objects_of(row, lang, join(row.objects(), ":")),
        join(row.facts(), "="),
        beside.private.get(&row.id).cloned().unwrap_or_default(),
        leaf_hash(row),
        row.id.to_string(),
    ];
    cells.into_iter().map(Cell::from).collect()
}

/// The objects that a leaf names, and how many more there are.
fn objects_of(row: &audit::Row, lang: Lang, named: String) -> String {
    match row.more_objects() {
        0 => named,
        n => format!("{named}; {}", i18n::t_with(lang, "audit-more-objects", &[("n", n.to_string())])),
    }
}

/// One JSON object a line: the leaf itself, its place, its hash, and the personal part where it may be seen.
fn json_row(row: &audit::Row, beside: &Beside) -> Result<Vec<u8>> {
    let private: Option<serde_json::Value> =
        beside.private.get(&row.id).and_then(|body| serde_json::from_str(body).ok());
    let line =
        json!({ "place": row.place, "leaf_hash": leaf_hash(row), "leaf": row.leaf, "private": private });
    let mut bytes = serde_json::to_vec(&line)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// What is asked of the log, read part by part.
struct Parts {
    me: Actor,
    filter: Filter,
    ended: bool,
}

impl Parts {
    /// The next entries, each as `line` writes it; none: the file has ended.
    fn next<T>(
        &mut self,
        conn: &mut Connection,
        line: impl Fn(&audit::Row, &Beside) -> Result<T>,
    ) -> Result<Vec<T>> {
        if self.ended {
            return Ok(Vec::new());
        }
        let rows = audit::page(conn, &self.filter, AT_ONCE)?;
        self.ended = rows.len() < AT_ONCE as usize;
        let Some(last) = rows.last() else { return Ok(Vec::new()) };
        self.filter.edge = Edge::After(last.id);
        let beside = beside(conn, &self.me, &rows, 0)?;
        rows.iter().map(|row| line(row, &beside)).collect()
    }
}

/// What the filter finds as a table.
fn file(services: &Services, me: &Actor, filter: Filter, about: About) -> Export {
    let (lang, zone) = (me.lang, services.settings.time_zone);
    let head = COLUMNS.iter().map(|name| i18n::t(lang, &format!("audit-column-{name}")));
    let mut parts = Parts { me: me.clone(), filter, ended: false };
    let next =
        move |conn: &mut Connection| parts.next(conn, |row, beside| Ok(cells(row, beside, lang, zone)));
    Export::new(services, NAME, head, about, Box::new(next))
}

/// `GET /audit/export.csv`, `GET /audit/export.xlsx`, `GET /audit/export.jsonl`
pub async fn export(
    me: LogReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse> {
    let format = path.into_inner();
    let is_table = match format.as_str() {
        "csv" | "xlsx" => true,
        "jsonl" => false,
        _ => return Err(AppError::NotFound),
    };
    let address = request.uri().path_and_query().map_or(paths::AUDIT, |p| p.as_str());
    let query = Query::new(address);
    let asked = Asked::read(&query);
    let (db, zone, verbs) = (services.db.clone(), services.settings.time_zone, services.verbs.clone());
    let question = asked.clone();
    let read = db.read(move |conn| {
        let (filter, faults) = question.filter(conn, &verbs, zone)?;
        let named = people::names(conn, filter.actor)?.into_values().next();
        Ok((filter, faults, named.unwrap_or_default()))
    });
    let (filter, faults, named) = read.await?;
    // A file must not hold more than was asked for.
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    proof::ask_first(&request, &services, &me, VERB, paths::AUDIT)?.of(VERB)?;
    let entry = asked.entry(VERB, &filter).fact("format", format.as_str());
    audit::record_read(&db, me.origin(), entry).await?;
    if is_table {
        let c = session::chrome(&request, &services, &me, "");
        let active = list_page::active(&c, &query, &asked, &services.verbs, &named);
        let order = list_page::sorted_by(&c, filter.oldest_first);
        let about = About::new(&c.t("nav-audit"), &active, &order, &session::maker(&services, &me));
        return file(&services, &me, filter, about).reply(&format).await;
    }
    let mut parts = Parts { me: me.actor().clone(), filter, ended: false };
    let body = streamed(NAME, move |out| {
        loop {
            let lines = db.read_now(|conn| parts.next(conn, json_row))?;
            if lines.is_empty() || out.blocking_send(Ok(lines.concat().into())).is_err() {
                return Ok(());
            }
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("application/jsonl; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{NAME}.jsonl\"")))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(body))
}

/// `GET /audit/selected/export.csv`, `GET /audit/selected/export.xlsx`: the entries that are ticked, whatever the list is
/// narrowed to, and no others. The file says that it is a choice: it must not pass for all that there is.
pub async fn selected(
    me: LogReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse> {
    let format = path.into_inner();
    known(&format)?;
    let list = selection::filters(paths::AUDIT, request.query_string());
    let picked = Picked::of_list(&Query::new(&format!("{}?{}", paths::AUDIT, request.query_string())));
    // With none the file would be of nothing, or of everything.
    if picked.is_empty() {
        return Err(AppError::field(PICK, "bulk-none"));
    }
    // Back to the list with what is ticked: the page that they came from may hold nothing of it.
    proof::ask_before(&services, &me, VERB, &picked.on(&list).href())?.of(VERB)?;
    let oldest_first = list.get("sort") == OLDEST;
    let filter = Filter { ids: picked.ids().to_vec(), oldest_first, ..Filter::default() };
    let wanted = filter.clone();
    // An address may name what there is none of.
    let there = services.db.read(move |conn| audit::page(conn, &wanted, MOST as i64)).await?;
    let entry = Entry::new(VERB).fact("format", format.as_str()).fact("page", "selected");
    let entry = entry.fact("rows", there.len()).objects("audit", there.iter().map(|row| row.id));
    audit::record_read(&services.db, me.origin(), entry).await?;
    let c = session::chrome(&request, &services, &me, "");
    let order = list_page::sorted_by(&c, oldest_first);
    let chosen = [picked.about(c.language)];
    let about = About::new(&c.t("nav-audit"), &chosen, &order, &session::maker(&services, &me));
    file(&services, &me, filter, about).reply(&format).await
}
