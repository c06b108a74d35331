//! What a member does next, by chance: with what his device shows him, and now and then with what it does not.

use super::company::{Company, pick};
use domain::{
    Id, Row, Value,
    records::{Account, Comment, Contact, Dashboard, FollowUp, Member, Notice, SavedQuery, Share, Team, Territory},
    testing::Random,
    time::DAY_MS,
};
use serde_json::json;
use server::{now::now_ms, secret::new_id};
use std::sync::Arc;
use store::{Draft, View};

/// Somebody at his device.
pub struct Actor<'a> {
    pub company: &'a Company,
    pub member: Id,
    pub view: &'a View,
    pub random: &'a mut Random,
    /// Counts the actions: every text is another.
    pub at: usize,
}

impl Actor<'_> {
    /// One record of these kinds, deleted ones among them.
    fn one_of(&mut self, kinds: &[&str]) -> Option<(&'static str, Id)> {
        let mut found: Vec<&Arc<Row>> = self.view.rows().filter(|row| kinds.contains(&row.kind.as_str())).collect();
        // The view has no order that a seed would repeat.
        found.sort_by_key(|row| row.id);
        let row = pick(self.random, &found)?;
        KINDS.into_iter().find(|kind| *kind == row.kind).map(|kind| (kind, row.id))
    }

    fn account(&mut self) -> Option<Id> {
        self.one_of(&[Account::KIND]).map(|(_, id)| id)
    }

    fn anybody(&mut self) -> Value {
        json!(pick(self.random, &self.company.members))
    }

    fn anywhere(&mut self) -> Value {
        json!(pick(self.random, &self.company.territories))
    }

    /// The set with one member more or less.
    fn toggled(&mut self, id: Id, field: &str) -> Value {
        let (member, row) = (self.anybody(), self.view.row(id));
        let mut members: Vec<Value> = row.map(|row| row.each(field).cloned().collect()).unwrap_or_default();
        let before = members.len();
        members.retain(|one| *one != member);
        if members.len() == before {
            members.push(member);
        }
        json!(members)
    }

    fn text(&self) -> Value {
        json!(format!("text {}", self.at))
    }

    /// A draft that may turn out to change nothing, or nothing where the device has nothing to act on.
    pub fn act(&mut self) -> Option<Draft> {
        let new = new_id().unwrap();
        if self.company.is_administrator(self.member) && self.random.chance(50) {
            return Some(self.reorganise());
        }
        let draft = Draft::new();
        Some(match self.random.below(23) {
            0..2 => {
                let draft = draft.create(Account::KIND, new).put(Account::KIND, new, "name", self.text());
                match self.random.below(3) {
                    0 => draft,
                    1 => draft.put(Account::KIND, new, "owner", json!(self.member)),
                    _ => draft.put(Account::KIND, new, "owner", self.anybody()).put(
                        Account::KIND,
                        new,
                        "territory",
                        self.anywhere(),
                    ),
                }
            }
            2..5 => {
                let field = pick(self.random, &["name", "industry", "note"])?;
                draft.put(Account::KIND, self.account()?, field, self.text())
            }
            5 => draft.put(Account::KIND, self.account()?, "tags", json!([self.text()])),
            6..8 => draft.put(Account::KIND, self.account()?, "owner", self.anybody()),
            8 => self.account().map(|id| draft.put(Account::KIND, id, "collaborators", self.toggled(id, "collaborators")))?,
            9 => draft.put(Account::KIND, self.account()?, "territory", self.anywhere()),
            10 => self
                .one_of(&[Account::KIND, Contact::KIND, FollowUp::KIND, Share::KIND])
                .map(|(kind, id)| draft.delete(kind, id))?,
            11 => self.one_of(&[Account::KIND, Contact::KIND]).map(|(kind, id)| draft.restore(kind, id))?,
            12..14 => {
                let draft = draft.create(Contact::KIND, new).put(Contact::KIND, new, "name", json!({ "family": "王" }));
                draft.put(Contact::KIND, new, "account", json!(self.account().filter(|_| self.random.chance(90))))
            }
            14 => self.one_of(&[Contact::KIND]).map(|(kind, id)| draft.put(kind, id, "account", json!(self.account())))?,
            15..17 => {
                let draft = draft.create(FollowUp::KIND, new).put(FollowUp::KIND, new, "account", json!(self.account()));
                let comment = new_id().unwrap();
                let draft = draft.put(FollowUp::KIND, new, "text", self.text()).create(Comment::KIND, comment);
                let draft = draft.put(Comment::KIND, comment, "text", self.text());
                draft.put(Comment::KIND, comment, "account", json!(self.account()))
            }
            17 => self.one_of(&[FollowUp::KIND]).map(|(kind, id)| draft.put(kind, id, "text", self.text()))?,
            18 => {
                let draft = draft.create(Share::KIND, new).put(Share::KIND, new, "account", json!(self.account()?));
                match self.random.below(3) {
                    0 => draft.put(Share::KIND, new, "team", json!(pick(self.random, &self.company.teams))),
                    1 => {
                        draft.put(Share::KIND, new, "member", self.anybody()).put(Share::KIND, new, "until", json!(self.until()))
                    }
                    _ => draft.put(Share::KIND, new, "member", self.anybody()),
                }
            }
            19 => self.one_of(&[Share::KIND]).map(|(kind, id)| draft.put(kind, id, "until", json!(self.until())))?,
            20 => match self.one_of(&[SavedQuery::KIND, Dashboard::KIND, Notice::KIND]).filter(|_| self.random.chance(70)) {
                Some((Notice::KIND, id)) => draft.put(Notice::KIND, id, "read", json!(true)),
                Some((kind, id)) => {
                    let draft = draft.put(kind, id, "shared", json!(pick(self.random, &["private", "some", "some", "company"])));
                    match self.random.below(4) {
                        0 => draft.put(kind, id, "role", json!(pick(self.random, &["rep", "manager"]))),
                        1 => draft.put(kind, id, "team", json!(pick(self.random, &self.company.teams))),
                        2 => draft.put(kind, id, "members", self.toggled(id, "members")),
                        _ => draft.put(kind, id, "role", Value::Null).put(kind, id, "team", Value::Null),
                    }
                }
                None if self.random.chance(30) => {
                    let draft = draft.create(Dashboard::KIND, new).put(Dashboard::KIND, new, "name", self.text());
                    draft.put(Dashboard::KIND, new, "tiles", json!(["a overdue 1@0 list@0 half@0"]))
                }
                None => {
                    let draft = draft.create(SavedQuery::KIND, new).put(SavedQuery::KIND, new, "name", self.text());
                    draft.put(SavedQuery::KIND, new, "query", json!({ "from": "account" }))
                }
            },
            21 => {
                let into = self.account().filter(|_| self.random.chance(70));
                draft.put(Account::KIND, self.account()?, "merged_into", json!(into))
            }
            // What only administrators may, and what nobody may: a record that the device was never told of.
            _ => match self.random.chance(50) {
                true => draft.put(Member::KIND, self.member, "role", json!("administrator")),
                false => draft.put(Account::KIND, new, "name", self.text()),
            },
        })
    }

    /// Long ago or long from now, so that no share ends while devices are compared.
    fn until(&mut self) -> i64 {
        let days = if self.random.chance(50) { 300 } else { -300 };
        now_ms() + days * DAY_MS
    }

    fn reorganise(&mut self) -> Draft {
        let (draft, company) = (Draft::new(), self.company);
        let anyone = pick(self.random, &company.members[company.administrators..]).unwrap();
        let team = pick(self.random, &company.teams).unwrap();
        let territory = pick(self.random, &company.territories).unwrap();
        match self.random.below(6) {
            0..2 => draft.put(Member::KIND, anyone, "team", json!(team)),
            2 => draft.put(Team::KIND, team, "manager", self.anybody()),
            3 => draft.put(Territory::KIND, territory, "parent", self.anywhere()),
            4 => draft.put(Territory::KIND, territory, "members", self.toggled(territory, "members")),
            _ => {
                let role = pick(self.random, &["rep", "manager", "administrator"]);
                draft.put(Member::KIND, anyone, "role", json!(role))
            }
        }
    }
}

const KINDS: [&str; 8] =
    [Account::KIND, Contact::KIND, FollowUp::KIND, Comment::KIND, Share::KIND, SavedQuery::KIND, Dashboard::KIND, Notice::KIND];
