use super::{password::Password, setting::SettingButton};
use crate::components::flow::Show;
use crate::{
    refusal,
    state::{Toast, use_rounds},
    text::{t, tr},
};
use leptos::{ev, prelude::*, task::spawn_local};

/// The user's own password. Only the server can change it, so this is one of the few things that need a network.
#[component]
pub fn ChangePassword() -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <SettingButton icon="lock" name=Signal::derive(t("password.title")) on_choose=Callback::new(move |()| open.update(|open| *open = !*open)) />
        <Show when=move || open.get()>
            <PasswordForm open />
        </Show>
    }
}

#[component]
fn PasswordForm(open: RwSignal<bool>) -> impl IntoView {
    let rounds = use_rounds();
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (wrong_current, wrong_new) = (RwSignal::new(None::<String>), RwSignal::new(None::<String>));
    let busy = RwSignal::new(false);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        wrong_current.set(None);
        wrong_new.set(None);
        spawn_local(async move {
            let result = online::change_password(current.get_untracked(), new.get_untracked()).await;
            let lang = rounds.lang().get_untracked();
            match result {
                Ok(()) => {
                    rounds.toast(Toast::said(tr(lang, "password.changed")));
                    open.try_set(false);
                }
                Err(fault) => {
                    let words = refusal::words(lang, &fault.code, &fault.message);
                    let place = if fault.code == "wrong_password" { wrong_current } else { wrong_new };
                    place.try_set(Some(words));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <form class="form fields" novalidate="" on:submit=submit>
            <Password
                id="current-password" label=Signal::derive(t("password.current")) autocomplete="current-password" value=current
                help=Signal::derive(t("password.current_help")) error=wrong_current
            />
            <Password
                id="new-password" label=Signal::derive(t("password.new")) autocomplete="new-password" value=new
                help=Signal::derive(t("password.new_help")) error=wrong_new
            />
            <p>
                <button class="button primary" type="submit" aria-disabled=move || busy.get().then_some("true")>
                    {t("password.change")}
                </button>
            </p>
        </form>
    }
}
