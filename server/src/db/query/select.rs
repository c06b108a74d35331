//! A plan as one SELECT.

use super::{
    Survivors,
    expression::{Value, literal},
    pattern::pattern,
};
use domain::{
    Id, KindSpec,
    query::{
        Function, Plan, Times,
        plan::{Check, Match, Order, Relation, Test},
    },
    types::FieldType,
};

/// A parameter.
pub enum Bind {
    Text(String),
    Texts(Vec<String>),
    Ids(Vec<Id>),
    Float(f64),
}

/// The roots whose records the member sees; `$1` is the company, `$2` the member, `$3` the roots that need no key.
const VISIBLE: &str = "WITH visible AS MATERIALIZED (
    SELECT a.root FROM access a JOIN member_scope m ON m.org_id = a.org_id AND (m.key = a.key OR m.key = '*')
    WHERE a.org_id = $1 AND a.to_seq IS NULL AND m.member_id = $2 AND m.to_seq IS NULL
    UNION SELECT unnest($3::text[]))";

/// The records with the accounts that stand for theirs, where there are such; `$4` and `$5` are [`Survivors`].
const SHOWN: &str = ", survivor AS MATERIALIZED (SELECT * FROM unnest($4::uuid[], $5::uuid[]) AS pair (id, stands)),
    shown AS NOT MATERIALIZED (
        SELECT r.org_id, r.id, r.kind, r.root, r.deleted, r.state,
            CASE WHEN s.stands IS NULL THEN r.body ELSE r.body || jsonb_build_object('account', s.stands) END AS body
        FROM record r LEFT JOIN survivor s ON s.id::text = r.body->>'account' WHERE r.id NOT IN (SELECT id FROM survivor))";

/// A statement in the making: its parameters, where its records are from, and how many names it has given.
pub struct Select {
    pub binds: Vec<Bind>,
    before: String,
    records: &'static str,
    names: usize,
}

impl Select {
    pub fn new(survivors: &Survivors) -> Select {
        let (merged, stand) = survivors.iter().unzip();
        match survivors.is_empty() {
            true => Select { binds: Vec::new(), before: VISIBLE.to_owned(), records: "record", names: 0 },
            false => Select {
                binds: vec![Bind::Ids(merged), Bind::Ids(stand)],
                before: format!("{VISIBLE}{SHOWN}"),
                records: "shown",
                names: 0,
            },
        }
    }

    fn bind(&mut self, bind: Bind) -> String {
        self.binds.push(bind);
        // Three are always there.
        format!("${}", self.binds.len() + 3)
    }

    fn text(&mut self, text: impl Into<String>) -> String {
        format!("{}::text", self.bind(Bind::Text(text.into())))
    }

    fn texts(&mut self, texts: &[String]) -> String {
        format!("{}::text[]", self.bind(Bind::Texts(texts.to_vec())))
    }

    fn number(&mut self, number: impl ToString) -> String {
        format!("{}::text::numeric", self.bind(Bind::Text(number.to_string())))
    }

    fn name(&mut self) -> String {
        self.names += 1;
        format!("r{}", self.names)
    }

    /// `(id, how many there are in all)` of the records in order.
    pub fn records(&mut self, plan: &Plan) -> String {
        let of = self.name();
        let (mut joins, mut orders) = (String::new(), Vec::new());
        for order in &plan.sort {
            let way = if order.descending { "DESC NULLS LAST" } else { "ASC NULLS LAST" };
            let keys = self.sort_keys(order, &of, &mut joins);
            orders.extend(keys.into_iter().map(|key| format!("{key} {way}")));
        }
        orders.push(format!("{of}.id"));
        let test = self.test(plan, &plan.test, &of);
        let limit = plan.limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default();
        let (from, Select { before, records, .. }) = (from(plan.kind, &of), &*self);
        format!(
            "{before} SELECT {of}.id, count(*) OVER () FROM {records} {of}{joins} WHERE {from} AND {test} ORDER BY {}{limit}",
            orders.join(", ")
        )
    }

    fn sort_keys(&mut self, order: &Order, of: &str, joins: &mut String) -> Vec<String> {
        let value = Value { of, field: order.field };
        let Some((kind, title)) = order.title else { return value.keys() };
        let (named, inner) = (self.name(), self.name());
        let keys = Value { of: &inner, field: title }.keys();
        let columns: Vec<String> = keys.iter().enumerate().map(|(at, key)| format!("{key} AS key{at}")).collect();
        let (from, records) = (from(kind, &inner), self.records);
        joins.push_str(&format!(
            " LEFT JOIN (SELECT {inner}.id::text AS id, {} FROM {records} {inner} WHERE {from}) AS {named} ON {named}.id = {}",
            columns.join(", "),
            value.text()
        ));
        (0..keys.len()).map(|at| format!("{named}.key{at}")).collect()
    }

    /// The partial sums of the groups.
    pub fn groups(&mut self, plan: &Plan, limit: usize) -> String {
        let of = self.name();
        let mut joins = String::new();
        let mut columns = Vec::new();
        for at in 0..2 {
            let key = match plan.group.get(at) {
                Some(dimension) => {
                    let value = Value { of: &of, field: dimension.field };
                    if value.is_set() {
                        joins.push_str(&format!(
                            " LEFT JOIN LATERAL jsonb_array_elements_text({}) AS set{at} (element) ON true",
                            value.array()
                        ));
                        format!("set{at}.element")
                    } else {
                        value.key(dimension.bucket, plan.zone)
                    }
                }
                None => "NULL::text".to_owned(),
            };
            columns.push(format!("{key} AS g{at}"));
        }
        let mut parts = vec!["SELECT NULL::int AS measure, g0, g1, NULL::text AS currency, count(*) AS count, NULL::text AS sum, NULL::text AS least, NULL::text AS most FROM base GROUP BY g0, g1".to_owned()];
        for (at, measure) in plan.show.iter().enumerate() {
            let field = measure.field.map(|field| Value { of: &of, field });
            let (column, part) = part(at, measure.function, field, plan);
            columns.extend(column);
            parts.push(part);
        }
        let test = self.test(plan, &plan.test, &of);
        let (from, Select { before, records, .. }) = (from(plan.kind, &of), &*self);
        format!(
            "{before}, base AS MATERIALIZED (SELECT {} FROM {records} {of}{joins} WHERE {from} AND {test}) {} LIMIT {limit}",
            columns.join(", "),
            parts.join(" UNION ALL ")
        )
    }

    /// A condition that is true or false, never NULL.
    fn test(&mut self, plan: &Plan, test: &Test, of: &str) -> String {
        let mut each = |tests: &[Test], between: &str, none: &str| match tests {
            [] => none.to_owned(),
            tests => {
                let tests: Vec<String> = tests.iter().map(|test| self.test(plan, test, of)).collect();
                format!("({})", tests.join(between))
            }
        };
        match test {
            Test::All(tests) => each(tests, " AND ", "true"),
            Test::Any(tests) => each(tests, " OR ", "false"),
            Test::Not(test) => format!("NOT {}", self.test(plan, test, of)),
            Test::Field(field, check) => format!("coalesce({}, false)", self.check(&Value { of, field: *field }, check)),
            Test::Related(at) => plan.relations.get(*at).map_or("false".to_owned(), |relation| self.related(plan, relation, of)),
        }
    }

    fn check(&mut self, value: &Value, check: &Check) -> String {
        match check {
            Check::Present => value.present(),
            Check::Text(how, folded) => format!("({} COLLATE \"C\") ~ {}", value.searched(), self.text(pattern(*how, folded))),
            Check::Digits(how, digits) => {
                let wanted = self.text(digits);
                let holds = match how {
                    Match::Whole => format!("digits = {wanted}"),
                    Match::Part => format!("position({wanted} IN digits) > 0"),
                    Match::Start => format!("starts_with(digits, {wanted})"),
                    Match::End => format!("right(digits, length({wanted})) = {wanted}"),
                };
                format!("EXISTS (SELECT 1 FROM {} AS numbers WHERE {holds})", value.numbers())
            }
            Check::OneOf(wanted) => format!("{} = ANY({})", value.text(), self.texts(wanted)),
            Check::Truth(wanted) => format!("{} = {}", value.truth(), i32::from(*wanted)),
            Check::Number { least, most } => self.between(&value.number(), *least, *most),
            Check::Money { currency, least, most } => {
                let code = self.text(currency);
                format!("{} = {code} AND {}", value.currency(), self.between(&value.number(), *least, *most))
            }
            Check::Days { from, to } => {
                let day = value.day_text();
                let from = from.as_ref().map(|from| format!("{day} COLLATE \"C\" >= {}", self.text(from)));
                let to = to.as_ref().map(|to| format!("{day} COLLATE \"C\" <= {}", self.text(to)));
                from.into_iter().chain(to).collect::<Vec<_>>().join(" AND ")
            }
            Check::Instants { from, until } => {
                self.between(&value.number(), from.map(i128::from), until.map(|until| i128::from(until) - 1))
            }
            Check::Overdue { today, wall } => {
                let (text, today, wall) = (value.text(), self.text(today), self.text(wall));
                format!(
                    "CASE WHEN length({text}) > 10 THEN {text} COLLATE \"C\" < {wall} ELSE {text} COLLATE \"C\" < {today} END"
                )
            }
            Check::DayOfYear(days) => {
                let days: Vec<String> = days.iter().cloned().collect();
                format!("{} = ANY({})", value.day_of_year(), self.texts(&days))
            }
            Check::HasAny(wanted) => format!("{} ?| {}", value.array(), self.texts(wanted)),
            Check::HasAll(wanted) => format!("{} ?& {}", value.array(), self.texts(wanted)),
            Check::Within { place, metres } => {
                let [lat, lng, metres] =
                    [place.lat, place.lng, *metres].map(|number| format!("{}::float8", self.bind(Bind::Float(number))));
                let (here, there) = (format!("radians({})", value.degrees("lat")), format!("radians({lat})"));
                let half = |difference: String| format!("power(sin({difference} / 2), 2)");
                let h = format!(
                    "{} + cos({here}) * cos({there}) * {}",
                    half(format!("({there} - {here})")),
                    half(format!("radians({lng} - {})", value.degrees("lng")))
                );
                // `least` passes over NULL.
                format!("{h} IS NOT NULL AND 2 * 6371000::float8 * asin(least(sqrt({h}), 1)) <= {metres}")
            }
        }
    }

    fn between(&mut self, number: &str, least: Option<i128>, most: Option<i128>) -> String {
        match (least.map(|least| self.number(least)), most.map(|most| self.number(most))) {
            (Some(least), Some(most)) => format!("{number} BETWEEN {least} AND {most}"),
            (Some(least), None) => format!("{number} >= {least}"),
            (None, Some(most)) => format!("{number} <= {most}"),
            (None, None) => format!("{number} IS NOT NULL"),
        }
    }

    /// Related records are found once for all, in a subquery that does not look at the outer record, so that Postgres
    /// hashes it instead of running it for each.
    fn related(&mut self, plan: &Plan, relation: &Relation, of: &str) -> String {
        let (inner, records) = (self.name(), self.records);
        let test = self.test(plan, &relation.test, &inner);
        let from = format!("{} AND {test}", from(relation.kind, &inner));
        let times = relation.times;
        if relation.forward {
            let value = Value { of, field: relation.field };
            let passing = format!("(SELECT {inner}.id::text FROM {records} {inner} WHERE {from})");
            if value.is_set() {
                let count = format!(
                    "(SELECT count(*) FROM jsonb_array_elements_text({}) AS set (element) WHERE element IN {passing})",
                    value.array()
                );
                return holds(times, &count);
            }
            let passes = format!("coalesce({} IN {passing}, false)", value.text());
            return match (times.holds(0), times.holds(1)) {
                (true, true) => "true".to_owned(),
                (false, true) => passes,
                (true, false) => format!("NOT {passes}"),
                (false, false) => "false".to_owned(),
            };
        }
        let value = Value { of: &inner, field: relation.field };
        let (reference, join) = match value.is_set() {
            true => (
                "element".to_owned(),
                format!(" CROSS JOIN LATERAL jsonb_array_elements_text({}) AS set (element)", value.array()),
            ),
            false => (value.text(), String::new()),
        };
        // Who has none is in no list: where none is right, the list is of those who have a wrong number.
        let (not, wrong) = if times.holds(0) { ("NOT ", "NOT ") } else { ("", "") };
        let counted = match times {
            Times::Some | Times::None => String::new(),
            _ => format!(" GROUP BY reference HAVING {wrong}{}", holds(times, "count(*)")),
        };
        format!(
            "{not}coalesce({of}.id::text IN (SELECT reference FROM (SELECT {reference} AS reference FROM {records} {inner}{join} WHERE {from}) AS found
            WHERE reference IS NOT NULL{counted}), false)"
        )
    }
}

/// The living records of a kind that the member sees. `coalesce` keeps Postgres from joining, for which it guesses how many
/// roots there are; it hashes them.
fn from(kind: &KindSpec, of: &str) -> String {
    let kind = literal(&kind.name);
    format!(
        "{of}.org_id = $1 AND {of}.kind = {kind} AND NOT {of}.deleted AND coalesce({of}.root IN (SELECT root FROM visible), false)"
    )
}

fn holds(times: Times, count: &str) -> String {
    match times {
        Times::Some => format!("({count} > 0)"),
        Times::None => format!("({count} = 0)"),
        Times::AtLeast(least) => format!("({count} >= {least})"),
        Times::AtMost(most) => format!("({count} <= {most})"),
        Times::Exactly(wanted) => format!("({count} = {wanted})"),
    }
}

/// The column of a measure in the base, and the SELECT that sums it up.
fn part(at: usize, function: Function, value: Option<Value>, plan: &Plan) -> (Vec<String>, String) {
    let select = |currency: &str, figures: &str, from: &str| {
        format!("SELECT {at}, g0, g1, {currency}, {figures} FROM base{from} GROUP BY g0, g1")
    };
    let Some(value) = value else { return (Vec::new(), select("NULL", "count(*), NULL, NULL, NULL", "")) };
    match (function, value.field.ty) {
        (Function::Distinct, _) if value.is_set() => {
            let from = format!(" CROSS JOIN LATERAL jsonb_array_elements_text(m{at}) AS set (element)");
            (vec![format!("{} AS m{at}", value.array())], select("NULL", "count(DISTINCT element), NULL, NULL, NULL", &from))
        }
        (Function::Distinct, _) => (
            vec![format!("{} AS m{at}", value.key(None, plan.zone))],
            select("NULL", &format!("count(DISTINCT m{at}), NULL, NULL, NULL"), ""),
        ),
        (_, FieldType::Date(_) | FieldType::Due(_)) => {
            let figures = format!("count(m{at}), NULL, min(m{at} COLLATE \"C\"), max(m{at} COLLATE \"C\")");
            (vec![format!("{} AS m{at}", value.text())], select("NULL", &figures, ""))
        }
        (_, ty) => {
            let money = matches!(ty, FieldType::Money(_));
            let currency = if money { value.currency() } else { "NULL::text".to_owned() };
            let figures = format!("count(m{at}), sum(m{at})::text, min(m{at})::text, max(m{at})::text");
            let columns = vec![format!("{} AS m{at}", value.number()), format!("{currency} AS u{at}")];
            (columns, format!("{}, u{at}", select(&format!("u{at}"), &figures, &format!(" WHERE m{at} IS NOT NULL"))))
        }
    }
}
