//! What a user might do with what his device shows.

use domain::{
    Id, Row, Value,
    merging::{MERGED_INTO, target},
    records::{Account, Contact, FollowUp, Member, Notice},
    testing::Random,
};
use serde_json::json;
use store::{Draft, View};

/// A user, and the colleagues he may name.
#[derive(Clone, Copy)]
pub struct User<'a> {
    pub member: Id,
    pub colleagues: &'a [Id],
    pub teams: &'a [Id],
}

/// A kind of record that this app does not know.
pub const NEWER_KIND: &str = "x_sample";

fn one<'a, T>(random: &mut Random, of: &'a [T]) -> Option<&'a T> {
    of.get(random.below(of.len()))
}

/// Few values, so that equal ones meet.
fn any_text(random: &mut Random) -> Value {
    json!(format!("value {}", random.below(50)))
}

fn sorted(view: &View, wanted: impl Fn(&Row) -> bool) -> Vec<&Row> {
    let mut rows: Vec<&Row> = view.rows().map(AsRef::as_ref).filter(|row| wanted(row)).collect();
    rows.sort_by_key(|row| row.id);
    rows
}

fn living<'v>(view: &'v View, kind: &str) -> Vec<&'v Row> {
    sorted(view, |row| row.kind == kind && row.is_alive())
}

impl User<'_> {
    /// Something at random.
    pub fn draft(self, random: &mut Random, view: &View) -> Draft {
        let accounts = living(view, Account::KIND);
        let (draft, new, choice) = (Draft::new(), random.id(), random.below(20));
        let Some(account) = one(random, &accounts).filter(|_| choice > 1) else {
            return self.visit_somebody_new(random);
        };
        let account = account.id;
        match choice {
            2..=5 => draft.put(Account::KIND, account, ["name", "short_name", "industry"][random.below(3)], any_text(random)),
            6 | 7 => {
                let paragraphs = [random.below(3), random.below(3)];
                draft.put(Account::KIND, account, "note", json!(format!("one {}\ntwo\nthree {}", paragraphs[0], paragraphs[1])))
            }
            8 | 9 => draft.put(Account::KIND, account, "tags", json!(["a", "b", "c"][..random.below(4)])),
            10 => match one(random, self.colleagues) {
                Some(colleague) => draft.put(Account::KIND, account, "collaborators", json!([colleague])),
                None => draft,
            },
            11 if random.chance(50) => draft.delete(Account::KIND, account),
            11 => match one(random, &sorted(view, |row| row.kind == Account::KIND && row.deleted.is_some() && !row.is_alive())) {
                Some(deleted) => draft.restore(Account::KIND, deleted.id),
                None => draft,
            },
            12 | 13 => self.plan_or_log(random, view, draft),
            // Fields and records of a newer app, which this one passes on, and a value the server cannot take.
            14 if random.chance(50) => match random.below(4) {
                0 => draft.create(NEWER_KIND, new).put(NEWER_KIND, new, "account", json!(account)),
                1 => match one(random, &living(view, NEWER_KIND)) {
                    Some(newer) => draft.put(NEWER_KIND, newer.id, "x_colour", any_text(random)),
                    None => draft,
                },
                _ => draft.put(Account::KIND, account, "x_colour", any_text(random)),
            },
            14 => draft.put(Account::KIND, account, "employees", json!("many")),
            15 => match one(random, &living(view, Notice::KIND)) {
                Some(notice) => draft.put(Notice::KIND, notice.id, "read", json!(true)),
                None => draft,
            },
            16 => draft.create(Contact::KIND, new).put(Contact::KIND, new, "account", json!(account)).put(
                Contact::KIND,
                new,
                "title",
                any_text(random),
            ),
            _ => draft
                .create(FollowUp::KIND, new)
                .put(FollowUp::KIND, new, "account", json!(account))
                .put(FollowUp::KIND, new, "text", any_text(random))
                .put(FollowUp::KIND, new, "due", json!("2026-12-01")),
        }
    }

    /// Two records made by one op: nobody may ever see one without the other.
    fn visit_somebody_new(self, random: &mut Random) -> Draft {
        let (account, follow_up) = (random.id(), random.id());
        Draft::new()
            .create(Account::KIND, account)
            .put(Account::KIND, account, "name", any_text(random))
            .put(Account::KIND, account, "owner", json!(self.member))
            .create(FollowUp::KIND, follow_up)
            .put(FollowUp::KIND, follow_up, "account", json!(account))
            .put(FollowUp::KIND, follow_up, "text", any_text(random))
    }

    fn plan_or_log(self, random: &mut Random, view: &View, draft: Draft) -> Draft {
        let Some(follow_up) = one(random, &living(view, FollowUp::KIND)).map(|row| row.id) else { return draft };
        match random.chance(50) {
            true => draft.put(FollowUp::KIND, follow_up, "due", json!(format!("2026-12-{:02}", 1 + random.below(28)))),
            false => draft.put(FollowUp::KIND, follow_up, "done_at", json!(1_795_000_000_000i64 + random.below(1000) as i64)),
        }
    }

    /// Another owner for a record, or none: then it is in the pool, where it is claimed.
    pub fn reassign(self, random: &mut Random, view: &View) -> Draft {
        match (one(random, &living(view, Account::KIND)), one(random, self.colleagues)) {
            (Some(account), _) if account.get("owner").is_none() => Draft::new().claim(Account::KIND, account.id, "owner"),
            (Some(account), _) if random.chance(30) => Draft::new().put(Account::KIND, account.id, "owner", Value::Null),
            (Some(account), Some(colleague)) => Draft::new().put(Account::KIND, account.id, "owner", json!(colleague)),
            _ => Draft::new(),
        }
    }

    /// The same value for several accounts, those of others among them: a draft each.
    pub fn change_many(self, random: &mut Random, view: &View) -> Vec<Draft> {
        let stage = json!(["potential", "engaged", "customer"][random.below(3)]);
        let chosen = living(view, Account::KIND).into_iter().filter(|_| random.chance(40)).take(12);
        chosen.map(|account| Draft::new().put(Account::KIND, account.id, "stage", stage.clone())).collect()
    }

    /// Another account into which one is merged, or none any more.
    pub fn merge(self, random: &mut Random, view: &View) -> Draft {
        let merged = sorted(view, |row| target(row).is_some());
        if let Some(merged) = one(random, &merged).filter(|_| random.chance(40)) {
            return Draft::new().put(Account::KIND, merged.id, MERGED_INTO, Value::Null);
        }
        let accounts = living(view, Account::KIND);
        match (one(random, &accounts), one(random, &accounts)) {
            (Some(from), Some(into)) => Draft::new().put(Account::KIND, from.id, MERGED_INTO, json!(into.id)),
            _ => Draft::new(),
        }
    }

    /// Another team for a colleague, or none.
    pub fn reorganise(self, random: &mut Random) -> Draft {
        let team = one(random, self.teams).filter(|_| random.chance(60));
        match one(random, self.colleagues) {
            Some(colleague) => Draft::new().put(Member::KIND, *colleague, "team", team.map_or(Value::Null, |team| json!(team))),
            None => Draft::new(),
        }
    }

    /// A field of a record that several devices show.
    pub fn rename(self, random: &mut Random, account: Id) -> Draft {
        Draft::new().put(Account::KIND, account, "industry", any_text(random))
    }
}
