//! Phone numbers and handles that look right and, where a range is set aside for that, ring nowhere.

use super::{account::Facts, random::Random, region::Region};
use domain::{
    Value,
    types::{Entry, PhoneValue, phone_digits},
};
use serde_json::json;

/// A mobile number as people of the region write it.
pub fn mobile(facts: &Facts, random: &mut Random) -> Value {
    let [a, b, c] = [random.below(10_000), random.below(1000), random.below(100)];
    let typed = match (facts.region, facts.city.dialling) {
        (Region::Mainland, _) => format!("199 00{c:02} {a:04}"),
        (Region::Taiwan, _) => format!("0900-{b:03}-{:03}", a % 1000),
        (_, dialling) if dialling.starts_with("+44") => format!("+44 7700 900{b:03}"),
        (_, dialling) => format!("{dialling} 555 01{c:02}"),
    };
    let digits = phone_digits(&typed).unwrap_or_default();
    json!(PhoneValue { typed, digits })
}

/// The company's own numbers.
pub fn office_phones(facts: &Facts, random: &mut Random) -> Value {
    let number = random.below(10_000);
    let value = match (facts.region, facts.city.dialling) {
        (Region::Mainland, dialling) => format!("{dialling}-5550 {number:04}"),
        (Region::Taiwan, dialling) => format!("{dialling}-5550-{number:04}"),
        (_, dialling) if dialling.starts_with("+44") => format!("{dialling} 496 0{:03}", number % 1000),
        (_, dialling) => format!("{dialling} 555 01{:02}", number % 100),
    };
    json!([Entry { label: "office".to_owned(), value }])
}

/// WeChat, LINE or WhatsApp, made of the romanised name.
pub fn handle(facts: &Facts, family: &str, given: &str, random: &mut Random) -> Value {
    let number = random.between(60, 99);
    let (label, value) = match facts.region {
        Region::Mainland => ("wechat", format!("{family}_{given}{number}")),
        Region::Taiwan => ("line", format!("{given}.{family}{number}")),
        Region::English => ("whatsapp", format!("{given}{family}{number}")),
    };
    json!([Entry { label: label.to_owned(), value }])
}
