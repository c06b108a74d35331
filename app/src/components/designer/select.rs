use leptos::prelude::*;

/// Value and words of each option.
pub type Options = Vec<(String, String)>;

/// One of a list, with the system's own control.
#[component]
pub fn Select(
    #[prop(optional, into)] id: Option<String>,
    /// What it chooses, where no label stands beside it.
    #[prop(optional, into)]
    label: MaybeProp<String>,
    options: Signal<Options>,
    chosen: Signal<String>,
    on_choose: Callback<String>,
) -> impl IntoView {
    view! {
        <select class="input" id=id aria-label=move || label.get() on:change=move |event| on_choose.run(event_target_value(&event))>
            {move || options.get().into_iter().map(|option| choice(option, chosen)).collect::<Vec<_>>()}
        </select>
    }
}

/// As [`Select`], its options under headings, after one that chooses nothing.
#[component]
pub fn GroupedSelect(
    #[prop(into)] id: String,
    label: Signal<String>,
    nothing: Signal<String>,
    groups: Signal<Vec<(String, Options)>>,
    chosen: Signal<String>,
    #[prop(into)] invalid: Signal<bool>,
    #[prop(into)] described_by: String,
    on_choose: Callback<String>,
) -> impl IntoView {
    let group = move |(label, options): (String, Options)| {
        let options: Vec<_> = options.into_iter().map(|option| choice(option, chosen)).collect();
        view! { <optgroup label=label>{options}</optgroup> }
    };
    view! {
        <select
            class="input" id=id aria-label=label aria-invalid=move || invalid.get().then_some("true")
            aria-describedby=move || invalid.get().then(|| described_by.clone())
            on:change=move |event| on_choose.run(event_target_value(&event))
        >
            {move || chosen.with(String::is_empty).then(|| view! { <option value="" selected=true>{nothing}</option> })}
            {move || groups.get().into_iter().map(group).collect::<Vec<_>>()}
        </select>
    }
}

fn choice((value, words): (String, String), chosen: Signal<String>) -> impl IntoView {
    let own = value.clone();
    view! { <option value=value prop:selected=move || chosen.with(|chosen| *chosen == own)>{words}</option> }
}
