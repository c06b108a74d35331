//! The site: from `app/frontend`, `style/` and `public/` to the folder that the server serves.

mod assemble;
mod compress;
mod tokens;

pub use assemble::build;
pub use compress::wasm_transfer_sizes;
