//! `lead-handoff draw-pages`, which nobody calls by hand: a server has the pages of other people's PDFs drawn by it.

use std::io;

use crate::platform::{error::Result, pdf::drawing};

/// Draws pages of the PDF on the standard input, within bounds of memory and time.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Dots an inch.
    #[arg(long)]
    dots: f32,
    /// The first page, from 0.
    #[arg(long)]
    first: usize,
    /// How many pages.
    #[arg(long)]
    count: usize,
}

/// Takes from itself what it doesn't need, before it reads a byte of the file.
///
/// # Errors
/// The bounds can't be set; nobody reads on.
pub fn run(args: &Args) -> Result<()> {
    drawing::confine()?;
    let pages = args.first..args.first.saturating_add(args.count);
    Ok(drawing::answer(io::stdin().lock(), io::stdout().lock(), args.dots, pages)?)
}
