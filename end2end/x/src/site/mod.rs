//! The site: from `app/frontend`, `style/` and `public/` to the folder that the server serves.

mod assemble;
mod compress;
mod tokens;

pub use assemble::build;
pub use compress::{WASM_BUDGET, wasm_transfer_size};
