use crate::{
    icons::{icon, small_icon},
    text::t,
};
use leptos::prelude::*;

/// A password with an eye to read it by, and what is wrong with it underneath.
#[component]
pub fn Password(
    id: &'static str,
    label: Signal<String>,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    value: RwSignal<String>,
    #[prop(optional, into)] help: MaybeProp<String>,
    #[prop(optional, into)] error: MaybeProp<String>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let eye = move || if shown.get() { t("sign_in.hide")() } else { t("sign_in.show")() };
    let error_id = format!("{id}-error");
    let described = error_id.clone();
    view! {
        <div class="field" data-stacked="">
            <label class="field-label" for=id>
                {label}
            </label>
            <div>
                <div class="password">
                    <input
                        class="input" id=id name=id type=move || if shown.get() { "text" } else { "password" } autocomplete=autocomplete
                        bind:value=value aria-invalid=move || error.get().map(|_| "true") aria-describedby=move || error.get().map(|_| described.clone())
                    />
                    <button class="icon-button" type="button" aria-label=eye title=eye aria-pressed=move || shown.get().to_string() on:click=move |_| shown.update(|shown| *shown = !*shown)>
                        {icon("eye")}
                    </button>
                </div>
                {move || help.get().map(|help| view! { <p class="field-help">{help}</p> })}
                {move || {
                    error.get().map(|error| view! { <p class="field-error" id=error_id.clone() role="alert">{small_icon("warning")}{error}</p> })
                }}
            </div>
        </div>
    }
}
