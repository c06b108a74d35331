use super::Input;
use crate::text::t;
use domain::{
    Value,
    types::{FieldRules, Money},
};
use leptos::prelude::*;

/// Currencies offered besides the company's own and the stored one.
const CURRENCIES: [&str; 12] = ["CNY", "TWD", "HKD", "USD", "EUR", "JPY", "GBP", "SGD", "KRW", "MYR", "THB", "VND"];

pub fn draw(input: Input) -> AnyView {
    let company = input.rounds.currency();
    let picked = RwSignal::new(None::<String>);
    let stored = move || input.value.with(|value| parts(value).1);
    let currency = {
        let company = company.clone();
        move || picked.get().or_else(stored).unwrap_or_else(|| company.clone())
    };
    let amount = move || input.value.with(|value| parts(value).0);
    let mut offered: Vec<String> = [company].into_iter().chain(stored()).chain(CURRENCIES.map(str::to_owned)).collect();
    let mut seen = std::collections::HashSet::new();
    offered.retain(|currency| seen.insert(currency.clone()));
    let type_amount = {
        let currency = currency.clone();
        move |event| input.set_text(joined(&event_target_value(&event), &untrack(&currency)))
    };
    let pick = move |event| {
        let chosen = event_target_value(&event);
        input.set_text(joined(&untrack(amount), &chosen));
        picked.set(Some(chosen));
    };
    let option = move |code: String| {
        let (currency, value, own) = (currency.clone(), code.clone(), code.clone());
        view! { <option value=value prop:selected=move || currency() == own>{code}</option> }
    };
    view! {
        <div class="joined">
            <input
                class="input"
                inputmode="decimal"
                id=input.id()
                name=input.spec.name.as_ref()
                autocomplete="off"
                aria-describedby=move || input.described_by()
                aria-invalid=move || input.invalid()
                prop:value=amount
                on:input=type_amount
            />
            <select class="input" data-part="small" aria-label=t("widget.currency") on:change=pick>
                {offered.into_iter().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

/// Amount as typed or stored, and the currency.
fn parts(value: &Value) -> (String, Option<String>) {
    let text = match value {
        Value::String(typed) => typed.clone(),
        stored => Money::new().print(stored, domain::Lang::En),
    };
    match text.rsplit_once(' ') {
        Some((amount, currency)) => (amount.to_owned(), Some(currency.to_owned())),
        None => (text, None),
    }
}

/// What `Money` reads: nothing when there is no amount.
fn joined(amount: &str, currency: &str) -> String {
    if amount.trim().is_empty() { String::new() } else { format!("{amount} {currency}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_amount_shows_as_it_can_be_typed_again() {
        for (minor, currency, text) in
            [(120_050, "CNY", "1200.50"), (1_200, "JPY", "1200"), (-5, "USD", "-0.05"), (1_000_000, "CNY", "10000.00")]
        {
            let stored = json!({ "minor": minor, "currency": currency });
            let (amount, known) = parts(&stored);
            assert_eq!((amount.as_str(), known.as_deref()), (text, Some(currency)));
            assert_eq!(Money::new().parse(&joined(&amount, currency)), Ok(stored));
        }
    }

    #[test]
    fn a_half_typed_amount_stays_as_it_is() {
        assert_eq!(parts(&json!("12. CNY")), ("12.".to_owned(), Some("CNY".to_owned())));
        assert_eq!(joined(" ", "CNY"), "");
    }
}
