//! An input with a list of suggestions below it: the ARIA combobox pattern with list autocomplete.

use super::Input;
use crate::components::flow::{Show, memo};
use crate::{
    dom,
    icons::{icon, small_icon},
    text::t,
};
use leptos::{ev, html, prelude::*};

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// What is handed back when it is chosen.
    pub key: String,
    pub name: String,
    /// Tells it from others of the same name.
    pub second: String,
    /// Choosing it makes something new.
    pub is_new: bool,
}

/// What a combobox needs of the field it stands in.
#[derive(Clone, Copy)]
pub struct Behaviour {
    /// What is typed, while something is being typed.
    pub query: RwSignal<Option<String>>,
    /// What to suggest for the query.
    pub suggestions: Signal<Vec<Suggestion>>,
    /// What the input shows while nothing is being typed.
    pub resting: Signal<String>,
    pub on_pick: Callback<Suggestion>,
    /// Enter or a comma without a suggestion, and leaving the input: what is typed may itself be a value.
    pub on_typed: Option<Callback<String>>,
    /// Backspace in the empty input.
    pub on_backspace: Option<Callback<()>>,
    /// There is a value that a button can clear.
    pub on_clear: Option<(Signal<bool>, Callback<()>)>,
}

/// The input and its list; `tokens` stand before the input when the field holds several values.
#[component]
pub fn Combobox(input: Input, behaviour: Behaviour, #[prop(optional, into)] tokens: Option<ViewFn>) -> impl IntoView {
    let Behaviour { query, suggestions, resting, on_pick, on_typed, on_backspace, on_clear } = behaviour;
    let open = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    let node = NodeRef::<html::Input>::new();
    let list_id = input.part("options");
    let option_id = move |at: usize| input.part(&format!("option-{at}"));
    let shown = memo(move || if open.get() { suggestions.get() } else { Vec::new() });
    let pick = move |suggestion: Suggestion| {
        query.set(None);
        active.set(None);
        // A field of several values stays open for the next one.
        open.set(on_backspace.is_some());
        on_pick.run(suggestion);
    };
    let take_typed = move || {
        if let (Some(on_typed), Some(typed)) = (on_typed, query.get_untracked().filter(|typed| !typed.trim().is_empty())) {
            query.set(None);
            on_typed.run(typed);
        }
    };
    let leave = move |_| {
        // An input that is taken away while it has the focus still says that it loses it.
        if query.is_disposed() {
            return;
        }
        take_typed();
        if let Some((_, clear)) = on_clear.filter(|_| query.get_untracked().as_deref() == Some("")) {
            clear.run(());
        }
        query.set(None);
        active.set(None);
        open.set(false);
    };
    let on_key = move |event: ev::KeyboardEvent| {
        let count = shown.with_untracked(Vec::len);
        let is_typing = query.with_untracked(|query| query.as_ref().is_some_and(|typed| !typed.trim().is_empty()));
        let chosen = active.get_untracked().and_then(|at| shown.with_untracked(|list| list.get(at).cloned()));
        match (event.key().as_str(), chosen) {
            // The input method still composes: the key is its own.
            _ if event.is_composing() => return,
            ("ArrowDown" | "ArrowUp", _) if !open.get_untracked() => open.set(true),
            ("ArrowDown", _) => active.update(|at| *at = stepped(*at, count, true)),
            ("ArrowUp", _) => active.update(|at| *at = stepped(*at, count, false)),
            ("Enter", Some(chosen)) => pick(chosen),
            ("Enter" | ",", None) if is_typing && on_typed.is_some() => take_typed(),
            // What is typed means the first that fits; without this Enter would save the form and drop it.
            ("Enter", None) if is_typing => {
                if let Some(first) = shown.with_untracked(|list| list.first().cloned()) {
                    pick(first);
                }
            }
            ("Escape", _) if count > 0 => open.set(false),
            ("Backspace", _) if query.with_untracked(|query| query.as_deref().unwrap_or_default().is_empty()) => {
                if let Some(on_backspace) = on_backspace {
                    on_backspace.run(());
                }
                return;
            }
            _ => return,
        }
        event.prevent_default();
    };
    let opened = list_id.clone();
    Effect::new(move |was_open: Option<bool>| {
        let is_open = !shown.read().is_empty();
        if is_open && was_open != Some(true) {
            let list = opened.clone();
            request_animation_frame(move || dom::by_id(&list).iter().for_each(dom::into_view));
        }
        is_open
    });
    Effect::new(move || {
        if let Some(option) = active.get().and_then(|at| dom::by_id(&option_id(at))) {
            dom::into_view(&option);
        }
    });
    let focus = move |_| {
        // An empty field offers at once; a filled one only when it is asked, or every form would open with a list over it.
        if resting.with_untracked(String::is_empty) {
            open.set(true);
        }
        if let Some(node) = node.get_untracked() {
            node.select();
        }
    };
    let field = view! {
        <input
            class="input"
            role="combobox"
            id=input.id()
            name=input.spec.name.as_ref()
            node_ref=node
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            aria-autocomplete="list"
            aria-expanded=move || (!shown.read().is_empty()).to_string()
            aria-controls=list_id.clone()
            aria-activedescendant=move || active.get().filter(|at| *at < shown.read().len()).map(option_id)
            aria-describedby=move || input.described_by()
            aria-invalid=move || input.invalid()
            prop:value=move || query.get().unwrap_or_else(|| resting.get())
            on:focus=focus
            on:click=move |_| open.set(true)
            on:blur=leave
            on:keydown=on_key
            on:input=move |event| {
                query.set(Some(event_target_value(&event)));
                active.set(None);
                open.set(true);
            }
        />
    };
    let option = move |(at, suggestion): (usize, Suggestion)| {
        let chosen = suggestion.clone();
        let second = (!suggestion.second.is_empty()).then(|| view! { <span class="quiet">{suggestion.second.clone()}</span> });
        view! {
            <li
                class="option"
                role="option"
                id=option_id(at)
                data-new=suggestion.is_new.then_some("")
                aria-selected=move || (active.get() == Some(at)).to_string()
                // The press must not take the focus from the input, which would close the list under it.
                on:mousedown=|event| event.prevent_default()
                on:click=move |_| pick(chosen.clone())
            >
                <span>{suggestion.name}{second}</span>
            </li>
        }
    };
    let list = move || {
        let found = shown.get();
        let named = input.label();
        (!found.is_empty()).then(|| {
            let options = found.into_iter().enumerate().map(option).collect_view();
            view! { <ul class="options" role="listbox" id=list_id.clone() aria-label=named>{options}</ul> }
        })
    };
    let clear = on_clear.map(|(clearable, clear)| {
        view! {
            <Show when=move || clearable.get()>
                <button
                    class="icon-button"
                    type="button"
                    aria-label=t("widget.clear")
                    title=t("widget.clear")
                    on:click=move |_| clear.run(())
                >
                    {icon("close")}
                </button>
            </Show>
        }
    });
    match tokens {
        Some(tokens) => {
            view! { <div class="picker"><div class="picker-set">{move || tokens.run()}{field}</div>{list}</div> }.into_any()
        }
        None => view! { <div class="picker">{field}{clear}{list}</div> }.into_any(),
    }
}

/// A chosen value of several, with the way out.
#[component]
pub fn Token(#[prop(into)] name: String, #[prop(into)] on_remove: Callback<()>) -> impl IntoView {
    let named = name.clone();
    let remove = move || crate::text::t_with("widget.remove_named", &[("name", &named)]);
    view! {
        <span class="token">
            {name}<button type="button" aria-label=remove on:click=move |_| on_remove.run(())>{small_icon("close")}</button>
        </span>
    }
}

/// The next or previous line, going round; nothing active lies between the last and the first.
fn stepped(at: Option<usize>, count: usize, forward: bool) -> Option<usize> {
    match (at, forward) {
        _ if count == 0 => None,
        (None, true) => Some(0),
        (None, false) => Some(count - 1),
        (Some(at), true) => (at + 1 < count).then_some(at + 1),
        (Some(at), false) => at.checked_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_round_through_nothing_chosen() {
        assert_eq!(stepped(None, 3, true), Some(0));
        assert_eq!(stepped(Some(2), 3, true), None);
        assert_eq!(stepped(Some(0), 3, false), None);
        assert_eq!(stepped(None, 3, false), Some(2));
        assert_eq!(stepped(Some(1), 0, true), None);
    }
}
