//! Lists as files, whole however long they are: CSV with a byte-order mark leaves piece by piece while it is read, a
//! workbook is built first, in temporary files, and says at its end where the format takes no more. Numbers are numbers,
//! and a text that a spreadsheet would take for a formula is quoted.

use std::{
    fs::File,
    io::{Seek, SeekFrom},
    path::{Path, PathBuf},
};

use actix_web::{HttpResponse, http::header};
use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::io::ReaderStream;

use super::{
    db::{Connection, Db, blocking},
    error::{AppError, Result},
    sheet::{self, CSV, Cell, Looks, XLSX},
};

/// Rows that are read at once.
pub const AT_ONCE: i64 = 500;
/// Rows of a workbook below its head, without the line that says that there are more: the format's limit.
const MOST_ROWS: u32 = 1_048_574;
/// Bytes of a workbook that leave at once.
const PIECE: usize = 64 * 1024;

/// Refuses a format that there is none of, before anything is read or recorded.
///
/// # Errors
/// `NotFound`.
pub fn known(format: &str) -> Result<()> {
    if matches!(format, "csv" | "xlsx") { Ok(()) } else { Err(AppError::NotFound) }
}

/// The next rows as cells; none: the list has ended.
pub type Next = Box<dyn FnMut(&mut Connection) -> Result<Vec<Vec<Cell>>> + Send>;

/// What `fill` sends, piece by piece, as the body of a reply; `name` tells in the program's log what broke off.
pub fn streamed(
    name: &'static str,
    fill: impl FnOnce(&mpsc::Sender<Result<Bytes>>) -> Result<()> + Send + 'static,
) -> impl futures_util::Stream<Item = Result<Bytes>> + 'static {
    let (send, receive) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        if let Err(e) = fill(&send) {
            // The reader sees a broken file, not a shorter one.
            tracing::error!(error = %e, export = name, "an export broke off");
            let _ = send.blocking_send(Err(e));
        }
    });
    futures_util::stream::unfold(receive, |mut receive| async move {
        receive.recv().await.map(|piece| (piece, receive))
    })
}

/// A list as a file.
pub struct Export {
    pub db: Db,
    /// The data folder: a workbook is built there, in files without a name. It holds case material for as long as that
    /// takes, and longer where the program is stopped meanwhile, so it stands where case material stands anyway.
    pub folder: PathBuf,
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
    /// `NotFound` for another format; of a workbook those of the database and of temporary files (`Full`: no room).
    pub async fn reply(self, format: &str) -> Result<HttpResponse> {
        let disposition = format!("attachment; filename=\"{}.{format}\"", self.name);
        let mut reply = HttpResponse::Ok();
        reply
            .insert_header((header::CONTENT_DISPOSITION, disposition))
            .insert_header((header::CACHE_CONTROL, "no-store"));
        match format {
            "csv" => {
                let mut file = self;
                Ok(reply.content_type(CSV).streaming(streamed(file.name, move |out| file.send(out))))
            }
            "xlsx" => {
                let file = tokio::fs::File::from_std(blocking(move || self.workbook()).await?);
                Ok(reply.content_type(XLSX).streaming(ReaderStream::with_capacity(file, PIECE)))
            }
            _ => Err(AppError::NotFound),
        }
    }

    /// Sends the file piece by piece, until it ends or nobody listens any more.
    fn send(&mut self, out: &mpsc::Sender<Result<Bytes>>) -> Result<()> {
        let mut piece = "\u{FEFF}".as_bytes().to_vec();
        let head: Vec<Cell> = self.head.iter().map(|name| name.as_str().into()).collect();
        piece.extend(lines(&[head])?);
        while out.blocking_send(Ok(piece.into())).is_ok() {
            let rows = self.db.read_now(|conn| (self.next)(conn))?;
            if rows.is_empty() {
                return Ok(());
            }
            piece = lines(&rows)?;
        }
        Ok(())
    }

    fn workbook(self) -> Result<File> {
        let Self { db, folder, head, cut, mut next, .. } = self;
        sheet::caught(|| workbook(&folder, &head, &cut, MOST_ROWS, || db.read_now(|conn| next(conn))))
    }
}

/// How wide a column is, in characters: nobody knows what is still to come when its first cell has left the memory.
fn width(name: &str) -> f64 {
    2.0 * name.chars().count().clamp(8, 20) as f64
}

/// A workbook of all rows, which come part by part until a part is empty; where there are more than `most`, it ends in
/// the line `cut`. Only one row at a time is in memory; the files are in `folder` and go with their last reader.
fn workbook(
    folder: &Path,
    head: &[String],
    cut: &str,
    most: u32,
    mut part: impl FnMut() -> Result<Vec<Vec<Cell>>>,
) -> Result<File> {
    let (mut book, looks) = (sheet::workbook()?, Looks::default());
    book.set_tempdir(folder).map_err(sheet::broken)?;
    let page = book.add_worksheet_with_constant_memory();
    for (x, name) in (0u16..).zip(head) {
        page.set_column_width(x, width(name)).map_err(AppError::internal)?;
    }
    sheet::put_head(page, head, &looks)?;
    let mut y = 0;
    'file: loop {
        let rows = part()?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            y += 1;
            if y > most {
                sheet::put(page, (y, 0), &Cell::from(cut), &looks)?;
                break 'file;
            }
            for (x, cell) in (0u16..).zip(&row) {
                sheet::put(page, (y, x), cell, &looks)?;
            }
        }
    }
    let mut file = tempfile::tempfile_in(folder)?;
    book.save_to_writer(&mut file).map_err(sheet::broken)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

fn lines(rows: &[Vec<Cell>]) -> Result<Vec<u8>> {
    let mut writer = sheet::csv_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(sheet::plain)).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(|e| AppError::internal(e.to_string()))
}

#[cfg(test)]
mod tests {
    use calamine::{Data, Reader, Xlsx};

    use super::*;

    #[test]
    fn a_formula_stays_a_text() {
        let rows = [vec!["=1+1".into(), "＝1+1".into(), "假货".into(), Cell::Empty, Cell::Fen(-1_250)]];
        assert_eq!(String::from_utf8(lines(&rows).unwrap()).unwrap(), "'=1+1,'＝1+1,假货,,-12.50\r\n");
    }

    /// The cells of a workbook of `most` rows that is given three, two at a time.
    fn first_column(most: u32) -> Vec<Data> {
        let mut left: Vec<Vec<Cell>> = (1..=3).map(|n| vec![Cell::Count(n)]).collect();
        let part = || -> Result<Vec<Vec<Cell>>> { Ok(left.drain(..left.len().min(2)).collect()) };
        let folder = tempfile::tempdir().expect("a folder");
        let file = workbook(folder.path(), &["数".to_owned()], "还有更多", most, part).expect("a workbook");
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(std::io::BufReader::new(file)).expect("XLSX");
        let range = book.worksheet_range_at(0).expect("a sheet").expect("its cells");
        range.rows().map(|row| row[0].clone()).collect()
    }

    #[test]
    fn a_workbook_that_takes_no_more_says_so_and_one_that_is_whole_does_not() {
        let text = |text: &str| Data::String(text.to_owned());
        let whole = [text("数"), Data::Float(1.0), Data::Float(2.0), Data::Float(3.0)];
        assert_eq!(first_column(3), whole);
        assert_eq!(first_column(2), [&whole[..3], &[text("还有更多")]].concat());
    }

    #[test]
    fn a_workbook_is_built_in_its_own_folder_and_leaves_nothing_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let head = ["数".to_owned()];
        assert!(workbook(&folder.path().join("missing"), &head, "", 3, || Ok(Vec::new())).is_err());
        let file = workbook(folder.path(), &head, "", 3, || Ok(Vec::new())).expect("a workbook");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a list").count(), 0);
        assert!(file.metadata().expect("of a file").len() > 0);
    }
}
