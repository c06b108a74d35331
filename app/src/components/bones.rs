use leptos::prelude::*;

/// The shape of rows that are still being read from the device.
#[component]
pub fn Bones(#[prop(default = 4)] rows: usize) -> impl IntoView {
    let bone = || view! { <span class="bone" data-size="short"></span><span class="bone"></span> };
    view! {
        <div class="section bones" aria-hidden="true">
            {std::iter::repeat_with(bone).take(rows).collect::<Vec<_>>()}
        </div>
    }
}
