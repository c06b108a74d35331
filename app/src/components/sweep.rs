//! Sweeping a row aside by touch: what its menu or page offers too, by one movement of a thumb.

use crate::{components::flow::memo, icons::icon, text::t};
use leptos::{ev::PointerEvent, prelude::*, web_sys::Element};
use wasm_bindgen::JsCast;

/// What a row does that is swept to the right and to the left.
#[derive(Clone, Copy)]
pub struct Sweep {
    pub right: Action,
    pub left: Option<Action>,
}

#[derive(Clone, Copy)]
pub struct Action {
    pub icon: &'static str,
    /// The key of its word.
    pub word: &'static str,
    pub act: Callback<()>,
}

/// Pixels until a movement is a sweep, or, up and down, a scroll.
const BEGINS: i32 = 12;
/// Pixels from which on letting go acts.
const FAR: i32 = 88;

/// A row under a thumb.
#[derive(Clone, Copy)]
pub struct Sweeping {
    sweep: Option<Sweep>,
    /// Where the thumb came down; none when it is not here, or scrolls.
    down: StoredValue<Option<(i32, i32)>>,
    /// How far the row is aside, in pixels; to the left less than nothing.
    aside: RwSignal<i32>,
}

impl Sweeping {
    pub fn new(sweep: Option<Sweep>) -> Sweeping {
        Sweeping { sweep, down: StoredValue::new(None), aside: RwSignal::new(0) }
    }

    pub fn is_possible(self) -> bool {
        self.sweep.is_some()
    }

    pub fn begin(self, event: &PointerEvent) {
        let is_thumb = event.pointer_type() == "touch" && event.is_primary();
        self.down.set_value(Some((event.client_x(), event.client_y())).filter(|_| is_thumb && self.is_possible()));
    }

    pub fn go_on(self, event: &PointerEvent) {
        let (Some((x, y)), Some(sweep)) = (self.down.get_value(), self.sweep) else { return };
        let aside = self.aside.get_untracked();
        let across = event.client_x() - x;
        if aside == 0 && (event.client_y() - y).abs() > BEGINS {
            return self.down.set_value(None);
        }
        if aside == 0 && across.abs() <= BEGINS {
            return;
        }
        // The rest of the movement is this row's, wherever it goes; a browser that refuses ends it at the row's edge.
        let row = event.current_target().and_then(|row| row.dyn_into::<Element>().ok());
        let _ = row.map(|row| row.set_pointer_capture(event.pointer_id()));
        let least = if sweep.left.is_some() { -2 * FAR } else { 0 };
        self.aside.set(across.clamp(least, 2 * FAR));
    }

    pub fn end(self) {
        let aside = self.aside.get_untracked();
        self.cancel();
        if let Some(action) = self.action(aside).filter(|_| aside.abs() >= FAR) {
            action.act.run(());
        }
    }

    pub fn cancel(self) {
        self.down.set_value(None);
        self.aside.set(0);
    }

    fn action(self, aside: i32) -> Option<Action> {
        let sweep = self.sweep?;
        if aside < 0 { sweep.left } else { Some(sweep.right) }
    }

    /// How far the row is aside, for `translate`.
    pub fn translate(self) -> Option<String> {
        let aside = self.aside.get();
        (aside != 0).then(|| format!("{aside}px"))
    }

    /// What letting go will do, behind the row.
    pub fn behind(self) -> impl IntoView {
        let side = memo(move || self.aside.get().signum());
        let is_far = memo(move || self.aside.get().abs() >= FAR);
        move || {
            let side = Some(side.get()).filter(|side| *side != 0)?;
            let action = self.action(side)?;
            Some(view! {
                <span class="row-sweep" aria-hidden="true" data-side=if side < 0 { "left" } else { "right" } data-far=move || is_far.get().then_some("")>
                    {icon(action.icon)} {t(action.word)}
                </span>
            })
        }
    }
}
