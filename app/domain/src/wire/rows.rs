//! Rows on their way to a device: each as JSON, or many as the page of text in which the device stores them, so that it neither
//! parses nor packs them.

use crate::{Row, json::Wrong, reads, row::packed};
use serde::{Serialize, Serializer};
use std::ops::{Deref, DerefMut};

/// More of them come as a page to a device that reads pages; fewer are shorter as JSON.
const MANY: usize = 100;

/// The rows of an answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    rows: Vec<Row>,
    as_page: bool,
}

impl Rows {
    /// For a device that reads pages of this form: as a page, if they are many or `always`.
    pub fn for_device(rows: Vec<Row>, pages: Option<char>, always: bool) -> Rows {
        let as_page = pages == Some(packed::VERSION) && !rows.is_empty() && (always || rows.len() > MANY);
        Rows { rows, as_page }
    }
}

impl From<Vec<Row>> for Rows {
    fn from(rows: Vec<Row>) -> Rows {
        Rows { rows, as_page: false }
    }
}

impl Deref for Rows {
    type Target = Vec<Row>;

    fn deref(&self) -> &Vec<Row> {
        &self.rows
    }
}

impl DerefMut for Rows {
    fn deref_mut(&mut self) -> &mut Vec<Row> {
        &mut self.rows
    }
}

impl<'r> IntoIterator for &'r Rows {
    type Item = &'r Row;
    type IntoIter = std::slice::Iter<'r, Row>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

impl IntoIterator for Rows {
    type Item = Row;
    type IntoIter = std::vec::IntoIter<Row>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // A page may have lost all of its rows since it was made one, and an empty one would be damaged.
        if !self.as_page || self.rows.is_empty() {
            return self.rows.serialize(serializer);
        }
        let entries: Vec<_> = self.rows.iter().map(|row| (row.id, Some(row))).collect();
        serializer.serialize_str(&packed::pack(&entries))
    }
}

// A page that is damaged anywhere is refused as a whole: what is missing of it would be missing for good.
reads!(Rows, |value| match value.as_str() {
    Some(page) => {
        let rows = packed::unpack_rows(page.to_owned()).ok_or(Wrong::expected("an undamaged page of rows"))?;
        Ok(Rows { rows, as_page: true })
    }
    None => Vec::from_json(value).map(Rows::from),
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        json,
        testing::{account, id},
    };

    fn rows() -> Vec<Row> {
        vec![account(id(1), "华联\t\"east\"", id(8)), account(id(2), "Redwood", id(8))]
    }

    fn text(rows: &Rows) -> String {
        serde_json::to_string(rows).unwrap()
    }

    #[test]
    fn a_page_and_its_rows_are_the_same_to_the_device() {
        for rows in [Rows::for_device(rows(), None, true), Rows::for_device(rows(), Some(packed::VERSION), true)] {
            assert_eq!(json::parse::<Rows>(&text(&rows)), Some(rows));
        }
    }

    #[test]
    fn only_who_reads_pages_gets_them_and_of_many_rows() {
        let is_page = |rows: Rows| text(&rows).starts_with('"');
        assert!(is_page(Rows::for_device(rows(), Some(packed::VERSION), true)));
        assert!(!is_page(Rows::for_device(rows(), Some(packed::VERSION), false)), "two are shorter as JSON");
        assert!(!is_page(Rows::for_device(rows(), None, true)), "an app of before");
        assert!(!is_page(Rows::for_device(rows(), Some('2'), true)), "an app with another form of pages");
        assert!(!is_page(Rows::for_device(Vec::new(), Some(packed::VERSION), true)));
        let many = (0..=MANY as u128).map(|n| account(id(n), "a", id(8))).collect();
        assert!(is_page(Rows::for_device(many, Some(packed::VERSION), false)));
    }

    #[test]
    fn a_page_that_lacks_a_row_is_none() {
        let whole = text(&Rows::for_device(rows(), Some(packed::VERSION), true));
        let damaged = whole.replace("Redwood", "Redwoed");
        assert_ne!(damaged, whole);
        assert_eq!(json::parse::<Rows>(&damaged), None);
        for nothing in ["\"\"", "\"3\"", "7", "{}"] {
            assert_eq!(json::parse::<Rows>(nothing), None, "{nothing}");
        }
    }
}
