//! What a part of the report is made of: cells that are shown, written to files and lead somewhere.

use super::report::Value;
use crate::platform::{
    chart::Drawn,
    i18n::{self, Lang},
    money::{self, Fen, Qualifier},
    sheet,
};

/// A cell as it is shown, as a value, and where it leads.
#[derive(Clone, Debug)]
pub struct Cell {
    pub shown: String,
    pub value: sheet::Cell,
    pub href: Option<String>,
    /// Set to the right.
    pub figures: bool,
    /// How sure an amount is; files have it in a column of its own.
    pub qualifier: Option<Qualifier>,
}

/// A column's head.
#[derive(Clone, Debug)]
pub struct Head {
    pub label: String,
    pub figures: bool,
}

/// A table with its heads.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    pub heads: Vec<Head>,
    pub rows: Vec<Vec<Cell>>,
}

/// One part of the report.
#[derive(Clone, Debug)]
pub struct Section {
    pub id: &'static str,
    pub title: String,
    /// Below the table; empty: none.
    pub note: String,
    pub pictures: Vec<Drawn>,
    pub grid: Grid,
}

impl Section {
    /// Whether there is anything to read in it: of a part without rows page and paper have no heading either.
    pub fn has_anything(&self) -> bool {
        !self.grid.rows.is_empty()
    }
}

pub fn words(text: impl Into<String>) -> Cell {
    let shown = text.into();
    Cell { value: shown.clone().into(), shown, href: None, figures: false, qualifier: None }
}

pub fn count(n: i64) -> Cell {
    Cell { shown: number(n), value: sheet::Cell::Count(n), href: None, figures: true, qualifier: None }
}

pub fn amount(fen: Fen, qualifier: Qualifier, lang: Lang) -> Cell {
    let shown = if fen.0 == 0 { "0".into() } else { money::short(fen, qualifier, lang) };
    Cell { shown, value: sheet::Cell::Fen(fen.0), href: None, figures: true, qualifier: Some(qualifier) }
}

impl Cell {
    pub fn to(mut self, href: String) -> Self {
        let empty = matches!(self.value, sheet::Cell::Count(0) | sheet::Cell::Fen(0));
        self.href = (!empty).then_some(href);
        self
    }
}

pub fn heads(lang: Lang, keys: &[(&str, bool)]) -> Vec<Head> {
    keys.iter().map(|(key, figures)| Head { label: i18n::t(lang, key), figures: *figures }).collect()
}

/// A whole number with its thousands apart.
pub fn number(n: i64) -> String {
    let digits = money::grouped(n.unsigned_abs());
    if n < 0 { format!("-{digits}") } else { digits }
}

/// A figure as it is read: a count, or an amount with its qualifier.
pub fn shown(value: &Value, lang: Lang) -> String {
    match (value.value, value.fen) {
        (Some(n), _) => number(n),
        (None, Some(fen)) if fen.0 == 0 => "0".into(),
        (None, Some(fen)) => money::short(fen, value.qualifier.unwrap_or_default(), lang),
        (None, None) => String::new(),
    }
}

/// The change from the year before; a file has it as a spreadsheet reads a number, without a plus.
pub fn changed(value: &Value, prior: &Value) -> Cell {
    let shown = change(value, prior);
    let plain = shown.trim_start_matches('+').replace('−', "-");
    Cell { value: plain.into(), figures: true, ..words(shown) }
}

/// The change from the year before in percent, with its sign; empty where there is nothing to compare with.
pub fn change(value: &Value, prior: &Value) -> String {
    let of = |v: &Value| v.value.or(v.fen.map(|f| f.0)).unwrap_or(0);
    let (now, before) = (of(value), of(prior));
    if before <= 0 {
        return String::new();
    }
    let percent = (now - before) as f64 / before as f64 * 100.0;
    format!("{}{:.1}%", if percent < 0.0 { "−" } else { "+" }, percent.abs())
}
