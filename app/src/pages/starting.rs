use crate::{components::bones::Bones, icons::icon};
use leptos::prelude::*;

/// While the device is asked who was signed in: the shape of what comes.
#[component]
pub fn Starting() -> impl IntoView {
    view! {
        <div class="frame">
            <div class="nav" aria-hidden="true">
                <span class="nav-item">{icon("today")}</span>
                <span class="nav-item">{icon("accounts")}</span>
                <span class="nav-item nav-log">
                    <span class="nav-plus">{icon("plus")}</span>
                </span>
            </div>
            <main class="panes" aria-busy="true">
                <div class="pane">
                    <div class="page">
                        <header class="page-head">
                            <h1 class="page-title">"Rounds"</h1>
                        </header>
                        <Bones />
                    </div>
                </div>
            </main>
        </div>
    }
}
