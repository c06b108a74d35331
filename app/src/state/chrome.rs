//! What is neither data nor sync: language, theme, toasts, the new version, installing.

use super::{Rounds, StorageInfo, platform};
use crate::text;
use domain::{Id, Lang, json};
use leptos::{prelude::*, task::spawn_local};
use std::sync::Arc;
use store::Draft;
use sync::browser::Timer;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// What boot.js, which dresses the page, reads from local storage and hears of a change.
    pub fn id(self) -> &'static str {
        match self {
            Theme::System => "system",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }
}

/// A short message at the screen's edge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Toast {
    pub text: String,
    /// What its "Undo" saves; shared, since it may be of thousands of records.
    pub undo: Arc<[Draft]>,
    pub error: bool,
    /// The address of what it is about; such a toast, and one of an error, stays until it is dismissed.
    pub open: Option<String>,
}

impl Toast {
    pub fn said(text: String) -> Toast {
        Toast { text, ..Toast::default() }
    }

    pub fn wrong(text: String) -> Toast {
        Toast { text, error: true, ..Toast::default() }
    }

    pub fn done(text: String, undo: Vec<Draft>) -> Toast {
        Toast { text, undo: undo.into(), ..Toast::default() }
    }
}

pub struct Chrome {
    pub lang: RwSignal<Lang>,
    pub theme: RwSignal<Theme>,
    pub toasts: RwSignal<Vec<(u64, Toast)>>,
    pub recents: RwSignal<Vec<Id>>,
    pub storage: RwSignal<StorageInfo>,
    pub update_ready: RwSignal<bool>,
    pub install_ready: RwSignal<bool>,
    /// How many forms are half filled: no new version is offered meanwhile.
    pub editing: RwSignal<u32>,
}

/// Held while a form is half filled.
pub struct EditingGuard(RwSignal<u32>);

impl Drop for EditingGuard {
    fn drop(&mut self) {
        self.0.try_update(|editing| *editing = editing.saturating_sub(1));
    }
}

impl Chrome {
    pub fn new() -> Chrome {
        let theme = platform::recall("rounds.theme");
        let theme = Theme::ALL.into_iter().find(|known| Some(known.id()) == theme.as_deref()).unwrap_or_default();
        Chrome {
            lang: RwSignal::new(Lang::closest(&platform::root_lang())),
            theme: RwSignal::new(theme),
            toasts: RwSignal::default(),
            recents: RwSignal::default(),
            storage: RwSignal::default(),
            update_ready: RwSignal::new(false),
            install_ready: RwSignal::new(false),
            editing: RwSignal::new(0),
        }
    }

    pub fn load_recents(&self, member: Id) {
        let text = platform::recall(&format!("rounds.recents.{member}"));
        self.recents.set(text.and_then(|text| json::parse(&text)).unwrap_or_default());
    }
}

impl Rounds {
    pub(super) fn start_chrome(self) {
        let chrome = &self.inner().chrome;
        let (update_ready, install_ready, now) = (chrome.update_ready, chrome.install_ready, self.inner().now);
        platform::listen("rounds:update", move |_| update_ready.set(true));
        update_ready.set(platform::has_update());
        platform::on_install_prompt(move |ready| install_ready.set(ready));
        tick(self, now);
    }

    pub fn lang(self) -> Signal<Lang> {
        self.inner().chrome.lang.into()
    }

    /// Shows everything in `lang`; its words come from the cache of the service worker, so this works offline too.
    pub fn set_lang(self, lang: Lang) {
        spawn_local(async move {
            if !text::knows(lang) && !platform::words(lang.tag()).await.is_some_and(|words| text::learn(lang, &words)) {
                let text = text::tr(self.lang().get_untracked(), "settings.language_failed");
                return self.toast(Toast::wrong(text));
            }
            self.inner().chrome.lang.set(lang);
            platform::remember("rounds.lang", Some(lang.tag()));
            platform::set_root("lang", lang.tag());
        });
    }

    pub fn theme(self) -> Signal<Theme> {
        self.inner().chrome.theme.into()
    }

    pub fn set_theme(self, theme: Theme) {
        self.inner().chrome.theme.set(theme);
        platform::remember("rounds.theme", Some(theme.id()));
        platform::tell("rounds:theme", theme.id());
    }

    pub fn toast(self, toast: Toast) {
        let toasts = self.inner().chrome.toasts;
        let key = toasts.with_untracked(|all| all.last().map_or(0, |(key, _)| key + 1));
        // A stack of messages would hide the screen: the newest three say enough.
        toasts.update(|all| {
            all.push((key, toast));
            let surplus = all.len().saturating_sub(3);
            all.drain(..surplus);
        });
    }

    pub fn toasts(self) -> Signal<Vec<(u64, Toast)>> {
        self.inner().chrome.toasts.into()
    }

    pub fn dismiss_toast(self, key: u64) {
        self.inner().chrome.toasts.update(|all| all.retain(|(other, _)| *other != key));
    }

    /// A new version waits and no form is half filled.
    pub fn update_ready(self) -> Signal<bool> {
        let inner = self.inner();
        let (ready, editing) = (inner.chrome.update_ready, inner.chrome.editing);
        Signal::derive(move || ready.get() && editing.get() == 0)
    }

    /// Starts the new version, or the app again where none is known yet; unsent work stays in the database.
    pub fn apply_update(self) {
        platform::apply_update();
    }

    /// Keep the guard while a form is half filled.
    pub fn editing(self) -> EditingGuard {
        let editing = self.inner().chrome.editing;
        editing.update(|count| *count += 1);
        EditingGuard(editing)
    }

    pub fn install_ready(self) -> Signal<bool> {
        self.inner().chrome.install_ready.into()
    }

    pub fn install(self) {
        platform::install();
        self.inner().chrome.install_ready.set(false);
    }
}

/// Moves `now` on, once a minute.
fn tick(rounds: Rounds, now: RwSignal<i64>) {
    now.set(rounds.now_ms());
    let timer = Timer::after(60_000, move || tick(rounds, now));
    rounds.inner().chrome_timer.replace(Some(timer));
}
