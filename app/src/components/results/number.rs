use crate::{
    queries::words,
    state::Answered,
    text::{t, tn},
};
use domain::query::{Answer, Query};
use leptos::prelude::*;
use std::sync::Arc;

/// The figures of everything, or how many records there are, large.
#[component]
pub fn Figures(query: Arc<Query>, answered: Signal<Option<Answered>>) -> impl IntoView {
    let figure = |label: String, words: String| view! { <div class="figure"><dt>{label}</dt><dd>{words}</dd></div> };
    move || {
        let Some(Ok(answer)) = answered.get() else { return ().into_any() };
        let figures = match &*answer {
            Answer::Records { total, .. } => vec![figure(tn("query.of_records", *total), crate::format::number(*total as i64))],
            Answer::Groups { groups, .. } => {
                let totals = groups.first().map(|group| group.totals.as_slice()).unwrap_or_default();
                let of = |(show, total)| figure(words::aggregate(&query.from, show), words::total(&query.from, show, total));
                query.show.iter().zip(totals).map(of).collect()
            }
        };
        view! { <dl class="figures" aria-label=t("query.figures")>{figures}</dl> }.into_any()
    }
}
