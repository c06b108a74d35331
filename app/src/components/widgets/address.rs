//! A postal address by its parts, and the position of where one stands, which belongs to it.

use super::{Input, field::Error, place::PlaceControls};
use crate::components::flow::Show;
use crate::{components::form::FormInputs, text::t};
use domain::{
    Lang, Value,
    types::{AddressValue, FieldType},
};
use leptos::prelude::*;
use serde_json::json;

/// A part of an address: its key in the JSON, and its label.
type Part = (&'static str, &'static str);

const STREET: Part = ("street", "widget.address.street");
const DISTRICT: Part = ("district", "widget.address.district");
const CITY: Part = ("city", "widget.address.city");
const REGION: Part = ("region", "widget.address.region");
const POSTCODE: Part = ("postcode", "widget.address.postcode");
const COUNTRY: Part = ("country", "widget.address.country");

pub fn draw(input: Input) -> AnyView {
    let lang = input.rounds.lang();
    let place = use_context::<FormInputs>().and_then(|form| form.first_of(|ty| matches!(ty, FieldType::Place(_))));
    let whole = RwSignal::new(false);
    let shown = move || {
        let parts = parts(lang.get());
        let filled = |key: &str| input.value.with_untracked(|value| !part(value, key).is_empty());
        let usual = if lang.get() == Lang::En { 3 } else { 4 };
        let shown = parts.into_iter().enumerate().filter(|(at, (key, _))| *at < usual || whole.get() || filled(key));
        shown.map(|(at, part)| one(input, at == 0, part)).collect_view()
    };
    view! {
        <div class="address">
            {shown}
            <div class="place">
                {place.map(|place| view! { <PlaceControls input=place/><Error input=place/> })}
                <Show when=move || !whole.get()>
                    <button class="link-button" type="button" on:click=move |_| whole.set(true)>
                        {t("widget.address.whole")}
                    </button>
                </Show>
            </div>
        </div>
    }
    .into_any()
}

/// The largest part first in Chinese, the street first otherwise; what is seldom needed last, and shown when asked for.
fn parts(lang: Lang) -> [Part; 6] {
    match lang {
        Lang::En => [STREET, CITY, REGION, DISTRICT, POSTCODE, COUNTRY],
        Lang::ZhCn | Lang::ZhTw => [REGION, CITY, DISTRICT, STREET, POSTCODE, COUNTRY],
    }
}

fn one(input: Input, is_first: bool, (key, label): Part) -> impl IntoView {
    let id = if is_first { input.id() } else { input.part(key) };
    let label_for = id.clone();
    view! {
        <span class="part" data-part=(key == STREET.0).then_some("line")>
            <label for=label_for>{t(label)}</label>
            <input
                class="input"
                id=id
                name=key
                autocomplete="off"
                aria-describedby=move || input.described_by()
                aria-invalid=move || input.invalid()
                prop:value=move || input.value.with(|value| part(value, key))
                on:input=move |event| input.value.update(|value| *value = with_part(value, key, event_target_value(&event)))
            />
        </span>
    }
}

/// The parts of what stands in the field; an address that came as one text is its street.
fn whole(value: &Value) -> serde_json::Map<String, Value> {
    let typed = value.as_str().map(|street| json!(AddressValue { street: street.to_owned(), ..AddressValue::default() }));
    typed.as_ref().unwrap_or(value).as_object().cloned().unwrap_or_default()
}

fn part(value: &Value, key: &str) -> String {
    whole(value).get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn with_part(value: &Value, key: &str, text: String) -> Value {
    let mut parts = whole(value);
    match text.is_empty() {
        true => parts.remove(key),
        false => parts.insert(key.to_owned(), Value::String(text)),
    };
    if parts.is_empty() { Value::Null } else { Value::Object(parts) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_and_go() {
        let address = with_part(&Value::Null, "city", "上海市".into());
        let address = with_part(&address, "street", "南京路 1 号".into());
        assert_eq!(part(&address, "city"), "上海市");
        assert_eq!(with_part(&with_part(&address, "city", String::new()), "street", String::new()), Value::Null);
    }

    #[test]
    fn an_address_in_one_text_is_the_street() {
        assert_eq!(part(&json!("88 Jianguo Road"), "street"), "88 Jianguo Road");
    }
}
