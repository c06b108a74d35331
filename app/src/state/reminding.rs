//! Which tab of this device tells of a reminder: each is told once, however many are open.

use super::Rounds;
use crate::reminders::{Reminder, Told};
use domain::time::Day;
use futures::channel::oneshot;
use sync::browser::{Leadership, is_visible, sleep_ms};

/// What was told is remembered by the browser under this name.
const TOLD: &str = "reminded";

/// So long a tab that nobody sees leaves it to one that somebody does, milliseconds.
const COURTESY_MS: u32 = 1_500;

impl Rounds {
    /// Those that no tab of this device has told yet: this one is to tell them now.
    pub async fn take_untold(self, due: Vec<Reminder>, today: Day) -> Vec<Reminder> {
        if !is_visible() {
            sleep_ms(COURTESY_MS).await;
        }
        // Whoever has the lock reads and notes without another tab between.
        let (sender, locked) = oneshot::channel::<()>();
        let lock = Leadership::seek(&format!("{TOLD}.{}", self.me()), move || _ = sender.send(()));
        // Who would have to wait for ever tells: better twice than never.
        let _ = locked.await;
        let mut told = Told::read(&self.last(TOLD).unwrap_or_default(), today);
        let untold = told.take(due);
        if !untold.is_empty() {
            self.note_last(TOLD, &told.text());
        }
        drop(lock);
        untold
    }
}
