//! Claims from the pool: the first to arrive has it, whatever the clocks say; the others are told and keep what they wrote.

use super::*;
use crate::testing::row;
use proptest::prelude::*;

const POOLED: u128 = 101;

/// An account of nobody's, and devices that know the server.
fn pool() -> MemoryHub {
    let mut hub = hub();
    hub.seed([row(Account::KIND, id(POOLED), &[("name", json!("无主商行"))])]);
    for who in [ANN, BOB, MANAGER] {
        outcomes_of(&mut hub, who, who, &[]);
    }
    hub
}

fn claim(ms: i64, device: u128) -> Act {
    Act::Claim { field: "owner".into(), clock: clock(ms, device) }
}

fn owner(hub: &MemoryHub) -> Option<Id> {
    hub.rows[&id(POOLED)].reference("owner")
}

#[test]
fn who_came_too_late_is_told_who_has_it_and_what_he_wrote_is_kept() {
    let mut hub = pool();
    let seen = hub.seq;
    assert_eq!(push(&mut hub, BOB, 1, seen, Account::KIND, POOLED, claim(50, BOB)), Outcome::Applied);
    assert_eq!(push(&mut hub, ANN, 1, seen, Account::KIND, POOLED, claim(10, ANN)), Outcome::Merged);
    assert_eq!(owner(&hub), Some(id(BOB)));
    assert_eq!(notices(&hub, ANN), ["claimed"]);
    assert!(notices(&hub, BOB).is_empty() && notices(&hub, MANAGER).is_empty());
    let told = hub.rows.values().find(|row| row.text("reason") == "claimed").unwrap();
    assert_eq!((told.text("title"), told.reference("kept")), ("无主商行", Some(id(BOB))));
    // She wrote it while it was everybody's.
    assert_eq!(push(&mut hub, ANN, 2, seen, Account::KIND, POOLED, set("note", "call first", clock(11, ANN))), Outcome::Applied);
    assert_eq!(hub.rows[&id(POOLED)].text("note"), "call first");
}

#[test]
fn what_was_claimed_can_be_reassigned_and_given_back_and_claimed_again() {
    let mut hub = pool();
    let seen = hub.seq;
    push(&mut hub, ANN, 1, seen, Account::KIND, POOLED, claim(1_000, ANN));
    let seen = hub.seq;
    assert_eq!(
        push(&mut hub, MANAGER, 1, seen, Account::KIND, POOLED, set("owner", json!(id(BOB)), clock(2_000, MANAGER))),
        Outcome::Applied
    );
    assert_eq!(owner(&hub), Some(id(BOB)));
    let seen = hub.seq;
    push(&mut hub, BOB, 1, seen, Account::KIND, POOLED, set("owner", Value::Null, clock(3_000, BOB)));
    assert_eq!(owner(&hub), None);
    let seen = hub.seq;
    // A slow clock claims as well as any other.
    assert_eq!(push(&mut hub, ANN, 2, seen, Account::KIND, POOLED, claim(1_001, ANN)), Outcome::Applied);
    assert_eq!(owner(&hub), Some(id(ANN)));
}

#[test]
fn an_account_with_an_owner_is_in_no_pool_and_a_claim_is_nobody_elses() {
    let mut hub = pool();
    let seen = hub.seq;
    let stranger = push(&mut hub, BOB, 1, seen, Account::KIND, ACCOUNT, claim(10, BOB));
    assert_eq!(stranger, Outcome::Parked { reason: "no_access".into() });
    let own = push(&mut hub, ANN, 1, seen, Account::KIND, ACCOUNT, claim(10, ANN));
    assert_eq!(own, Outcome::Applied, "she has it already");
    for (n, field) in (2..).zip(["name", "collaborators", "territory"]) {
        let act = Act::Claim { field: field.into(), clock: clock(10, ANN) };
        let wrong = push(&mut hub, ANN, n, seen, Account::KIND, ACCOUNT, act);
        assert!(matches!(wrong, Outcome::Rejected { code, .. } if code == "wrong_act"), "{field}");
    }
}

proptest! {
    #[test]
    fn one_has_it_and_all_others_are_told_once(claims in prop::collection::vec((1..4u128, 0..5_000i64), 1..8)) {
        let mut hub = pool();
        let seen = hub.seq;
        let mut sent = BTreeMap::<u128, u64>::new();
        for (who, ms) in &claims {
            let n = sent.entry(*who).or_default();
            *n += 1;
            push(&mut hub, *who, *n, seen, Account::KIND, POOLED, claim(*ms, *who));
        }
        let first = claims[0].0;
        prop_assert_eq!(owner(&hub), Some(id(first)));
        for (who, claims) in sent {
            prop_assert_eq!(notices(&hub, who).len() as u64, if who == first { 0 } else { claims });
        }
    }
}
