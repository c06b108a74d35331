use super::menu::{Menu, MenuButton, MenuItem};
use crate::address::use_address;
use crate::{actions, icons::icon, paths, text::t};
use domain::{Id, Row};
use leptos::prelude::*;
use std::sync::Arc;

/// What can be done with a record as a whole: edit, what its kind adds to the menu (children), delete. Deleting leads back to
/// `back`, and the toast undoes it.
#[component]
pub fn RecordTools(
    row: Signal<Option<Arc<Row>>>,
    kind: &'static str,
    id: Id,
    #[prop(into)] back: String,
    #[prop(optional)] children: Option<ChildrenFn>,
) -> impl IntoView {
    let address = use_address();
    let delete = Callback::new(move |()| {
        if let Some(row) = row.get_untracked() {
            actions::delete(&row);
            address.replace(&back);
        }
    });
    view! {
        <a class="icon-button" href=paths::edit(kind, id) aria-label=t("action.edit") title=t("action.edit")>
            {icon("edit")}
        </a>
        <MenuButton id="record-menu" icon="more-horizontal" label=Signal::derive(t("nav.more")) />
        <Menu id="record-menu">
            {children.clone().map(|children| children())}
            <MenuItem icon="trash" label=Signal::derive(t("action.delete")) danger=true on_choose=delete />
        </Menu>
    }
}
