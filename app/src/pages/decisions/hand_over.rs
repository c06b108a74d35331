use super::Desk;
use crate::components::flow::memo;
use crate::{
    components::dialog::Dialog,
    intl::sort_by_name,
    people, show,
    text::{filled, t},
};
use domain::{Id, Row};
use leptos::prelude::*;
use online::hand_over;
use std::sync::Arc;

/// Chooses the colleague who may decide too.
#[component]
pub fn HandOver(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let rounds = desk.rounds;
    let members = rounds.rows("member");
    let chosen = RwSignal::new(None::<Id>);
    let colleagues = memo(move || {
        let others = |row: &&Arc<Row>| row.id != rounds.me() && people::works(row);
        let named = members.read().iter().filter(others).map(|row| (show::name(row), (row.id, show::name(row)))).collect();
        sort_by_name(rounds.lang().get(), named)
    });
    let select = format!("colleague-{}", desk.op);
    let decide = move |_| {
        let Some(member) = chosen.get_untracked() else { return };
        open.set(false);
        let who = rounds.title(member);
        desk.decide(hand_over(vec![desk.op], member), move |desk, ()| {
            Ok(filled(&desk.said("decision.handed_over"), &[("who", &who)]))
        });
    };
    let option = move |(id, name): (Id, String)| {
        view! { <option value=id.to_string() prop:selected=move || chosen.get() == Some(id)>{name}</option> }
    };
    view! {
        <Dialog open id=format!("hand-over-{}", desk.op) title=Signal::derive(t("decision.hand_over_title"))>
            <div class="sheet-body">
                <p>{t("decision.hand_over_what")}</p>
                <div class="field" data-stacked="">
                    <label class="field-label" for=select.clone()>{t("decision.member")}</label>
                    <select class="input" id=select.clone() on:change=move |event| chosen.set(Id::try_parse(&event_target_value(&event)).ok())>
                        <option value="" prop:selected=move || chosen.get().is_none()>{t("widget.none")}</option>
                        {move || colleagues.get().into_iter().map(option).collect_view()}
                    </select>
                </div>
            </div>
            <footer class="sheet-foot">
                <button class="button" type="button" on:click=move |_| open.set(false)>{t("form.cancel")}</button>
                <button
                    class="button primary"
                    type="button"
                    aria-disabled=move || chosen.get().is_none().then_some("true")
                    on:click=decide
                >
                    {t("decision.hand_over_now")}
                </button>
            </footer>
        </Dialog>
    }
}
