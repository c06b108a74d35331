use super::{avatar::Ring, call_link::CallLink, dot::Dot, list::Position, row::Row};
use crate::{paths, people, show, state::use_rounds};
use domain::Id;
use leptos::prelude::*;

/// A contact in a list: what he does there, and a tap to call him.
#[component]
pub fn ContactRow(
    id: Id,
    /// Said instead of what the contact does there, such as a birthday.
    #[prop(optional, into)]
    said: Option<Signal<String>>,
    #[prop(optional)] with_account: bool,
    #[prop(optional)] position: Option<Position>,
) -> impl IntoView {
    let contact = use_rounds().row(id);
    let name = Signal::derive(move || contact.with(|row| row.as_ref().map(|row| show::name(row)).unwrap_or_default()));
    let dial = Signal::derive(move || contact.with(|row| row.as_ref().and_then(|row| people::number_of(row))));
    let fields: &[&str] = if with_account { &["title", "account"] } else { &["title", "decision_role"] };
    let about = move || match said {
        Some(said) => said.get(),
        None => contact.with(|row| row.as_ref().map(|row| said_of(row, fields)).unwrap_or_default()),
    };
    view! {
        <Row href=paths::record("contact", id) lead=view! { <Ring name /> }.into_any() name line=about.into_any() position>
            <Dot id />
            <CallLink name dial />
        </Row>
    }
}

fn said_of(row: &domain::Row, fields: &[&str]) -> String {
    fields.iter().map(|field| show::field("contact", row, field)).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ")
}
