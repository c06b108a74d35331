//! Who is signed in on this device, which must be known before that member's own database can be opened.

use crate::{
    backend::{Backend, Change, Read, Table, value},
    error::StoreError,
};
use domain::{json, wire::SessionInfo};

/// The key of the session in [`Table::Meta`]. It is stored on devices: never change it.
const SESSION: &str = "session";

/// A small database beside those of the members.
///
/// A cookie and local storage reach the disk up to half a minute late in Chromium, and are lost with a killed browser;
/// this is written before signing in goes on, so that whoever signed in can work on without a network.
#[derive(Clone, Debug)]
pub struct Registry<B>(B);

impl<B: Backend> Registry<B> {
    /// The database's name on a device; those of members begin with it and a dot.
    pub const NAME: &'static str = "rounds";

    pub fn new(backend: B) -> Registry<B> {
        Registry(backend)
    }

    /// Who is signed in; `None` also when what is kept cannot be read.
    pub async fn session(&self) -> Result<Option<SessionInfo>, StoreError> {
        let found = self.0.read(&[Read::get(Table::Meta, SESSION)]).await?;
        Ok(found.first().and_then(value).and_then(json::parse))
    }

    /// Remembers who is signed in; `None` forgets him. Durable when this returns.
    pub async fn set_session(&self, session: Option<&SessionInfo>) -> Result<(), StoreError> {
        let kept = session.and_then(|session| serde_json::to_string(session).ok());
        let change = || match &kept {
            Some(kept) => Change::put(Table::Meta, SESSION, kept.as_str()),
            None => Change::delete(Table::Meta, SESSION),
        };
        self.0.transact(&[], |_| Ok((vec![change()], ()))).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::memory::Memory;
    use domain::{
        Id,
        wire::{MemberInfo, OrgInfo, Role},
    };
    use futures::executor::block_on;

    fn session() -> SessionInfo {
        SessionInfo {
            org: OrgInfo { id: Id::from_u128(1), name: "走访".into(), zone: "Asia/Shanghai".into(), currency: "CNY".into() },
            member: MemberInfo { id: Id::from_u128(2), name: "李伟".into(), role: Role::Rep },
            server_time: 5,
            transitions: vec![(0, 28_800)],
        }
    }

    #[test]
    fn who_signed_in_is_known_until_he_signs_out() {
        let disk = Memory::new();
        let registry = Registry::new(disk.clone());
        assert_eq!(block_on(registry.session()), Ok(None));
        block_on(registry.set_session(Some(&session()))).unwrap();
        assert_eq!(block_on(Registry::new(disk).session()), Ok(Some(session())));
        block_on(registry.set_session(None)).unwrap();
        assert_eq!(block_on(registry.session()), Ok(None));
    }

    #[test]
    fn a_session_that_cannot_be_read_is_none() {
        let disk = Memory::new();
        block_on(disk.transact(&[], |_| Ok((vec![Change::put(Table::Meta, SESSION, "[]")], ())))).unwrap();
        assert_eq!(block_on(Registry::new(disk).session()), Ok(None));
    }

    #[test]
    fn what_is_stored_stays_readable() {
        let disk = Memory::new();
        block_on(Registry::new(disk.clone()).set_session(Some(&session()))).unwrap();
        let found = block_on(disk.read(&[Read::get(Table::Meta, "session")])).unwrap();
        let bytes = r#"{"org":{"id":"00000000-0000-0000-0000-000000000001","name":"走访","zone":"Asia/Shanghai","currency":"CNY"},"member":{"id":"00000000-0000-0000-0000-000000000002","name":"李伟","role":"rep"},"server_time":5,"transitions":[[0,28800]]}"#;
        assert_eq!(value(&found[0]), Some(bytes));
    }
}
