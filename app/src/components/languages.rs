use crate::{state::use_rounds, text::t};
use domain::Lang;
use leptos::prelude::*;

/// Each language by its own name, for who cannot read the others.
pub fn own_name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "English",
        Lang::ZhCn => "简体中文",
        Lang::ZhTw => "繁體中文",
    }
}

/// The languages under the sign-in form.
#[component]
pub fn Languages() -> impl IntoView {
    let rounds = use_rounds();
    let button = move |lang: Lang| {
        view! {
            <button type="button" lang=lang.tag() aria-pressed=move || (rounds.lang().get() == lang).to_string() on:click=move |_| rounds.set_lang(lang)>
                {own_name(lang)}
            </button>
        }
    };
    view! {
        <div class="languages" role="group" aria-label=t("settings.language")>
            {Lang::ALL.map(button).into_iter().collect::<Vec<_>>()}
        </div>
    }
}
