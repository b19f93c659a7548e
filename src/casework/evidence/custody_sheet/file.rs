//! A custody sheet as PDF and as CSV. Pure: values in, bytes out.

use chrono_tz::Tz;

use super::lines::Line;
use crate::{
    audit,
    platform::{
        db::Instant,
        error::{AppError, Result},
        i18n::{self, Lang},
        pdf::{Align, Cell, Column, Flow, Frame, Ink, Margins, Meta, Setup, Style, Table, Words, grouped},
        sheet::{self, Sheet},
        time,
    },
};

/// As what it is given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Pdf,
    Csv,
}

impl Format {
    /// # Errors
    /// `NotFound` for another format.
    pub fn read(word: &str) -> Result<Self> {
        match word {
            "pdf" => Ok(Self::Pdf),
            "csv" => Ok(Self::Csv),
            _ => Err(AppError::NotFound),
        }
    }

    /// The ending of its name, and its word in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Csv => "csv",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Csv => sheet::CSV,
        }
    }
}

/// What a sheet says.
#[derive(Clone, Debug)]
pub struct CustodyFile {
    pub title: String,
    /// What or whom it is about.
    pub subject: String,
    /// Labels with values.
    pub facts: Vec<(String, String)>,
    pub lines: Vec<Line>,
    /// The newest signed head of the log when it was made.
    pub head: Option<audit::Head>,
    /// Whether it says from where people acted.
    pub says_where: bool,
    pub organisation: String,
    /// Who made it.
    pub by: String,
    pub at: Instant,
    pub zone: Tz,
    pub lang: Lang,
    pub synthetic: bool,
}

impl CustodyFile {
    fn t(&self, key: &str) -> String {
        i18n::t(self.lang, key)
    }

    /// The bytes of it.
    ///
    /// # Errors
    /// `Internal` when it can't be put together.
    pub fn bytes(&self, format: Format) -> Result<Vec<u8>> {
        // A file is written in the program's own way, whoever reads it.
        time::for_nobody(|| match format {
            Format::Pdf => self.pdf(),
            Format::Csv => self.csv(),
        })
    }

    /// What stands above the lines.
    fn above(&self) -> Vec<(String, String)> {
        let mut rows = self.facts.clone();
        rows.push((self.t("custody-lines"), self.lines.len().to_string()));
        rows.push((
            self.t("custody-made"),
            format!("{} · {}", time::format_exact(self.at, self.zone), self.by),
        ));
        if let Some(head) = &self.head {
            let root = data_encoding::HEXLOWER.encode(&head.root);
            let at = time::format_exact(head.at, self.zone);
            let said = [("size", head.size.to_string()), ("time", at), ("root", grouped(&root))];
            rows.push((self.t("custody-head"), i18n::t_with(self.lang, "custody-head-text", &said)));
        }
        rows.retain(|(_, value)| !value.is_empty());
        rows
    }

    fn place(&self, line: &Line) -> String {
        line.place.map_or_else(|| self.t("audit-not-placed"), |n| n.to_string())
    }

    fn pdf(&self) -> Result<Vec<u8>> {
        let lang = self.lang;
        let words = if lang == Lang::Zh { Words::zh() } else { Words::en() };
        let mut flow = Flow::new(Setup {
            meta: Meta {
                title: format!("{} {}", self.title, self.subject),
                author: self.organisation.clone(),
                subject: self.subject.clone(),
                keywords: vec![self.subject.clone()],
                language: lang.tag(),
                made_at: self.at.utc(),
            },
            margins: Margins::REPORT,
            words: Words { missing_text: self.t("custody-missing"), ..words },
            synthetic: self.synthetic,
        });
        let left = Style::BODY.flush();
        flow.paragraph(&self.organisation, Style { after: 6.0, ..left.sized(11.0) });
        flow.bookmark(1, &self.title);
        flow.paragraph(&self.title, Style { after: 8.0, ..left.bold().sized(20.0) });
        flow.rule(Ink::ACCENT, 1.2);
        flow.space(10.0);
        let above = self.above();
        let facts: Vec<(&str, String)> =
            above.iter().map(|(label, value)| (label.as_str(), value.clone())).collect();
        flow.facts(&facts);
        let note = if self.says_where { "custody-note" } else { "custody-note-no-where" };
        flow.paragraph(&self.t(note), Style::NOTE);
        self.table(&mut flow);
        let head = format!("{}　{}", self.organisation, self.subject);
        let foot = self.foot();
        let framed = |_: usize, _: usize| Frame {
            head_left: head.clone(),
            head_right: self.title.clone(),
            foot: foot.clone(),
            numbered: true,
        };
        flow.finish(&framed).map_err(AppError::internal)
    }

    /// On every page, so that none can be put among those of another sheet: which log, as it was when.
    fn foot(&self) -> Vec<String> {
        let made = time::format_exact(self.at, self.zone);
        let head = self.head.as_ref().map_or_else(String::new, |head| {
            let root = data_encoding::HEXLOWER.encode(&head.root);
            i18n::t_with(
                self.lang,
                "custody-foot",
                &[("size", head.size.to_string()), ("root", grouped(&root))],
            )
        });
        vec![head, made]
    }

    fn table(&self, flow: &mut Flow) {
        if self.lines.is_empty() {
            flow.paragraph(&self.t("custody-no-lines"), Style::BODY);
            return;
        }
        let column = |key: &str, share: f32| Column::new(&self.t(key), share);
        let mut table = Table::new(vec![
            column("custody-column-n", 7.0).aligned(Align::Centre),
            column("custody-column-time", 18.0),
            column("custody-column-person", 24.0),
            column("custody-column-act", 27.0),
            column("custody-column-entry", 24.0),
        ])
        .sized(7.8);
        for (n, line) in (1..).zip(&self.lines) {
            let person = joined(&[&line.who, &line.role, &line.whence]);
            let act = joined(&[&line.act, &line.about, &line.reason]);
            let entry = format!("{}\n{}", self.place(line), grouped(&line.leaf_hash));
            let n: i32 = n;
            table.row(vec![
                n.to_string().into(),
                time::format_exact(line.at, self.zone).into(),
                Cell::titled(person),
                Cell::titled(act),
                entry.into(),
            ]);
        }
        flow.table(&table);
    }

    fn csv(&self) -> Result<Vec<u8>> {
        let above = Sheet {
            name: self.title.clone(),
            head: vec![self.subject.clone()],
            rows: self.above().into_iter().map(|(label, value)| vec![label.into(), value.into()]).collect(),
        };
        let columns = ["n", "time", "person", "role", "from", "act", "about", "reason", "place", "leaf-hash"];
        let row = |(n, line): (i64, &Line)| {
            vec![
                sheet::Cell::Count(n),
                time::format_exact(line.at, self.zone).into(),
                line.who.as_str().into(),
                line.role.as_str().into(),
                line.whence.as_str().into(),
                line.act.as_str().into(),
                line.about.as_str().into(),
                line.reason.as_str().into(),
                self.place(line).into(),
                line.leaf_hash.as_str().into(),
            ]
        };
        let lines = Sheet {
            name: self.t("custody-lines"),
            head: columns.map(|name| self.t(&format!("custody-column-{name}"))).into(),
            rows: (1..).zip(&self.lines).map(row).collect(),
        };
        sheet::csv(&[above, lines])
    }
}

/// Those that say something, a line each.
fn joined(parts: &[&str]) -> String {
    let said: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    said.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::time::DEFAULT_ZONE;

    fn file(lang: Lang) -> CustodyFile {
        let line = Line {
            at: Instant::from_micros(1_462_329_000_000_000),
            who: "编制人甲".into(),
            role: i18n::t(lang, "role-compiler"),
            act: "=1+1".into(),
            place: Some(7),
            leaf_hash: "ab".repeat(32),
            ..Line::default()
        };
        CustodyFile {
            title: i18n::t(lang, "custody-sheet-title"),
            subject: "XS-2016-000001 #3".into(),
            facts: vec![("SHA-256".into(), "cd".repeat(32)), ("空".into(), String::new())],
            lines: vec![line],
            head: None,
            says_where: false,
            organisation: "示例平台".into(),
            by: "审计员甲".into(),
            at: Instant::from_micros(1_462_329_000_000_000),
            zone: DEFAULT_ZONE,
            lang,
            synthetic: false,
        }
    }

    #[test]
    fn a_sheet_names_the_entry_of_each_line_and_is_no_formula() {
        for lang in Lang::ALL {
            let csv = String::from_utf8(file(lang).bytes(Format::Csv).unwrap()).unwrap();
            assert!(csv.contains("2016-05-04 10:30:00 +08:00") && csv.contains("'=1+1"), "{csv}");
            assert!(csv.contains(&format!("7,{}", "ab".repeat(32))) && !csv.contains("空"), "{csv}");
            assert!(file(lang).bytes(Format::Pdf).unwrap().starts_with(b"%PDF-1.7"));
        }
    }
}
