use super::{chrome::use_chrome, dialog::Dialog};
use crate::{icons::icon, text::t};
use leptos::prelude::*;

/// The keys that do something, opened with `?` or from More.
#[component]
pub fn Help() -> impl IntoView {
    view! {
        <Dialog open=use_chrome().help() id="help" title=Signal::derive(t("help.title"))>
            <div class="sheet-body">
                <dl class="facts">
                    {key("/", t("help.search"))} {key("n", t("help.new"))} {key("l", t("help.log"))} {key("g t", t("help.today"))}
                    {key("g a", t("help.accounts"))} {key("↑ ↓", t("help.rows"))} {key("?", t("help.help"))}
                </dl>
            </div>
        </Dialog>
    }
}

/// The line that opens [`Help`]; hidden where there is no keyboard.
#[component]
pub fn HelpButton() -> impl IntoView {
    let help = use_chrome().help();
    view! {
        <button class="setting" type="button" data-keyboard="" on:click=move |_| help.set(true)>
            {icon("help")}
            <span class="setting-name">{t("help.title")}</span>
        </button>
    }
}

fn key(keys: &'static str, does: impl Fn() -> String + Send + Sync + 'static) -> impl IntoView {
    view! {
        <div>
            <dt>
                <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
        </div>
    }
}
