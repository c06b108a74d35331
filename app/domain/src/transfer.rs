//! Records out of the tables people already have: which column is which field, and what a cell says.
//!
//! The import of the server and the one in the app read alike. Nothing is guessed: what a field's type does not
//! understand is reported with line, column and reason, and what no field takes is kept under the column's own name.

use crate::{
    FieldSpec, KindSpec, Lang, Value, fold,
    spec::Place,
    types::{FieldType, Money, MoneyValue, Problem, Typed},
};
use std::{collections::BTreeMap, str::FromStr};

/// The columns of a table, each with the field it fills.
#[derive(Clone, Debug)]
pub struct Columns<'a> {
    kind: &'a KindSpec,
    columns: Vec<Column<'a>>,
}

/// One column. Without a field its cells are kept under its header.
#[derive(Clone, Debug)]
pub struct Column<'a> {
    pub header: String,
    pub field: Option<&'a FieldSpec>,
}

/// What one line of a table says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Canonical values by field, without those that are empty.
    pub values: BTreeMap<String, Value>,
    /// Other records, called by their names: whoever holds the records looks them up.
    pub names: Vec<Named>,
    /// The cells of columns without a field, by header.
    pub others: BTreeMap<String, String>,
    pub problems: Vec<CellProblem>,
}

/// A reference as it stands in a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub field: String,
    pub kind: String,
    pub column: String,
    pub text: String,
}

/// Why a cell, and so its line, cannot be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellProblem {
    /// The column's header; empty where the whole line is meant.
    pub column: String,
    pub reason: Reason,
}

impl<'a> Columns<'a> {
    /// Matches headers with the fields of a kind by name, label in any language, or alias. Case, width, accents, plural,
    /// separators and what stands in brackets do not count. A field is filled by the first column that matches it.
    pub fn of(kind: &'a KindSpec, headers: &[String]) -> Columns<'a> {
        let mut columns: Vec<Column<'a>> = Vec::new();
        for (at, header) in headers.iter().enumerate() {
            let is_taken =
                |field: &&FieldSpec| columns.iter().any(|column| column.field.is_some_and(|taken| taken.name == field.name));
            let field = kind
                .fields
                .iter()
                .filter(|field| is_importable(field))
                .find(|field| is_called(field, header) && !is_taken(field));
            let mut header = header.trim().to_owned();
            if header.is_empty() || columns.iter().any(|column| column.header == header) {
                header = format!("{header} ({})", at + 1).trim().to_owned();
            }
            columns.push(Column { header, field });
        }
        Columns { kind, columns }
    }

    /// The column with this header, however it is written.
    pub fn position(&self, header: &str) -> Option<usize> {
        let wanted = plain(header);
        self.columns.iter().position(|column| plain(&column.header) == wanted)
    }

    /// The column that fills a field.
    pub fn filling(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field.is_some_and(|found| found.name == field))
    }

    pub fn header(&self, at: usize) -> &str {
        self.columns.get(at).map_or("", |column| &column.header)
    }

    /// The headers that fill no field.
    pub fn without_field(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().filter(|column| column.field.is_none()).map(|column| column.header.as_str())
    }

    /// A column of amounts without currency, with the first of them: nobody can say what they are without a [`MoneyUnit`].
    pub fn without_unit<'b, L: AsRef<[String]> + 'b>(&self, lines: impl IntoIterator<Item = &'b L>) -> Option<(String, String)> {
        let money: Vec<usize> =
            self.columns.iter().enumerate().filter(|(_, column)| is_money(column)).map(|(at, _)| at).collect();
        let unclear = |cell: &&String| plain_money(cell) == Err(Problem::NoCurrency);
        lines.into_iter().find_map(|line| {
            let found = money.iter().find_map(|at| Some((*at, line.as_ref().get(*at).filter(unclear)?)));
            found.map(|(at, cell)| (self.header(at).to_owned(), cell.trim().to_owned()))
        })
    }

    /// Reads one line, whose cells stand in the order of the headers; missing ones are empty.
    pub fn read(&self, cells: &[String], unit: Option<&MoneyUnit>) -> Reading {
        let mut reading = Reading::default();
        for (column, cell) in self.columns.iter().zip(cells).filter(|(_, cell)| !cell.trim().is_empty()) {
            let problem = |reason| CellProblem { column: column.header.clone(), reason };
            let Some(field) = column.field else {
                reading.others.insert(column.header.clone(), cell.trim().to_owned());
                continue;
            };
            if cell.contains('\u{fffd}') {
                reading.problems.push(problem(Reason::Garbled));
            } else if let Some(kind) = field.ty.refers_to() {
                let (field, kind, column) = (field.name.to_string(), kind.to_owned(), column.header.clone());
                reading.names.push(Named { field, kind, column, text: cell.trim().to_owned() });
            } else {
                match value(field, cell, unit) {
                    Ok(Value::Null) => {}
                    Ok(value) => drop(reading.values.insert(field.name.to_string(), value)),
                    Err(refused) => reading.problems.push(problem(Reason::Value(refused))),
                }
            }
        }
        for field in self.kind.fields.iter().filter(|field| field.required && !reading.values.contains_key(field.name.as_ref())) {
            let column = self.filling(&field.name).map_or(field.label.get(Lang::En), |at| self.header(at)).to_owned();
            if !reading.problems.iter().any(|problem| problem.column == column) {
                reading.problems.push(CellProblem { column, reason: Reason::Value(Problem::Required) });
            }
        }
        reading
    }
}

fn value(field: &FieldSpec, cell: &str, unit: Option<&MoneyUnit>) -> Result<Value, Problem> {
    let parsed = match (&field.ty, unit) {
        (FieldType::Money(_), Some(unit)) => unit.read(cell)?,
        (FieldType::Money(_), None) => plain_money(cell)?,
        (ty, _) => ty.rules().parse(cell)?,
    };
    field.check(&parsed)
}

/// An amount with its own currency; letters alone are none.
fn plain_money(cell: &str) -> Result<Value, Problem> {
    match FieldType::from(Money::new()).rules().parse(cell)? {
        Value::Null if !cell.trim().is_empty() => Err(Problem::NotMoney),
        money => Ok(money),
    }
}

fn is_money(column: &Column<'_>) -> bool {
    column.field.is_some_and(|field| matches!(field.ty, FieldType::Money(_)))
}

fn is_importable(field: &FieldSpec) -> bool {
    field.place != Place::Hidden && !matches!(field.ty, FieldType::Anything(_) | FieldType::Attachment(_))
}

fn is_called(field: &FieldSpec, header: &str) -> bool {
    let header = plain(header);
    let labels = Lang::ALL.iter().map(|lang| field.label.get(*lang));
    let names = std::iter::once(field.name.as_ref()).chain(labels).chain(field.aliases.iter().map(AsRef::as_ref));
    !header.is_empty() && names.map(plain).any(|name| name == header)
}

/// A header as it is compared: folded, without brackets and what is in them, separators and the English plural.
fn plain(header: &str) -> String {
    let mut depth = 0_i32;
    let mut kept = String::new();
    for c in fold::fold(header).chars() {
        match c {
            '(' | '[' | '【' => depth += 1,
            ')' | ']' | '】' => depth -= 1,
            c if depth <= 0 && c.is_alphanumeric() => kept.push(c),
            _ => {}
        }
    }
    kept.strip_suffix('s').map(str::to_owned).unwrap_or(kept)
}

/// What one in a column of amounts stands for, such as `millions:USD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyUnit {
    pub scale: i64,
    /// ISO 4217.
    pub currency: String,
}

impl MoneyUnit {
    const SCALES: [(&'static [&'static str], i64); 5] = [
        (&["ones", "one", "1", "元"], 1),
        (&["thousands", "thousand", "千"], 1_000),
        (&["ten-thousands", "ten-thousand", "万", "萬"], 10_000),
        (&["millions", "million", "百万", "百萬"], 1_000_000),
        (&["hundred-millions", "hundred-million", "亿", "億"], 100_000_000),
    ];

    /// The amount of a cell. A currency in the cell must be this one.
    fn read(&self, cell: &str) -> Result<Value, Problem> {
        match plain_money(cell) {
            Err(Problem::NoCurrency) if !cell.chars().any(char::is_alphabetic) => Money::of(cell, &self.currency, self.scale),
            Ok(money) if Money::read(&money).is_some_and(|MoneyValue { currency, .. }| currency == self.currency) => {
                let number: String = cell.chars().filter(|c| !c.is_alphabetic() && !"¥￥$€£".contains(*c)).collect();
                Money::of(&number, &self.currency, self.scale)
            }
            _ => Err(Problem::NotMoney),
        }
    }
}

impl FromStr for MoneyUnit {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const WRONG: &str =
            "A unit is ones, thousands, ten-thousands, millions or hundred-millions and a currency, such as millions:USD.";
        let (scale, currency) = text.split_once([':', '：', ' ']).ok_or(WRONG)?;
        let (scale, currency) = (scale.trim().to_lowercase(), currency.trim().to_ascii_uppercase());
        let scale = MoneyUnit::SCALES.iter().find(|(names, _)| names.contains(&scale.as_str())).ok_or(WRONG)?.1;
        let known = currency.len() == 3 && currency.bytes().all(|byte| byte.is_ascii_uppercase());
        if known { Ok(MoneyUnit { scale, currency }) } else { Err(WRONG) }
    }
}

/// Why a cell or line cannot be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The field's type refuses it.
    Value(Problem),
    /// Bytes that are no text in the file's encoding.
    Garbled,
    /// More or fewer cells than headers.
    Width { cells: usize, headers: usize },
    /// The same record stands on an earlier line.
    Repeated { line: u64 },
    /// No record of this name.
    Unknown { name: String },
    /// A record above itself.
    Circle { name: String },
}

impl Reason {
    /// One sentence for the person who brings the file.
    pub fn message(&self, lang: Lang) -> String {
        let [en, cn, tw] = match self {
            Reason::Value(problem) => return problem.message(lang),
            Reason::Garbled => [
                "Some characters are broken: name the file's encoding.".to_owned(),
                "有乱码：请指定文件编码。".to_owned(),
                "有亂碼：請指定檔案編碼。".to_owned(),
            ],
            Reason::Width { cells, headers } => [
                format!("The line has {cells} cells, the header {headers}: check commas and quotes."),
                format!("此行有 {cells} 列，表头有 {headers} 列：请检查逗号和引号。"),
                format!("此列有 {cells} 欄，標題有 {headers} 欄：請檢查逗號和引號。"),
            ],
            Reason::Repeated { line } => [
                format!("Line {line} says this already: remove one of them."),
                format!("与第 {line} 行重复：请删除其中一行。"),
                format!("與第 {line} 列重複：請刪除其中一列。"),
            ],
            Reason::Unknown { name } => [
                format!("Nothing is called \"{name}\": correct the name or add it first."),
                format!("没有名为“{name}”的记录：请更正或先添加。"),
                format!("沒有名為「{name}」的紀錄：請更正或先新增。"),
            ],
            Reason::Circle { name } => [
                format!("\"{name}\" would stand above itself: correct one of the two."),
                format!("“{name}”会成为自己的上级：请更正其中之一。"),
                format!("「{name}」會成為自己的上層：請更正其中之一。"),
            ],
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => cn,
            Lang::ZhTw => tw,
        }
    }
}

#[cfg(test)]
mod tests;
