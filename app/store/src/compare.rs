//! What a comparison with the server reads and mends (sync.md, item 16).

use crate::{
    backend::{Backend, Found, Read, Table},
    error::StoreError,
    local::{Absorbed, Local, meta_of},
    loss::Withheld,
    meta::{KEY, Meta},
    page::{self, Pages},
};
use domain::{Id, Row, digest::Tree};

impl<B: Backend> Local<B> {
    /// The digest tree of the base, and where its pulls had come when it was read.
    pub async fn digest(&self) -> Result<(Meta, Tree), StoreError> {
        let mut found = self.backend().read(&[Read::get(Table::Meta, KEY), Read::all(Table::Base)]).await?;
        let pages = std::mem::take(&mut found[1]);
        Ok((meta_of(&found[0])?, Tree::of_rows(&page::rows(pages))))
    }

    /// Puts right what a comparison from `cursor` found wrong. Where a pull has moved on since, nothing is done and the
    /// result says that it is outdated.
    pub async fn mend(&self, cursor: &Option<String>, rows: &[Row], removed: &[Id]) -> Result<Absorbed, StoreError> {
        let reads = [Read::get(Table::Meta, KEY), Pages::asked(), Withheld::asked()];
        self.transact(&reads, |found| {
            let meta = meta_of(&found[0])?;
            if meta.cursor != *cursor {
                return Ok((Vec::new(), Absorbed { outdated: true, usable: meta.usable, ..Absorbed::default() }));
            }
            let mut changes = Pages::read(&found[1]).append(&Found::new(), rows, removed);
            let before = Withheld::read(&found[2]);
            let after = before.without(rows, removed);
            changes.push(after.write());
            let (rows, removed) = (rows.to_vec(), removed.to_vec());
            Ok((changes, Absorbed { rows, removed, withheld: after != before, usable: meta.usable, ..Absorbed::default() }))
        })
        .await
    }
}
