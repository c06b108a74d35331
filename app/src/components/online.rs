use super::bones::Bones;
use crate::components::flow::memo;
use crate::{icons::icon, refusal, state::use_rounds, text::t};
use leptos::{prelude::*, task::spawn_local};
use online::Fault;

/// What only the server knows: the children once it answered, one sentence and another try where it did not.
#[component]
pub fn Online<T, A, F>(
    /// The function of the server.
    ask: A,
    /// Where its answer goes; the page may change it afterwards.
    answer: RwSignal<Option<T>>,
    children: ChildrenFn,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    A: Fn() -> F + Copy + Send + Sync + 'static,
    F: Future<Output = Result<T, Fault>> + 'static,
{
    let rounds = use_rounds();
    let fault = RwSignal::new(None::<Fault>);
    let ask = move || {
        fault.set(None);
        spawn_local(async move {
            match ask().await {
                Ok(found) => drop(answer.try_set(Some(found))),
                Err(refused) => drop(fault.try_set(Some(refused))),
            }
        });
    };
    ask();
    let is_here = memo(move || answer.with(Option::is_some));
    move || match (fault.get(), is_here.get()) {
        (None, true) => children().into_any(),
        (None, false) => view! { <Bones /> }.into_any(),
        (Some(fault), _) => view! {
            <div class="problem" role="status">
                {icon("offline")}
                <strong>{move || refusal::words(rounds.lang().get(), &fault.code, &fault.message)}</strong>
                <p>
                    <button class="button" type="button" on:click=move |_| ask()>
                        {t("action.try_again")}
                    </button>
                </p>
            </div>
        }
        .into_any(),
    }
}
