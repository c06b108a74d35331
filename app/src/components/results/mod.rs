//! What a question found, in each of the ways it can be shown.

mod charts;
mod export;
mod found;
mod number;
mod table;

pub use charts::Charts;
pub use export::ExportItems;
pub use found::{Found, Wrong, row_of};
pub use number::Figures;

use table::ResultTable;
