//! `Show` and `For` of leptos under their own names, for all of the app: what they draw is boxed before leptos sees it, so that
//! the compiler makes leptos' code once and not for every place they stand at, which a phone would download.

use leptos::{prelude::*, task::spawn_local};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use sync::browser::breathe;

/// When something is shown; made of any closure that says so.
pub struct When(Box<dyn Fn() -> bool + Send + Sync>);

impl<F: Fn() -> bool + Send + Sync + 'static> From<F> for When {
    fn from(when: F) -> Self {
        Self(Box::new(when))
    }
}

/// Its children while `when` holds, otherwise the fallback.
#[component]
pub fn Show(#[prop(into)] when: When, #[prop(optional, into)] fallback: ViewFn, children: ChildrenFn) -> impl IntoView {
    let shown = Memo::new(move |_| (when.0)());
    move || if shown.get() { children() } else { fallback.run() }
}

/// Its children in a task of their own, right behind what stands around them, so that this is on the screen before.
#[component]
pub fn Soon(children: ChildrenFn) -> impl IntoView {
    let (now, when) = signal(false);
    spawn_local(async move {
        breathe().await;
        when.try_set(true);
    });
    view! { <Show when=move || now.get()>{children()}</Show> }
}

/// A row that is drawn when leptos finds that it is not there yet.
struct Entry {
    key: u64,
    draw: Box<dyn FnOnce() -> AnyView + Send>,
}

/// One view for each item; an item whose key is there already keeps its view.
#[component]
pub fn For<T, K, V>(
    each: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T) -> K + Send + Sync + 'static,
    children: impl Fn(T) -> V + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    K: Hash,
    V: IntoView + 'static,
{
    let children = Arc::new(move |item| children(item).into_any());
    let entry = move |item: T| {
        let mut hasher = DefaultHasher::new();
        key(&item).hash(&mut hasher);
        let children = Arc::clone(&children);
        Entry { key: hasher.finish(), draw: Box::new(move || children(item)) }
    };
    entries(Box::new(move || each().into_iter().map(&entry).collect()))
}

fn entries(each: Box<dyn Fn() -> Vec<Entry> + Send + Sync>) -> AnyView {
    view! { <leptos::control_flow::For each key=|entry| entry.key children=|entry: Entry| (entry.draw)()/> }.into_any()
}

/// [`Memo::new`] of which there is one for every type that is remembered, not for every closure.
pub fn memo<T: PartialEq + Send + Sync + 'static>(value: impl Fn() -> T + Send + Sync + 'static) -> Memo<T> {
    boxed_memo(Box::new(value))
}

fn boxed_memo<T: PartialEq + Send + Sync + 'static>(value: Box<dyn Fn() -> T + Send + Sync>) -> Memo<T> {
    Memo::new(move |_| value())
}
