use crate::components::flow::{Show, memo};
use crate::{
    components::{
        collisions::CollisionsOf,
        contacts_of::ContactsOf,
        facts::Facts,
        files::FilesTab,
        gone::Gone,
        head::BareHead,
        incomplete::Incomplete,
        menu::MenuItem,
        merge::{Merge, MergedInto},
        pane::{Pane, PaneKind},
        pool::{InPool, Release},
        promise::NextStep,
        reach::ReachAccount,
        record_tools::RecordTools,
        section::Section,
        timeline::Timeline,
        who::AccountWho,
    },
    params::{use_id, use_tab},
    part::{Later, Screen},
    paths,
    state::use_rounds,
    text::t,
};
use domain::{Id, Row};
use leptos::prelude::*;
use std::sync::Arc;

/// One account: who, what we promised, when next, how to reach; then everything that happened.
#[component]
pub fn AccountPage() -> impl IntoView {
    let id = use_id();
    // A new page for another account, so that nothing of the last one stays; an edit only touches what it changed.
    move || view! { <OneAccount id=id.get() /> }
}

#[component]
fn OneAccount(id: Id) -> impl IntoView {
    let rounds = use_rounds();
    let account = rounds.row(id);
    let here = memo(move || account.with(Option::is_some).then(|| rounds.survivor(id)));
    move || match here.get() {
        Some(survivor) if survivor != id => view! { <Merged id account survivor /> }.into_any(),
        Some(_) => {
            rounds.note_opened(id);
            view! { <Found id account /> }.into_any()
        }
        None => view! { <Gone back=paths::list("account") /> }.into_any(),
    }
}

/// An account that gave way to another: only what is known of it alone.
#[component]
fn Merged(id: Id, account: Signal<Option<Arc<Row>>>, survivor: Id) -> impl IntoView {
    let name = name_of(account);
    view! {
        <Pane label=name kind=PaneKind::Detail>
            <BareHead title=name back=paths::list("account") />
            <AccountWho account id />
            <MergedInto account=id survivor />
            <Facts row=account without=&["name"] />
        </Pane>
    }
}

fn name_of(account: Signal<Option<Arc<Row>>>) -> Signal<String> {
    Signal::derive(move || account.with(|row| row.as_ref().map(|row| row.text("name").to_owned()).unwrap_or_default()))
}

#[component]
fn Found(id: Id, account: Signal<Option<Arc<Row>>>) -> impl IntoView {
    let (name, merging) = (name_of(account), RwSignal::new(false));
    let tab = use_tab();
    let href = move |tab: &str| {
        if tab.is_empty() { paths::record("account", id) } else { format!("{}?tab={tab}", paths::record("account", id)) }
    };
    // Choosing another tab is no step in the history: the way back leads to where the account was opened.
    let link = move |own: &'static str| {
        view! { <a href=href(own) prop:replace=true aria-current=move || (tab.get() == own).then_some("page")>{move || tab_name(own)}</a> }
    };
    view! {
        <Pane label=name kind=PaneKind::Detail wide=true>
            <BareHead title=name back=paths::list("account")>
                <RecordTools row=account kind="account" id back=paths::list("account")>
                    <MenuItem icon="link" label=Signal::derive(t("merge.with")) on_choose=Callback::new(move |()| merging.set(true)) />
                    <Release account />
                </RecordTools>
            </BareHead>
            <Merge open=merging one=id />
            <AccountWho account id />
            <InPool account />
            <CollisionsOf account=id />
            <Incomplete row=account />
            <NextStep account=id />
            <ReachAccount account id />
            <nav class="tabs" aria-label=name>
                {link("")} {link("contacts")} {link("files")} {link("details")} {link("changes")}
            </nav>
            <div class="account-body">
                <section aria-labelledby="account-tab">
                    <h2 class="sr" id="account-tab">
                        {move || tab_name(&tab.read())}
                    </h2>
                    {move || match tab.get().as_str() {
                        "contacts" => view! { <ContactsOf account id /> }.into_any(),
                        "files" => view! { <FilesTab account=id /> }.into_any(),
                        "details" => view! { <Facts row=account without=&["name"] /> }.into_any(),
                        "changes" => view! { <Later screen=Screen::History(id) /> }.into_any(),
                        _ => view! { <Timeline account=id /> }.into_any(),
                    }}
                </section>
                <Aside account id tab />
            </div>
        </Pane>
    }
}

/// What the chosen tab is called.
fn tab_name(tab: &str) -> String {
    match tab {
        "contacts" => t("account.contacts")(),
        "files" => t("account.files")(),
        "details" => t("account.details")(),
        "changes" => t("account.changes")(),
        _ => t("account.timeline")(),
    }
}

/// People and facts beside the timeline where there is room for both.
#[component]
fn Aside(account: Signal<Option<Arc<Row>>>, id: Id, tab: Memo<String>) -> impl IntoView {
    let contacts = use_rounds().referring("contact", "account", id);
    let count = memo(move || contacts.read().len());
    view! {
        <aside class="account-aside" aria-label=t("account.details")>
            <Show when=move || tab.get() != "contacts">
                <Section id="aside-contacts" title=Signal::derive(t("account.contacts")) count=count>
                    <ContactsOf account id />
                </Section>
            </Show>
            <Show when=move || tab.get() != "details">
                <Section id="aside-details" title=Signal::derive(t("account.details"))>
                    <Facts row=account without=&["name", "grade", "stage", "owner"] />
                </Section>
            </Show>
        </aside>
    }
}
