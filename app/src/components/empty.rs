use leptos::prelude::*;

/// Nothing here: one sentence, and one button (children) where something can be done about it.
#[component]
pub fn Empty(
    icon: &'static str,
    text: Signal<String>,
    /// Stands in the middle of its pane.
    #[prop(optional)]
    fill: bool,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty" data-fill=fill.then_some("")>
            {crate::icons::icon(icon)}
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
