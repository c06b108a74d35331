//! Files at an account or a follow-up: chosen, in a row of small pictures, and each in full.

use super::{dialog::Dialog, empty::Empty};
use crate::components::flow::{For, Show, memo};
use crate::{
    actions, dom,
    icons::icon,
    state::{Draft, attached, use_rounds},
    text::{t, t_with, tr},
};
use domain::{
    Id, Value,
    json::{FromJson, at},
    records::Attachment,
    sorting::SharedSort,
    types::AttachmentValue,
    wire::BLOBS,
};
use leptos::{ev, prelude::*, task::spawn_local};
use std::time::Duration;
use store::FileState;

/// How often a picture that the server did not have is asked for again while it is in sight.
const AGAIN: Duration = Duration::from_secs(4);
const TRIES: u32 = 15;

/// A button to choose files with; each is taken in and then given to `on_taken`.
#[component]
pub fn FileButton(
    class: &'static str,
    label: Signal<String>,
    /// Only pictures: a phone then offers its camera.
    photos: bool,
    on_taken: Callback<Value>,
    children: Children,
) -> impl IntoView {
    let rounds = use_rounds();
    let choose = move |event: ev::Event| {
        let files = dom::chosen_files(&event);
        spawn_local(async move {
            // One after the other: a phone has no memory for several large photos at once.
            for file in files {
                if let Some(taken) = rounds.take_file(file).await {
                    on_taken.run(taken);
                }
            }
        });
    };
    view! {
        <label class=class title=label>
            {children()}
            <input class="file-input" type="file" multiple="" aria-label=label accept=photos.then_some("image/*") on:change=choose />
        </label>
    }
}

/// The files taken in for what is half typed, each of which can be left out again.
#[component]
pub fn Taken(files: RwSignal<Vec<Value>>) -> impl IntoView {
    let one = move |taken: Value| {
        let name = at(at(&taken, "file"), "name").as_str().unwrap_or_default().to_owned();
        let label = {
            let name = name.clone();
            move || t_with("widget.remove_named", &[("name", &name)])
        };
        let small = small_of(at(&taken, "file"), at(&taken, "thumbnail"));
        let remove = move |_| files.update(|files| files.retain(|other| at(other, "id") != at(&taken, "id")));
        view! {
            <li class="file">
                {drawn(small, name)}
                <button class="icon-button file-remove" type="button" aria-label=label.clone() title=label on:click=remove>
                    {icon("close")}
                </button>
            </li>
        }
    };
    let key = |taken: &Value| at(taken, "id").to_string();
    view! {
        <Show when=move || !files.read().is_empty()>
            <ul class="files"><For each=move || files.get() key=key children=one /></ul>
        </Show>
    }
}

/// The files whose reference `field` names `to`, the earliest first; a tap opens one in full.
#[component]
pub fn FilesOf(field: &'static str, to: Id) -> impl IntoView {
    let rounds = use_rounds();
    let rows = rounds.referring(Attachment::KIND, field, to);
    // Ids made later sort later.
    let ids = memo(move || {
        let mut ids: Vec<Id> = rows.read().iter().map(|row| row.id).collect();
        ids.shared_sort_by(Ord::cmp);
        ids
    });
    let (open, shown) = (RwSignal::new(false), RwSignal::new(Id::nil()));
    let title = Signal::derive(move || rounds.title(shown.get()));
    let show = Callback::new(move |id| {
        shown.set(id);
        open.set(true);
    });
    view! {
        <Show when=move || !ids.read().is_empty()>
            <ul class="files"><For each=move || ids.get() key=|id| *id children=move |id| view! { <Tile id show /> } /></ul>
        </Show>
        <Dialog open id=format!("file-{to}") title kind="file">
            <Full id=shown.get_untracked() open />
        </Dialog>
    }
}

/// All files of an account, and a way to add to them.
#[component]
pub fn FilesTab(account: Id) -> impl IntoView {
    let rounds = use_rounds();
    let files = rounds.referring(Attachment::KIND, "account", account);
    let add = Callback::new(move |taken| {
        let said = tr(rounds.lang().get_untracked(), "file.added");
        rounds.save_with_toast(attached(Draft::new(), &taken, account, None), said);
    });
    let label = Signal::derive(t("file.add"));
    view! {
        <FilesOf field="account" to=account />
        <Show when=move || files.read().is_empty()><Empty icon="camera" text=Signal::derive(t("file.none")) /></Show>
        <p>
            <FileButton class="button" label photos=false on_taken=add>{icon("plus")}{label}</FileButton>
        </p>
    }
}

#[component]
fn Tile(id: Id, show: Callback<Id>) -> impl IntoView {
    let rounds = use_rounds();
    let Some(row) = rounds.row(id).get_untracked() else { return ().into_any() };
    let Some(file) = Attachment(&*row).file() else { return ().into_any() };
    let small = small_of(&row.value("file"), &row.value("thumbnail"));
    let (name, title, sha256) = (file.name.clone(), file.name.clone(), file.sha256.clone());
    let waits = move || (rounds.file_state(&sha256) == FileState::Waiting).then_some("");
    let label = move || format!("{}, {}", file.name, words(&file, "file.elsewhere"));
    view! {
        <li class="file" data-waiting=waits>
            <button type="button" aria-label=label title=title on:click=move |_| show.run(id)>
                {drawn(small, name)}
            </button>
        </li>
    }
    .into_any()
}

/// One file as large as there is room; opening it fetches it.
#[component]
fn Full(id: Id, open: RwSignal<bool>) -> impl IntoView {
    let rounds = use_rounds();
    let row = rounds.row(id).get_untracked();
    let Some((row, file)) = row.and_then(|row| Attachment(&*row).file().map(|file| (row.clone(), file))) else {
        return ().into_any();
    };
    let (here, failed) = (is_here(&file), RwSignal::new(false));
    if !here.get_untracked() {
        let sha256 = file.sha256.clone();
        spawn_local(async move {
            if !rounds.fetch_file(&sha256).await {
                failed.try_set(true);
            }
        });
    }
    let small = small_of(&row.value("file"), &row.value("thumbnail"));
    let picture = {
        let file = file.clone();
        move || {
            let shown = if here.get() { Some(file.clone()) } else { small.clone() };
            drawn(shown.filter(is_picture), file.name.clone())
        }
    };
    let said = {
        let file = file.clone();
        move || words(&file, if failed.get() { "file.not_here" } else { "file.fetching" })
    };
    let save = move |_| {
        let AttachmentValue { sha256, name, mime, .. } = file.clone();
        spawn_local(async move {
            if let Some(address) = rounds.file_address(&sha256, &mime).await {
                dom::save(&name, &address);
            }
        });
    };
    let delete = move |_| {
        actions::delete(&row);
        open.set(false);
    };
    view! {
        <div class="sheet-body">
            {picture}
            <p class="quiet" role="status">{said}</p>
        </div>
        <footer class="sheet-foot">
            <button class="button danger" type="button" on:click=delete>{t("action.delete")}</button>
            <Show when=move || here.get()>
                <button class="button" type="button" on:click=save.clone()>{t("file.save")}</button>
            </Show>
        </footer>
    }
    .into_any()
}

fn is_here(file: &AttachmentValue) -> Memo<bool> {
    let (rounds, sha256) = (use_rounds(), file.sha256.clone());
    memo(move || rounds.file_state(&sha256) != FileState::Elsewhere)
}

/// Where a file is, in words; while it is sent, how far; `elsewhere` is the text for one that is not here.
fn words(file: &AttachmentValue, elsewhere: &str) -> String {
    let rounds = use_rounds();
    match (rounds.file_state(&file.sha256), rounds.sent_percent(&file.sha256)) {
        (FileState::Waiting, Some(percent)) => t_with("file.sending", &[("percent", &percent.to_string())]),
        (FileState::Waiting, None) => t_with("file.waiting", &[]),
        (FileState::Refused, _) => t_with("file.refused", &[]),
        (FileState::Sent, _) => t_with("file.sent", &[]),
        (FileState::Here, _) => t_with("file.here", &[]),
        (FileState::Elsewhere, _) => t_with(elsewhere, &[]),
    }
}

fn is_picture(file: &AttachmentValue) -> bool {
    matches!(file.mime.as_str(), "image/jpeg" | "image/png" | "image/gif" | "image/webp")
}

/// What stands for a file in small: its thumbnail, or itself where it is a small picture.
fn small_of(file: &Value, thumbnail: &Value) -> Option<AttachmentValue> {
    [thumbnail, file].into_iter().filter_map(|value| AttachmentValue::from_json(value).ok()).find(is_picture)
}

/// The picture, or what the file is called.
fn drawn(picture: Option<AttachmentValue>, name: String) -> AnyView {
    match picture {
        Some(file) => view! { <Picture file name /> }.into_any(),
        None => view! { {icon("note")}<span class="file-name">{name}</span> }.into_any(),
    }
}

/// A picture from this device, else from the server; what came from there once the browser keeps by itself.
#[component]
fn Picture(file: AttachmentValue, name: String) -> impl IntoView {
    let rounds = use_rounds();
    let (address, tries) = (RwSignal::new(None::<String>), RwSignal::new(0));
    let here = is_here(&file);
    Effect::new(move || {
        let AttachmentValue { sha256, mime, .. } = file.clone();
        match here.get() {
            true => spawn_local(async move {
                let found = rounds.file_address(&sha256, &mime).await;
                address.try_set(found);
            }),
            // Another address for the same, or the browser would not ask again.
            false => address.set(Some(format!("{BLOBS}{sha256}#{}", tries.get()))),
        }
    });
    on_cleanup(move || {
        if let Some(Some(address)) = address.try_get_untracked() {
            rounds.forget_address(&address);
        }
    });
    let again = move |_| {
        if tries.get_untracked() < TRIES {
            let once_more = move || {
                tries.try_update(|tries| *tries += 1);
            };
            set_timeout(once_more, AGAIN);
        }
    };
    view! { <img src=move || address.get() alt=name loading="lazy" on:error=again /> }
}
