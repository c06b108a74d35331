//! The bytes in which a device is told what became of its ops.

use domain::{Value, change::Outcome, json::FromJson, testing::id, wire::Ack};

fn pinned(ack: &Ack, bytes: &str) {
    assert_eq!(serde_json::to_string(ack).unwrap(), bytes);
    assert_eq!(Ack::from_json(&serde_json::from_str::<Value>(bytes).unwrap()).as_ref(), Ok(ack));
}

#[test]
fn an_ack_and_where_its_clock_was_put() {
    let ack = Ack { n: 3, op_id: id(7), seq: 42, clock_ms: None, outcome: Outcome::Applied };
    pinned(&ack, r#"{"n":3,"op_id":"00000000-0000-0000-0000-000000000007","seq":42,"outcome":"applied"}"#);
    let moved = Ack { clock_ms: Some(1_790_000_000_000), ..ack };
    pinned(
        &moved,
        r#"{"n":3,"op_id":"00000000-0000-0000-0000-000000000007","seq":42,"clock_ms":1790000000000,"outcome":"applied"}"#,
    );
}
