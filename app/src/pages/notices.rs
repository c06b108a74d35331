use crate::components::flow::{For, Show};
use crate::{
    components::{
        empty::Empty,
        head::PageHead,
        notices::{NoticeCard, all, is_read},
        pane::Pane,
        section::Section,
    },
    state::use_rounds,
    text::t,
};
use domain::Row;
use leptos::prelude::*;
use std::sync::Arc;

/// How many read notices stay in sight.
const READ_SHOWN: usize = 50;

/// Everything the member was told, the unread first.
#[component]
pub fn NoticesPage() -> impl IntoView {
    let notices = all(use_rounds());
    let of = move |read: bool| {
        move || {
            notices
                .read()
                .iter()
                .filter(|row| is_read(row) == read)
                .take(if read { READ_SHOWN } else { usize::MAX })
                .cloned()
                .collect::<Vec<_>>()
        }
    };
    let (unread, read) = (Signal::derive(of(false)), Signal::derive(of(true)));
    let title = Signal::derive(t("notice.title"));
    view! {
        <Pane label=title>
            <PageHead title back="/"/>
            <Show when=move || notices.read().is_empty()>
                <Empty icon="bell" text=Signal::derive(t("notice.none"))/>
            </Show>
            <Part id="unread-notices" title=Signal::derive(t("notice.unread_part")) rows=unread/>
            <Part id="read-notices" title=Signal::derive(t("notice.read_part")) rows=read/>
        </Pane>
    }
}

#[component]
fn Part(id: &'static str, title: Signal<String>, rows: Signal<Vec<Arc<Row>>>) -> impl IntoView {
    view! {
        <Show when=move || !rows.read().is_empty()>
            <Section id title count=Signal::derive(move || rows.read().len())>
                <For each=move || rows.get() key=|row| (row.id, is_read(row)) children=|notice| view! { <NoticeCard notice/> }/>
            </Section>
        </Show>
    }
}
