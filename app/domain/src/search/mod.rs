//! Searching: what a person types into one box, and which records it finds, in which order and where in their texts.
//!
//! [`Typed`] is what was typed, as words and filters; [`document`] is what searching sees of a record; a [`Word`] finds itself
//! in a folded text, by its characters or by how Chinese characters sound ([`Han`]); [`Rank`] orders what was found;
//! [`marks`] says what to mark in a text that is shown. The store keeps the documents of all records and asks them.
//!
//! Case, width, accents and the script of Chinese characters never count. Several words may come in any order. All of it is
//! without the table of characters too, which a device loads after its start: then nothing is found by its sound.

mod document;
mod filters;
mod fold;
mod han;
mod initials;
mod mark;
mod rank;
mod surnames;
mod terms;
mod typed;
mod word;

pub use document::{Document, document, is_searched};
pub use filters::{Comparison, TypedFilter, lower};
pub use fold::fold;
pub use han::Han;
pub use initials::Initials;
pub use mark::{Snippet, marks, snippet};
pub use rank::{Circumstances, Class, Rank};
pub use terms::also_called;
pub use typed::Typed;
pub use word::Word;
