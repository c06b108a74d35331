//! The questions that everybody asks, ready to be shown, and to be changed into one's own.

use super::{CREATED_AT, CREATED_BY, Filter, Function, Operator, Query, Times};
use crate::{
    lang::Label,
    records::{Account, Contact, FollowUp},
};
use serde_json::json;

/// A query that comes with the app.
#[derive(Clone, Debug)]
pub struct Ready {
    /// Stable: addresses and chips name it.
    pub id: &'static str,
    pub label: Label,
    /// How it is best shown: an option of a saved query's `shown`.
    pub shown: &'static str,
    pub query: Query,
}

/// All of them, in the order of a menu.
pub fn all() -> Vec<Ready> {
    let accounts = || Query::of(Account::KIND);
    let by = |field: &str| accounts().group(field, None, false).show(Function::Count, None).largest(0);
    vec![
        ready("my_week", ["My week", "我的一周", "我的一週"], "list", my_week()),
        ready("overdue", ["Overdue", "已逾期", "已逾期"], "list", overdue()),
        ready("no_next_step", ["No next step", "无下一步", "無下一步"], "list", no_next_step()),
        ready("not_contacted_30", ["Not contacted for 30 days", "30 天未联系", "30 天未聯絡"], "list", not_contacted(30)),
        ready("not_contacted_60", ["Not contacted for 60 days", "60 天未联系", "60 天未聯絡"], "list", not_contacted(60)),
        ready("not_contacted_90", ["Not contacted for 90 days", "90 天未联系", "90 天未聯絡"], "list", not_contacted(90)),
        ready("birthdays", ["Birthdays in 30 days", "30 天内生日", "30 天內生日"], "list", birthdays()),
        ready("new_this_month", ["New this month", "本月新增", "本月新增"], "list", new_this_month()),
        ready("by_stage", ["By stage", "按阶段", "依階段"], "funnel", by_stage()),
        ready("by_owner", ["By owner", "按负责人", "依負責人"], "bar", by("owner")),
        ready("by_source", ["By source", "按来源", "依來源"], "bar", by("source")),
        ready("by_area", ["By area", "按地区", "依地區"], "bar", by("address.city")),
    ]
}

fn ready(id: &'static str, label: [&'static str; 3], shown: &'static str, query: Query) -> Ready {
    Ready { id, label: Label::new(label), shown, query }
}

/// Accounts that are still worked on.
fn alive() -> Filter {
    Filter::field("stage", Operator::IsNot, json!(["lost", "closed"]))
}

fn no_next_step() -> Query {
    let planned = Filter::referred(FollowUp::KIND, "account", Times::None, Filter::empty("done_at"));
    Query::of(Account::KIND).filter(Filter::All(vec![alive(), planned])).sort("name")
}

fn overdue() -> Query {
    let past = Filter::field("due", Operator::Past, ());
    Query::of(FollowUp::KIND).filter(Filter::All(vec![Filter::empty("done_at"), past])).sort("due")
}

fn not_contacted(days: u16) -> Query {
    let done = Filter::field("done_at", Operator::In, json!({ "last_days": days }));
    let contacted = Filter::referred(FollowUp::KIND, "account", Times::None, done);
    Query::of(Account::KIND).filter(Filter::All(vec![alive(), contacted])).sort("name")
}

fn birthdays() -> Query {
    let soon = Filter::field("birthday", Operator::Anniversary, json!({ "next_days": 30 }));
    let here = Filter::field("left_company", Operator::IsNot, true);
    Query::of(Contact::KIND).filter(Filter::All(vec![soon, here])).sort("birthday.day_of_year")
}

fn new_this_month() -> Query {
    let mut query =
        Query::of(Account::KIND).filter(Filter::field(CREATED_AT, Operator::In, json!({ "this": "month" }))).sort(CREATED_AT);
    query.sort.iter_mut().for_each(|sort| sort.descending = true);
    query
}

fn by_stage() -> Query {
    let grouped = Query::of(Account::KIND).group("stage", None, true);
    grouped.show(Function::Count, None).show(Function::Sum, Some("annual_revenue"))
}

/// What is due this week and mine to do: given to me, or made by me and given to nobody.
fn my_week() -> Query {
    let me = |field: &str| Filter::field(field, Operator::Is, "me");
    let mine = Filter::Any(vec![me("assigned_to"), Filter::All(vec![Filter::empty("assigned_to"), me(CREATED_BY)])]);
    let due = Filter::field("due", Operator::In, json!({ "this": "week" }));
    Query::of(FollowUp::KIND).filter(Filter::All(vec![due, mine])).sort("due")
}
