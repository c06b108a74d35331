//! The addresses of records; the route table in `lib.rs` is their other side.

use domain::Id;

/// The list of a kind.
pub fn list(kind: &str) -> String {
    match kind {
        "account" => "/accounts".to_owned(),
        "contact" => "/contacts".to_owned(),
        "follow_up" => "/follow-ups".to_owned(),
        "dashboard" => "/dashboards".to_owned(),
        "saved_query" => "/queries".to_owned(),
        _ => format!("/r/{kind}"),
    }
}

pub fn record(kind: &str, id: Id) -> String {
    format!("{}/{id}", list(kind))
}

pub fn edit(kind: &str, id: Id) -> String {
    format!("{}/{id}/edit", list(kind))
}

pub fn new(kind: &str) -> String {
    format!("{}/new", list(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_contacts_have_addresses_of_their_own() {
        let id = Id::nil();
        assert_eq!(record("account", id), format!("/accounts/{id}"));
        assert_eq!(edit("complaint", id), format!("/r/complaint/{id}/edit"));
        assert_eq!(new("contact"), "/contacts/new");
    }
}
