use crate::{
    live::{Live, use_live},
    pages::today::Today,
    state::{Rounds, still_of, use_rounds},
};
use leptos::{leptos_dom::helpers::TimeoutHandle, mount::mount_to, prelude::*, task::spawn_local, web_sys::HtmlElement};
use std::time::Duration;
use sync::browser::{is_visible, sleep_ms};
use wasm_bindgen::JsCast;

/// So long nothing has happened before a still is drawn: while somebody works, the next would follow at once.
const QUIET: Duration = Duration::from_secs(5);
/// The same once nobody sees the app any more: the system may end it soon.
const QUIET_UNSEEN: Duration = Duration::from_millis(300);
/// Between two looks whether all of it is drawn, milliseconds, and how often that is looked.
const LOOK_MS: u32 = 100;
const LOOKS: u32 = 20;

/// Keeps Today as it is now for the next start, whichever page is open. Shows nothing.
#[component]
pub fn KeepStill() -> impl IntoView {
    let (rounds, live) = (use_rounds(), use_live());
    let (owner, timer) = (Owner::current(), StoredValue::new(None::<TimeoutHandle>));
    let stop = move || timer.try_update_value(Option::take).flatten().iter().for_each(TimeoutHandle::clear);
    let wait = StoredValue::new(move || {
        stop();
        let owner = owner.clone();
        let draw = move || {
            timer.try_set_value(None);
            spawn_local(keep(rounds, live, owner));
        };
        timer.set_value(set_timeout_with_handle(draw, if is_visible() { QUIET } else { QUIET_UNSEEN }).ok());
    });
    Effect::new(move || {
        rounds.times_touched();
        rounds.attention().track();
        rounds.recents().track();
        rounds.lang().track();
        live.today.track();
        if live.is_settled.get() {
            wait.with_value(|wait| wait());
        }
    });
    let hidden = window_event_listener_untyped("visibilitychange", move |_| {
        if !is_visible() && timer.with_value(Option::is_some) {
            wait.with_value(|wait| wait());
        }
    });
    on_cleanup(move || {
        hidden.remove();
        stop();
    });
}

async fn keep(rounds: Rounds, live: Live, owner: Option<Owner>) {
    let Some((owner, drawing)) = owner.zip(rounds.begin_still().await) else { return };
    let place = document().create_element("div").ok().and_then(|place| place.dyn_into::<HtmlElement>().ok());
    let Some(place) = place else { return };
    let Some(until) = live.today.try_get_untracked().map(|today| rounds.zone().start_of(today.plus(1))) else { return };
    // It stands in no page, so nobody sees it, and the browser lays nothing of it out.
    let drawn = owner.with(|| mount_to(place.clone(), || view! { <Today is_still=true /> }));
    for _ in 0..LOOKS {
        sleep_ms(LOOK_MS).await;
        if matches!(place.query_selector(".bones"), Ok(None)) {
            break;
        }
    }
    let html = still_of(&place);
    drop(drawn);
    if let Some(html) = html {
        rounds.keep_still(drawing, html, until).await;
    }
}
