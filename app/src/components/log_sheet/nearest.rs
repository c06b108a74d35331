//! Which account the user is probably at.

use crate::state::{Rounds, Wanted};
use domain::{Id, Row, json::FromJson, types::PlaceValue};
use std::sync::Arc;

/// An account further away than this many metres is not where the user is.
const NEAR: f64 = 300.0;

/// The nearest account, where the browser gives the position without asking for it first.
pub async fn nearest_account(rounds: Rounds) -> Option<Id> {
    let here = rounds.position_unasked(Wanted::Exact).await?;
    use leptos::prelude::*;
    nearest(&rounds.rows("account").get_untracked(), &here)
}

fn nearest(accounts: &[Arc<Row>], here: &PlaceValue) -> Option<Id> {
    let within = here.accuracy.unwrap_or(0.0).max(NEAR);
    let distance = |row: &Arc<Row>| Some((PlaceValue::from_json(row.glance("place")?.as_ref()).ok()?.distance(here), row.id));
    let near = accounts.iter().filter_map(distance).filter(|(metres, _)| *metres <= within);
    near.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, id)| id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Clock, row::Cell};
    use serde_json::json;

    fn account(id: u128, lat: f64) -> Arc<Row> {
        let mut row = Row::new("account", Id::from_u128(id));
        row.cells.insert(
            "place".into(),
            Cell { value: json!({ "lat": lat, "lng": 121.0 }), clock: Clock::ZERO, actor: Id::nil(), seq: 0 },
        );
        Arc::new(row)
    }

    #[test]
    fn only_an_account_within_reach_counts() {
        let here = |accuracy| PlaceValue { lat: 31.0, lng: 121.0, accuracy };
        // 0.001 degrees of latitude are 111 metres.
        let accounts =
            [account(1, 31.002), account(2, 31.001), account(3, 32.0), Arc::new(Row::new("account", Id::from_u128(4)))];
        assert_eq!(nearest(&accounts, &here(None)), Some(Id::from_u128(2)));
        assert_eq!(nearest(&accounts[2..], &here(None)), None);
        assert_eq!(nearest(&[account(5, 31.005)], &here(Some(900.0))), Some(Id::from_u128(5)));
    }
}
