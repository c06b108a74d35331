//! What the browser says of its storage, for the administrator's list of devices.

use domain::wire::StorageReport;
use std::cell::Cell;
use store::indexed_db::{estimate, is_persisted};

/// It changes slowly.
const TOLD_EVERY_MS: i64 = 3_600_000;

/// Remembers when the server was told.
#[derive(Debug, Default)]
pub struct Storage {
    told_at: Cell<Option<i64>>,
}

impl Storage {
    /// What to tell at `now`, device time in UTC milliseconds: at the app's start and every hour, where the browser says it.
    pub async fn due(&self, now: i64) -> Option<StorageReport> {
        if !self.is_due(now) {
            return None;
        }
        let estimate = estimate().await?;
        Some(StorageReport { used: estimate.usage as u64, quota: estimate.quota as u64, protected: is_persisted().await })
    }

    /// The server has the report.
    pub fn told(&self, now: i64) {
        self.told_at.set(Some(now));
    }

    /// Also when the device's time was set back.
    fn is_due(&self, now: i64) -> bool {
        self.told_at.get().is_none_or(|told| !(0..TOLD_EVERY_MS).contains(&(now - told)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_told_at_the_start_and_every_hour_whatever_happens_to_the_time() {
        let storage = Storage::default();
        assert!(storage.is_due(5) && storage.is_due(6), "until the server has it");
        storage.told(6);
        assert!(!storage.is_due(6) && !storage.is_due(TOLD_EVERY_MS + 5));
        assert!(storage.is_due(TOLD_EVERY_MS + 6) && storage.is_due(5));
    }
}
