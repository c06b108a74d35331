//! One file per endpoint.

mod blob;
mod digest;
mod functions;
mod healthz;
mod poke;
mod quarantine;
mod query;
mod session;
mod sign_in;
mod sign_in_link;
mod sign_out;
mod site;
mod sync;
mod workbook;

pub use blob::{get_blob, put_blob};
pub use digest::digest;
pub use functions::functions;
pub use healthz::healthz;
pub use poke::poke;
pub use quarantine::quarantine;
pub use query::query;
pub use session::session;
pub use sign_in::sign_in;
pub use sign_in_link::sign_in_link;
pub use sign_out::sign_out;
pub use site::site;
pub use sync::sync;
pub use workbook::workbook;

use crate::error::ApiError;

/// The right address with the wrong method.
pub async fn wrong_method() -> ApiError {
    ApiError::WrongMethod
}
