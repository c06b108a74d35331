use super::{contact_row::ContactRow, section::Section};
use crate::components::flow::{For, memo};
use crate::{format, live::use_live, text::t};
use leptos::prelude::*;

/// How many are shown. In a large territory hundreds have their birthday within a week, and whatever is drawn is drawn again
/// with every page that a pull brings.
const FIRST: usize = 5;

/// The next contacts with a birthday today or in the next seven days.
#[component]
pub fn Birthdays() -> impl IntoView {
    let live = use_live();
    let found = memo(move || live.birthdays.read().soon(live.today.get()));
    let count = memo(move || found.read().len());
    let shown = move || found.read().iter().take(FIRST).copied().collect::<Vec<_>>();
    let some = memo(move || count.get() > 0);
    let more = move || {
        (count.get() > FIRST).then(|| view! { <a class="link-button" href="/queries/birthdays">{t("action.show_all")}</a> })
    };
    move || {
        some.get().then(|| {
            view! {
                <Section id="birthdays" title=Signal::derive(t("today.birthdays")) count=count end=more.into_any()>
                    <ul class="rows">
                        <For
                            each=shown
                            key=|item| *item
                            children=|(day, id)| view! { <ContactRow id said=Signal::derive(move || format::relative_due(&day.to_string())) /> }
                        />
                    </ul>
                </Section>
            }
        })
    }
}
