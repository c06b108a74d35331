//! What the online server functions can do, for one signed-in member.

mod devices;
mod waiting;

use crate::{
    db,
    error::ApiError,
    limit::{Attempt, Who},
    link,
    now::now_ms,
    signed::{Signed, is_active},
    state::AppState,
};
use domain::wire::Role;
use online::{Answer, DeviceItem, Fault, HistoryItem, Office, ParkedItem, TakenUp};
use std::future::Future;
use uuid::Uuid;

/// The server as one member may use it.
#[derive(Clone)]
pub struct ServerOffice {
    state: AppState,
    signed: Signed,
}

impl ServerOffice {
    pub fn new(state: AppState, signed: Signed) -> Self {
        ServerOffice { state, signed }
    }

    fn answer<T, F>(&self, work: impl FnOnce(Self) -> F) -> Answer<T>
    where
        T: 'static,
        F: Future<Output = Result<T, ApiError>> + Send + 'static,
    {
        let working = work(self.clone());
        Box::pin(async { working.await.map_err(Fault::from) })
    }

    async fn change_password(self, current: String, new: String) -> Result<(), ApiError> {
        let (state, signed) = (&self.state, &self.signed);
        let identity =
            db::identity::of_member(&state.pool, signed.org_id, signed.member_id).await?.ok_or(ApiError::Unauthenticated)?;
        let attempt = Attempt::begin(&state.pool, Who::identity(identity.id)).await?;
        let stored = identity.password_hash.clone();
        // Who came by a one-time link has no password to repeat.
        if stored.is_some() && !state.passwords.verify(current, stored).await? {
            return Err(wrong_current());
        }
        let hash = state.passwords.hash(new).await?;
        let mut tx = db::begin(&state.pool).await?;
        if !db::identity::set_password(&mut tx, identity.id, &hash, identity.password_hash.as_deref()).await? {
            return Err(wrong_current());
        }
        db::session::revoke_others(&mut tx, identity.id, &signed.session, now_ms()).await?;
        db::commit(tx).await?;
        attempt.succeeded(&state.pool).await
    }

    async fn record_history(self, record: Uuid) -> Result<Vec<HistoryItem>, ApiError> {
        let Signed { org_id, member_id, role, .. } = self.signed;
        let mut tx = db::tenant_tx(&self.state.pool, org_id).await?;
        let sees = db::history::is_visible(&mut tx, org_id, record, member_id, role == Role::Administrator).await?;
        if !sees {
            return Err(ApiError::NotFound);
        }
        let rows = db::history::of_record(&mut tx, org_id, record).await?;
        let item = |row: db::history::HistoryRow| HistoryItem {
            field: row.field,
            value: row.value,
            actor: row.actor,
            at: row.at,
            lost: row.lost,
            device: row.device,
            on_behalf_of: row.on_behalf_of,
        };
        Ok(rows.into_iter().map(item).collect())
    }

    async fn issue_sign_in_link(self, member: Uuid) -> Result<String, ApiError> {
        let Signed { org_id, member_id, role, .. } = self.signed;
        let mut tx = db::tenant_tx(&self.state.pool, org_id).await?;
        let allowed = match role {
            Role::Administrator => true,
            Role::Manager => db::member::manages(&mut tx, org_id, member_id, member).await?,
            Role::Rep => false,
        };
        if !allowed {
            return Err(ApiError::NotAllowed);
        }
        let known = db::member::find(&mut tx, org_id, member).await?.ok_or(ApiError::NotFound)?;
        if !is_active(&known) || db::identity::of_member(&self.state.pool, org_id, member).await?.is_none() {
            return Err(ApiError::Invalid {
                code: "member_inactive",
                message: "Open this member's account first.".into(),
                field: Some("member"),
            });
        }
        let token = link::issue(&mut tx, org_id, member, now_ms()).await?;
        db::commit(tx).await?;
        Ok(link::address(&self.state.config.origin, &token))
    }
}

impl Office for ServerOffice {
    fn change_password(&self, current: String, new: String) -> Answer<()> {
        self.answer(|office| office.change_password(current, new))
    }

    fn record_history(&self, record: Uuid) -> Answer<Vec<HistoryItem>> {
        self.answer(|office| office.record_history(record))
    }

    fn my_devices(&self) -> Answer<Vec<DeviceItem>> {
        self.answer(ServerOffice::my_devices)
    }

    fn all_devices(&self) -> Answer<Vec<DeviceItem>> {
        self.answer(ServerOffice::all_devices)
    }

    fn revoke_device(&self, device: Uuid) -> Answer<()> {
        self.answer(move |office| office.revoke_device(device))
    }

    fn parked(&self) -> Answer<Vec<ParkedItem>> {
        self.answer(ServerOffice::parked)
    }

    fn take_up(&self, ops: Vec<Uuid>) -> Answer<Vec<TakenUp>> {
        self.answer(|office| office.take_up(ops))
    }

    fn hand_over(&self, ops: Vec<Uuid>, member: Uuid) -> Answer<()> {
        self.answer(move |office| office.hand_over(ops, member))
    }

    fn dismiss(&self, ops: Vec<Uuid>) -> Answer<()> {
        self.answer(|office| office.dismiss(ops))
    }

    fn issue_sign_in_link(&self, member: Uuid) -> Answer<String> {
        self.answer(|office| office.issue_sign_in_link(member))
    }
}

fn wrong_current() -> ApiError {
    ApiError::Invalid {
        code: "wrong_password",
        message: "This is not your current password. Type it again.".into(),
        field: Some("current"),
    }
}
