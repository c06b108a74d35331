use super::{contact_row::ContactRow, empty::Empty};
use crate::components::flow::{For, memo};
use crate::{people, state::use_rounds, text::t};
use domain::{Id, Row};
use leptos::prelude::*;
use std::sync::Arc;

/// The people at an account, whoever is reached first on top, and a way to add one.
#[component]
pub fn ContactsOf(account: Signal<Option<Arc<Row>>>, id: Id) -> impl IntoView {
    let contacts = use_rounds().referring("contact", "account", id);
    let order = memo(move || {
        let sorted = account.with(|row| row.as_deref().map(|row| people::in_order(row, &contacts.read())));
        sorted.unwrap_or_default().iter().map(|row| row.id).collect::<Vec<_>>()
    });
    let new = format!("/contacts/new?account={id}");
    let new = StoredValue::new(new);
    view! {
        <ul class="rows">
            <For each=move || order.get() key=|id| *id children=|id| view! { <ContactRow id /> } />
        </ul>
        {move || match order.read().is_empty() {
            true => {
                view! {
                    <Empty icon="users" text=Signal::derive(t("account.no_contacts"))>
                        <a class="button" href=new.get_value()>
                            {t("add.contact")}
                        </a>
                    </Empty>
                }
                .into_any()
            }
            false => view! { <p><a class="link-button" href=new.get_value()>{t("add.contact")}</a></p> }.into_any(),
        }}
    }
}
