//! What a form shows but cannot take: files, whose bytes travel by their own queue, and values of any shape.

use super::Input;
use crate::{format, show};
use domain::Value;
use leptos::prelude::*;

pub fn file(input: Input) -> AnyView {
    let described = move || {
        input.value.with(|file| match (file.get("name").and_then(Value::as_str), file.get("size").and_then(Value::as_u64)) {
            (Some(name), Some(size)) => format!("{name} · {}", format::bytes(size)),
            _ => "—".to_owned(),
        })
    };
    view! { <p id=input.id()>{described}</p> }.into_any()
}

pub fn anything(input: Input) -> AnyView {
    view! { <p id=input.id()>{move || input.value.with(|value| show::value(input.spec, value))}</p> }.into_any()
}
