use super::Shown;
use crate::{
    components::designer::GroupedSelect,
    dashboards::{MOST_TILES, change_with_toast},
    dom,
    icons::small_icon,
    queries::{Named, kept, ready_made},
    state::use_rounds,
    text::{t, t_with},
};
use domain::{
    Id,
    dashboard::{self, AS_ITS_QUERY},
};
use leptos::{ev, prelude::*};

/// Puts a query behind the other tiles: one's own, one that is shared, or one that comes with the app.
#[component]
pub fn AddTile(board: Id) -> impl IntoView {
    let (rounds, shown) = (use_rounds(), expect_context::<Shown>());
    let chosen = RwSignal::new(String::new());
    let missing = RwSignal::new(false);
    let options = |list: Vec<Named>| list.into_iter().map(|named| (named.key, named.title)).collect::<Vec<_>>();
    let groups = Signal::derive(move || {
        let all = [(t("query.mine")(), kept(true)), (t("query.shared")(), kept(false)), (t("query.ready")(), ready_made())];
        all.into_iter().map(|(label, list)| (label, options(list))).filter(|(_, list)| !list.is_empty()).collect::<Vec<_>>()
    });
    let title = move |key: &str| {
        let all = groups.get_untracked().into_iter().flat_map(|(_, list)| list);
        all.into_iter().find(|(own, _)| own == key).map(|(_, title)| title).unwrap_or_default()
    };
    let add = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let query = chosen.get_untracked();
        missing.set(query.is_empty());
        if query.is_empty() {
            _ = dom::focus("#tile-query");
            return;
        }
        let (id, said) = (rounds.new_id().to_string(), untrack(|| t_with("dashboard.added", &[("name", &title(&query))])));
        change_with_toast(rounds, board, said, |tiles| dashboard::add(tiles, &id, &query, AS_ITS_QUERY));
        chosen.set(String::new());
        request_animation_frame(move || dom::by_id(&format!("tools-{id}")).iter().for_each(dom::into_view));
    };
    move || {
        match shown.tiles.read().len() < MOST_TILES {
        false => view! { <p class="quiet tile-add">{t("dashboard.full")}</p> }.into_any(),
        true => view! {
            <form class="tile-add" novalidate on:submit=add>
                <label class="field-label" for="tile-query">{t("dashboard.add")}</label>
                <div class="tile-add-line">
                    <GroupedSelect
                        id="tile-query" label=Signal::derive(t("dashboard.add")) nothing=Signal::derive(t("dashboard.choose_query"))
                        groups chosen=chosen.into() invalid=missing described_by="tile-query-error"
                        on_choose=Callback::new(move |key| { missing.set(false); chosen.set(key); })
                    />
                    <button class="button" type="submit">{small_icon("plus")} {t("dashboard.add_button")}</button>
                </div>
                {move || missing.get().then(|| view! { <p class="field-error" id="tile-query-error">{t("dashboard.choose_query")}</p> })}
            </form>
        }
        .into_any(),
    }
    }
}
