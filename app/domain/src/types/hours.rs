use super::{FieldRules, Problem, Typed, read_as};
use crate::{Lang, Value, fold::fold, reads, sorting::SharedSort, time};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// When somebody can be visited, by weekday. JSON: `[{"days":[1,2,3,4,5],"from":"09:00","to":"18:00"}]`, 1 = Monday (ISO 8601).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OpeningHours {}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    pub days: Vec<u8>,
    pub from: String,
    pub to: String,
}

reads!(Span { days, from, to });

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];

impl OpeningHours {
    pub fn new() -> OpeningHours {
        OpeningHours {}
    }
}

/// The 1-based weekday that `text` names in English or Chinese.
fn weekday(text: &str) -> Option<u8> {
    let text = text.trim().replace('週', "周").replace("周天", "周日");
    let folded = fold(&text);
    let english = DAYS.iter().position(|day| folded.starts_with(&fold(day)));
    english.or_else(|| DAYS_ZH.iter().position(|day| *day == text)).map(|at| at as u8 + 1)
}

fn span(text: &str) -> Option<Span> {
    let (days, hours) = text.trim().rsplit_once(' ').unwrap_or(("Mon-Sun", text.trim()));
    let (from, to) = hours.split_once(['-', '–', '~'])?;
    let clock = |part: &str| time::parse_clock(part).map(|(hour, minute)| format!("{hour:02}:{minute:02}"));
    let mut list = Vec::new();
    for part in days.split([',', ',', '、']) {
        match part.split_once(['-', '–', '至']) {
            Some((first, last)) => list.extend(weekday(first)?..=weekday(last)?),
            None => list.push(weekday(part)?),
        }
    }
    Some(Span { days: list, from: clock(from)?, to: clock(to)? })
}

impl FieldRules for OpeningHours {
    fn normalise(&self, value: &Value) -> Result<Value, Problem> {
        let mut spans: Vec<Span> = match value {
            Value::Null => return Ok(Value::Null),
            Value::String(text) => return self.parse(text),
            _ => read_as(value).ok_or(Problem::NotOpeningHours)?,
        };
        spans.retain(|span| !span.days.is_empty());
        for span in &mut spans {
            span.days.shared_sort_by(Ord::cmp);
            span.days.dedup();
            let clocks = [&span.from, &span.to].map(|text| time::parse_clock(text));
            if span.days.iter().any(|day| !(1..=7).contains(day)) || clocks.contains(&None) {
                return Err(Problem::NotOpeningHours);
            }
        }
        match spans.len() {
            0 => Ok(Value::Null),
            1..=21 => Ok(json!(spans)),
            _ => Err(Problem::NotOpeningHours),
        }
    }

    fn parse(&self, text: &str) -> Result<Value, Problem> {
        let parts = text.split([';', ';', '\n']).filter(|part| !part.trim().is_empty());
        let spans: Option<Vec<Span>> = parts.map(span).collect();
        self.normalise(&json!(spans.ok_or(Problem::NotOpeningHours)?))
    }

    fn print(&self, value: &Value, lang: Lang) -> String {
        let spans: Vec<Span> = read_as(value).unwrap_or_default();
        let name = |day: u8| {
            let at = usize::from(day.clamp(1, 7)) - 1;
            if lang == Lang::En {
                DAYS[at].to_owned()
            } else if lang == Lang::ZhTw {
                DAYS_ZH[at].replace('周', "週")
            } else {
                DAYS_ZH[at].to_owned()
            }
        };
        let days = |days: &[u8]| match days {
            [first, .., last] if usize::from(last - first) + 1 == days.len() => format!("{}-{}", name(*first), name(*last)),
            _ => days.iter().map(|day| name(*day)).collect::<Vec<_>>().join(","),
        };
        spans.iter().map(|span| format!("{} {}-{}", days(&span.days), span.from, span.to)).collect::<Vec<_>>().join("; ")
    }
}

impl Typed for OpeningHours {
    type Out<'a> = Vec<Span>;
    fn read(value: &Value) -> Option<Vec<Span>> {
        read_as(value)
    }
}
