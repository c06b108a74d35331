//! A CSV file as lines of cells that know where they came from.

use super::report::Trouble;
use domain::transfer::Reason;

/// A file: its header and those lines that have as many cells.
#[derive(Debug, Default)]
pub struct Table {
    pub file: String,
    pub headers: Vec<String>,
    pub lines: Vec<Line>,
    /// Lines with more or fewer cells than the header.
    pub troubles: Vec<Trouble>,
}

/// One record of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Where it begins in the file, from 1; the header is line 1.
    pub number: u64,
    pub cells: Vec<String>,
}

impl AsRef<[String]> for Line {
    fn as_ref(&self) -> &[String] {
        &self.cells
    }
}

impl Table {
    /// Reads text with commas, semicolons or tabs between the cells, whichever the header has most of. Empty lines are
    /// skipped; empty cells behind the last header are not counted.
    pub fn parse(file: &str, text: &str) -> Table {
        let mut table = Table { file: file.to_owned(), ..Table::default() };
        let reader =
            csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(delimiter(text)).from_reader(text.as_bytes());
        let mut numbers = LineNumbers { text: text.as_bytes(), at: 0, line: 1 };
        // The text is UTF-8 in memory, so the only errors the reader knows cannot happen.
        for record in reader.into_records().filter_map(Result::ok) {
            let number = numbers.of(record.position().map_or(0, csv::Position::byte) as usize);
            let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if table.headers.is_empty() {
                table.headers = cells;
                continue;
            }
            let headers = table.headers.len();
            while cells.len() > headers && cells.last().is_some_and(|cell| cell.trim().is_empty()) {
                cells.pop();
            }
            if cells.len() == headers {
                table.lines.push(Line { number, cells });
            } else {
                let reason = Reason::Width { cells: cells.len(), headers };
                table.troubles.push(Trouble::line_out(file, number, "", &reason));
            }
        }
        table
    }
}

/// Lines as an editor counts them. The reader's own count lags behind after `\r\n` and before empty lines.
struct LineNumbers<'a> {
    text: &'a [u8],
    at: usize,
    line: u64,
}

impl LineNumbers<'_> {
    /// The number of the first line with something on it at or after a byte; bytes must not go back.
    fn of(&mut self, byte: usize) -> u64 {
        while let Some(here) = self.text.get(self.at).filter(|here| self.at < byte || matches!(here, b'\r' | b'\n')) {
            let next = self.text.get(self.at + 1);
            self.line += u64::from(*here == b'\n' || (*here == b'\r' && next != Some(&b'\n')));
            self.at += 1;
        }
        self.line
    }
}

fn delimiter(text: &str) -> u8 {
    let header = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    // `max_by_key` takes the last of equals: the comma.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_where_they_stand_in_the_file() {
        let table = Table::parse("a.csv", "\nname,note\r\nAcme,\"two\nlines\"\r\n\r\n,,\r\nBolt,x,\r\n");
        assert_eq!(table.headers, ["name", "note"]);
        let lines: Vec<_> = table.lines.iter().map(|line| (line.number, line.cells[0].as_str())).collect();
        assert_eq!(lines, [(3, "Acme"), (7, "Bolt")]);
        assert!(table.troubles.is_empty());
    }

    #[test]
    fn a_line_of_another_width_is_reported_and_the_others_are_read() {
        let table = Table::parse("a.csv", "name,note\nAcme, Inc,x\nBolt,y\nCrux\n\"Dorn,z\nEcho,w\n");
        assert_eq!(table.lines.iter().map(|line| line.cells[0].as_str()).collect::<Vec<_>>(), ["Bolt"]);
        assert_eq!(table.troubles.iter().map(|trouble| trouble.line).collect::<Vec<_>>(), [2, 4, 5]);
    }

    #[test]
    fn tabs_and_semicolons_are_seen_in_the_header() {
        for text in ["name;note\nAcme, Inc;x\n", "name\tnote\nAcme, Inc\tx\n", "name,note\n\"Acme, Inc\",x\n"] {
            assert_eq!(Table::parse("a.csv", text).lines[0].cells, ["Acme, Inc", "x"]);
        }
        assert!(Table::parse("a.csv", "").headers.is_empty());
    }
}
