use super::*;
use domain::{
    Clock,
    row::Deleted,
    testing::{Random, id, row},
};
use serde_json::json;

/// Accounts have the first ids: some give way to each other, and some are deleted.
fn any_row(random: &mut Random) -> Row {
    let number = random.below(12) as u128;
    let account = json!(id(random.below(4) as u128));
    let mut row = match number {
        0..5 if random.chance(40) => row("account", id(number), &[("merged_into", account)]),
        0..5 => row("account", id(number), &[]),
        _ => row("contact", id(number), &[("account", account)]),
    };
    if random.chance(20) {
        row.deleted = Some(Deleted { seen: row.clocks(), clock: Clock::ZERO, by: Id::nil() });
    }
    row.seq = random.draw();
    row
}

fn sorted(rows: &Rows) -> Vec<(Id, u64, Option<Id>)> {
    let mut found: Vec<_> = rows.iter().map(|row| (row.id, row.seq, row.reference("account"))).collect();
    found.sort_unstable();
    found
}

#[test]
fn what_hangs_under_a_merged_account_is_listed_under_its_survivor_until_that_is_undone() {
    let account = |n, into: Option<u128>| row("account", id(n), &[("merged_into", json!(into.map(id)))]);
    let contact = row("contact", id(9), &[("account", json!(id(1)))]);
    let (mut view, mut index) = (View::new([account(1, None), account(2, None), contact], []), Index::default());
    let of = |index: &mut Index, view: &View, n| index.referring(view, "contact", "account", id(n)).len();
    assert_eq!([of(&mut index, &view, 1), of(&mut index, &view, 2)], [1, 0]);
    for (into, accounts, counts) in [(Some(2), 1, [0, 1]), (None, 2, [1, 0]), (Some(7), 2, [1, 0])] {
        let touched = view.pulled(vec![account(1, into)], &[], []);
        assert_eq!(index.touch(&view, &touched), into != Some(7), "what is not here stands for nobody");
        assert_eq!(index.rows(&view, "account").len(), accounts);
        assert_eq!([of(&mut index, &view, 1), of(&mut index, &view, 2)], counts);
    }
    let touched = view.pulled(vec![account(7, None)], &[], []);
    assert!(index.touch(&view, &touched), "until it comes");
    assert_eq!([index.survivor(&view, id(1)), index.survivor(&view, id(2))], [id(7), id(2)]);
    assert_eq!(index.merged_into(&view, id(7)).len(), 1);
    let raw = view.row(id(9)).unwrap();
    assert_eq!(raw.reference("account"), Some(id(1)), "the record itself is as it was");
    assert_eq!(index.resolved(&view, raw).reference("account"), Some(id(7)));
}

#[test]
fn lists_kept_true_are_those_made_anew() {
    for seed in 0..100 {
        let mut random = Random::new(seed);
        let (mut view, mut kept) = (View::default(), Index::default());
        for _ in 0..60 {
            let changed: Vec<Row> = (0..random.below(3)).map(|_| any_row(&mut random)).collect();
            let removed: Vec<Id> = (0..random.below(2)).map(|_| id(random.below(12) as u128)).collect();
            let touched = view.pulled(changed, &removed, []);
            kept.touch(&view, &touched);
            let mut fresh = Index::default();
            for kind in ["account", "contact"] {
                assert_eq!(sorted(&kept.rows(&view, kind)), sorted(&fresh.rows(&view, kind)), "seed {seed}");
                for to in 0..5 {
                    let of = |index: &mut Index| sorted(&index.referring(&view, kind, "account", id(to)));
                    assert_eq!(of(&mut kept), of(&mut fresh), "seed {seed}");
                }
            }
        }
    }
}
