use super::{account_row::AccountRow, section::Section};
use crate::components::flow::{For, memo};
use crate::text::t;
use domain::Id;
use leptos::prelude::*;

/// A few accounts under a heading; nothing at all when there are none.
#[component]
pub fn AccountList(
    id: &'static str,
    title: Signal<String>,
    accounts: Signal<Vec<Id>>,
    first: usize,
    /// Where all of them are.
    #[prop(optional)]
    all: Option<&'static str>,
) -> impl IntoView {
    let count = memo(move || accounts.with(Vec::len));
    let shown = move || accounts.with(|ids| ids.iter().take(first).copied().collect::<Vec<_>>());
    let more = move || {
        all.filter(|_| count.get() > first).map(|href| view! { <a class="link-button" href=href>{t("action.show_all")}</a> })
    };
    let some = memo(move || count.get() > 0);
    move || {
        some.get().then(|| {
            view! {
                <Section id title count=count end=more.into_any()>
                    <ul class="rows">
                        <For each=shown key=|id| *id children=|id| view! { <AccountRow id /> } />
                    </ul>
                </Section>
            }
        })
    }
}
