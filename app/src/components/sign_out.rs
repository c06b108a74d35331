use super::{dialog::Dialog, setting::SettingButton};
use crate::address::use_address;
use crate::{
    dom,
    state::{SignOutBlocked, use_rounds},
    text::{t, tn},
};
use leptos::{prelude::*, task::spawn_local};

/// Signs out. Unsent work is told first, with its number and a way to keep it as a file.
#[component]
pub fn SignOut() -> impl IntoView {
    let rounds = use_rounds();
    let (asking, changes, files) = (RwSignal::new(false), RwSignal::new(0), RwSignal::new(0));
    let address = use_address();
    let leave = move |force: bool| {
        spawn_local(async move {
            match rounds.sign_out(force).await {
                // The next to sign in starts at the beginning.
                Ok(()) => address.replace("/"),
                Err(SignOutBlocked { pending, files: waiting }) => {
                    changes.set(pending);
                    files.set(waiting);
                    asking.set(true);
                }
            }
        });
    };
    let said = |key, n: u64| (n > 0).then(|| tn(key, n));
    view! {
        <SettingButton icon="logout" name=Signal::derive(t("sign_out.title")) danger=true on_choose=Callback::new(move |()| leave(false)) />
        <Dialog open=asking id="sign-out" title=Signal::derive(t("sign_out.title"))>
            <div class="sheet-body">
                <p>
                    <strong>{move || said("sign_out.unsent", changes.get())}" "{move || said("sign_out.files", files.get())}</strong>
                </p>
                <p>{t("sign_out.stays")}</p>
                <p hidden=move || changes.get() == 0>
                    <button class="link-button" type="button" on:click=move |_| spawn_local(async move { dom::download("rounds-unsent.json", &rounds.export_unsent().await) })>
                        {t("sign_out.export")}
                    </button>
                </p>
            </div>
            <footer class="sheet-foot">
                <button class="button danger" type="button" on:click=move |_| leave(true)>
                    {t("sign_out.anyway")}
                </button>
                <button class="button primary" type="button" autofocus="" on:click=move |_| asking.set(false)>
                    {t("sign_out.stay")}
                </button>
            </footer>
        </Dialog>
    }
}
