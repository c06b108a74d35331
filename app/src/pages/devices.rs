use crate::{
    components::{devices::Devices, head::PageHead, pane::Pane},
    text::t,
};
use leptos::prelude::*;

/// Every device of the company, for administrators.
#[component]
pub fn DevicesPage() -> impl IntoView {
    let title = Signal::derive(t("device.all"));
    view! {
        <Pane label=title>
            <PageHead title back="/more" />
            <Devices ask=online::all_devices of_all=true />
        </Pane>
    }
}
