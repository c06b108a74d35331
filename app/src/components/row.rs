use super::list::Position;
use crate::address::use_address;
use leptos::prelude::*;

/// One line of any list: something in the margin, a name, one quiet line, and at the end what is to be said or done (children).
#[component]
pub fn Row(
    #[prop(into)] href: String,
    /// A ring or a time.
    lead: AnyView,
    name: Signal<String>,
    line: AnyView,
    #[prop(optional_no_strip)] position: Option<Position>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let path = use_address().path();
    let own = href.clone();
    let current = move || path.with(|path| *path == own).then_some("page");
    view! {
        <li
            class="row" role=position.map(|_| "listitem") aria-posinset=position.map(|position| position.at + 1)
            aria-setsize=move || position.map(|position| position.of.get())
        >
            <a class="row-link" href=href aria-current=current>
                {lead}
                <span class="row-main">
                    <span class="row-name">{name}</span>
                    <span class="row-line">{line}</span>
                </span>
            </a>
            {children.map(|children| children())}
        </li>
    }
}
