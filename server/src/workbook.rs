//! An answer as an Excel workbook: numbers as numbers, times as times, and no text is ever a formula.

use domain::query::table::Cell;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

/// Beyond so many digits Excel rounds: such a number is kept as text.
const EXACT_DIGITS: usize = 15;
/// The widest a column is made for what stands in it, in characters.
const WIDEST: usize = 48;

/// One sheet, filled line by line.
pub struct Sheet {
    sheet: Worksheet,
    row: u32,
    widths: Vec<usize>,
    day: Format,
    moment: Format,
}

impl Sheet {
    /// # Errors
    /// What Excel cannot hold, such as more columns than it has.
    pub fn new(title: &str, heads: &[&str]) -> Result<Sheet, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(name(title))?;
        let bold = Format::new().set_bold();
        for (column, head) in (0..).zip(heads) {
            sheet.write_string_with_format(0, column, *head, &bold)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        let widths = heads.iter().map(|head| width(head)).collect();
        let format = |code: &str| Format::new().set_num_format(code);
        Ok(Sheet { sheet, row: 1, widths, day: format("yyyy-mm-dd"), moment: format("yyyy-mm-dd hh:mm") })
    }

    /// Adds a line.
    ///
    /// # Errors
    /// As [`Sheet::new`].
    pub fn put(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        for (column, cell) in (0..).zip(cells) {
            let text = match cell {
                Cell::Nothing => continue,
                Cell::Text(text) | Cell::Number(text) | Cell::Time(text) => text,
            };
            if let Some(widest) = self.widths.get_mut(usize::from(column)) {
                *widest = (*widest).max(width(text));
            }
            let exact = text.bytes().filter(u8::is_ascii_digit).count() <= EXACT_DIGITS;
            let number = text.parse::<f64>().ok().filter(|_| exact && matches!(cell, Cell::Number(_)));
            let time = ExcelDateTime::parse_from_str(text).ok().filter(|_| matches!(cell, Cell::Time(_)));
            match (number, time) {
                (Some(number), _) => self.sheet.write_number(self.row, column, number)?,
                (None, Some(time)) => {
                    let format = if text.len() > 10 { &self.moment } else { &self.day };
                    self.sheet.write_datetime_with_format(self.row, column, &time, format)?
                }
                (None, None) => self.sheet.write_string(self.row, column, text.as_str())?,
            };
        }
        self.row += 1;
        Ok(())
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// As [`Sheet::new`].
    pub fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        for (column, width) in (0..).zip(&self.widths) {
            self.sheet.set_column_width(column, (*width).clamp(8, WIDEST) as f64 + 2.0)?;
        }
        let mut workbook = Workbook::new();
        workbook.push_worksheet(self.sheet);
        workbook.save_to_buffer()
    }
}

/// Chinese characters are as wide as two others.
fn width(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// What Excel takes for the name of a sheet: 31 characters, some of them not allowed.
fn name(title: &str) -> String {
    let allowed = title.chars().filter(|c| !c.is_control() && !"[]:*?/\\".contains(*c));
    // It counts as JavaScript does, and knows "History" as its own.
    let mut units = 0;
    let name: String = allowed
        .take_while(|c| {
            units += c.len_utf16();
            units <= 31
        })
        .collect();
    let name = name.trim_matches(['\'', ' ']);
    if name.is_empty() || name.eq_ignore_ascii_case("history") { "Rounds".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_called_as_excel_allows() {
        assert_eq!(name("客户/按阶段: 2026?"), "客户按阶段 2026");
        assert_eq!([name("'"), name(""), name("History")], ["Rounds"; 3]);
        assert_eq!(name(&"长".repeat(40)).chars().count(), 31);
    }
}
