//! Tables: wrapped cells, heads repeated on every page, rows that go on over the page where they are long.

use super::flow::{Align, Flow, Style, wrap};
use super::fonts::Face;
use super::ink::{Ink, MM};
use super::lines::Line;

/// A column: its head, its share of the width, and where its cells' text stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub head: String,
    /// Share of the table's width; the shares need not add up to anything.
    pub share: f32,
    pub align: Align,
}

impl Column {
    pub fn new(head: &str, share: f32) -> Self {
        Self { head: head.into(), share, align: Align::Left }
    }

    pub fn aligned(self, align: Align) -> Self {
        Self { align, ..self }
    }
}

/// The text of a cell; line feeds begin new lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub text: String,
    pub face: Face,
    /// On the ground of labels.
    pub shaded: bool,
    /// The text up to the first line feed is bold: a title within the cell.
    pub titled: bool,
}

impl Cell {
    pub fn label(text: &str) -> Self {
        Self { shaded: true, ..text.into() }
    }

    pub fn bold(text: &str) -> Self {
        Self { face: Face::Bold, ..text.into() }
    }

    pub fn titled(text: String) -> Self {
        Self { titled: true, ..text.into() }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, face: Face::Regular, shaded: false, titled: false }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_string().into()
    }
}

/// A table. Rows with fewer cells than columns let their last cell reach to the right edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Points.
    pub size: f32,
    /// Whether it stays on one page where it is short, and leaves no row alone on the next where it is not.
    pub kept: bool,
}

/// A table that is kept together stays whole up to so many rows: those of a year's months.
const SHORT: usize = 12;
const PAD_X: f32 = 5.0;
const PAD_Y: f32 = 3.2;
/// A row up to this height goes to the next page whole; a longer one is split.
const WHOLE: f32 = 85.0 * MM;

impl Table {
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new(), size: 9.0, kept: false }
    }

    pub fn sized(self, size: f32) -> Self {
        Self { size, ..self }
    }

    /// The same, kept together as far as that goes.
    pub fn kept(self) -> Self {
        Self { kept: true, ..self }
    }

    fn heads(&self) -> Vec<Cell> {
        self.columns.iter().map(|c| Cell { shaded: true, ..Cell::bold(&c.head) }).collect()
    }

    pub fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(cells);
    }
}

/// A cell with its lines and its place.
struct Laid<'a> {
    cell: &'a Cell,
    lines: Vec<Line>,
    /// How many of the lines are the cell's title.
    bold: usize,
    x: f32,
    width: f32,
    style: Style,
}

impl Flow {
    /// Facts as label and value, a row each; rows without a value are left out by the caller.
    pub fn facts(&mut self, rows: &[(&str, String)]) {
        let mut table = Table::new(vec![Column::new("", 22.0), Column::new("", 78.0)]).sized(9.5);
        table.rows =
            rows.iter().map(|(label, value)| vec![Cell::label(label), value.clone().into()]).collect();
        self.table(&table);
    }

    /// A table over the whole width.
    pub fn table(&mut self, table: &Table) {
        let heads = table.heads();
        self.ensure(self.whole_height(table).unwrap_or(0.0));
        let headed = heads.iter().any(|c| !c.text.is_empty());
        if headed {
            let first = table.rows.first().map_or(0.0, |row| self.row_height(table, row).min(WHOLE));
            self.ensure(self.row_height(table, &heads) + first);
            self.row(table, &heads, None);
        }
        for (i, row) in table.rows.iter().enumerate() {
            if table.kept && i > 0 && i + 2 == table.rows.len() {
                let last = self.row_height(table, row) + self.row_height(table, &table.rows[i + 1]);
                if last <= WHOLE && self.room() < last && !self.at_top() {
                    self.new_page();
                    if headed {
                        self.row(table, &heads, None);
                    }
                }
            }
            self.row(table, row, headed.then_some(heads.as_slice()));
        }
        self.y += 8.0;
    }

    /// What a table takes that is kept on one page; none where it is not, or is longer than a page.
    pub fn whole_height(&self, table: &Table) -> Option<f32> {
        if !table.kept || table.rows.len() > SHORT {
            return None;
        }
        let heads = self.row_height(table, &table.heads());
        let rows: f32 = table.rows.iter().map(|row| self.row_height(table, row)).sum();
        // A point more than the sum, which is rounded.
        let height = heads + rows + 1.0;
        (height <= self.bottom() - self.top()).then_some(height)
    }

    fn lay<'a>(&self, table: &Table, row: &'a [Cell]) -> Vec<Laid<'a>> {
        let total: f32 = table.columns.iter().map(|c| c.share).sum();
        let scale = self.width() / total.max(0.001);
        let mut x = self.left();
        let mut laid = Vec::with_capacity(row.len());
        for (i, (cell, column)) in row.iter().zip(&table.columns).enumerate() {
            let last = i + 1 == row.len();
            let share: f32 =
                if last { table.columns[i..].iter().map(|c| c.share).sum() } else { column.share };
            let width = share * scale;
            let style = Style { face: cell.face, align: column.align, after: 0.0, ..Style::BODY.flush() }
                .sized(table.size);
            let style = Style { align: column.align, leading: table.size * 1.48, ..style };
            let (lines, bold) = cell_lines(cell, &style, width - 2.0 * PAD_X);
            laid.push(Laid { cell, lines, bold, x, width, style });
            x += width;
        }
        laid
    }

    fn row_height(&self, table: &Table, row: &[Cell]) -> f32 {
        let lines = self.lay(table, row).iter().map(|l| l.lines.len()).max().unwrap_or(1);
        lines as f32 * table.size * 1.48 + 2.0 * PAD_Y
    }

    /// One row; `heads` are repeated on each page it goes on to.
    fn row(&mut self, table: &Table, row: &[Cell], heads: Option<&[Cell]>) {
        let laid = self.lay(table, row);
        let leading = table.size * 1.48;
        let total = laid.iter().map(|l| l.lines.len()).max().unwrap_or(0);
        let (mut done, mut moved) = (0, false);
        while done < total {
            let left = total - done;
            let fit = ((self.room() - 2.0 * PAD_Y) / leading).floor().max(0.0) as usize;
            let short = left as f32 * leading <= WHOLE;
            // On a fresh page at least one line is set, so that this ends.
            let count = if left <= fit {
                left
            } else if (short || fit < 3) && !moved {
                0
            } else {
                fit.clamp(1, left)
            };
            if count > 0 {
                self.row_part(&laid, done..done + count, leading);
                done += count;
                moved = false;
            }
            if done < total {
                self.new_page();
                moved = true;
                if let Some(heads) = heads {
                    self.row(table, heads, None);
                }
            }
        }
    }

    /// Some lines of each cell, with grounds and rules around them.
    fn row_part(&mut self, laid: &[Laid<'_>], part: std::ops::Range<usize>, leading: f32) {
        let (y, height) = (self.y, part.len() as f32 * leading + 2.0 * PAD_Y);
        for l in laid {
            if l.cell.shaded {
                self.page().fill(l.x, y, l.width, height, Ink::WASH);
            }
            self.page().frame(l.x, y, l.width, height, Ink::RULE, 0.5);
            let shown = l.lines.iter().enumerate().filter(|(i, _)| part.contains(i));
            for (i, line) in shown {
                let top = y + PAD_Y + (i - part.start) as f32 * leading;
                let style = if i < l.bold { l.style.bold() } else { l.style };
                self.set_line(&l.cell.text, line, &style, l.x + PAD_X, top, l.width - 2.0 * PAD_X);
            }
        }
        self.y += height;
    }
}

/// The lines of a cell, and how many of them are its title.
fn cell_lines(cell: &Cell, style: &Style, width: f32) -> (Vec<Line>, usize) {
    match cell.text.split_once('\n').filter(|_| cell.titled) {
        None => (wrap(&cell.text, style, width), 0),
        Some((title, rest)) => {
            let mut lines = wrap(title, &style.bold(), width);
            let (count, at) = (lines.len(), title.len() + 1);
            lines.extend(wrap(rest, style, width).into_iter().map(|line| line.moved(at)));
            (lines, count)
        }
    }
}
