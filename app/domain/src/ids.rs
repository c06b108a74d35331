//! Identifiers: UUIDv7 for what a device makes, UUIDv5 for what both ends must derive alike.

pub use uuid::Uuid as Id;

/// A new UUIDv7 (RFC 9562) from a time in UTC milliseconds and ten random bytes, both given by the caller.
pub fn new(ms: i64, random: [u8; 10]) -> Id {
    uuid::Builder::from_unix_timestamp_millis(ms.max(0) as u64, &random).into_uuid()
}

/// The id every replica derives for a record that a rule makes: `hash(cause, rule)`, so a replay makes the same one.
pub fn derived(cause: Id, rule: &str) -> Id {
    Id::new_v5(&cause, rule.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_later_sort_later() {
        assert!(new(1_000, [255; 10]) < new(1_001, [0; 10]));
        assert_eq!(new(1, [7; 10]).get_version_num(), 7);
    }

    #[test]
    fn a_derived_id_depends_on_cause_and_rule_only() {
        let cause = new(5, [1; 10]);
        assert_eq!(derived(cause, "a"), derived(cause, "a"));
        assert_ne!(derived(cause, "a"), derived(cause, "b"));
    }
}
