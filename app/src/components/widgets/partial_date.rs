//! A date of which parts may be unknown: a birthday without its year, a year of founding without its day.

use super::{Input, names};
use crate::text::t;
use domain::Lang;
use leptos::prelude::*;

pub fn draw(input: Input) -> AnyView {
    let parts = move || Parts::of(&input.text());
    let change = move |with: fn(Parts, String) -> Parts| {
        move |event: leptos::web_sys::Event| {
            input.set_text(with(Parts::of(&untrack(|| input.text())), event_target_value(&event)).text())
        }
    };
    let leave_year = move |_| {
        if input.value.is_disposed() {
            return;
        }
        let Parts { year, month, day } = Parts::of(&untrack(|| input.text()));
        let now = input.rounds.zone().day(input.rounds.clock_ms()).to_string();
        input.set_text(Parts { year: full_year(&year, &now), month, day }.text());
    };
    let months = move |lang: Lang| (1..=12).map(move |n| (format!("{n:02}"), names::month(lang, n))).collect();
    let days = move |_: Lang| (1..=31).map(|n| (format!("{n:02}"), n.to_string())).collect();
    view! {
        <div class="joined">
            <span class="part">
                <label for=input.id()>{t("widget.year")}</label>
                <input
                    class="input"
                    inputmode="numeric"
                    maxlength="4"
                    autocomplete="off"
                    id=input.id()
                    placeholder="—"
                    aria-describedby=move || input.described_by()
                    aria-invalid=move || input.invalid()
                    prop:value=move || parts().year
                    on:input=change(|parts, year| Parts { year: year.trim().to_owned(), ..parts })
                    on:blur=leave_year
                />
            </span>
            <span class="part">
                <label for=input.part("month")>{t("widget.month")}</label>
                <select class="input" id=input.part("month") on:change=change(|parts, month| Parts { month, ..parts })>
                    {options(input, months, move || parts().month)}
                </select>
            </span>
            <span class="part">
                <label for=input.part("day")>{t("widget.day")}</label>
                <select class="input" id=input.part("day") on:change=change(|parts, day| Parts { day, ..parts })>
                    {options(input, days, move || parts().day)}
                </select>
            </span>
        </div>
    }
    .into_any()
}

/// The unknown, and one option per value, named in the chosen language.
fn options(
    input: Input,
    named: impl Fn(Lang) -> Vec<(String, String)> + Send + 'static,
    chosen: impl Fn() -> String + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let option = move |(value, name): (String, String)| {
        let own = value.clone();
        view! { <option value=value prop:selected=move || chosen() == own>{name}</option> }
    };
    view! {
        <option value="" prop:selected=move || chosen().is_empty()>"—"</option>
        {move || named(input.rounds.lang().get()).into_iter().map(option).collect_view()}
    }
}

/// What is known of the date; empty parts are unknown.
#[derive(Clone, Debug, Default, PartialEq)]
struct Parts {
    year: String,
    month: String,
    day: String,
}

impl Parts {
    fn of(text: &str) -> Parts {
        let (year, rest) = match text.strip_prefix("--") {
            Some(rest) => ("", rest),
            None => text.split_once('-').unwrap_or((text, "")),
        };
        let (month, day) = rest.split_once('-').unwrap_or((rest, ""));
        Parts { year: year.to_owned(), month: month.to_owned(), day: day.to_owned() }
    }

    /// As the type's canonical form where the parts make one; else something it refuses, so that nothing chosen is lost.
    fn text(&self) -> String {
        let Parts { year, month, day } = self;
        match (year.as_str(), month.as_str(), day.as_str()) {
            ("", "", "") => String::new(),
            ("", _, _) => format!("--{month}-{day}"),
            (_, "", "") => year.clone(),
            (_, _, "") => format!("{year}-{month}"),
            _ => format!("{year}-{month}-{day}"),
        }
    }
}

/// `84` means the latest year that ended so.
fn full_year(typed: &str, today: &str) -> String {
    let now: Option<u32> = today.get(..4).and_then(|year| year.parse().ok());
    match (typed.len(), typed.parse::<u32>(), now) {
        (2, Ok(short), Some(now)) => (now - (now + 100 - short) % 100).to_string(),
        _ => typed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::types::{FieldRules, PartialDate};
    use serde_json::json;

    #[test]
    fn canonical_dates_come_back_the_same() {
        for text in ["", "1980", "1980-02", "1980-02-29", "--02-29"] {
            assert_eq!(Parts::of(text).text(), text);
        }
    }

    #[test]
    fn parts_that_make_no_date_are_kept_and_refused() {
        for parts in [
            Parts { month: "02".into(), ..Parts::default() },
            Parts { day: "03".into(), ..Parts::default() },
            Parts { year: "1980".into(), day: "03".into(), ..Parts::default() },
        ] {
            assert_eq!(Parts::of(&parts.text()), parts);
            assert!(PartialDate::new().normalise(&json!(parts.text())).is_err(), "{}", parts.text());
        }
    }

    #[test]
    fn two_digits_are_a_year_of_this_or_the_last_century() {
        assert_eq!(full_year("84", "2026-11-24"), "1984");
        assert_eq!(full_year("26", "2026-11-24"), "2026");
        assert_eq!(full_year("27", "2026-11-24"), "1927");
        assert_eq!(full_year("198", "2026-11-24"), "198");
    }
}
