use super::Desk;
use crate::{components::dialog::Dialog, text::t};
use leptos::prelude::*;
use online::dismiss;

/// Asks before a change is decided against.
#[component]
pub fn Dismiss(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let decide = move |_| {
        open.set(false);
        desk.decide(dismiss(vec![desk.op]), |desk, ()| {
            desk.take_away();
            Ok(desk.said("decision.dismissed"))
        });
    };
    view! {
        <Dialog open id=format!("dismiss-{}", desk.op) title=Signal::derive(t("decision.dismiss_title"))>
            <div class="sheet-body">
                <p>{t("decision.dismiss_what")}</p>
            </div>
            <footer class="sheet-foot">
                <button class="button danger" type="button" on:click=decide>{t("decision.dismiss")}</button>
                <button class="button primary" type="button" autofocus="" on:click=move |_| open.set(false)>
                    {t("decision.keep_waiting")}
                </button>
            </footer>
        </Dialog>
    }
}
