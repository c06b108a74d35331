//! Devices that hold the company's data: how each stands, and the end of its access.

use super::{dialog::Dialog, online::Online};
use crate::components::flow::For;
use crate::{
    format, refusal,
    state::{Toast, use_rounds},
    text::{filled, t, t_with, tn, tr},
};
use domain::time::MINUTE_MS;
use leptos::{prelude::*, task::spawn_local};
use online::{DeviceItem, Fault, revoke_device};

/// A clock that is off by less is not worth a word: requests take their time too.
const CLOCK_TOLERANCE_MS: i64 = 2 * MINUTE_MS;

/// The devices that `ask` answers, the one seen last first.
#[component]
pub fn Devices<A, F>(
    ask: A,
    /// They are not all of one member: says whose each is.
    #[prop(optional)]
    of_all: bool,
) -> impl IntoView
where
    A: Fn() -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<Vec<DeviceItem>, Fault>> + 'static,
{
    let devices = RwSignal::new(None::<Vec<DeviceItem>>);
    let each = move || devices.get().unwrap_or_default();
    let card = move |device: DeviceItem| view! { <DeviceCard device of_all devices /> };
    view! {
        <Online ask answer=devices>
            <For each key=|device| (device.id, device.revoked) children=card />
        </Online>
    }
}

#[component]
fn DeviceCard(device: DeviceItem, of_all: bool, devices: RwSignal<Option<Vec<DeviceItem>>>) -> impl IntoView {
    let rounds = use_rounds();
    let (id, member, revoked) = (device.id, device.member, device.revoked);
    let is_this = id == rounds.device();
    let asking = RwSignal::new(false);
    let whose = move || {
        let parts = [
            of_all.then(|| rounds.title(member)),
            is_this.then(|| t_with("device.this", &[])),
            revoked.then(|| t_with("device.revoked", &[])),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let label = device.label.clone();
    let clock = device.clock_offset_ms;
    let device = StoredValue::new(device);
    view! {
        <article class="matter">
            <header class="matter-head">
                <strong>{label}</strong>
                <span class="quiet">{whose}</span>
            </header>
            <p class="quiet">{move || device.with_value(facts)}</p>
            {move || clock_words(clock).map(|words| view! { <p data-tone="late">{words}</p> })}
            // Who is on the device itself signs out of it.
            {(!revoked && !is_this)
                .then(|| {
                    view! {
                        <div class="matter-tools">
                            <button class="button danger" type="button" on:click=move |_| asking.set(true)>
                                {t("device.revoke")}
                            </button>
                        </div>
                        <Revoke device asking devices />
                    }
                })}
        </article>
    }
}

/// Asks before a device's access ends, and says what becomes of what is on it.
#[component]
fn Revoke(device: StoredValue<DeviceItem>, asking: RwSignal<bool>, devices: RwSignal<Option<Vec<DeviceItem>>>) -> impl IntoView {
    let rounds = use_rounds();
    let (id, pending) = device.with_value(|device| (device.id, device.pending));
    let label = move || device.with_value(|device| device.label.clone());
    let title = Signal::derive(move || t_with("device.revoke_named", &[("device", &label())]));
    let revoke = move |_| {
        asking.set(false);
        let label = label();
        spawn_local(async move {
            let result = revoke_device(id).await;
            let lang = rounds.lang().get_untracked();
            let (text, error) = match result {
                Ok(()) => {
                    devices.try_update(|devices| {
                        devices.iter_mut().flatten().filter(|one| one.id == id).for_each(|one| one.revoked = true);
                    });
                    (filled(&tr(lang, "device.was_revoked"), &[("device", &label)]), false)
                }
                Err(fault) => (refusal::words(lang, &fault.code, &fault.message), true),
            };
            rounds.toast(Toast { error, ..Toast::said(text) });
        });
    };
    view! {
        <Dialog open=asking id=format!("revoke-{id}") title>
            <div class="sheet-body">
                {move || (pending > 0).then(|| view! { <p><strong>{tn("status.waiting", pending.unsigned_abs())}</strong></p> })}
                <p>{t("device.revoke_what")}</p>
            </div>
            <footer class="sheet-foot">
                <button class="button danger" type="button" on:click=revoke>
                    {t("device.revoke")}
                </button>
                <button class="button primary" type="button" autofocus="" on:click=move |_| asking.set(false)>
                    {t("device.keep")}
                </button>
            </footer>
        </Dialog>
    }
}

/// Last contact, what waits there and since when, version, storage.
fn facts(device: &DeviceItem) -> String {
    let when = |key: &str, ms: i64| t_with(key, &[("when", &format::relative(ms))]);
    let pending = match device.pending {
        ..=0 => t_with("device.nothing_waits", &[]),
        pending => tn("status.waiting", pending.unsigned_abs()),
    };
    let oldest = device.oldest_pending_at.filter(|_| device.pending > 0).map(|ms| when("device.oldest", ms));
    let version = t_with("device.version", &[("version", &device.app_version)]);
    let bytes = |count: i64| format::bytes(count.unsigned_abs());
    let storage = device.storage.map(|storage| {
        let of = t_with("sync.storage_of", &[("used", &bytes(storage.used)), ("quota", &bytes(storage.quota))]);
        let protected = if storage.protected { t_with("sync.protected", &[]) } else { t_with("sync.unprotected", &[]) };
        format!("{of} · {protected}")
    });
    let last = when("device.last_contact", device.last_seen_at);
    [Some(last), Some(pending), oldest, Some(version), storage].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn clock_words(offset_ms: i64) -> Option<String> {
    let minutes = minutes_behind(offset_ms)?;
    let key = if minutes > 0 { "device.clock_behind" } else { "device.clock_ahead" };
    Some(tn(key, minutes.unsigned_abs()))
}

/// Whole minutes that a clock is behind the server's, negative when it is ahead; none where it is right enough.
fn minutes_behind(offset_ms: i64) -> Option<i64> {
    (offset_ms.abs() > CLOCK_TOLERANCE_MS).then_some(offset_ms / MINUTE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_told_from_more_than_two_minutes_on() {
        assert_eq!([0, 120_000, -120_000, 120_001, -600_000].map(minutes_behind), [None, None, None, Some(2), Some(-10)]);
    }
}
