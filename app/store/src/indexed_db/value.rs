//! The form of a value in the database.
//!
//! Pages of rows are kept as UTF-8 bytes: a browser keeps a string as UTF-16, and would have to turn every page of a territory
//! from one into the other whenever an app starts.

use crate::backend::Table;
use indexed_db_futures::{
    error::{Error, SimpleValueError},
    primitive::{TryFromJs, TryToJs},
};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};

/// A text that was read, whichever way it was kept. Damaged bytes become the replacement character.
pub(super) struct Text(pub String);

impl TryFromJs for Text {
    fn from_js(js: JsValue) -> Result<Self, SimpleValueError> {
        match js.dyn_ref::<Uint8Array>() {
            Some(bytes) => {
                let text = String::from_utf8(bytes.to_vec());
                Ok(Text(text.unwrap_or_else(|damaged| String::from_utf8_lossy(damaged.as_bytes()).into_owned())))
            }
            None => String::from_js(js).map(Text),
        }
    }
}

/// A text to be written into a table.
pub(super) struct Written<'t>(pub Table, pub &'t str);

impl TryToJs for Written<'_> {
    fn try_to_js(&self) -> Result<JsValue, Error> {
        match self.0 {
            Table::Base => Ok(Uint8Array::from(self.1.as_bytes()).into()),
            _ => self.1.try_to_js(),
        }
    }
}
