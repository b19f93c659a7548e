//! From the file of an item to one that lacks what was redacted; and what of it is shown to choose from.

use std::{
    io::Read,
    panic::{AssertUnwindSafe, catch_unwind},
};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::{
    model::{Material, Order, Separator, Which},
    paint, table, text,
};
use crate::{
    casework::evidence::store::{Blob, Item},
    platform::{
        db::blocking,
        error::{AppError, Result},
        services::Services,
        vault::{Vault, VaultError},
    },
};

/// What stands in the way of a file that can't be read.
pub const UNREADABLE: &str = "conflict-redaction-unreadable";
/// As [`UNREADABLE`], of one that is too large.
pub const LARGE: &str = "conflict-redaction-large";

/// As [`UNREADABLE`], of one that takes too much memory or time.
pub const HEAVY: &str = "conflict-redaction-heavy";

/// So much of a text is shown, in characters.
const MOST_SHOWN: usize = 60_000;

/// Files are opened two at a time: each may take hundreds of megabytes while it is worked on.
static TURNS: Semaphore = Semaphore::const_new(2);

/// A file that lacks what was redacted.
#[derive(Debug)]
pub struct Done {
    pub bytes: Vec<u8>,
    /// What its name ends in, without the dot.
    pub ending: String,
    /// Where it was that is not there any more.
    pub plan: Value,
    /// How many rectangles, columns or passages that is.
    pub removed: usize,
}

/// What redacting a file came to.
#[derive(Debug)]
pub enum Came {
    Done(Done),
    /// A PDF of so many pages, which is left to a job.
    Long(usize),
}

/// What a file can be redacted by.
#[derive(Debug, Default)]
pub struct Look {
    /// Of a picture 1.
    pub pages: usize,
    /// Of a workbook.
    pub sheets: Vec<String>,
    /// Number, from 1, and what stands in the first row.
    pub columns: Vec<(usize, String)>,
    /// Of a list: by what its cells were told apart, and how it is encoded.
    pub separator: Option<Separator>,
    pub encoding: &'static str,
    /// The lines of a text.
    pub lines: Vec<String>,
    /// Whether there is more than is shown.
    pub is_cut: bool,
}

/// The bytes of an item, if they are those that were registered. Blocks.
///
/// # Errors
/// `Conflict` for too many of them; those of the vault.
pub fn bytes_of(vault: &Vault, blob: &Blob, material: Material) -> Result<Vec<u8>> {
    if blob.size > material.most() {
        return Err(AppError::Conflict(LARGE));
    }
    let (key, mut file) = (blob.id.uuid(), Vec::new());
    let read = vault.open_object(key, &blob.wrapped_key)?.read_to_end(&mut file);
    read.map_err(|error| VaultError::from_io(key, error))?;
    if Sha256::digest(&file).as_slice() != blob.sha256.as_slice() {
        return Err(VaultError::Damaged(key, "it has another hash".into()).into());
    }
    Ok(file)
}

/// Does `work` with the bytes of an item, in its turn and on a thread that may block. Whoever asked may hang up meanwhile: the
/// turn is given back when the work is done. What a reader of files panics over can't be read.
///
/// # Errors
/// `Conflict` for what can't be read; those of `work` and of the vault.
pub async fn with_bytes<T: Send + 'static>(
    services: &Services,
    item: &Item,
    material: Material,
    work: impl FnOnce(Vec<u8>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let turn = TURNS.acquire().await.map_err(AppError::internal)?;
    let (vault, blob) = (services.vault.clone(), item.blob.clone());
    blocking(move || {
        let bytes = bytes_of(&vault, &blob, material)?;
        let done = catch_unwind(AssertUnwindSafe(move || work(bytes)));
        drop(turn);
        done.unwrap_or(Err(AppError::Conflict(UNREADABLE)))
    })
    .await
}

/// Does `work`, which has a process of its own draw them, with the bytes of a PDF, in its turn. Where whoever asked hangs up,
/// that ends with the asking.
///
/// # Errors
/// As [`with_bytes`].
pub async fn with_paper<T, F: Future<Output = Result<T>>>(
    services: &Services,
    item: &Item,
    work: impl FnOnce(Vec<u8>) -> F,
) -> Result<T> {
    let turn = TURNS.acquire().await.map_err(AppError::internal)?;
    let (vault, blob) = (services.vault.clone(), item.blob.clone());
    let read = blocking(move || Ok((bytes_of(&vault, &blob, Material::Pdf)?, turn)));
    let (bytes, turn) = read.await?;
    let done = work(bytes).await;
    drop(turn);
    done
}

/// Makes the file that lacks what is to go, or says that it is left to a job.
///
/// # Errors
/// `Conflict` for a file that can't be read, or is too large; `Invalid` for what is not in it.
pub async fn made(services: &Services, item: &Item, order: Order, material: Material) -> Result<Came> {
    let media_type = item.blob.media_type.clone();
    let ending = ending_of(&item.name);
    if let Order::Paper(regions) = &order {
        let drawer = &services.drawer;
        return with_paper(services, item, |bytes| paint::paper(drawer, regions, bytes)).await;
    }
    let work = move |bytes: Vec<u8>| match &order {
        // A paper was made above.
        Order::Picture(regions) | Order::Paper(regions) => paint::picture(regions, &bytes),
        Order::Columns { which, columns, keeps_heading } => {
            table::columns(&media_type, &bytes, *which, columns, *keeps_heading)
        }
        Order::Passages { phrases, lines } => text::passages(phrases, lines, &bytes, &ending),
    };
    with_bytes(services, item, material, work).await.map(Came::Done)
}

/// A name in two: without its ending, and the ending, if it has one.
fn parted(name: &str) -> Option<(&str, &str)> {
    let is_ending = |ending: &str| {
        (1..=8).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    name.rsplit_once('.').filter(|(stem, ending)| !stem.is_empty() && is_ending(ending))
}

/// What a text's name ends in; `txt` where it has no ending.
fn ending_of(name: &str) -> String {
    parted(name).map_or_else(|| "txt".to_owned(), |(_, ending)| ending.to_ascii_lowercase())
}

/// What the ending of a file will be that is made of an item; `separator`: that of a list.
pub fn ending(item: &Item, material: Material, separator: Option<Separator>) -> String {
    match material {
        Material::Image => "png".to_owned(),
        Material::Pdf => "pdf".to_owned(),
        Material::Table => table::ending(separator).to_owned(),
        Material::Text => ending_of(&item.name),
    }
}

/// What is asked for as the name of a list, without the ending of one with another separator.
pub fn without_list_ending<'a>(name: &'a str, ending: &str) -> &'a str {
    const LISTS: [&str; 2] = ["csv", "tsv"];
    let other = |found: &str| LISTS.iter().any(|list| found.eq_ignore_ascii_case(list) && *list != ending);
    match parted(name) {
        Some((stem, found)) if LISTS.contains(&ending) && other(found) => stem,
        _ => name,
    }
}

/// What an item is called without the ending of its name.
pub fn stem(name: &str) -> &str {
    parted(name).map_or(name, |(stem, _)| stem)
}

/// What there is to choose from.
///
/// # Errors
/// As [`made`].
pub async fn look(services: &Services, item: &Item, material: Material, which: Which) -> Result<Look> {
    let media_type = item.blob.media_type.clone();
    match material {
        // It is opened when it is shown.
        Material::Image => Ok(Look { pages: 1, ..Look::default() }),
        Material::Pdf => {
            let drawer = &services.drawer;
            let opened =
                with_paper(services, item, |bytes| paint::drawing(drawer, bytes, paint::DOTS, 0..0)).await?;
            Ok(Look { pages: opened.count(), ..Look::default() })
        }
        Material::Table => {
            with_bytes(services, item, material, move |bytes| table_look(&media_type, &bytes, which)).await
        }
        Material::Text => with_bytes(services, item, material, |bytes| text_look(&bytes)).await,
    }
}

fn table_look(media_type: &str, bytes: &[u8], which: Which) -> Result<Look> {
    let sheets = table::sheets(media_type, bytes)?;
    // A sheet that nothing stands in has no columns; another one may be chosen.
    let read = match table::read(media_type, bytes, which) {
        Err(AppError::Conflict(UNREADABLE)) if sheets.len() > 1 => table::Sheet::default(),
        read => read?,
    };
    let head = read.rows.first();
    let title = |at: usize| head.and_then(|row| row.get(at)).map_or("", String::as_str);
    let short = |text: &str| text.chars().take(40).collect::<String>();
    let shown = read.width.min(table::MOST_COLUMNS);
    let columns = (0..shown).map(|at| (read.first + at, short(title(at)))).collect();
    let (separator, encoding) = (read.separator, read.encoding);
    Ok(Look { sheets, columns, separator, encoding, is_cut: shown < read.width, ..Look::default() })
}

fn text_look(bytes: &[u8]) -> Result<Look> {
    let (text, _) = text::readable(bytes)?;
    let mut left = MOST_SHOWN;
    let mut look = Look::default();
    for line in text.split_inclusive('\n') {
        let length = line.chars().count();
        if length > left {
            look.is_cut = true;
            break;
        }
        left -= length;
        look.lines.push(line.trim_end_matches(['\n', '\r']).to_owned());
    }
    Ok(look)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_parted_from_its_ending() {
        assert_eq!((stem("截图.1.png"), ending_of("截图.1.PNG")), ("截图.1", "png".to_owned()));
        assert_eq!((stem("记录"), ending_of("记录")), ("记录", "txt".to_owned()));
        assert_eq!((stem(".txt"), ending_of("a.没有")), (".txt", "txt".to_owned()));
    }

    #[test]
    fn a_text_is_shown_as_far_as_there_is_room() {
        let look = text_look("一\r\n二".as_bytes()).expect("a text");
        assert_eq!((look.lines, look.is_cut), (vec!["一".to_owned(), "二".to_owned()], false));
        let long = "行".repeat(MOST_SHOWN + 1);
        assert!(text_look(long.as_bytes()).expect("a text").is_cut);
    }

    #[test]
    fn columns_are_called_by_their_first_row() {
        let look = table_look("text/csv", "姓名,电话\n甲,1\n".as_bytes(), Which::sheet(1)).expect("a table");
        assert_eq!(look.columns, [(1, "姓名".to_owned()), (2, "电话".to_owned())]);
        assert!(matches!(
            table_look("text/csv", b"a\0b", Which::sheet(1)),
            Err(AppError::Conflict(UNREADABLE))
        ));
    }
}
