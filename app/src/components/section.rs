use crate::format;
use leptos::prelude::*;

/// A part of a page under a ruled heading.
#[component]
pub fn Section(
    /// Unique in the page: the heading names the section.
    id: &'static str,
    title: Signal<String>,
    #[prop(optional, into)] count: MaybeProp<usize>,
    /// `late` or `due`.
    #[prop(optional_no_strip)]
    tone: Option<&'static str>,
    /// What stands at the end of the heading: a link or a button.
    #[prop(optional)]
    end: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    view! {
        <section class="section" aria-labelledby=id>
            <header class="section-head" data-tone=tone>
                <h2 id=id>{title}</h2>
                {move || count.get().map(|count| view! { <span class="count">{format::number(count as i64)}</span> })}
                {end}
            </header>
            {children()}
        </section>
    }
}
