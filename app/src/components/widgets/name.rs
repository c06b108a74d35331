//! A person's name: family and given name in the order of the language.

use super::Input;
use crate::text::t;
use domain::json::FromJson;
use domain::{
    Lang, Value,
    types::{FieldRules, NameOrder, NameValue, PersonName},
};
use leptos::prelude::*;
use serde_json::json;

pub fn draw(input: Input) -> AnyView {
    let part = move |name: &'static str,
                     label: &'static str,
                     id: String,
                     complete: &'static str,
                     get: fn(&NameValue) -> &str,
                     set: fn(NameValue, String) -> NameValue| {
        let label_id = id.clone();
        view! {
            <span class="part">
                <label for=label_id>{t(label)}</label>
                <input
                    class="input"
                    id=id
                    name=name
                    autocomplete=complete
                    required=move || input.needed.get()
                    aria-describedby=move || input.described_by()
                    aria-invalid=move || input.invalid()
                    prop:value=move || get(&input.value.with(read)).to_owned()
                    on:input=move |event| input.value.set(written(set(input.value.with_untracked(read), event_target_value(&event))))
                />
            </span>
        }
    };
    let family = move |id| {
        part("family", "widget.family_name", id, "off", |name| &name.family, |name, family| NameValue { family, ..name })
    };
    let given =
        move |id| part("given", "widget.given_name", id, "off", |name| &name.given, |name, given| NameValue { given, ..name });
    let lang = input.rounds.lang();
    let both = move || match lang.get() {
        Lang::En => (given(input.id()), family(input.part("family"))),
        Lang::ZhCn | Lang::ZhTw => (family(input.id()), given(input.part("given"))),
    };
    view! { <div class="joined">{both}</div> }.into_any()
}

/// The parts of what stands in the field; a name that came as one text is divided as an import would divide it.
fn read(value: &Value) -> NameValue {
    let divided = value.as_str().and_then(|text| PersonName::new().parse(text).ok());
    NameValue::from_json(divided.as_ref().unwrap_or(value)).unwrap_or_default()
}

/// Spaces at the ends stay while the user types; the order follows from the script of the name, not of the interface.
fn written(name: NameValue) -> Value {
    if name.family.is_empty() && name.given.is_empty() {
        return Value::Null;
    }
    let mut scripts = name.family.chars().chain(name.given.chars());
    let order =
        if scripts.any(|c| ('\u{3400}'..='\u{9fff}').contains(&c)) { NameOrder::FamilyFirst } else { NameOrder::GivenFirst };
    json!(NameValue { order, ..name })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chinese_name_puts_the_family_first_in_every_interface() {
        let name = NameValue { family: "王".into(), given: "小明".into(), order: NameOrder::GivenFirst };
        assert_eq!(read(&written(name)).full(), "王小明");
        let name = NameValue { family: "Curie".into(), given: "Marie".into(), order: NameOrder::FamilyFirst };
        assert_eq!(read(&written(name)).full(), "Marie Curie");
        assert_eq!(written(NameValue::default()), Value::Null);
    }

    #[test]
    fn a_name_in_one_text_is_divided() {
        assert_eq!(read(&json!("欧阳小明")).family, "欧阳");
        assert_eq!(read(&Value::Null), NameValue::default());
    }
}
