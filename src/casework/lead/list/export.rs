//! The list as a file, with its filters and order. CSV leaves row by row while it is read; a workbook is built first.

use actix_web::{
    HttpResponse,
    http::header::{self, ContentDisposition, DispositionParam, DispositionType},
};
use bytes::Bytes;
use rust_xlsxwriter::{Format, Workbook};

use super::{
    super::{model::Lead, region},
    model::Asked,
    pages::Beside,
    store,
    web::beside,
};
use crate::{
    directory::reference::charges,
    platform::{
        db::{Connection, blocking},
        error::{AppError, Result},
        i18n::{self, Lang},
        services::Services,
        sheet::{fitting, harmless},
        time::{self, Tz},
    },
};

/// Rows that are read at once.
const AT_ONCE: usize = 500;
/// Rows of a workbook, below its head: the format's limit.
const MOST_ROWS: usize = 1_048_575;
/// The byte-order mark, by which spreadsheets know that a file is UTF-8.
const MARK: &[u8] = "\u{FEFF}".as_bytes();

/// Message keys of the columns.
const COLUMNS: [&str; 16] = [
    "number",
    "title",
    "state",
    "region",
    "lead-list-region-code",
    "lead-field-charges",
    "lead-field-brands",
    "lead-field-occurred-from",
    "lead-field-occurred-to",
    "lead-list-value",
    "lead-field-estimated-value-qualifier",
    "lead-field-estimated-value-basis",
    "lead-field-source",
    "lead-list-owner",
    "created",
    "synthetic",
];
/// The column of the amount, in yuan.
const VALUE: usize = 9;

fn heads(lang: Lang) -> Vec<String> {
    COLUMNS.iter().map(|key| i18n::t(lang, key)).collect()
}

fn cells(lead: &Lead, beside: &Beside, lang: Lang, zone: Tz) -> Vec<String> {
    let at = lead.facts_date();
    let day = |day: Option<chrono::NaiveDate>| day.map_or_else(String::new, |d| d.to_string());
    let codes = beside.charges.get(&lead.id).map_or(&[][..], Vec::as_slice);
    let names: Vec<&str> = codes.iter().map(|code| charges().name(code, at, lang)).collect();
    let brands = beside.brands.get(&lead.id).map_or(&[][..], Vec::as_slice);
    let worker = lead.assignee_id.unwrap_or(lead.owner_id);
    vec![
        lead.number.clone(),
        lead.title.clone(),
        i18n::t(lang, &format!("lead-state-{}", lead.state)),
        region::path(&lead.region_code, at, lang),
        lead.region_code.clone(),
        names.join("; "),
        brands.join("; "),
        day(lead.occurred_from),
        day(lead.occurred_to),
        lead.value.map_or_else(String::new, |v| v.fen.to_string()),
        lead.value.map_or_else(String::new, |v| i18n::t(lang, v.qualifier.key())),
        lead.value.map_or_else(String::new, |v| i18n::t(lang, v.basis.key())),
        i18n::t(lang, &format!("lead-source-{}", lead.source_kind)),
        beside.names.get(&worker).cloned().unwrap_or_default(),
        time::day_of(lead.created_at, zone).to_string(),
        i18n::t(lang, if lead.synthetic { "yes" } else { "no" }),
    ]
}

fn csv_line(cells: &[String]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    writer.write_record(cells.iter().map(|cell| harmless(cell))).map_err(AppError::internal)?;
    writer.into_inner().map_err(|e| AppError::internal(e.to_string()))
}

type Edge = Option<(i64, i64)>;

/// The next rows as cells, and where to go on; `None` after the last.
fn next(
    conn: &mut Connection,
    asked: &Asked,
    edge: Edge,
    lang: Lang,
    zone: Tz,
) -> Result<(Vec<Vec<String>>, Option<Edge>)> {
    let leads = store::next_rows(conn, asked, zone, edge, AT_ONCE)?;
    let beside = beside(conn, &leads)?;
    let rows = leads.iter().map(|lead| cells(lead, &beside, lang, zone)).collect();
    let more = leads.last().filter(|_| leads.len() == AT_ONCE).map(|lead| Some(asked.sort.by.of(lead)));
    Ok((rows, more))
}

fn attachment(name: &str) -> ContentDisposition {
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(name.to_owned())],
    }
}

/// Streams the rows as CSV.
pub fn csv(services: Services, asked: Asked, lang: Lang) -> HttpResponse {
    let zone = services.settings.time_zone;
    let start: Option<(bool, Edge)> = Some((true, None));
    let rows = futures_util::stream::unfold(start, move |at| {
        let (services, asked) = (services.clone(), asked.clone());
        async move {
            let (first, edge) = at?;
            let read = services.db.read(move |conn| next(conn, &asked, edge, lang, zone)).await;
            let part = read.and_then(|(rows, more)| {
                let mut part = Vec::new();
                if first {
                    part.extend_from_slice(MARK);
                    part.extend(csv_line(&heads(lang))?);
                }
                for row in rows {
                    part.extend(csv_line(&row)?);
                }
                Ok((Bytes::from(part), more))
            });
            match part {
                Ok((part, more)) => Some((Ok(part), more.map(|edge| (false, edge)))),
                // The reply breaks off: a file that lacks rows must not look whole.
                Err(e) => Some((Err(e), None)),
            }
        }
    });
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(attachment("leads.csv"))
        .streaming(rows)
}

fn workbook(services: &Services, asked: &Asked, lang: Lang) -> Result<Vec<u8>> {
    let zone = services.settings.time_zone;
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let money = Format::new().set_num_format("#,##0.00");
    let sheet = book.add_worksheet();
    sheet.set_freeze_panes(1, 0).map_err(AppError::internal)?;
    for (column, head) in (0u16..).zip(heads(lang)) {
        sheet.write_string_with_format(0, column, head, &bold).map_err(AppError::internal)?;
    }
    let (mut line, mut at) = (1u32, Some(None));
    while let Some(edge) = at {
        let (rows, more) = services.db.read_now(|conn| next(conn, asked, edge, lang, zone))?;
        for row in rows {
            for (column, cell) in (0u16..).zip(&row) {
                let number = cell.parse::<f64>().ok().filter(|_| usize::from(column) == VALUE);
                match number {
                    Some(number) => sheet.write_number_with_format(line, column, number, &money),
                    None if cell.is_empty() => continue,
                    None => sheet.write_string(line, column, fitting(cell)),
                }
                .map_err(AppError::internal)?;
            }
            line += 1;
        }
        at = more.filter(|_| (line as usize) + AT_ONCE <= MOST_ROWS);
    }
    book.save_to_buffer().map_err(AppError::internal)
}

/// The rows as a workbook.
///
/// # Errors
/// Those of the database.
pub async fn xlsx(services: Services, asked: Asked, lang: Lang) -> Result<HttpResponse> {
    let bytes = blocking(move || workbook(&services, &asked, lang)).await?;
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(attachment("leads.xlsx"))
        .body(bytes))
}
