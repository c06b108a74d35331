use crate::{
    components::{languages::Languages, password::Password},
    icons::icon,
    refusal,
    state::{Session, SignedOutReason, use_rounds},
    text::{t, tn},
};
use leptos::{ev, prelude::*, task::spawn_local};

/// Who are you: e-mail or mobile number, and password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let rounds = use_rounds();
    let (login, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (error, busy) = (RwSignal::new(None::<String>), RwSignal::new(false));
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (typed, secret) = (login.get_untracked().trim().to_owned(), password.get_untracked());
        if typed.is_empty() || secret.is_empty() {
            return error.set(Some(untrack(t("sign_in.fill_in"))));
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            if let Err(refused) = rounds.sign_in(typed, secret).await {
                error.try_set(Some(refusal::words(rounds.lang().get_untracked(), &refused.code, &refused.message)));
            }
            busy.try_set(false);
        });
    };
    Effect::new(move || document().set_title(&t("sign_in.title")()));
    view! {
        <main class="door">
            <div>
                <img class="brand" src="/icons/icon.svg" alt="" width="56" height="56" />
            </div>
            <h1>{t("sign_in.title")}</h1>
            <WhySignedOut />
            <form class="form fields" novalidate="" on:submit=submit>
                <div class="field" data-stacked="">
                    <label class="field-label" for="login">
                        {t("sign_in.login")}
                    </label>
                    <div>
                        <input class="input" id="login" name="login" autocomplete="username" inputmode="email" autocapitalize="none" spellcheck="false" bind:value=login />
                    </div>
                </div>
                <Password id="password" label=Signal::derive(t("sign_in.password")) autocomplete="current-password" value=password error=error />
                <button class="button primary wide" type="submit" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { t("sign_in.busy")() } else { t("sign_in.submit")() }}
                </button>
            </form>
            <p class="quiet">{t("sign_in.link_hint")}</p>
            <Languages />
        </main>
    }
}

/// Why nobody is signed in, when that was not the user's own doing.
#[component]
pub fn WhySignedOut() -> impl IntoView {
    let rounds = use_rounds();
    let session = rounds.session();
    let words = move || match session.get() {
        Session::SignedOut { reason: Some(SignedOutReason::Revoked) } => {
            Some((t("sign_in.revoked")(), t("sign_in.revoked_what")()))
        }
        Session::SignedOut { reason: Some(SignedOutReason::Store(sentence)) } => Some((t("sign_in.store")(), sentence)),
        Session::SignedOut { reason: Some(SignedOutReason::Evicted { pending }) } => {
            Some((t("sign_in.evicted")(), tn("sign_in.evicted_unsent", pending)))
        }
        _ => None,
    };
    let again = move || {
        let store = matches!(session.get(), Session::SignedOut { reason: Some(SignedOutReason::Store(_)) });
        store.then(|| {
            view! {
                <p>
                    <button class="button" type="button" on:click=move |_| rounds.try_again()>
                        {t("action.try_again")}
                    </button>
                </p>
            }
        })
    };
    move || {
        words().map(|(what, do_this)| {
            view! {
                <div class="problem" role="alert">
                    {icon("warning")}
                    <strong>{what}</strong>
                    <p>{do_this}</p>
                    {again}
                </div>
            }
        })
    }
}
