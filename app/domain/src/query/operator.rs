use super::Function;
use crate::{
    Lang,
    lang::Label,
    types::{FieldType, ListOf},
};
use serde::{Deserialize, Serialize};

/// How a condition compares a field with its value. The negative ones hold where the positive one does not, so also for
/// records without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operator {
    Empty,
    NotEmpty,
    /// One value in the field's form, or a list of which one must be equal; texts as searching sees them. For references to
    /// members also `"me"` and `"my_team"`.
    Is,
    IsNot,
    /// A text, as searching sees it; for phone numbers digits.
    Contains,
    NotContains,
    StartsWith,
    EndsWith,
    /// Numbers and money (of the same currency): one value in the field's form.
    Less,
    AtMost,
    More,
    AtLeast,
    /// A list of the least and the most.
    Between,
    /// Days and moments: a [`super::Period`].
    In,
    /// Before its first day.
    Before,
    /// After its last day.
    After,
    /// Over: a day when it has ended, a moment at once.
    Past,
    /// The day of the year falls within the period; 29 February counts as the 28th in other years.
    Anniversary,
    /// Sets: a list of elements.
    HasAny,
    HasAll,
    HasNone,
    /// Positions: `{"lat":31.23,"lng":121.47,"metres":500}`.
    Within,
}

use Operator::*;

impl Operator {
    pub fn label(self, lang: Lang) -> &'static str {
        let [en, cn, tw] = match self {
            Empty => ["is empty", "为空", "為空"],
            NotEmpty => ["is not empty", "不为空", "不為空"],
            Is => ["is", "是", "是"],
            IsNot => ["is not", "不是", "不是"],
            Contains => ["contains", "包含", "包含"],
            NotContains => ["does not contain", "不包含", "不包含"],
            StartsWith => ["starts with", "开头是", "開頭是"],
            EndsWith => ["ends with", "结尾是", "結尾是"],
            Less => ["less than", "小于", "小於"],
            AtMost => ["at most", "不超过", "不超過"],
            More => ["more than", "大于", "大於"],
            AtLeast => ["at least", "不少于", "不少於"],
            Between => ["between", "介于", "介於"],
            In => ["in", "在", "在"],
            Before => ["before", "早于", "早於"],
            After => ["after", "晚于", "晚於"],
            Past => ["is past", "已过期", "已過期"],
            Anniversary => ["has its anniversary in", "周年日在", "週年日在"],
            HasAny => ["has any of", "包含任一", "包含任一"],
            HasAll => ["has all of", "包含全部", "包含全部"],
            HasNone => ["has none of", "不包含任何", "不包含任何"],
            Within => ["is within", "距离以内", "距離以內"],
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => cn,
            Lang::ZhTw => tw,
        }
    }

    /// The operator that it is the opposite of.
    pub(super) fn negates(self) -> Option<Operator> {
        match self {
            Empty => Some(NotEmpty),
            IsNot => Some(Is),
            NotContains => Some(Contains),
            HasNone => Some(HasAny),
            _ => None,
        }
    }
}

/// What is entered beside an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    Nothing,
    /// A text or digits.
    Text,
    /// One value in the field's form.
    One,
    /// The least and the most.
    Two,
    /// Any number of the field's values, or of its elements.
    Several,
    Period,
    /// A position and a distance.
    Place,
}

impl Operator {
    /// What is entered beside it for a field of this type.
    pub fn takes(self, ty: &FieldType) -> Takes {
        match (self, ty) {
            (Empty | NotEmpty | Past, _) => Takes::Nothing,
            (In | Before | After | Anniversary, _) => Takes::Period,
            (Between, _) => Takes::Two,
            (Within, _) => Takes::Place,
            (HasAny | HasAll | HasNone, _) => Takes::Several,
            (Is | IsNot, FieldType::Choice(_) | FieldType::Reference(_) | FieldType::Boolean(_)) => Takes::Several,
            (
                Is | IsNot | Less | AtMost | More | AtLeast,
                FieldType::Integer(_) | FieldType::Decimal(_) | FieldType::Money(_),
            ) => Takes::One,
            _ => Takes::Text,
        }
    }
}

/// The operators that fit a type, the likeliest first.
pub fn operators(ty: &FieldType) -> &'static [Operator] {
    match ty {
        FieldType::Text(_) => &[Contains, NotContains, Is, IsNot, StartsWith, EndsWith, Empty, NotEmpty],
        FieldType::LongText(_) | FieldType::PersonName(_) | FieldType::Address(_) | FieldType::Attachment(_) => {
            &[Contains, NotContains, StartsWith, EndsWith, Empty, NotEmpty]
        }
        FieldType::LabelledList(list) if list.of == ListOf::Handles => {
            &[Contains, NotContains, StartsWith, EndsWith, Empty, NotEmpty]
        }
        FieldType::Phone(_) | FieldType::LabelledList(_) => {
            &[Contains, NotContains, Is, IsNot, StartsWith, EndsWith, Empty, NotEmpty]
        }
        FieldType::Integer(_) | FieldType::Decimal(_) | FieldType::Money(_) => {
            &[AtLeast, AtMost, More, Less, Between, Is, IsNot, Empty, NotEmpty]
        }
        FieldType::Boolean(_) | FieldType::Choice(_) | FieldType::Reference(_) => &[Is, IsNot, Empty, NotEmpty],
        FieldType::Date(_) => &[In, Before, After, Past, Anniversary, Empty, NotEmpty],
        FieldType::Due(_) | FieldType::Instant(_) => &[In, Before, After, Past, Empty, NotEmpty],
        FieldType::PartialDate(_) => &[Anniversary, In, Before, After, Empty, NotEmpty],
        FieldType::References(_) | FieldType::Tags(_) => &[HasAny, HasAll, HasNone, Empty, NotEmpty],
        FieldType::Place(_) => &[Within, Empty, NotEmpty],
        FieldType::OpeningHours(_) | FieldType::Anything(_) | FieldType::QueryTree(_) | FieldType::Tiles(_) => &[Empty, NotEmpty],
    }
}

/// Whether records can be sorted by a field of this type.
pub fn can_sort(ty: &FieldType) -> bool {
    match ty {
        FieldType::Text(_)
        | FieldType::Integer(_)
        | FieldType::Decimal(_)
        | FieldType::Money(_)
        | FieldType::Boolean(_)
        | FieldType::Date(_)
        | FieldType::Due(_)
        | FieldType::Instant(_)
        | FieldType::PartialDate(_)
        | FieldType::Choice(_)
        | FieldType::Reference(_)
        | FieldType::PersonName(_) => true,
        FieldType::LongText(_)
        | FieldType::References(_)
        | FieldType::Tags(_)
        | FieldType::Place(_)
        | FieldType::Address(_)
        | FieldType::Phone(_)
        | FieldType::LabelledList(_)
        | FieldType::OpeningHours(_)
        | FieldType::Attachment(_)
        | FieldType::Anything(_)
        | FieldType::QueryTree(_)
        | FieldType::Tiles(_) => false,
    }
}

/// Whether records can be grouped by a field of this type. Addresses, names and money group by their parts.
pub fn can_group(ty: &FieldType) -> bool {
    has_buckets(ty)
        || matches!(
            ty,
            FieldType::Text(_)
                | FieldType::Integer(_)
                | FieldType::Boolean(_)
                | FieldType::Choice(_)
                | FieldType::Reference(_)
                | FieldType::References(_)
                | FieldType::Tags(_)
        )
}

/// Whether groups of a field of this type are stretches of the calendar.
pub fn has_buckets(ty: &FieldType) -> bool {
    matches!(ty, FieldType::Date(_) | FieldType::Due(_) | FieldType::Instant(_))
}

/// Whether a figure can be made of a field of this type.
pub fn can_measure(function: Function, ty: &FieldType) -> bool {
    let number = matches!(ty, FieldType::Integer(_) | FieldType::Decimal(_) | FieldType::Money(_));
    match function {
        Function::Count => false,
        Function::Sum | Function::Avg => number,
        Function::Min | Function::Max => number || has_buckets(ty),
        Function::Distinct => can_group(ty) || matches!(ty, FieldType::Decimal(_) | FieldType::PartialDate(_)),
    }
}

/// For a list of operators in a view: its labels in the order of [`Lang::ALL`].
impl From<Operator> for Label {
    fn from(operator: Operator) -> Label {
        Label::new(Lang::ALL.map(|lang| operator.label(lang)))
    }
}
