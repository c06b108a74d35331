use crate::components::flow::For;
use crate::{
    state::{Toast, use_rounds},
    text::t,
};
use leptos::prelude::*;
use std::time::Duration;

/// How long a toast stays when nobody points at it; what went wrong, or must not be missed, stays until it is dismissed.
const STAYS: Duration = Duration::from_secs(8);

/// What was just done, said once, each with the way back, and what is told, with the way there.
#[component]
pub fn Toasts() -> impl IntoView {
    let toasts = use_rounds().toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.get() key=|(id, _)| *id children=|(id, toast)| view! { <OneToast id toast /> } />
        </div>
    }
}

#[component]
fn OneToast(id: u64, toast: Toast) -> impl IntoView {
    let rounds = use_rounds();
    let Toast { text, undo, error, open } = toast;
    let stays = error || open.is_some();
    let timer = StoredValue::new(None::<TimeoutHandle>);
    let hold = move || {
        if let Some(timer) = timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    };
    let start = move || {
        hold();
        if !stays {
            timer.set_value(set_timeout_with_handle(move || rounds.dismiss_toast(id), STAYS).ok());
        }
    };
    start();
    on_cleanup(hold);
    let undo_said = t("toast.undone");
    let undo = (!undo.is_empty()).then(|| {
        let act = move |_| {
            rounds.dismiss_toast(id);
            rounds.save_each_with_toast(undo.clone(), undo_said());
        };
        view! {
            <button type="button" on:click=act>
                {t("action.undo")}
            </button>
        }
    });
    let open = open.map(|href| {
        view! { <a href=href on:click=move |_| rounds.dismiss_toast(id)>{t("action.open")}</a> }
    });
    let dismiss = stays.then(|| {
        view! {
            <button type="button" on:click=move |_| rounds.dismiss_toast(id)>
                {t("action.dismiss")}
            </button>
        }
    });
    view! {
        <div
            class="toast" on:pointerenter=move |_| hold() on:pointerleave=move |_| start() on:focusin=move |_| hold()
            on:focusout=move |_| start()
        >
            <span>{text}</span>
            {undo}
            {open}
            {dismiss}
        </div>
    }
}
