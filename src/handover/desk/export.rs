//! Lists as files, whole however long they are: CSV with a byte-order mark leaves piece by piece while it is read, a
//! workbook is built first. A text that a spreadsheet would take for a formula is quoted.

use actix_web::{HttpResponse, http::header};
use bytes::Bytes;
use rust_xlsxwriter::{Format, Workbook};
use tokio::sync::mpsc;

use crate::platform::{
    db::{Connection, Db, blocking},
    error::{AppError, Result},
    sheet::{CSV, XLSX, fitting, harmless},
};

/// Rows that are read at once.
pub const AT_ONCE: i64 = 500;
/// Rows of a workbook below its head, without the line that says that there are more: the format's limit.
const MOST_ROWS: u32 = 1_048_574;

/// Refuses a format that there is none of, before anything is read or recorded.
///
/// # Errors
/// `NotFound`.
pub fn known(format: &str) -> Result<()> {
    if matches!(format, "csv" | "xlsx") { Ok(()) } else { Err(AppError::NotFound) }
}

/// The next rows as cells; none: the list has ended.
pub type Next = Box<dyn FnMut(&mut Connection) -> Result<Vec<Vec<String>>> + Send>;

/// A list as a file.
pub struct Export {
    pub db: Db,
    /// Of the file, without its ending.
    pub name: &'static str,
    pub head: Vec<String>,
    /// The line that says that a workbook takes no more rows.
    pub cut: String,
    pub next: Next,
}

impl Export {
    /// The file as a download; `format` is `csv` or `xlsx`.
    ///
    /// # Errors
    /// `NotFound` for another format; of a workbook those of the database.
    pub async fn reply(self, format: &str) -> Result<HttpResponse> {
        let disposition = format!("attachment; filename=\"{}.{format}\"", self.name);
        let mut reply = HttpResponse::Ok();
        reply
            .insert_header((header::CONTENT_DISPOSITION, disposition))
            .insert_header((header::CACHE_CONTROL, "no-store"));
        match format {
            "csv" => Ok(reply.content_type(CSV).streaming(self.stream())),
            "xlsx" => {
                let bytes = blocking(move || self.workbook()).await?;
                Ok(reply.content_type(XLSX).body(bytes))
            }
            _ => Err(AppError::NotFound),
        }
    }

    fn stream(mut self) -> impl futures_util::Stream<Item = Result<Bytes>> {
        let (send, receive) = mpsc::channel(4);
        tokio::task::spawn_blocking(move || {
            if let Err(e) = self.send(&send) {
                // The reader sees a broken file, not a shorter one.
                tracing::error!(error = %e, export = self.name, "an export broke off");
                let _ = send.blocking_send(Err(e));
            }
        });
        futures_util::stream::unfold(receive, |mut receive| async move {
            receive.recv().await.map(|piece| (piece, receive))
        })
    }

    /// Sends the file piece by piece, until it ends or nobody listens any more.
    fn send(&mut self, out: &mpsc::Sender<Result<Bytes>>) -> Result<()> {
        let mut piece = "\u{FEFF}".as_bytes().to_vec();
        piece.extend(lines(std::slice::from_ref(&self.head))?);
        while out.blocking_send(Ok(piece.into())).is_ok() {
            let rows = self.db.read_now(|conn| (self.next)(conn))?;
            if rows.is_empty() {
                return Ok(());
            }
            piece = lines(&rows)?;
        }
        Ok(())
    }

    fn workbook(mut self) -> Result<Vec<u8>> {
        let mut book = Workbook::new();
        let bold = Format::new().set_bold();
        let sheet = book.add_worksheet();
        for (x, cell) in (0u16..).zip(&self.head) {
            sheet.write_string_with_format(0, x, cell, &bold).map_err(AppError::internal)?;
        }
        let mut y = 0;
        'file: loop {
            let rows = self.db.read_now(|conn| (self.next)(conn))?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                y += 1;
                if y > MOST_ROWS {
                    sheet.write_string(y, 0, &self.cut).map_err(AppError::internal)?;
                    break 'file;
                }
                for (x, cell) in (0u16..).zip(&row) {
                    sheet.write_string(y, x, fitting(cell)).map_err(AppError::internal)?;
                }
            }
        }
        sheet.set_freeze_panes(1, 0).map_err(AppError::internal)?;
        sheet.autofit();
        book.save_to_buffer().map_err(AppError::internal)
    }
}

fn lines(rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(|e| AppError::internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_stays_a_text() {
        let rows = [vec!["=1+1".to_owned(), "＝1+1".to_owned(), "假货".to_owned()]];
        assert_eq!(String::from_utf8(lines(&rows).unwrap()).unwrap(), "'=1+1,'＝1+1,假货\n");
    }
}
