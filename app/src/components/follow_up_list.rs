use super::{follow_up_row::FollowUpRow, section::Section};
use crate::components::flow::{For, memo};
use crate::text::t;
use domain::Id;
use leptos::prelude::*;

/// A part of Today: follow-ups under a heading, at first only `first` of them. Nothing at all when there are none.
#[component]
pub fn FollowUpList(
    id: &'static str,
    title: Signal<String>,
    follow_ups: Memo<Vec<Id>>,
    first: usize,
    #[prop(optional)] tone: Option<&'static str>,
) -> impl IntoView {
    let all = RwSignal::new(false);
    let count = memo(move || follow_ups.with(Vec::len));
    let shown = move || {
        let until = if all.get() { usize::MAX } else { first };
        follow_ups.with(|ids| ids.iter().take(until).copied().collect::<Vec<_>>())
    };
    let more = move || {
        (count.get() > first && !all.get()).then(|| {
            view! {
                <button class="link-button" type="button" on:click=move |_| all.set(true)>
                    {t("action.show_all")}
                </button>
            }
        })
    };
    let some = memo(move || count.get() > 0);
    move || {
        some.get().then(|| {
            view! {
                <Section id title count=count tone=tone end=more.into_any()>
                    <ul class="rows">
                        <For each=shown key=|id| *id children=|id| view! { <FollowUpRow id /> } />
                    </ul>
                </Section>
            }
        })
    }
}
