//! Where the work is: what waits, what was not taken, what was replaced, and what this device holds.

mod compare;
mod device;
mod matters;
mod now;
mod unsent;
mod withheld;

use crate::components::flow::{For, Show, memo};
use crate::{
    components::{
        head::PageHead,
        notices::{NoticeCard, unread as unread_notices},
        pane::Pane,
        section::Section,
    },
    state::use_rounds,
    text::t,
};
use device::ThisDevice;
use leptos::{prelude::*, task::spawn_local};
use matters::MatterCard;
use now::Now;
use unsent::{Unsent, WaitingRows};
use withheld::WithheldCard;

#[component]
pub fn SyncPage() -> impl IntoView {
    let rounds = use_rounds();
    let title = Signal::derive(t("sync.title"));
    let (refused, notices) = (rounds.attention(), unread_notices(rounds));
    let each_refused = move || refused.get().to_vec();
    let unsent = unsent();
    let attention = memo(move || rounds.status().read().attention);
    let withheld = memo(move || rounds.status().read().withheld);
    let waiting = memo(move || unsent.read().waiting.len());
    view! {
        <Pane label=title>
            <PageHead title back="/more"/>
            <Now/>
            <Show when=move || { attention.get() > 0 }>
                <Section
                    id="sync-attention"
                    title=Signal::derive(t("sync.attention"))
                    tone=Some("late")
                    count=Signal::derive(move || attention.get() as usize)
                >
                    <Show when=move || { withheld.get() > 0 }>
                        <WithheldCard/>
                    </Show>
                    <For
                        each=each_refused
                        key=|matter| matter.op_id
                        children=move |matter| view! { <MatterCard matter unsent/> }
                    />
                </Section>
            </Show>
            <Show when=move || !notices.read().is_empty()>
                <Section
                    id="sync-notices"
                    title=Signal::derive(t("notice.title"))
                    tone=Some("due")
                    count=Signal::derive(move || notices.read().len())
                    end=view! { <a class="link-button" href="/notices">{t("notice.all")}</a> }.into_any()
                >
                    <For each=move || notices.get() key=|row| row.id children=|notice| view! { <NoticeCard notice/> }/>
                </Section>
            </Show>
            <Show when=move || { waiting.get() > 0 }>
                <Section id="sync-waiting" title=Signal::derive(t("sync.waiting")) count=waiting>
                    <WaitingRows unsent/>
                </Section>
            </Show>
            <ThisDevice unsent/>
        </Pane>
    }
}

/// What is not sent, read again whenever the number of it changes.
fn unsent() -> RwSignal<Unsent> {
    let rounds = use_rounds();
    let unsent = RwSignal::new(Unsent::default());
    let counts = memo(move || rounds.status().with(|status| (status.waiting, status.attention)));
    Effect::new(move || {
        // Read, not tracked: a memo that nobody reads works nothing out, and so never changes.
        counts.get();
        spawn_local(async move {
            let found = Unsent::read(&rounds.export_unsent().await);
            unsent.try_set(found);
        });
    });
    unsent
}
