use leptos::{html, prelude::*};

/// Where a windowed list reads how far its scroller is.
#[derive(Clone, Copy)]
pub struct PaneScroll {
    pub node: NodeRef<html::Section>,
    /// Pixels, as of the last scroll while the pane was in sight.
    pub top: RwSignal<f64>,
}

/// Which of list and detail a pane is; CSS shows a phone only one of them.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum PaneKind {
    #[default]
    Single,
    List,
    Detail,
    /// The detail's place while nothing is chosen.
    EmptyDetail,
}

/// The scroller that every page stands in.
#[component]
pub fn Pane(
    label: Signal<String>,
    #[prop(optional)] kind: PaneKind,
    #[prop(optional)] wide: bool,
    children: Children,
) -> impl IntoView {
    let scroll = PaneScroll { node: NodeRef::new(), top: RwSignal::new(0.0) };
    provide_context(scroll);
    let class = match kind {
        PaneKind::Single => "pane",
        PaneKind::List => "pane pane-list",
        PaneKind::Detail | PaneKind::EmptyDetail => "pane pane-detail",
    };
    let remember = move |_| {
        if let Some(pane) = scroll.node.get_untracked().filter(|pane| pane.client_height() > 0) {
            scroll.top.set(f64::from(pane.scroll_top()));
        }
    };
    view! {
        <section
            class=class aria-label=label node_ref=scroll.node on:scroll=remember data-empty=(kind == PaneKind::EmptyDetail).then_some("")
        >
            <div class="page" data-wide=wide.then_some("")>
                {children()}
            </div>
        </section>
    }
}
