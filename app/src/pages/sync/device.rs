use super::{compare::Compare, unsent::Unsent};
use crate::components::flow::Show;
use crate::{
    components::{section::Section, setting::SettingButton},
    dom, format,
    state::{StorageInfo, use_rounds},
    text::{t, t_with},
};
use leptos::{prelude::*, task::spawn_local};

/// What this device holds: how much and how safe; and a file of what is not sent.
#[component]
pub fn ThisDevice(unsent: RwSignal<Unsent>) -> impl IntoView {
    let rounds = use_rounds();
    let storage = rounds.storage();
    let protect = Callback::new(move |()| {
        spawn_local(async move {
            rounds.protect_storage().await;
        });
    });
    let export = Callback::new(move |()| {
        spawn_local(async move {
            let text = rounds.export_unsent().await;
            let day = rounds.zone().day(rounds.clock_ms());
            dom::download(&format!("rounds-{day}.json"), &text);
        });
    });
    view! {
        <Section id="sync-device" title=Signal::derive(t("sync.device"))>
            <Storage storage/>
            <Compare/>
            <Show when=move || storage.read().protected == Some(false)>
                <SettingButton
                    icon="shield"
                    name=Signal::derive(t("sync.protect"))
                    quiet=Signal::derive(t("sync.protect_why"))
                    on_choose=protect
                />
            </Show>
            <Show when=move || !unsent.read().is_empty()>
                <SettingButton
                    icon="download"
                    name=Signal::derive(t("sync.export"))
                    quiet=Signal::derive(t("sync.export_why"))
                    on_choose=export
                />
            </Show>
        </Section>
    }
}

#[component]
fn Storage(storage: Signal<StorageInfo>) -> impl IntoView {
    let words = move || {
        let StorageInfo { used, quota, protected } = storage.get();
        let of = t_with("sync.storage_of", &[("used", &format::bytes(used)), ("quota", &format::bytes(quota))]);
        match protected {
            Some(true) => format!("{of} · {}", t_with("sync.protected", &[])),
            Some(false) => format!("{of} · {}", t_with("sync.unprotected", &[])),
            None => of,
        }
    };
    view! {
        <Show when=move || { storage.read().quota > 0 }>
            <div class="meter">
                <div><span id="sync-storage">{t("sync.storage")}</span><span class="num">{words}</span></div>
                <progress
                    class="progress"
                    aria-labelledby="sync-storage"
                    max=move || storage.read().quota
                    value=move || storage.read().used
                >
                </progress>
            </div>
        </Show>
    }
}
