//! An answer as a file that spreadsheets read.

use domain::query::table::Cell;

/// What a file begins with so that Excel reads it as Unicode, and with it Chinese.
pub const MARK: &str = "\u{feff}";

/// One line of a file, with its end: values are quoted where they need it (RFC 4180), and what a spreadsheet would take for a
/// formula is told to be text by an apostrophe.
pub fn line<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> String {
    let cells: Vec<String> = cells.into_iter().map(cell).collect();
    format!("{}\r\n", cells.join(","))
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Nothing => String::new(),
        Cell::Number(number) => number.clone(),
        Cell::Time(time) => time.replace('T', " "),
        Cell::Text(text) => quoted(&harmless(text)),
    }
}

/// Nothing typed by anybody is run by who opens the file: `=…`, `+…`, `-…`, `@…`, their full-width forms, and what stands
/// behind a tab or line break.
fn harmless(text: &str) -> String {
    let runs = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if runs { format!("'{text}") } else { text.to_owned() }
}

fn quoted(text: &str) -> String {
    match text.contains(['"', ',', '\n', '\r', ';', '\t']) || text.starts_with(' ') || text.ends_with(' ') {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_of(texts: &[&str]) -> String {
        line(&texts.iter().map(|text| Cell::Text((*text).to_owned())).collect::<Vec<_>>())
    }

    #[test]
    fn values_are_quoted_where_they_need_it() {
        assert_eq!(
            line_of(&["明珠贸易", "a,b", "say \"hi\"", "two\nlines", " edge "]),
            "明珠贸易,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\" edge \"\r\n"
        );
        let cells = [Cell::Nothing, Cell::Number("-12.5".into()), Cell::Time("2026-11-24T09:30".into())];
        assert_eq!(line(&cells), ",-12.5,2026-11-24 09:30\r\n");
    }

    #[test]
    fn nothing_that_was_typed_is_a_formula() {
        for typed in ["=1+1", "+86 138", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＠x"] {
            let line = line_of(&[typed]);
            assert!(line.starts_with('\'') || line.starts_with("\"'"), "{line}");
        }
        assert_eq!(line_of(&["=HYPERLINK(\"http://x\",\"y\")"]), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"\r\n");
        assert_eq!(line_of(&["a=b", "5-3"]), "a=b,5-3\r\n");
    }
}
