use super::{chrome::use_chrome, dialog::Dialog};
use crate::text::t;
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
