//! Half-typed logs, one for each account, as they survive the browser.

use domain::{Id, Value, json::FromJson, reads};
use serde::Serialize;
use serde_json::Map;

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Drafts {
    /// The account of the one typed last.
    last: Option<Id>,
    /// By the account's id.
    by_account: Map<String, Value>,
}

reads!(Drafts { last, by_account or default });

impl Drafts {
    pub fn read(kept: Option<Value>) -> Drafts {
        kept.and_then(|kept| Drafts::from_json(&kept).ok()).unwrap_or_default()
    }

    /// Takes out the log begun for `account`; where none is asked for, the one typed last.
    pub fn take(&mut self, account: Option<Id>) -> Option<(Id, Value)> {
        let account = account.or(self.last)?;
        self.by_account.remove(&account.to_string()).map(|draft| (account, draft))
    }

    /// These and the current one, to be kept; `None` when nothing is half typed.
    pub fn with(&self, account: Option<Id>, current: Option<Value>) -> Option<Value> {
        let mut all = self.clone();
        if let Some(current) = current {
            // A log begun before its account was chosen has no other key.
            let account = account.unwrap_or_default();
            all.by_account.insert(account.to_string(), current);
            all.last = Some(account);
        }
        if all.by_account.is_empty() { None } else { serde_json::to_value(all).ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_account_has_its_own_and_the_plus_button_goes_on_with_the_last() {
        let (a, b) = (Id::from_u128(1), Id::from_u128(2));
        let kept = Drafts::default().with(Some(a), Some(json!("to a")));
        let mut drafts = Drafts::read(kept);
        assert_eq!(drafts.take(Some(b)), None);
        let kept = drafts.with(Some(b), Some(json!("to b")));
        let mut drafts = Drafts::read(kept);
        assert_eq!(drafts.take(None), Some((b, json!("to b"))));
        assert_eq!(drafts.take(Some(a)), Some((a, json!("to a"))));
        assert_eq!(drafts.with(Some(a), None), None);
    }

    #[test]
    fn what_cannot_be_read_is_no_draft() {
        assert_eq!(Drafts::read(Some(json!(7))), Drafts::default());
        assert_eq!(Drafts::read(None), Drafts::default());
    }
}
