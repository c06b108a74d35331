use crate::components::flow::memo;
use crate::{
    components::chart::{Bars, Line, LineChart, Mark},
    format,
    queries::{
        figures::{Along, Figure, drawable, lines, value},
        words,
    },
    state::Answered,
    text::{t, t_with},
};
use domain::query::{Answer, Group, Query, Total};
use leptos::prelude::*;
use std::sync::Arc;

/// So many bars can be read; the table has all.
pub const MOST: usize = 60;
/// So many lines can be told apart.
const MOST_LINES: usize = 6;

/// The groups of an answer, drawn: one figure, which can be chosen where there are several.
#[component]
pub fn Charts(
    query: Arc<Query>,
    answered: Signal<Option<Answered>>,
    way: &'static str,
    chosen: RwSignal<Option<usize>>,
    /// So many bars are drawn.
    #[prop(default = MOST)]
    most: usize,
    /// Whether another figure can be chosen than the first.
    #[prop(default = true)]
    choices: bool,
) -> impl IntoView {
    let groups = memo(move || match answered.get() {
        Some(Ok(answer)) => match &*answer {
            Answer::Groups { groups, .. } => Arc::new(groups.clone()),
            Answer::Records { .. } => Arc::default(),
        },
        _ => Arc::<Vec<Group>>::default(),
    });
    let offered = memo(move || drawable(&groups.read()));
    let picked = RwSignal::new(None::<Figure>);
    let figure = memo(move || {
        let offered = offered.read();
        picked.get().filter(|picked| offered.contains(picked)).or_else(|| offered.first().cloned())
    });
    let named = {
        let query = query.clone();
        move |figure: &Figure| {
            let of = query.show.get(figure.at).map(|show| words::aggregate(&query.from, show)).unwrap_or_default();
            figure.currency.as_ref().map_or(of.clone(), |currency| format!("{of} · {currency}"))
        }
    };
    let choice = {
        let named = named.clone();
        move |own: Figure| {
            let (label, is) = (named(&own), own.clone());
            view! {
                <label class="chip">
                    <input type="radio" name="figure" prop:checked=move || figure.get().as_ref() == Some(&is) on:change=move |_| picked.set(Some(own.clone())) />
                    <span>{label}</span>
                </label>
            }
        }
    };
    let choices = move || {
        let offered = offered.get();
        (choices && offered.len() > 1).then(|| {
            view! { <div class="chips" data-scroll="" role="radiogroup" aria-label=t("query.figure")>{offered.into_iter().map(choice.clone()).collect::<Vec<_>>()}</div> }
        })
    };
    let on_choose = Callback::new(move |group: usize| chosen.set(Some(group).filter(|_| chosen.get_untracked() != Some(group))));
    let drawn = move || {
        let Some(figure) = figure.get() else { return view! { <p class="quiet">{t("query.nothing_to_draw")}</p> }.into_any() };
        let (groups, label) = (groups.get(), named(&figure));
        match way {
            "line" => {
                let (along, lines) = line_chart(&query, &groups, &figure);
                let left = lines.len().saturating_sub(MOST_LINES);
                let lines: Vec<Line> = lines.into_iter().take(MOST_LINES).collect();
                view! { <LineChart along lines label on_choose /> <Left left /> }.into_any()
            }
            way => {
                let (marks, left) = marks(&query, &groups, &figure, way == "funnel", most);
                view! { <Bars marks label centred=way == "funnel" chosen=chosen.into() on_choose /> <Left left /> }.into_any()
            }
        }
    };
    view! { {choices} {drawn} }
}

/// How much is not drawn.
#[component]
fn Left(left: usize) -> impl IntoView {
    (left > 0).then(|| view! { <p class="quiet">{move || t_with("query.not_drawn", &[("n", &format::number(left as i64))])}</p> })
}

fn words_of(query: &Query, group: &Group, figure: &Figure) -> String {
    let Some((show, total)) = query.show.get(figure.at).zip(group.totals.get(figure.at)) else { return String::new() };
    match (total, &figure.currency) {
        (Total::Money(amounts), Some(currency)) => {
            amounts.iter().find(|money| money.currency == *currency).map(format::money).unwrap_or_default()
        }
        _ => words::total(&query.from, show, total),
    }
}

/// A figure of each of the first groups that have one, with its share of all, or in a funnel of the one before; and how many
/// groups more have one. Words are made only for what is drawn.
fn marks(query: &Query, groups: &[Group], figure: &Figure, funnel: bool, most: usize) -> (Vec<Mark>, usize) {
    let values = || groups.iter().enumerate().filter_map(|(at, group)| Some((at, group, value(group, figure)?)));
    let sum: f64 = values().map(|(.., value)| value).sum();
    let mut before = None;
    let mark = |(at, group, value): (usize, &Group, f64)| {
        let keys = query.group.iter().zip(&group.keys).map(|(grouping, key)| words::key(&query.from, grouping, key));
        let whole = if funnel { before.replace(value).unwrap_or(0.0) } else { sum };
        let aside = if whole > 0.0 && value >= 0.0 { format::percent(value / whole) } else { String::new() };
        let label = keys.collect::<Vec<_>>().join(" · ");
        Mark { label, value, words: words_of(query, group, figure), aside, group: at }
    };
    (values().take(most).map(mark).collect(), values().count().saturating_sub(most))
}

fn line_chart(query: &Query, groups: &[Group], figure: &Figure) -> (Vec<String>, Vec<Line>) {
    let (along, lines) = lines(groups);
    let Some(first) = query.group.first() else { return Default::default() };
    let along: Vec<String> = along.iter().map(|key| words::key(&query.from, first, key)).collect();
    let line = |(second, points): Along| {
        let name = second.zip(query.group.get(1)).map(|(key, grouping)| words::key(&query.from, grouping, &key));
        let mark = |(at, point): (usize, &Option<usize>)| {
            let group = groups.get((*point)?)?;
            let (label, aside) = (along.get(at).cloned().unwrap_or_default(), String::new());
            Some(Mark { label, value: value(group, figure)?, words: words_of(query, group, figure), aside, group: (*point)? })
        };
        let marks = points.iter().enumerate().map(mark).collect();
        Line {
            name: name
                .unwrap_or_else(|| query.show.get(figure.at).map(|show| words::aggregate(&query.from, show)).unwrap_or_default()),
            marks,
        }
    };
    let lines = lines.into_iter().map(line).collect();
    (along, lines)
}
