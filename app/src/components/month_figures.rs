use super::section::Section;
use crate::{agenda::Counts, format, text::t};
use leptos::prelude::*;

/// What the member did in this calendar month.
#[component]
pub fn MonthFigures(counts: Signal<Counts>) -> impl IntoView {
    view! {
        <Section id="this-month" title=Signal::derive(t("today.this_month"))>
            <dl class="figures">
                {figure(t("today.visits"), move || counts.get().visits)} {figure(t("today.calls"), move || counts.get().calls)}
                {figure(t("today.others"), move || counts.get().others)} {figure(t("today.new_accounts"), move || counts.get().new_accounts)}
            </dl>
        </Section>
    }
}

fn figure(label: impl Fn() -> String + Send + Sync + 'static, count: impl Fn() -> u64 + Send + Sync + 'static) -> impl IntoView {
    view! {
        <div>
            <dt>{label}</dt>
            <dd>{move || format::number(count() as i64)}</dd>
        </div>
    }
}
