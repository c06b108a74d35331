use super::sign_in::WhySignedOut;
use crate::address::{Address, use_address};
use crate::{
    components::{empty::Empty, head::PageHead, languages::Languages, pane::Pane},
    icons::icon,
    refusal,
    state::{Session, use_rounds},
    text::{t, t_with},
};
use leptos::{prelude::*, task::spawn_local};

/// Signs in with the one-time link that was opened: its token is in the fragment, which no log sees.
#[component]
pub fn SignInLinkPage() -> impl IntoView {
    let rounds = use_rounds();
    let token = StoredValue::new(Address::fragment());
    let error = RwSignal::new(None::<String>);
    let address = use_address();
    let try_it = move || {
        error.set(None);
        let token = token.get_value();
        spawn_local(async move {
            match rounds.sign_in_with_link(token).await {
                // A used link has no place in the history.
                Ok(()) => address.replace("/"),
                Err(refused) => {
                    drop(error.try_set(Some(refusal::words(rounds.lang().get_untracked(), &refused.code, &refused.message))))
                }
            }
        });
    };
    match token.with_value(String::is_empty) {
        true => error.set(Some(untrack(t("refused.link_invalid")))),
        false => try_it(),
    }
    view! {
        <main class="door">
            <div>
                <img class="brand" src="/icons/icon.svg" alt="" width="56" height="56" />
            </div>
            <h1>{t("sign_in.title")}</h1>
            <WhySignedOut />
            <p role="status">{move || error.read().is_none().then(|| t("sign_in.link_busy")())}</p>
            {move || {
                error
                    .get()
                    .map(|error| {
                        view! {
                            <div class="problem" role="alert">
                                {icon("warning")}
                                <strong>{t("sign_in.link_failed")}</strong>
                                <p>{error}</p>
                                <p>
                                    <button class="button" type="button" on:click=move |_| try_it()>
                                        {t("action.try_again")}
                                    </button>
                                </p>
                            </div>
                            <a class="link-button" href="/sign-in">
                                {t("sign_in.with_password")}
                            </a>
                        }
                    })
            }}
            <Languages />
        </main>
    }
}

/// The link was opened by somebody who is signed in already.
#[component]
pub fn AlreadySignedIn() -> impl IntoView {
    let rounds = use_rounds();
    let name = move || match rounds.session().get() {
        Session::SignedIn(info) => info.member.name.clone(),
        _ => String::new(),
    };
    let title = Signal::derive(t("sign_in.title"));
    view! {
        <Pane label=title>
            <PageHead title />
            <Empty icon="link" text=Signal::derive(move || t_with("sign_in.already", &[("name", &name())])) fill=true>
                <a class="button primary" href="/">
                    {t("nav.today")}
                </a>
            </Empty>
        </Pane>
    }
}
