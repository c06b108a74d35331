use super::{FieldRules, Problem, Typed, reference::elements};
use crate::{Lang, Value, sorting::SharedSort};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// What a dashboard shows, in its order. JSON: array of texts, each all that was last known of one tile; on the wire, additions
/// and removals of one text each. Whoever changes a tile puts another text in the place of its texts, so two who change one
/// tile without seeing each other leave two texts of it, which [`Tiles::read`] makes one tile of again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tiles {}

/// One saved or ready-made query on a dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// Tells it from the others of its dashboard, which may show one query several times.
    pub id: String,
    /// As the query's address names it.
    pub query: String,
    /// Tiles stand in the order of this, and then of their ids.
    pub place: Said<i64>,
    /// An option of a saved query's `shown`; a newer app may know others.
    pub shown: Said<String>,
    pub wide: Said<bool>,
}

/// A value, and when somebody said so, UTC milliseconds: the latest holds, of one moment the greatest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said<T> {
    at: i64,
    pub value: T,
}

impl<T: Ord + Clone> Said<T> {
    /// What nobody has changed yet.
    pub fn first(value: T) -> Said<T> {
        Said { at: 0, value }
    }

    /// Later than what was said before, also where this clock is behind.
    pub fn say(&mut self, value: T, now_ms: i64) {
        *self = Said { at: now_ms.max(self.at + 1), value };
    }

    fn join(&mut self, other: &Said<T>) {
        if *self < *other {
            *self = other.clone();
        }
    }
}

impl Tile {
    /// No word of it is longer.
    const MAX: usize = 40;

    /// A tile as it is stored; `None` for any other text.
    pub fn parse(text: &str) -> Option<Tile> {
        let mut words = text.split(' ');
        let mut word = || words.next().filter(|word| !word.is_empty() && word.len() <= Tile::MAX);
        let (id, query) = (word()?.to_owned(), word()?.to_owned());
        let mut said = || {
            let (value, at) = word()?.split_once('@')?;
            Some(Said { at: at.parse().ok()?, value: value.to_owned() })
        };
        let (place, shown, width) = (said()?, said()?, said()?);
        let place = Said { at: place.at, value: place.value.parse().ok()? };
        let wide = Said { at: width.at, value: width.value == "full" };
        words.next().is_none().then_some(Tile { id, query, place, shown, wide })
    }

    /// What two texts of one tile come to: of each part what was said last.
    fn join(&mut self, other: &Tile) {
        self.query = other.query.clone().max(std::mem::take(&mut self.query));
        self.place.join(&other.place);
        self.shown.join(&other.shown);
        self.wide.join(&other.wide);
    }
}

/// What [`Tile::parse`] reads. These texts are stored and sent: do not change them.
impl fmt::Display for Tile {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        let Tile { id, query, place, shown, wide } = self;
        let width = if wide.value { "full" } else { "half" };
        write!(out, "{id} {query} {}@{} {}@{} {width}@{}", place.value, place.at, shown.value, shown.at, wide.at)
    }
}

impl Tiles {
    pub fn new() -> Tiles {
        Tiles {}
    }

    /// The value that is stored for these tiles.
    pub fn stored(tiles: &[Tile]) -> Value {
        tiles.iter().map(Tile::to_string).collect()
    }
}

impl FieldRules for Tiles {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        if value.is_null() {
            return Ok(Value::Null);
        }
        elements(value, |element| {
            let text = element.as_str().ok_or(Problem::NotAList)?;
            // As with a query, the part makes what can be read and the server checks it: the first module stays lighter.
            if cfg!(target_family = "wasm") {
                return Ok(element.clone());
            }
            Tile::parse(text).map(|tile| tile.to_string().into()).ok_or(Problem::NotAList)
        })
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        self.normalise(&text.lines().filter(|line| !line.is_empty()).collect())
    }

    fn print(&self, value: &Value, _: Lang) -> String {
        value.as_array().map(|texts| texts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")).unwrap_or_default()
    }
}

impl Typed for Tiles {
    type Out<'a> = Vec<Tile>;

    /// Each tile once, in their order; what a newer app may have written is left out.
    fn read(value: &Value) -> Option<Vec<Tile>> {
        let mut found: BTreeMap<String, Tile> = BTreeMap::new();
        for tile in value.as_array()?.iter().filter_map(Value::as_str).filter_map(Tile::parse) {
            match found.get_mut(&tile.id) {
                Some(known) => known.join(&tile),
                None => _ = found.insert(tile.id.clone(), tile),
            }
        }
        let mut tiles: Vec<Tile> = found.into_values().collect();
        tiles.shared_sort_by_key(|tile| tile.place.value);
        Some(tiles)
    }
}
