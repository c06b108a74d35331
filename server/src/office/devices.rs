use super::ServerOffice;
use crate::{
    db::{self, device::DeviceRow},
    error::ApiError,
    now::now_ms,
};
use domain::wire::Role;
use online::{DeviceItem, StorageItem};
use uuid::Uuid;

impl ServerOffice {
    pub(super) async fn my_devices(self) -> Result<Vec<DeviceItem>, ApiError> {
        let member = self.signed.member_id;
        self.devices(Some(member)).await
    }

    pub(super) async fn all_devices(self) -> Result<Vec<DeviceItem>, ApiError> {
        if self.signed.role != Role::Administrator {
            return Err(ApiError::NotAllowed);
        }
        self.devices(None).await
    }

    async fn devices(self, member: Option<Uuid>) -> Result<Vec<DeviceItem>, ApiError> {
        let mut tx = db::tenant_tx(&self.state.pool, self.signed.org_id).await?;
        let rows = db::device::list(&mut tx, self.signed.org_id, member).await?;
        Ok(rows.into_iter().map(item).collect())
    }

    /// Whoever may not revoke it learns nothing of it, not even that it exists.
    pub(super) async fn revoke_device(self, device: Uuid) -> Result<(), ApiError> {
        let own = Some(self.signed.member_id).filter(|_| self.signed.role != Role::Administrator);
        let mut tx = db::tenant_tx(&self.state.pool, self.signed.org_id).await?;
        if !db::device::revoke(&mut tx, self.signed.org_id, device, own, now_ms()).await? {
            return Err(ApiError::NotFound);
        }
        Ok(db::commit(tx).await?)
    }
}

fn item(row: DeviceRow) -> DeviceItem {
    let storage = row.storage_used.zip(row.storage_quota).zip(row.storage_protected);
    DeviceItem {
        id: row.device_id,
        member: row.member_id,
        label: row.label,
        app_version: row.app_version,
        pending: row.pending,
        oldest_pending_at: row.oldest_pending_at,
        clock_offset_ms: row.clock_offset_ms,
        storage: storage.map(|((used, quota), protected)| StorageItem { used, quota, protected }),
        first_seen_at: row.first_seen_at,
        last_seen_at: row.last_seen_at,
        revoked: row.revoked_at.is_some(),
    }
}
