use crate::icons::small_icon;
use leptos::prelude::*;

/// One of a line of chips.
#[derive(Clone, Debug, PartialEq)]
pub struct Chip {
    pub id: String,
    pub label: String,
    pub icon: Option<&'static str>,
}

/// One line of chips that scrolls sideways, of which one is chosen.
#[component]
pub fn ChipLine(
    name: &'static str,
    /// Id of the element that names the line; where there is none, `label` does.
    #[prop(optional)]
    labelled_by: Option<&'static str>,
    #[prop(optional, into)] label: Option<Signal<String>>,
    chips: Signal<Vec<Chip>>,
    chosen: Signal<String>,
    on_pick: Callback<String>,
) -> impl IntoView {
    let chip = move |Chip { id, label, icon }: Chip| {
        let (own, value) = (id.clone(), id.clone());
        view! {
            <label class="chip">
                <input
                    type="radio"
                    name=name
                    value=value
                    prop:checked=move || chosen.read() == own
                    on:click=move |_| on_pick.run(id.clone())
                />
                {icon.map(small_icon)}
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <div class="chips" data-scroll="" role="radiogroup" aria-labelledby=labelled_by aria-label=label>
            {move || chips.get().into_iter().map(chip).collect_view()}
        </div>
    }
}
