use crate::icons::arrow;
use leptos::prelude::*;

/// A line that leads somewhere, with the present value at its end.
#[component]
pub fn SettingLink(
    #[prop(into)] href: String,
    icon: &'static str,
    name: Signal<String>,
    #[prop(optional, into)] value: MaybeProp<String>,
) -> impl IntoView {
    view! {
        <a class="setting" href=href>
            {crate::icons::icon(icon)}
            <span class="setting-name">{name}</span>
            {move || value.get().map(|value| view! { <span class="quiet">{value}</span> })}
            {arrow("chevron-right")}
        </a>
    }
}

/// A line that does something.
#[component]
pub fn SettingButton(
    icon: &'static str,
    name: Signal<String>,
    #[prop(optional, into)] quiet: MaybeProp<String>,
    #[prop(optional)] danger: bool,
    on_choose: Callback<()>,
) -> impl IntoView {
    view! {
        <button class=if danger { "setting danger" } else { "setting" } type="button" on:click=move |_| on_choose.run(())>
            {crate::icons::icon(icon)}
            <span class="setting-name">
                {name} {move || quiet.get().map(|quiet| view! { <span class="quiet">{quiet}</span> })}
            </span>
        </button>
    }
}

/// A line that only says something.
#[component]
pub fn SettingFact(icon: &'static str, name: Signal<String>, #[prop(optional, into)] quiet: MaybeProp<String>) -> impl IntoView {
    view! {
        <div class="setting">
            {crate::icons::icon(icon)}
            <span class="setting-name">
                {name} {move || quiet.get().map(|quiet| view! { <span class="quiet">{quiet}</span> })}
            </span>
        </div>
    }
}

/// One of two or three, as radios in a row.
#[component]
pub fn Segments<T: Copy + PartialEq + Send + Sync + 'static>(
    /// Unique in the page: names the radios.
    id: &'static str,
    icon: &'static str,
    name: Signal<String>,
    /// Value, word, and the language of the word where it is not the page's.
    options: Vec<(T, Signal<String>, Option<&'static str>)>,
    chosen: Signal<T>,
    on_choose: Callback<T>,
) -> impl IntoView {
    let option = move |(value, word, lang): (T, Signal<String>, Option<&'static str>)| {
        view! {
            <label lang=lang>
                <input type="radio" name=id prop:checked=move || chosen.get() == value on:change=move |_| on_choose.run(value) />
                {word}
            </label>
        }
    };
    view! {
        <div class="setting" role="radiogroup" aria-labelledby=id>
            {crate::icons::icon(icon)}
            <span class="setting-name" id=id>
                {name}
            </span>
            <span class="segments">{options.into_iter().map(option).collect::<Vec<_>>()}</span>
        </div>
    }
}
