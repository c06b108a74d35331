use crate::components::flow::Show;
use crate::{
    components::{
        change_password::ChangePassword,
        devices::Devices,
        head::PageHead,
        help::HelpButton,
        languages::own_name,
        pane::Pane,
        section::Section,
        setting::{Segments, SettingButton, SettingFact, SettingLink},
        sign_out::SignOut,
    },
    format, show,
    state::{Session, Theme, use_rounds},
    text::{t, t_with, tn},
};
use domain::Lang;
use leptos::{prelude::*, task::spawn_local};

/// Who is signed in, how the app looks, and what this device holds.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let title = Signal::derive(t("nav.settings"));
    view! {
        <Pane label=title>
            <PageHead title back="/more" />
            <You />
            <Look />
            <ThisDevice />
            <p class="quiet section">{concat!("Rounds ", env!("CARGO_PKG_VERSION"))}</p>
        </Pane>
    }
}

#[component]
fn You() -> impl IntoView {
    let session = use_rounds().session();
    let of = move |read: fn(&domain::wire::SessionInfo) -> String| {
        Signal::derive(move || match session.get() {
            Session::SignedIn(info) => read(&info),
            _ => String::new(),
        })
    };
    let about = of(|info| {
        let role = serde_json::to_value(info.member.role).unwrap_or_default();
        let role = use_rounds().schema().field("member", "role").map(|field| show::value(field, &role)).unwrap_or_default();
        format!("{role} · {}", info.org.name)
    });
    view! {
        <Section id="you" title=Signal::derive(t("settings.you"))>
            <SettingFact icon="user" name=of(|info| info.member.name.clone()) quiet=about />
            <ChangePassword />
            <MyDevices />
            <SignOut />
        </Section>
    }
}

/// The user's own devices, asked of the server only when he wants to see them.
#[component]
fn MyDevices() -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <SettingButton
            icon="device" name=Signal::derive(t("device.mine")) quiet=Signal::derive(t("device.mine_why"))
            on_choose=Callback::new(move |()| open.update(|open| *open = !*open))
        />
        <Show when=move || open.get()>
            <Devices ask=online::my_devices />
        </Show>
    }
}

#[component]
fn Look() -> impl IntoView {
    let rounds = use_rounds();
    let languages = Lang::ALL.map(|lang| (lang, Signal::stored(own_name(lang).to_owned()), Some(lang.tag()))).to_vec();
    let themes = vec![
        (Theme::System, Signal::derive(t("settings.theme_system")), None),
        (Theme::Light, Signal::derive(t("settings.theme_light")), None),
        (Theme::Dark, Signal::derive(t("settings.theme_dark")), None),
    ];
    view! {
        <Section id="look" title=Signal::derive(t("settings.look"))>
            <Segments
                id="language" icon="globe" name=Signal::derive(t("settings.language")) options=languages chosen=rounds.lang()
                on_choose=Callback::new(move |lang| rounds.set_lang(lang))
            />
            <Segments
                id="theme" icon="sun" name=Signal::derive(t("settings.theme")) options=themes chosen=rounds.theme()
                on_choose=Callback::new(move |theme| rounds.set_theme(theme))
            />
        </Section>
    }
}

#[component]
fn ThisDevice() -> impl IntoView {
    let rounds = use_rounds();
    let status = rounds.status();
    let waiting = move || Some(status.read().waiting).filter(|waiting| *waiting > 0).map(|waiting| tn("status.waiting", waiting));
    view! {
        <Section id="this-device" title=Signal::derive(t("settings.device"))>
            <SettingLink href="/sync" icon="sync" name=Signal::derive(t("nav.sync")) value=Signal::derive(waiting) />
            <Storage />
            {move || {
                rounds.install_ready().get().then(|| {
                    view! {
                        <SettingButton
                            icon="download" name=Signal::derive(t("settings.install")) quiet=Signal::derive(t("settings.install_why"))
                            on_choose=Callback::new(move |()| rounds.install())
                        />
                    }
                })
            }}
            <HelpButton />
        </Section>
    }
}

/// What is kept here, and whether the browser promised not to clear it.
#[component]
fn Storage() -> impl IntoView {
    let rounds = use_rounds();
    let storage = rounds.storage();
    let refused = RwSignal::new(false);
    let used = move || {
        storage.with(|storage| {
            t_with("settings.used", &[("used", &format::bytes(storage.used)), ("quota", &format::bytes(storage.quota))])
        })
    };
    let protected = move || storage.read().protected == Some(true);
    let said = Signal::derive(move || match (protected(), refused.get()) {
        (true, _) => format!("{} · {}", used(), t("settings.protected")()),
        (_, true) => t("settings.not_protected")(),
        _ => format!("{} · {}", used(), t("settings.protect_why")()),
    });
    let protect = Callback::new(move |()| {
        spawn_local(async move {
            let agreed = rounds.protect_storage().await;
            refused.try_set(!agreed);
        });
    });
    move || match protected() {
        true => view! { <SettingFact icon="shield" name=Signal::derive(t("settings.storage")) quiet=said /> }.into_any(),
        false => {
            view! { <SettingButton icon="shield" name=Signal::derive(t("settings.protect")) quiet=said on_choose=protect /> }
                .into_any()
        }
    }
}
