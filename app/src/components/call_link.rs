use crate::{icons::icon, people::Dial, text::t_with};
use leptos::prelude::*;

/// A tap to call somebody, where there is a number.
#[component]
pub fn CallLink(name: Signal<String>, dial: Signal<Option<Dial>>) -> impl IntoView {
    let label = move || name.with(|name| t_with("action.call_name", &[("name", name)]));
    move || {
        dial.get().map(|dial| {
            view! {
                <a class="icon-button" href=dial.call() aria-label=label title=label>
                    {icon("phone")}
                </a>
            }
        })
    }
}
