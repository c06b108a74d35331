//! The still of Today: what the next start shows until it has read the rows.

use super::{Rounds, platform};
use domain::Id;
use leptos::prelude::*;
use store::Still;

/// A still on its way.
#[derive(Clone, Copy)]
pub struct Drawing(Id);

impl Rounds {
    /// How often records changed; reactive.
    pub fn times_touched(self) -> u32 {
        self.inner().search_state.touched.get()
    }

    /// Before a still is drawn. `None` where nobody is signed in, or nothing can be kept: then the next start shows bones.
    pub async fn begin_still(self) -> Option<Drawing> {
        let (local, drawing) = (self.inner().device.borrow().as_ref()?.local.clone(), self.new_id());
        local.begin_still(drawing).await.ok()?;
        Some(Drawing(drawing))
    }

    /// Keeps what was drawn as the page until `until`, server time; not where something happened meanwhile, which is drawn anew.
    pub async fn keep_still(self, drawing: Drawing, html: String, until: i64) {
        let Some(device) = self.inner().device.borrow().clone() else { return };
        let site = platform::root_data("site").unwrap_or_default();
        let lang = self.lang().get_untracked().tag().to_owned();
        let still = Still { site, lang, from: self.clock_ms(), until: until - device.offset_ms, html };
        // It is a comfort: a database that cannot be written says so wherever else it is used.
        drop(device.local.keep_still(drawing.0, &still).await);
    }
}
