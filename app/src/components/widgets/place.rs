//! A position: the device's own, or typed as latitude and longitude.

use super::Input;
use crate::components::flow::Show;
use crate::{
    icons::{icon, small_icon},
    show,
    state::PositionError,
    text::{t, t_with},
};
use domain::Value;
use leptos::prelude::*;
use serde_json::json;

pub fn draw(input: Input) -> AnyView {
    view! { <div class="place"><PlaceControls input/></div> }.into_any()
}

/// The button, what it found, and the way to type it; an address shows them inside itself.
#[component]
pub fn PlaceControls(input: Input) -> impl IntoView {
    let asking = RwSignal::new(false);
    let failed = RwSignal::new(None::<&'static str>);
    let by_hand = RwSignal::new(false);
    let locate = move |_| {
        asking.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            match input.rounds.position().await {
                Ok(place) => input.value.set(json!(place)),
                Err(error) => {
                    failed.set(Some(explanation(&error)));
                    by_hand.set(true);
                }
            }
            asking.set(false);
        });
    };
    let known = move || input.value.with(Value::is_object);
    let found = move || match (asking.get(), known()) {
        (true, _) => t_with("widget.place.asking", &[]),
        (false, true) => input.value.with(|value| show::value(input.spec, value)),
        (false, false) => String::new(),
    };
    view! {
        <button class="button" type="button" id=input.id() on:click=locate disabled=move || asking.get()>
            {icon("locate")}{t("widget.place.here")}
        </button>
        <output class="quiet" for=input.id()>{found}</output>
        <button
            class="link-button"
            type="button"
            aria-expanded=move || by_hand.get().to_string()
            on:click=move |_| by_hand.update(|open| *open = !*open)
        >
            {t("widget.place.by_hand")}
        </button>
        <Show when=move || !input.value.with(Value::is_null)>
            <button class="link-button" type="button" on:click=move |_| input.value.set(Value::Null)>{t("widget.clear")}</button>
        </Show>
        <Show when=move || by_hand.get()>
            <input
                class="input"
                inputmode="text"
                autocomplete="off"
                placeholder="31.23040, 121.47370"
                aria-label=t("widget.place.coordinates")
                aria-describedby=move || input.described_by()
                aria-invalid=move || input.invalid()
                prop:value=move || input.text()
                on:input=move |event| input.set_text(event_target_value(&event))
                on:blur=move |_| input.leave()
            />
        </Show>
        {move || failed.get().map(|key| view! { <p class="field-error" role="alert">{small_icon("warning")}<span>{t(key)}</span></p> })}
    }
}

/// What went wrong and what to do, as a text's key.
fn explanation(error: &PositionError) -> &'static str {
    match error {
        PositionError::Denied => "widget.place.denied",
        PositionError::Unavailable => "widget.place.unavailable",
        PositionError::TimedOut => "widget.place.timed_out",
    }
}
