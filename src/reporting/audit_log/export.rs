//! The log as a file, with the filter of the list; it leaves while it is read.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bytes::Bytes;
use chrono_tz::Tz;
use serde_json::json;
use tokio::sync::mpsc;

use super::{asked::Asked, list_page::Beside, list_page::leaf_hash, web::beside};
use crate::{
    audit::{self, Filter},
    directory::people::{Actor, LogReader},
    platform::{
        db::Db,
        error::{AppError, Result},
        http::link::Query,
        i18n::{self, Lang},
        keyset::Edge,
        paths,
        services::Services,
        sheet::harmless,
        time,
    },
};

/// Entries that are read at once.
const AT_ONCE: i64 = 500;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    JsonLines,
}

fn csv_line(cells: &[String]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells.iter().map(|cell| harmless(cell))).map_err(AppError::internal)?;
    writer.into_inner().map_err(|e| AppError::internal(e.to_string()))
}

fn csv_head(lang: Lang) -> Result<Vec<u8>> {
    let columns = [
        "place",
        "time",
        "actor",
        "verb",
        "title",
        "outcome",
        "objects",
        "facts",
        "private",
        "leaf-hash",
        "id",
    ];
    let heads: Vec<String> =
        columns.iter().map(|name| i18n::t(lang, &format!("audit-column-{name}"))).collect();
    let mut bytes = "\u{FEFF}".as_bytes().to_vec();
    bytes.extend(csv_line(&heads)?);
    Ok(bytes)
}

fn csv_row(row: &audit::Row, beside: &Beside, lang: Lang, zone: Tz) -> Result<Vec<u8>> {
    let join = |pairs: Vec<(String, String)>, between: &str| {
        pairs.into_iter().map(|(a, b)| format!("{a}{between}{b}")).collect::<Vec<_>>().join("; ")
    };
    let name = row.actor_id.and_then(|id| beside.names.get(&id).cloned());
    csv_line(&[
        row.place.map_or_else(String::new, |n| n.to_string()),
        time::format_exact(row.at, zone),
        name.unwrap_or_else(|| row.actor_name.clone()),
        row.verb.clone(),
        audit::verb_title(lang, &row.verb),
        i18n::t(lang, &format!("audit-outcome-{}", row.outcome)),
        objects_of(row, lang, join(row.objects(), ":")),
        join(row.facts(), "="),
        beside.private.get(&row.id).cloned().unwrap_or_default(),
        leaf_hash(row),
        row.id.to_string(),
    ])
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

/// What is asked of the export.
struct Export {
    db: Db,
    me: Actor,
    filter: Filter,
    format: Format,
    zone: Tz,
}

impl Export {
    fn part(&self, rows: &[audit::Row], beside: &Beside) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        for row in rows {
            bytes.extend(match self.format {
                Format::Csv => csv_row(row, beside, self.me.lang, self.zone)?,
                Format::JsonLines => json_row(row, beside)?,
            });
        }
        Ok(bytes)
    }

    /// Sends the file piece by piece, until it ends or nobody listens any more.
    fn run(mut self, out: &mpsc::Sender<Result<Bytes>>) -> Result<()> {
        if self.format == Format::Csv && out.blocking_send(Ok(csv_head(self.me.lang)?.into())).is_err() {
            return Ok(());
        }
        loop {
            let (rows, beside) = self.db.read_now(|conn| {
                let rows = audit::page(conn, &self.filter, AT_ONCE)?;
                let beside = beside(conn, &self.me, &rows, 0)?;
                Ok((rows, beside))
            })?;
            let Some(last) = rows.last() else { return Ok(()) };
            let is_end = rows.len() < AT_ONCE as usize;
            self.filter.edge = Edge::After(last.id);
            if out.blocking_send(Ok(self.part(&rows, &beside)?.into())).is_err() || is_end {
                return Ok(());
            }
        }
    }
}

/// `GET /audit/export.csv`, `GET /audit/export.jsonl`
pub async fn export(
    me: LogReader,
    services: web::Data<Services>,
    request: HttpRequest,
    path: web::Path<String>,
) -> Result<HttpResponse> {
    let (format, media) = match path.as_str() {
        "csv" => (Format::Csv, "text/csv; charset=utf-8"),
        "jsonl" => (Format::JsonLines, "application/jsonl; charset=utf-8"),
        _ => return Err(AppError::NotFound),
    };
    let address = request.uri().path_and_query().map_or(paths::AUDIT, |p| p.as_str());
    let asked = Asked::read(&Query::new(address));
    let (zone, verbs) = (services.settings.time_zone, services.verbs.clone());
    let word = path.into_inner();
    let name = format!("attachment; filename=\"audit-log.{word}\"");
    let question = asked.clone();
    let (filter, faults) = services.db.read(move |conn| question.filter(conn, &verbs, zone)).await?;
    // A file must not hold more than was asked for.
    if !faults.is_empty() {
        return Err(AppError::Invalid(faults));
    }
    let entry = asked.entry("audit.export", &filter).fact("format", word);
    audit::record_read(&services.db, me.origin(), entry).await?;
    let export = Export { db: services.db.clone(), me: me.actor().clone(), filter, format, zone };
    let (send, receive) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        if let Err(e) = export.run(&send) {
            // The reader sees a broken file, not a shorter one.
            tracing::error!(error = %e, "audit export");
            let _ = send.blocking_send(Err(e));
        }
    });
    let body = futures_util::stream::unfold(receive, |mut receive| async move {
        receive.recv().await.map(|piece| (piece, receive))
    });
    Ok(HttpResponse::Ok()
        .content_type(media)
        .insert_header((header::CONTENT_DISPOSITION, name))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .streaming(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_stays_a_text() {
        assert_eq!(csv_line(&["=1+1".into(), "a,b".into()]).unwrap(), b"'=1+1,\"a,b\"\r\n");
    }
}
