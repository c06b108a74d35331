//! What a form shows but cannot take: files, whose bytes travel by their own queue, and values of any shape.

use super::Input;
use crate::{format, show};
use domain::types::AttachmentValue;
use leptos::prelude::*;
use serde::Deserialize;

pub fn file(input: Input) -> AnyView {
    let described = move || match input.value.with(|value| AttachmentValue::deserialize(value).ok()) {
        Some(file) => format!("{} · {}", file.name, format::bytes(file.size)),
        None => "—".to_owned(),
    };
    view! { <p id=input.id()>{described}</p> }.into_any()
}

pub fn anything(input: Input) -> AnyView {
    view! { <p id=input.id()>{move || input.value.with(|value| show::value(input.spec, value))}</p> }.into_any()
}
