use crate::{Lang, types::Problem};

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
    /// More than one record of this name.
    Ambiguous { name: String },
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
            Reason::Ambiguous { name } => [
                format!("More than one is called \"{name}\": give them different names first."),
                format!("有多条记录名为“{name}”：请先改成不同的名称。"),
                format!("有多筆紀錄名為「{name}」：請先改成不同的名稱。"),
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
