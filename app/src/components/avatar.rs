use leptos::prelude::*;

/// The initial in a ring that shows the grade (`a` to `d`). Decoration: name and grade stand beside it in words.
#[component]
pub fn Ring(
    name: Signal<String>,
    #[prop(optional, into)] grade: MaybeProp<String>,
    #[prop(optional)] large: bool,
) -> impl IntoView {
    let grade = move || grade.get().filter(|grade| !grade.is_empty());
    view! {
        <span class="ring" data-grade=grade data-size=large.then_some("large") aria-hidden="true">
            {move || name.with(|name| initial(name))}
        </span>
    }
}

/// The first Han character or letter of a name, which the style makes a capital; a digit where it has neither.
fn initial(name: &str) -> String {
    let mut chars = name.chars();
    let letter = chars.clone().find(|c| c.is_alphabetic()).or_else(|| chars.find(|c| c.is_alphanumeric()));
    letter.map(String::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_initial_is_the_first_letter() {
        assert_eq!(
            ["华联超市", "（北京）华联", "acme", "  éclair", "7-Eleven", "360", ""].map(initial),
            ["华", "北", "a", "é", "E", "3", ""]
        );
    }
}
