use crate::Lang;
use serde::{Deserialize, Serialize};

/// Why a value cannot be taken, with what to do about it in the three languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", content = "detail", rename_all = "snake_case")]
pub enum Problem {
    /// A value is needed here.
    Required,
    /// Longer than this many characters.
    TooLong(usize),
    NotText,
    NotAWholeNumber,
    NotANumber,
    NotMoney,
    /// The money has no currency and none can be assumed.
    NoCurrency,
    NotYesOrNo,
    NotADate,
    NotATime,
    NotAChoice,
    NotAReference,
    NotAPlace,
    NotAnAddress,
    NotAName,
    NotAPhone,
    NotAList,
    NotOpeningHours,
    NotAFile,
    NotAQuery,
}

/// The codes of all problems but [`Problem::TooLong`], which has a detail.
const CODES: [(&str, Problem); 19] = [
    ("required", Problem::Required),
    ("not_text", Problem::NotText),
    ("not_a_whole_number", Problem::NotAWholeNumber),
    ("not_a_number", Problem::NotANumber),
    ("not_money", Problem::NotMoney),
    ("no_currency", Problem::NoCurrency),
    ("not_yes_or_no", Problem::NotYesOrNo),
    ("not_a_date", Problem::NotADate),
    ("not_a_time", Problem::NotATime),
    ("not_a_choice", Problem::NotAChoice),
    ("not_a_reference", Problem::NotAReference),
    ("not_a_place", Problem::NotAPlace),
    ("not_an_address", Problem::NotAnAddress),
    ("not_a_name", Problem::NotAName),
    ("not_a_phone", Problem::NotAPhone),
    ("not_a_list", Problem::NotAList),
    ("not_opening_hours", Problem::NotOpeningHours),
    ("not_a_file", Problem::NotAFile),
    ("not_a_query", Problem::NotAQuery),
];

impl Problem {
    /// The machine-readable code, as in the JSON.
    pub fn code(&self) -> &'static str {
        CODES.iter().find(|(_, problem)| problem == self).map_or("too_long", |(code, _)| code)
    }

    /// The problem of a code that says all there is to say.
    pub fn of_code(code: &str) -> Option<Problem> {
        CODES.iter().find(|(known, _)| *known == code).map(|(_, problem)| problem.clone())
    }

    /// One sentence that says what to enter instead.
    pub fn message(&self, lang: Lang) -> String {
        if let Problem::TooLong(max) = self {
            return match lang {
                Lang::En => format!("Shorten this to {max} characters."),
                Lang::ZhCn => format!("请缩短到 {max} 个字以内。"),
                Lang::ZhTw => format!("請縮短到 {max} 個字以內。"),
            };
        }
        let [en, cn, tw] = match self {
            Problem::Required => ["Fill this in.", "请填写此项。", "請填寫此項。"],
            Problem::TooLong(_) | Problem::NotText => ["Enter text.", "请输入文字。", "請輸入文字。"],
            Problem::NotAWholeNumber => ["Enter a whole number, such as 12.", "请输入整数,例如 12。", "請輸入整數,例如 12。"],
            Problem::NotANumber => ["Enter a number, such as 12.5.", "请输入数字,例如 12.5。", "請輸入數字,例如 12.5。"],
            Problem::NotMoney => {
                ["Enter an amount, such as 1,200.50 CNY.", "请输入金额,例如 1,200.50 CNY。", "請輸入金額,例如 1,200.50 TWD。"]
            }
            Problem::NoCurrency => ["Add a currency, such as USD.", "请注明币种,例如 CNY。", "請註明幣別,例如 TWD。"],
            Problem::NotYesOrNo => ["Enter yes or no.", "请填是或否。", "請填是或否。"],
            Problem::NotADate => {
                ["Enter a date, such as 2026-11-24.", "请输入日期,例如 2026-11-24。", "請輸入日期,例如 2026-11-24。"]
            }
            Problem::NotATime => [
                "Enter a date and time, such as 2026-11-24 09:30.",
                "请输入日期和时间,例如 2026-11-24 09:30。",
                "請輸入日期和時間,例如 2026-11-24 09:30。",
            ],
            Problem::NotAChoice => ["Choose one of the listed values.", "请从列表中选择。", "請從清單中選擇。"],
            Problem::NotAReference => ["Choose an existing record.", "请选择已有的记录。", "請選擇已有的紀錄。"],
            Problem::NotAPlace => [
                "Enter latitude and longitude, such as 31.23, 121.47.",
                "请输入纬度和经度,例如 31.23, 121.47。",
                "請輸入緯度和經度,例如 25.03, 121.56。",
            ],
            Problem::NotAnAddress => ["Enter an address.", "请输入地址。", "請輸入地址。"],
            Problem::NotAName => ["Enter a name.", "请输入姓名。", "請輸入姓名。"],
            Problem::NotAPhone => [
                "Enter a phone number, such as +86 138 0000 0000.",
                "请输入电话号码,例如 138 0000 0000。",
                "請輸入電話號碼,例如 0912 345 678。",
            ],
            Problem::NotAList => [
                "Enter one or more values, separated by semicolons.",
                "请输入一项或多项,用分号隔开。",
                "請輸入一項或多項,用分號隔開。",
            ],
            Problem::NotOpeningHours => [
                "Enter hours, such as Mon-Fri 09:00-18:00.",
                "请输入营业时间,例如 Mon-Fri 09:00-18:00。",
                "請輸入營業時間,例如 Mon-Fri 09:00-18:00。",
            ],
            Problem::NotAFile => ["Choose a file.", "请选择文件。", "請選擇檔案。"],
            Problem::NotAQuery => {
                ["Make the query in the query designer.", "请在查询设计中创建查询。", "請在查詢設計中建立查詢。"]
            }
        };
        match lang {
            Lang::En => en,
            Lang::ZhCn => cn,
            Lang::ZhTw => tw,
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn codes_are_those_of_the_json() {
        for (code, problem) in CODES {
            assert_eq!(serde_json::to_value(&problem).unwrap(), json!({ "code": code }));
            assert_eq!((problem.code(), Problem::of_code(code)), (code, Some(problem)));
        }
        assert_eq!(serde_json::to_value(Problem::TooLong(3)).unwrap(), json!({ "code": "too_long", "detail": 3 }));
        assert_eq!((Problem::TooLong(3).code(), Problem::of_code("too_long")), ("too_long", None));
    }
}
