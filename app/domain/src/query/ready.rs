//! The questions that everybody asks, ready to be shown, and to be changed into one's own.

use super::{CREATED_AT, CREATED_BY, Filter, Function, Operator, Query, Times};
use crate::{
    Value,
    lang::Label,
    records::{Account, Contact, FollowUp},
    time::Unit,
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
        ready("my_overdue", ["My overdue", "我的逾期", "我的逾期"], "list", my_overdue()),
        ready(
            "my_not_contacted",
            ["Mine, not contacted for 30 days", "我的客户，30 天未联系", "我的客戶，30 天未聯絡"],
            "list",
            mine(not_contacted(30)),
        ),
        ready("my_stages", ["Mine, by stage", "我的客户，按阶段", "我的客戶，依階段"], "funnel", mine(by_stage())),
        ready("team_week", ["Done by my team this week", "团队本周完成", "團隊本週完成"], "bar", team_week()),
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
        ready("late_by_person", ["Overdue, by person", "已逾期，按执行人", "已逾期，依執行人"], "bar", by_person(overdue())),
        ready("done_by_week", ["Done, by week", "每周完成", "每週完成"], "line", done_by_week()),
        ready("new_by_month", ["New, by month", "每月新增", "每月新增"], "line", new_by_month()),
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

/// Of those it finds the ones that I own.
fn mine(query: Query) -> Query {
    narrowed(query, Filter::field("owner", Operator::Is, "me"))
}

fn narrowed(mut query: Query, filter: Filter) -> Query {
    query.filter = match query.filter {
        everything if everything.is_everything() => filter,
        Filter::All(filters) => Filter::All(filters.into_iter().chain([filter]).collect()),
        other => Filter::All(vec![other, filter]),
    };
    query
}

/// What is mine to do: given to me, or made by me and given to nobody.
fn to_do() -> Filter {
    let me = |field: &str| Filter::field(field, Operator::Is, "me");
    Filter::Any(vec![me("assigned_to"), Filter::All(vec![Filter::empty("assigned_to"), me(CREATED_BY)])])
}

fn my_overdue() -> Query {
    narrowed(overdue(), to_do())
}

fn my_week() -> Query {
    let due = Filter::field("due", Operator::In, json!({ "this": "week" }));
    Query::of(FollowUp::KIND).filter(Filter::All(vec![due, to_do()])).sort("due")
}

/// How many it finds for each who is to do them, or did them.
fn by_person(query: Query) -> Query {
    let query = query.group("assigned_to", None, false).show(Function::Count, None);
    Query { sort: Vec::new(), ..query }.largest(0)
}

fn done(period: Value) -> Query {
    Query::of(FollowUp::KIND).filter(Filter::field("done_at", Operator::In, period))
}

fn team_week() -> Query {
    by_person(narrowed(done(json!({ "this": "week" })), Filter::field("assigned_to", Operator::Is, "my_team")))
}

fn done_by_week() -> Query {
    done(json!({ "last_days": 84 })).group("done_at", Some(Unit::Week), true).show(Function::Count, None)
}

fn new_by_month() -> Query {
    let year = Filter::field(CREATED_AT, Operator::In, json!({ "last_days": 365 }));
    Query::of(Account::KIND).filter(year).group(CREATED_AT, Some(Unit::Month), true).show(Function::Count, None)
}
