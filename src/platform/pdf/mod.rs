//! Documents: a small layout engine over printpdf. Values in, bytes out; the same values give the same bytes.
//!
//! printpdf's own HTML path lets wide tables run off the page, repeats no table heads and numbers pages in English
//! only, so text and tables are laid out here: `flow` sets text down the pages, [`lines`] breaks it by the Chinese
//! rules, `table` and `figure` hold the larger pieces, `frame` the head, foot and contents. All of them make marks
//! (`ink`), `content` writes those of a page as PDF has them, and only `write` and `describe` know printpdf, which makes the
//! subsets of the fonts, so that another writer (for PDF/A, say) can take its place.
//! `raster` draws the pages of other people's PDFs, and makes PDFs of such pictures; [`drawing`] has it done by a process of its own.

mod content;
mod describe;
pub mod drawing;
mod figure;
mod flow;
mod fonts;
mod frame;
mod ink;
pub mod lines;
mod photo;
mod pictures;
mod raster;
mod table;
#[cfg(test)]
mod tests;
mod write;

pub use describe::Meta;
pub use drawing::{DrawError, Drawer, Drawing};
pub use figure::Signature;
pub use flow::{Align, Flow, Margins, Setup, Style};
pub use fonts::{Face, warm, width};
pub use frame::{Frame, Words, grouped, shorten};
pub use ink::{Ink, MM, PAGE_HEIGHT, PAGE_WIDTH};
pub use photo::{Photo, Unshown, upright};
pub use pictures::Pictures;
pub use raster::{Drawn, Scan, Undrawn};
pub use table::{Cell, Column, Table};
pub use write::PdfError;
