use crate::{
    AllDevices, ChangePassword, DeviceItem, Dismiss, Fault, HandOver, HistoryItem, IssueSignInLink, MyDevices, Parked,
    ParkedItem, RecordHistory, RevokeDevice, TakeUp, TakenUp,
};
use std::{future::Future, pin::Pin};
use uuid::Uuid;

/// What a function of [`Office`] returns; boxed, so that the trait can be an object in leptos's context.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send>>;

/// The server, as seen by one signed-in member: whoever holds it is authorised to ask, and it decides what is answered.
pub trait Office: Send + Sync {
    fn change_password(&self, current: String, new: String) -> Answer<()>;
    fn record_history(&self, record: Uuid) -> Answer<Vec<HistoryItem>>;
    fn my_devices(&self) -> Answer<Vec<DeviceItem>>;
    fn all_devices(&self) -> Answer<Vec<DeviceItem>>;
    fn revoke_device(&self, device: Uuid) -> Answer<()>;
    fn parked(&self) -> Answer<Vec<ParkedItem>>;
    fn take_up(&self, ops: Vec<Uuid>) -> Answer<Vec<TakenUp>>;
    fn hand_over(&self, ops: Vec<Uuid>, member: Uuid) -> Answer<()>;
    fn dismiss(&self, ops: Vec<Uuid>) -> Answer<()>;
    fn issue_sign_in_link(&self, member: Uuid) -> Answer<String>;
}

/// Makes the functions known by name instead of by the linker's grace, which may drop a crate nobody calls into.
pub fn register() {
    use leptos::server_fn::axum::register_explicit;
    register_explicit::<ChangePassword>();
    register_explicit::<RecordHistory>();
    register_explicit::<MyDevices>();
    register_explicit::<AllDevices>();
    register_explicit::<RevokeDevice>();
    register_explicit::<Parked>();
    register_explicit::<TakeUp>();
    register_explicit::<HandOver>();
    register_explicit::<Dismiss>();
    register_explicit::<IssueSignInLink>();
}
