//! The Rounds server: checks who may, merges, stamps, stores and hands out what changed. Kinds of record are data to it.
//!
//! Start reading at [`router`]; each route is one file in [`handlers`], and only [`db`] names the database library.

pub mod backup;
pub mod client;
pub mod config;
pub mod cookie;
pub mod db;
pub mod demo;
pub mod error;
pub mod expiry;
pub mod gate;
pub mod handlers;
pub mod import;
pub mod json;
pub mod layers;
pub mod limit;
pub mod link;
pub mod login;
pub mod now;
pub mod office;
pub mod password;
pub mod poker;
pub mod secret;
pub mod serve;
pub mod signed;
pub mod site;
pub mod state;
pub mod upkeep;
pub mod workbook;
pub mod zone;

use axum::{
    Router,
    middleware::{from_fn, from_fn_with_state},
    routing::{get, post},
};
use domain::wire;
use state::AppState;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// Every route of the server. Layers run from the bottom up.
pub fn router(state: AppState) -> Router {
    Router::new()
        .route("/healthz", get(handlers::healthz))
        .route(wire::SIGN_IN, post(handlers::sign_in))
        .route(wire::SIGN_IN_LINK, post(handlers::sign_in_link))
        .route(wire::SIGN_OUT, post(handlers::sign_out))
        .route(wire::SESSION, get(handlers::session))
        .route(wire::SYNC, post(handlers::sync))
        .route(wire::DIGEST, post(handlers::digest))
        .route(wire::QUERY, post(handlers::query))
        .route(wire::WORKBOOK, post(handlers::workbook))
        .route(wire::QUARANTINE, post(handlers::quarantine))
        .route(&format!("{}{{sha256}}", wire::BLOBS), get(handlers::get_blob).put(handlers::put_blob))
        .route(wire::POKE, get(handlers::poke))
        .route("/api/fn/{name}", post(handlers::functions))
        .fallback(handlers::site)
        .method_not_allowed_fallback(handlers::wrong_method)
        .layer(from_fn_with_state(state.clone(), layers::same_origin))
        .layer(CatchPanicLayer::custom(layers::panicked))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.clone(), layers::secured))
        .layer(from_fn(layers::logged))
        .with_state(state)
}
