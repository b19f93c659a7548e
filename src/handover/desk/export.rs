//! Tables as files: CSV with a byte-order mark, so that spreadsheets read Chinese, and XLSX. A text that a spreadsheet
//! would take for a formula is quoted.

use actix_web::{HttpResponse, http::header};

use crate::platform::{
    error::{AppError, Result},
    sheet::{fitting, harmless},
};

/// A table of texts.
pub struct Sheet {
    pub name: String,
    pub head: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// The file as a download; `format` is `csv` or `xlsx`.
    ///
    /// # Errors
    /// `NotFound` for another format; `Internal` when it can't be written.
    pub fn reply(&self, format: &str) -> Result<HttpResponse> {
        let (bytes, media) = match format {
            "csv" => (self.csv()?, "text/csv; charset=utf-8"),
            "xlsx" => (self.xlsx()?, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            _ => return Err(AppError::NotFound),
        };
        let disposition = format!("attachment; filename=\"{}.{format}\"", self.name);
        Ok(HttpResponse::Ok()
            .content_type(media)
            .insert_header((header::CONTENT_DISPOSITION, disposition))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .body(bytes))
    }

    fn csv(&self) -> Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(b"\xEF\xBB\xBF".to_vec());
        writer.write_record(&self.head).map_err(AppError::internal)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(AppError::internal)?;
        }
        writer.into_inner().map_err(|e| AppError::internal(e.to_string()))
    }

    fn xlsx(&self) -> Result<Vec<u8>> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let bold = rust_xlsxwriter::Format::new().set_bold();
        let sheet = book.add_worksheet();
        let lines = std::iter::once(&self.head).chain(&self.rows);
        for (y, line) in (0u32..).zip(lines) {
            for (x, cell) in (0u16..).zip(line) {
                let written = if y == 0 {
                    sheet.write_string_with_format(y, x, cell, &bold)
                } else {
                    sheet.write_string(y, x, fitting(cell))
                };
                written.map_err(AppError::internal)?;
            }
        }
        sheet.set_freeze_panes(1, 0).map_err(AppError::internal)?;
        sheet.autofit();
        book.save_to_buffer().map_err(AppError::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_stays_a_text() {
        let sheet = Sheet { name: "x".into(), head: vec!["标题".into()], rows: vec![vec!["=1+1".into()]] };
        let text = String::from_utf8(sheet.csv().unwrap()).unwrap();
        assert_eq!(text, "\u{FEFF}标题\n'=1+1\n");
        assert!(sheet.xlsx().unwrap().starts_with(b"PK"));
    }
}
