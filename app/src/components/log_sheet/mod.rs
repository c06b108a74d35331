//! Logging a follow-up: one tap from anywhere, at most three taps and the typing, one action when it is saved.

mod body;
mod chips;
mod drafts;
mod log;
mod nearest;
mod next_step;
mod tools;

use super::{
    form::Sheet,
    sheet_head::SheetHead,
    widgets::{FieldView, Input},
};
use crate::components::flow::Show;
use crate::{
    dom,
    icons::{icon, small_icon},
    state::{Toast, use_rounds},
    text::{filled, t, t_with, tr},
};
use body::Body;
use domain::{Id, Value};
use leptos::{ev, prelude::*, task::spawn_local};
use log::Log;
use tools::{Tool, Tools};

/// The sheet, over whatever page is open.
#[component]
pub fn LogSheet(account: Option<Id>, on_close: Callback<()>) -> impl IntoView {
    view! {
        <Sheet kind="log" label=Signal::derive(t("log.title")) on_close focus="log-text">
            <LogForm account on_close/>
        </Sheet>
    }
}

#[component]
fn LogForm(account: Option<Id>, on_close: Callback<()>) -> impl IntoView {
    let rounds = use_rounds();
    let Some(log) = Log::new(rounds, account) else { return ().into_any() };
    provide_context(log.form);
    let picking = RwSignal::new(false);
    let tool = RwSignal::new(None::<Tool>);
    let failed = RwSignal::new(None::<String>);
    let save = move || {
        let Some(account) = log.account() else {
            return picking.set(true);
        };
        if let Some(wrong) = untrack(|| log.form.first_problem()) {
            wrong.tried.set(true);
            return tool.set(Tool::of(wrong));
        }
        let draft = untrack(|| log.draft(account));
        spawn_local(async move {
            match rounds.save(draft).await {
                Ok(saved) => {
                    log.done();
                    rounds.note_opened(account);
                    let lang = rounds.lang().get_untracked();
                    let text = filled(&tr(lang, "log.saved"), &[("account", &untrack(|| rounds.title(account)))]);
                    rounds.toast(Toast::done(text, vec![saved.undo]));
                    on_close.run(());
                }
                Err(error) => failed.set(Some(rounds.store_error(&error))),
            }
        });
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        save();
    };
    let quick = move |event: ev::KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            save();
        }
    };
    view! {
        <form class="sheet-form" novalidate on:submit=submit on:keydown=quick>
            <SheetHead close=Signal::derive(t("log.close")) on_close>
                <AccountButton log picking/>
                <Show when=move || log.continued.get()>
                    <button
                        class="icon-button"
                        type="button"
                        aria-label=t("log.start_over")
                        title=t("log.start_over")
                        on:click=move |_| log.start_over()
                    >
                        {icon("trash")}
                    </button>
                </Show>
            </SheetHead>
            <div class="sheet-body">
                {move || failed.get().map(|said| view! { <p class="field-error" role="alert">{small_icon("warning")}<span>{said}</span></p> })}
                <Show when=move || picking.get() fallback=move || view! { <Body log tool/> }>
                    <AccountPicker log picking/>
                </Show>
            </div>
            <footer class="sheet-foot">
                <Tools form=log.form open=tool photos=log.photos/>
                <button class="button primary" type="submit">{t("log.save")}</button>
            </footer>
        </form>
    }
    .into_any()
}

#[component]
fn AccountButton(log: Log, picking: RwSignal<bool>) -> impl IntoView {
    let name = move || match log.account_now() {
        Some(account) => log.rounds.title(account),
        None => t_with("log.choose_account", &[]),
    };
    view! {
        <button
            class="log-account"
            type="button"
            aria-haspopup="listbox"
            aria-expanded=move || picking.get().to_string()
            on:click=move |_| picking.update(|open| *open = !*open)
        >
            <span>{name}</span>
            {small_icon("chevron-down")}
        </button>
    }
}

/// Search for the account, in place of the log's body until one is chosen.
#[component]
fn AccountPicker(log: Log, picking: RwSignal<bool>) -> impl IntoView {
    let Some(account) = log.field("account") else { return ().into_any() };
    // An input of its own, empty: it offers the recent ones at once, and the log keeps its account until another is chosen.
    let input = Input::new(account.kind, account.spec, Value::Null, Value::Null, RwSignal::new(false));
    Effect::new(move || {
        let chosen = input.value.get();
        if !chosen.is_null() {
            account.value.set(chosen);
            picking.set(false);
            request_animation_frame(|| {
                dom::focus("#log-text");
            });
        }
    });
    request_animation_frame(move || {
        dom::focus(&format!("#{}", input.id()));
    });
    // High enough for the list below the input, wherever the sheet ends.
    view! { <div class="form" style:min-block-size="24rem"><FieldView input/></div> }.into_any()
}
