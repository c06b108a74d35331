use crate::components::flow::{Show, memo};
use crate::{
    components::{head::PageHead, help::HelpButton, notices, pane::Pane, setting::SettingLink},
    paths,
    pinned::pinned,
    show,
    state::use_rounds,
    text::{t, tn},
};
use domain::wire::Role;
use leptos::prelude::*;

/// Every place that the bar has no room for.
#[component]
pub fn MorePage() -> impl IntoView {
    let rounds = use_rounds();
    let title = Signal::derive(t("nav.more"));
    let status = rounds.status();
    let waiting = Signal::derive(move || {
        Some(status.read().waiting)
            .filter(|waiting| *waiting > 0)
            .map(|waiting| tn("status.waiting", waiting))
            .unwrap_or_default()
    });
    let is_rep = rounds.role() == Role::Rep;
    // A rep decides only about what he was told of: changes to the accounts he owns.
    let told = notices::all(rounds);
    let decides = memo(move || !is_rep || told.read().iter().any(|notice| notices::waits_for_decision(notice)));
    // For a rep contacts are a place of their own in the bar.
    let kinds: Vec<_> = rounds
        .schema()
        .kinds
        .iter()
        .filter(|kind| kind.menu && kind.name != "account" && (kind.name != "contact" || !is_rep))
        .map(|kind| view! { <SettingLink href=paths::list(&kind.name) icon=kind_icon(&kind.name) name=Signal::derive(move || show::list_label(&kind.name)) /> })
        .collect();
    view! {
        <Pane label=title>
            <PageHead title />
            {kinds}
            <SettingLink href="/dashboards" icon="dashboard" name=Signal::derive(t("nav.dashboards")) />
            <SettingLink href="/queries" icon="chart-bar" name=Signal::derive(t("nav.queries")) />
            {move || pinned(None).into_iter().map(|(href, name)| view! { <SettingLink href icon="chart-bar" name=Signal::stored(name) /> }).collect::<Vec<_>>()}
            {(!is_rep).then(|| view! { <SettingLink href="/team" icon="team" name=Signal::derive(t("nav.team")) /> })}
            <SettingLink href="/notices" icon="bell" name=Signal::derive(t("nav.notices")) />
            <Show when=move || decides.get()>
                <SettingLink href="/decisions" icon="check-circle" name=Signal::derive(t("decision.title")) />
            </Show>
            <SettingLink href="/sync" icon="sync" name=Signal::derive(t("nav.sync")) value=waiting />
            {(rounds.role() == Role::Administrator)
                .then(|| view! { <SettingLink href="/devices" icon="device" name=Signal::derive(t("device.all")) /> })}
            <SettingLink href="/settings" icon="settings" name=Signal::derive(t("nav.settings")) />
            <HelpButton />
        </Pane>
    }
}

/// The icon of a kind of record.
pub fn kind_icon(kind: &str) -> &'static str {
    match kind {
        "account" => "accounts",
        "contact" => "users",
        "follow_up" => "today",
        _ => "note",
    }
}
