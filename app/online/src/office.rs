use crate::{ChangePassword, DeviceItem, Fault, HistoryItem, IssueSignInLink, MyDevices, RecordHistory};
use std::{future::Future, pin::Pin};
use uuid::Uuid;

/// What a function of [`Office`] returns; boxed, so that the trait can be an object in leptos's context.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send>>;

/// The server, as seen by one signed-in member: whoever holds it is authorised to ask, and it decides what is answered.
pub trait Office: Send + Sync {
    fn change_password(&self, current: String, new: String) -> Answer<()>;
    fn record_history(&self, record: Uuid) -> Answer<Vec<HistoryItem>>;
    fn my_devices(&self) -> Answer<Vec<DeviceItem>>;
    fn issue_sign_in_link(&self, member: Uuid) -> Answer<String>;
}

/// Makes the functions known by name instead of by the linker's grace, which may drop a crate nobody calls into.
pub fn register() {
    use leptos::server_fn::axum::register_explicit;
    register_explicit::<ChangePassword>();
    register_explicit::<RecordHistory>();
    register_explicit::<MyDevices>();
    register_explicit::<IssueSignInLink>();
}
