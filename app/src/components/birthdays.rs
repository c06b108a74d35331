use super::{contact_row::ContactRow, section::Section};
use crate::components::flow::{For, memo};
use crate::{agenda, format, live::use_live, state::use_rounds, text::t};
use leptos::prelude::*;

/// Contacts with a birthday today or in the next seven days.
#[component]
pub fn Birthdays() -> impl IntoView {
    let (contacts, today) = (use_rounds().rows("contact"), use_live().today);
    let found = memo(move || {
        agenda::birthdays(&contacts.read(), today.get()).into_iter().map(|(day, row)| (day, row.id)).collect::<Vec<_>>()
    });
    move || {
        (!found.read().is_empty()).then(|| {
            view! {
                <Section id="birthdays" title=Signal::derive(t("today.birthdays"))>
                    <ul class="rows">
                        <For
                            each=move || found.get()
                            key=|item| *item
                            children=|(day, id)| view! { <ContactRow id said=Signal::derive(move || format::relative_due(&day.to_string())) /> }
                        />
                    </ul>
                </Section>
            }
        })
    }
}
