use super::Operator;
use crate::{Lang, types::Problem};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What is wrong with a query, and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The part of the tree, such as `filter.all[2].field`; empty for all of it.
    pub place: String,
    #[serde(flatten)]
    pub problem: QueryProblem,
}

/// Why a part of a query cannot be executed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", content = "detail", rename_all = "snake_case")]
pub enum QueryProblem {
    /// It has another shape; the text says which is expected.
    Unreadable(String),
    /// A newer app wrote it.
    NewerVersion(u32),
    UnknownKind(String),
    /// The kind has no such field (or the field no such part).
    UnknownField {
        kind: String,
        field: String,
    },
    /// The operator does not fit the field; these do.
    WrongOperator {
        field: String,
        fits: Vec<Operator>,
    },
    /// The value cannot be compared with the field.
    WrongValue {
        field: String,
        problem: Problem,
    },
    /// The operator needs a stretch of days.
    NotAPeriod {
        field: String,
    },
    /// The operator needs digits.
    NoDigits {
        field: String,
    },
    /// The field does not name a record of the kind asked about.
    NotRelated {
        field: String,
        kind: String,
    },
    NotSortable {
        field: String,
    },
    NotGroupable {
        field: String,
    },
    /// The figure cannot be made of this field.
    NotMeasurable {
        field: String,
    },
    /// The order names a group or value that there is none of, or a field although the answer is groups.
    NoSuchOrder,
    TooManyGroups,
    /// More levels than [`super::MAX_DEPTH`].
    TooDeep,
    /// More conditions than [`super::MAX_CONDITIONS`].
    TooLong,
}

impl Fault {
    pub fn new(place: impl Into<String>, problem: QueryProblem) -> Fault {
        Fault { place: place.into(), problem }
    }

    /// What is wrong and what to do, in one line that begins with the place.
    pub fn message(&self, lang: Lang) -> String {
        let message = self.problem.message(lang);
        if self.place.is_empty() { message } else { format!("{}: {message}", self.place) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl QueryProblem {
    /// One sentence that says what to do.
    pub fn message(&self, lang: Lang) -> String {
        let [en, cn, tw] = match self {
            QueryProblem::Unreadable(expected) => {
                [format!("Correct this: {expected}."), format!("请更正:{expected}。"), format!("請更正:{expected}。")]
            }
            QueryProblem::NewerVersion(_) => texts([
                "Update the app: a newer one wrote this query.",
                "此查询由新版应用创建,请先更新应用。",
                "此查詢由新版應用建立,請先更新應用。",
            ]),
            QueryProblem::UnknownKind(kind) => [
                format!("Choose another kind of record: there is no {kind}."),
                format!("没有“{kind}”这种记录,请重新选择。"),
                format!("沒有「{kind}」這種紀錄,請重新選擇。"),
            ],
            QueryProblem::UnknownField { kind, field } => [
                format!("Choose another field: {kind} has no {field}."),
                format!("“{kind}”没有字段“{field}”,请重新选择。"),
                format!("「{kind}」沒有欄位「{field}」,請重新選擇。"),
            ],
            QueryProblem::WrongOperator { field, fits } => {
                let fits = |lang| fits.iter().map(|operator| operator.label(lang)).collect::<Vec<_>>().join(", ");
                [
                    format!("Choose an operator that fits {field}: {}.", fits(Lang::En)),
                    format!("请为“{field}”选择适用的条件:{}。", fits(Lang::ZhCn)),
                    format!("請為「{field}」選擇適用的條件:{}。", fits(Lang::ZhTw)),
                ]
            }
            QueryProblem::WrongValue { field, problem } => {
                [Lang::En, Lang::ZhCn, Lang::ZhTw].map(|lang| format!("{field}: {}", problem.message(lang)))
            }
            QueryProblem::NotAPeriod { field } => [
                format!("Choose a stretch of days for {field}, such as this week."),
                format!("请为“{field}”选择时间段,例如本周。"),
                format!("請為「{field}」選擇時間範圍,例如本週。"),
            ],
            QueryProblem::NoDigits { field } => {
                [format!("Enter digits for {field}."), format!("请为“{field}”输入数字。"), format!("請為「{field}」輸入數字。")]
            }
            QueryProblem::NotRelated { field, kind } => [
                format!("Choose a field that names a record of {kind}: {field} does not."),
                format!("“{field}”不指向“{kind}”,请选择其他字段。"),
                format!("「{field}」不指向「{kind}」,請選擇其他欄位。"),
            ],
            QueryProblem::NotSortable { field } => [
                format!("Sort by another field than {field}."),
                format!("不能按“{field}”排序,请选择其他字段。"),
                format!("不能依「{field}」排序,請選擇其他欄位。"),
            ],
            QueryProblem::NotGroupable { field } => [
                format!("Group by another field than {field}."),
                format!("不能按“{field}”分组,请选择其他字段。"),
                format!("不能依「{field}」分組,請選擇其他欄位。"),
            ],
            QueryProblem::NotMeasurable { field } => [
                format!("Choose another figure for {field}."),
                format!("“{field}”不能这样统计,请选择其他方式。"),
                format!("「{field}」不能這樣統計,請選擇其他方式。"),
            ],
            QueryProblem::NoSuchOrder => {
                texts(["Sort by what the answer shows.", "请按结果中的一项排序。", "請依結果中的一項排序。"])
            }
            QueryProblem::TooManyGroups => {
                texts(["Group by at most two fields.", "最多按两个字段分组。", "最多依兩個欄位分組。"])
            }
            QueryProblem::TooDeep | QueryProblem::TooLong => {
                texts(["Take some conditions out.", "条件太多,请减少一些。", "條件太多,請減少一些。"])
            }
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => cn,
            Lang::ZhTw => tw,
        }
    }
}

fn texts(texts: [&str; 3]) -> [String; 3] {
    texts.map(str::to_owned)
}
