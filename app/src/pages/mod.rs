//! One file per page; composition only.

pub mod account;
pub mod accounts;
pub mod contact;
pub mod dashboards;
pub mod decisions;
pub mod detail;
pub mod devices;
pub mod first_load;
pub mod follow_up;
pub mod log;
pub mod more;
pub mod not_found;
pub mod notices;
pub mod queries;
pub mod record_form;
pub mod records;
pub mod settings;
pub mod sign_in;
pub mod sign_in_link;
pub mod sync;
pub mod team;
pub mod today;
