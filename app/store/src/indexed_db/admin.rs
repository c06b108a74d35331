//! Finding and removing whole databases.

use futures::channel::oneshot;
use futures::future::{Either, select};
use indexed_db_futures::database::Database;
use indexed_db_futures::factory::DBFactory;
use indexed_db_futures::internals::SystemRepr;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::IdbOpenDbRequest;

use super::failure::Failure;
use crate::error::StoreError;

/// Removes the database `name`; one that does not exist is no error.
///
/// Open connections of this app let go by themselves. On [`StoreError::Blocked`] another tab holds on, and the database
/// goes as soon as that tab closes.
pub async fn delete(name: &str) -> Result<(), StoreError> {
    let request = Database::delete_by_name(name).map_err(|error| settled(Failure::of_opening(error)))?;
    let (tell_blocked, blocked) = oneshot::channel();
    let on_blocked = Closure::once(move || {
        // Nobody listens any more when the caller has gone away.
        let _ = tell_blocked.send(());
    });
    let handle = request.as_sys().clone().unchecked_into::<IdbOpenDbRequest>();
    handle.set_onblocked(Some(on_blocked.as_ref().unchecked_ref()));
    let outcome = match select(request, blocked).await {
        Either::Left((deleted, _)) => deleted.map_err(|error| settled(Failure::of_opening(error.into()))),
        Either::Right(_) => Err(StoreError::Blocked),
    };
    handle.set_onblocked(None);
    outcome
}

/// The names of this site's databases that begin with `prefix`; none where the browser cannot list them.
pub async fn list(prefix: &str) -> Vec<String> {
    let Ok(Ok(listing)) = DBFactory::new().map(|factory| factory.databases()) else { return Vec::new() };
    let Ok(databases) = listing.await else { return Vec::new() };
    let names = databases.flatten().map(|database| database.name().to_owned());
    names.filter(|name| name.starts_with(prefix)).collect()
}

fn settled(failure: Failure) -> StoreError {
    match failure {
        Failure::Dead(why) => StoreError::Aborted(why),
        Failure::Final(error) => error,
    }
}
