//! What a comparison with the server reads and mends (sync.md, item 16).

use crate::{
    backend::{Backend, Change, Read, Table},
    error::StoreError,
    local::{Absorbed, Local, json, meta_of, parsed},
    meta::{KEY, Meta},
};
use domain::{Id, Row, digest::Tree};

impl<B: Backend> Local<B> {
    /// The digest tree of the base, and where its pulls had come when it was read.
    pub async fn digest(&self) -> Result<(Meta, Tree), StoreError> {
        let found = self.backend().read(&[Read::get(Table::Meta, KEY), Read::all(Table::Base)]).await?;
        Ok((meta_of(&found[0])?, Tree::of_rows(&parsed::<Row>(&found[1]))))
    }

    /// Puts right what a comparison from `cursor` found wrong. Where a pull has moved on since, nothing is done and the
    /// result says that it is outdated.
    pub async fn mend(&self, cursor: &Option<String>, rows: &[Row], removed: &[Id]) -> Result<Absorbed, StoreError> {
        let reads = [Read::get(Table::Meta, KEY)];
        self.backend()
            .transact(&reads, |found| {
                let meta = meta_of(&found[0])?;
                if meta.cursor != *cursor {
                    return Ok((Vec::new(), Absorbed { outdated: true, usable: meta.usable, ..Absorbed::default() }));
                }
                let put = rows.iter().map(|row| Change::put(Table::Base, row.id.to_string(), json(row)));
                let delete = removed.iter().map(|id| Change::delete(Table::Base, id.to_string()));
                let (rows, removed) = (rows.to_vec(), removed.to_vec());
                Ok((put.chain(delete).collect(), Absorbed { rows, removed, usable: meta.usable, ..Absorbed::default() }))
            })
            .await
    }
}
