//! Whom to reach at an account and how: pure, over rows.

use domain::{
    Id, Row,
    json::FromJson,
    sorting::SharedSort,
    types::{Entry, phone_digits},
};
use std::sync::Arc;

/// A number to call: as it was typed, and the digits that a `tel:` link takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    pub shown: String,
    pub digits: String,
}

impl Dial {
    pub fn call(&self) -> String {
        format!("tel:{}", self.digits)
    }

    pub fn text(&self) -> String {
        format!("sms:{}", self.digits)
    }
}

/// The account's primary contact; else who decides, else whoever can be called, else anybody who has not left.
pub fn main_contact(account: &Row, contacts: &[Arc<Row>]) -> Option<Arc<Row>> {
    let here = || contacts.iter().filter(|row| !has_left(row));
    let primary = account.reference("primary_contact");
    let rank = |row: &Arc<Row>| {
        (Some(row.id) != primary, row.text("decision_role") != "decision_maker", number_of(row).is_none(), row.id)
    };
    here().min_by_key(|row| rank(row)).cloned()
}

/// Contacts in the order of [`main_contact`]'s preference: those who left come last.
pub fn in_order(account: &Row, contacts: &[Arc<Row>]) -> Vec<Arc<Row>> {
    let main = main_contact(account, contacts).map(|row| row.id);
    let mut sorted = contacts.to_vec();
    sorted.shared_sort_by_key(|row| (Some(row.id) != main, has_left(row), row.id));
    sorted
}

/// A contact's mobile, else the first of the phones of a contact or account.
pub fn number_of(row: &Row) -> Option<Dial> {
    let mobile = row.get("mobile").and_then(|mobile| {
        let shown = mobile.get("typed")?.as_str()?.to_owned();
        Some(Dial { digits: phone_digits(&shown)?, shown })
    });
    mobile.or_else(|| {
        let entries: Vec<Entry> = FromJson::from_json(row.get("phones")?).ok()?;
        entries.into_iter().find_map(|entry| Some(Dial { digits: phone_digits(&entry.value)?, shown: entry.value }))
    })
}

/// The number that a tap on "call" dials for an account.
pub fn number_for(account: &Row, contacts: &[Arc<Row>]) -> Option<Dial> {
    main_contact(account, contacts).and_then(|row| number_of(&row)).or_else(|| number_of(account))
}

/// The members of the teams that `manager` leads; everybody else where he leads none, as an administrator does.
pub fn team_of(manager: Id, members: &[Arc<Row>], teams: &[Arc<Row>]) -> Vec<Id> {
    let led: Vec<Id> = teams.iter().filter(|team| team.reference("manager") == Some(manager)).map(|team| team.id).collect();
    let in_team = |row: &Row| led.is_empty() || row.reference("team").is_some_and(|team| led.contains(&team));
    members.iter().filter(|row| row.id != manager && works(row) && in_team(row)).map(|row| row.id).collect()
}

/// Whether a member still works here: whoever is not said to have left does.
pub fn works(member: &Row) -> bool {
    member.glance("active").and_then(|active| active.as_bool()) != Some(false)
}

fn has_left(contact: &Row) -> bool {
    contact.glance("left_company").and_then(|left| left.as_bool()) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Clock, row::Cell};
    use serde_json::{Value, json};

    fn row<const N: usize>(id: u128, fields: [(&str, Value); N]) -> Arc<Row> {
        let mut row = Row::new("contact", Id::from_u128(id));
        for (field, value) in fields {
            row.cells.insert(field.to_owned(), Cell { value, clock: Clock::ZERO, actor: Id::nil(), seq: 0 });
        }
        Arc::new(row)
    }

    #[test]
    fn the_primary_contact_goes_first_then_who_decides_then_who_can_be_called() {
        let mobile = json!({"typed": "138 0013-8000", "digits": "13800138000"});
        let silent = row(1, []);
        let reachable = row(2, [("mobile", mobile.clone())]);
        let decides = row(3, [("decision_role", json!("decision_maker"))]);
        let gone = row(4, [("mobile", mobile), ("left_company", json!(true)), ("decision_role", json!("decision_maker"))]);
        let all = [silent.clone(), reachable.clone(), decides.clone(), gone];
        let plain = row(9, []);
        let chosen = row(9, [("primary_contact", json!(silent.id.to_string()))]);
        assert_eq!(main_contact(&plain, &all).unwrap().id, decides.id);
        assert_eq!(main_contact(&plain, &all[..2]).unwrap().id, reachable.id);
        assert_eq!(main_contact(&chosen, &all).unwrap().id, silent.id);
        assert_eq!(main_contact(&plain, &all[3..]), None);
        assert_eq!(number_for(&plain, &all[1..2]).unwrap().call(), "tel:13800138000");
    }

    #[test]
    fn a_team_is_those_in_the_teams_one_leads() {
        let lead = Id::from_u128(1);
        let team = row(10, [("manager", json!(lead.to_string()))]);
        let inside = row(2, [("team", json!(team.id.to_string()))]);
        let gone = row(3, [("team", json!(team.id.to_string())), ("active", json!(false))]);
        let members = [row(1, []), inside.clone(), gone, row(4, [])];
        assert_eq!(team_of(lead, &members, std::slice::from_ref(&team)), [inside.id]);
        assert_eq!(team_of(lead, &members, &[]), [inside.id, Id::from_u128(4)]);
    }

    #[test]
    fn an_account_without_contacts_is_called_itself() {
        let account = row(9, [("phones", json!([{"value": "n/a"}, {"label": "office", "value": "+86 10 6505 8888"}]))]);
        assert_eq!(number_for(&account, &[]), Some(Dial { shown: "+86 10 6505 8888".into(), digits: "+861065058888".into() }));
    }
}
