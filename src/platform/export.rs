//! Lists as files, whole however long they are: CSV with a byte-order mark leaves piece by piece while it is read, a
//! workbook is built first, in temporary files, and says at its end where the format takes no more. Numbers are numbers,
//! and a text that a spreadsheet would take for a formula is quoted.

use std::{
    fs::File,
    io::{Seek, SeekFrom},
    path::{Path, PathBuf},
};

use actix_web::{
    HttpResponse,
    http::header::{self, ContentDisposition},
};
use bytes::Bytes;
use tokio::sync::mpsc;
use tokio_util::io::ReaderStream;

use rust_xlsxwriter::Workbook;

use super::{
    db::{Connection, Db, Id, Instant, blocking},
    error::{AppError, Result},
    http::{bytes::download_as, view::ActiveFilter},
    i18n::{self, Lang},
    services::Services,
    sheet::{self, CSV, Cell, Looks, XLSX},
    time::{self, Tz},
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

/// The lines of a list that is read page by page: `read` gives at most [`AT_ONCE`] rows behind the last one so far (`None`:
/// the first ones), and fewer only where there are no more.
pub fn by_pages<T: Send + 'static>(
    mut read: impl FnMut(&mut Connection, Option<&T>) -> Result<Vec<T>> + Send + 'static,
    mut cells: impl FnMut(&mut Connection, &[T]) -> Result<Vec<Vec<Cell>>> + Send + 'static,
) -> Next {
    let (mut last, mut ended): (Option<T>, bool) = (None, false);
    Box::new(move |conn: &mut Connection| {
        if ended {
            return Ok(Vec::new());
        }
        let mut rows = read(conn, last.as_ref())?;
        ended = rows.len() < AT_ONCE as usize;
        let lines = cells(conn, &rows)?;
        last = rows.pop();
        Ok(lines)
    })
}

/// The lines of rows that are known by their ids, in this order: at most [`AT_ONCE`] ids are asked for at once.
pub fn by_ids(
    ids: Vec<Id>,
    mut cells: impl FnMut(&mut Connection, &[Id]) -> Result<Vec<Vec<Cell>>> + Send + 'static,
) -> Next {
    let mut left = ids.into_iter();
    Box::new(move |conn: &mut Connection| {
        loop {
            let ids: Vec<Id> = left.by_ref().take(AT_ONCE as usize).collect();
            let lines = if ids.is_empty() { Vec::new() } else { cells(conn, &ids)? };
            // Rows that went meanwhile are no end of the file.
            if ids.is_empty() || !lines.is_empty() {
                return Ok(lines);
            }
        }
    })
}

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

/// What a file says of itself, for whoever finds it later: which list it is, what of it was asked for, when and by whom
/// it was made. It stands below the rows of a CSV file, behind an empty line, and on a sheet of its own in a workbook.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The head of it: at most 31 characters, as it is the name of a sheet too.
    title: String,
    /// What the list is called.
    list: String,
    /// Names with values.
    lines: Vec<(String, String)>,
    /// The name of the line that says how many rows there are.
    rows: String,
    /// The line that says that a workbook takes no more rows.
    cut: String,
}

/// Who makes a file, and when.
#[derive(Clone, Debug)]
pub struct Maker {
    pub lang: Lang,
    /// The person's name, as the file bears it.
    pub person: String,
    pub at: Instant,
    pub zone: Tz,
}

impl About {
    /// `list`: what the list is called; `active`: the filters that are in force, in words; `order`: what it is sorted by,
    /// in words, or nothing.
    pub fn new(list: &str, active: &[ActiveFilter], order: &str, by: &Maker) -> Self {
        let t = |key: &str| i18n::t(by.lang, key);
        let filters: Vec<String> =
            active.iter().map(|one| format!("{}{}{}", one.name, t("colon"), one.value)).collect();
        let filters = if filters.is_empty() { t("export-no-filter") } else { filters.join(&t("export-and")) };
        let mut lines = vec![(t("export-list"), list.to_owned()), (t("export-filter"), filters)];
        if !order.is_empty() {
            lines.push((t("export-order"), order.to_owned()));
        }
        lines
            .push((t("export-time"), format!("{} ({})", time::format_exact(by.at, by.zone), by.zone.name())));
        lines.push((t("export-person"), by.person.clone()));
        Self {
            title: t("export-about"),
            list: list.to_owned(),
            lines,
            rows: t("export-rows"),
            cut: t("export-cut"),
        }
    }

    /// The same with a line more.
    #[must_use]
    pub fn and(mut self, name: String, value: String) -> Self {
        self.lines.push((name, value));
        self
    }

    /// What file and sheet are called: the list's name, without what it is a list of.
    fn called(&self) -> &str {
        self.list.split(" · ").next().unwrap_or_default()
    }

    /// What a download of this list is called: `name` where only ASCII is read, else as the list is.
    pub fn download(&self, name: &str, format: &str) -> ContentDisposition {
        let ascii = format!("{name}.{format}");
        let called = match self.called() {
            "" => ascii.clone(),
            list => format!("{list}.{format}"),
        };
        download_as(&called, ascii)
    }

    /// What stands below the rows of a CSV file, behind an empty line.
    ///
    /// # Errors
    /// `Internal` when writing to memory fails.
    pub fn below(&self, rows: u64) -> Result<Vec<u8>> {
        let mut end = b"\r\n".to_vec();
        end.extend(lines(&self.cells(rows))?);
        Ok(end)
    }

    /// Whether what is written in a first cell is the head of this, in either language.
    pub fn is_head(cell: &str) -> bool {
        Lang::ALL.into_iter().any(|lang| i18n::t(lang, "export-about") == cell)
    }

    /// As rows of two cells, with how many rows the file has.
    fn cells(&self, rows: u64) -> Vec<Vec<Cell>> {
        let line = |(name, value): &(String, String)| vec![name.as_str().into(), value.as_str().into()];
        let mut cells: Vec<Vec<Cell>> = vec![vec![self.title.as_str().into()]];
        cells.extend(self.lines.iter().map(line));
        cells.push(vec![self.rows.as_str().into(), Cell::Count(i64::try_from(rows).unwrap_or(i64::MAX))]);
        cells
    }
}

/// A list as a file.
pub struct Export {
    db: Db,
    /// The data folder: a workbook is built there, in files without a name. It holds case material for as long as that
    /// takes, and longer where the program is stopped meanwhile, so it stands where case material stands anyway.
    folder: PathBuf,
    name: &'static str,
    head: Vec<String>,
    about: About,
    next: Next,
}

impl Export {
    /// `name`: of the file, without its ending; `head`: the names of the columns.
    pub fn new(
        services: &Services,
        name: &'static str,
        head: impl IntoIterator<Item = String>,
        about: About,
        next: Next,
    ) -> Self {
        let (db, folder) = (services.db.clone(), services.settings.data.clone());
        Self { db, folder, name, head: head.into_iter().collect(), about, next }
    }

    /// The file as a download; `format` is `csv` or `xlsx`.
    ///
    /// # Errors
    /// `NotFound` for another format; of a workbook those of the database and of temporary files (`Full`: no room).
    pub async fn reply(self, format: &str) -> Result<HttpResponse> {
        let mut reply = HttpResponse::Ok();
        reply
            .insert_header(self.about.download(self.name, format))
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
        let mut count = 0_u64;
        while out.blocking_send(Ok(piece.into())).is_ok() {
            let rows = self.db.read_now(|conn| (self.next)(conn))?;
            if rows.is_empty() {
                // Only a file that came to its end says what it is.
                let _ = out.blocking_send(Ok(self.about.below(count)?.into()));
                return Ok(());
            }
            count += rows.len() as u64;
            piece = lines(&rows)?;
        }
        Ok(())
    }

    fn workbook(self) -> Result<File> {
        let Self { db, folder, head, about, mut next, .. } = self;
        let words = Words { head: &head, cut: &about.cut, about: &about };
        let rows = || db.read_now(|conn| next(conn));
        // A file is the same whoever fetches it.
        time::for_nobody(|| sheet::caught(|| workbook(&folder, words, MOST_ROWS, rows)))
    }
}

/// How wide a column is, in characters: nobody knows what is still to come when its first cell has left the memory.
fn width(name: &str) -> f64 {
    2.0 * name.chars().count().clamp(8, 20) as f64
}

/// What a workbook says beside its rows.
#[derive(Clone, Copy)]
struct Words<'a> {
    head: &'a [String],
    cut: &'a str,
    about: &'a About,
}

/// A workbook of all rows, which come part by part until a part is empty; where there are more than `most`, it ends in
/// the line `cut`. Only one row at a time is in memory; the files are in `folder` and go with their last reader.
fn workbook(
    folder: &Path,
    Words { head, cut, about }: Words<'_>,
    most: u32,
    mut part: impl FnMut() -> Result<Vec<Vec<Cell>>>,
) -> Result<File> {
    let (mut book, looks) = (sheet::workbook()?, Looks::default());
    book.set_tempdir(folder).map_err(sheet::broken)?;
    let page = book.add_worksheet_with_constant_memory();
    if !about.called().is_empty() {
        page.set_name(sheet::name_of(about.called())).map_err(AppError::internal)?;
    }
    for (x, name) in (0u16..).zip(head) {
        page.set_column_width(x, width(name)).map_err(AppError::internal)?;
    }
    sheet::put_head(page, head, &looks)?;
    let mut y = 0_u32;
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
    describe(&mut book, about, u64::from(y.min(most)), &looks)?;
    let mut file = tempfile::tempfile_in(folder)?;
    book.save_to_writer(&mut file).map_err(sheet::broken)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

/// Adds the sheet that says what the file is.
fn describe(book: &mut Workbook, about: &About, rows: u64, looks: &Looks) -> Result<()> {
    if about.title.is_empty() {
        return Ok(());
    }
    let page = book.add_worksheet();
    page.set_name(&about.title).map_err(AppError::internal)?;
    for (x, width) in [(0u16, 20.0), (1, 80.0)] {
        page.set_column_width(x, width).map_err(AppError::internal)?;
    }
    for (y, row) in (0u32..).zip(about.cells(rows)) {
        for (x, cell) in (0u16..).zip(&row) {
            sheet::put(page, (y, x), cell, looks)?;
        }
    }
    Ok(())
}

fn lines(rows: &[Vec<Cell>]) -> Result<Vec<u8>> {
    let mut writer = sheet::csv_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(sheet::plain)).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(|e| AppError::internal(e.to_string()))
}

#[cfg(test)]
mod tests;
