//! The conformance suite on the database in memory, and what only that one can do.

use std::cell::RefCell;
use std::collections::HashMap;

use futures::executor::block_on;
use store::conformance::{Factory, run_all};
use store::memory::{Fault, Memory};
use store::{Backend, Change, Read, Refusal, StoreError, Table};

#[derive(Default)]
struct Memories(RefCell<HashMap<String, Memory>>);

impl Factory for Memories {
    type Store = Memory;

    async fn open(&self, name: &str) -> Result<Memory, StoreError> {
        Ok(self.0.borrow_mut().entry(name.to_owned()).or_default().clone())
    }

    fn sever(&self, _: &Memory) {}

    fn tear(&self, store: &Memory, after: usize) {
        store.fail_next(Fault::Torn(after));
    }
}

#[test]
fn conforms() {
    let reports = block_on(run_all(&Memories::default(), "test"));
    assert!(reports.len() >= 20);
    let failed: Vec<_> = reports.into_iter().filter(|report| report.outcome.is_err()).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn faults_strike_one_transaction_each_in_order() {
    let memory = Memory::new();
    memory.fail_next(Fault::Abort);
    memory.fail_next(Fault::Quota);
    memory.fail_next(Fault::AnswerLost);
    assert!(matches!(put(&memory, "a"), Err(StoreError::Aborted(_))));
    assert_eq!(put(&memory, "b"), Err(StoreError::Quota));
    assert_eq!(keys(&memory), "");
    assert_eq!(put(&memory, "c"), Err(StoreError::Lost));
    assert_eq!(keys(&memory), "c");
    assert_eq!(put(&memory, "d"), Ok(()));
    assert_eq!(keys(&memory), "cd");
}

#[test]
fn a_clone_is_another_tab_and_a_copy_another_device() {
    let memory = Memory::new();
    let (tab, device) = (memory.clone(), memory.copy());
    put(&memory, "a").expect("no fault is queued");
    assert_eq!(keys(&tab), "a");
    assert_eq!(keys(&device), "");
    memory.evict();
    assert_eq!(keys(&tab), "");
}

#[test]
fn errors_say_what_is_safe_and_what_to_do() {
    let errors = [
        (StoreError::Refused(Refusal("the record is gone".to_owned())), true),
        (StoreError::Quota, false),
        (StoreError::Aborted("I/O error".to_owned()), false),
        (StoreError::Blocked, false),
        (StoreError::Lost, false),
        (StoreError::Evicted, true),
        (StoreError::NewerFormat { found: 20, known: 10 }, true),
        (StoreError::Unavailable("SecurityError".to_owned()), true),
    ];
    for (error, permanent) in errors {
        assert_eq!(error.is_permanent(), permanent, "{error:?}");
        assert!(error.code().starts_with("store_"));
        assert!(error.to_string().len() > 20, "{error}");
    }
}

#[test]
fn table_names_are_those_stored_on_devices() {
    assert_eq!(Table::ALL.map(Table::name), ["meta", "base", "outbox", "archive", "attention", "drafts", "files", "bytes"]);
}

fn put(memory: &Memory, key: &str) -> Result<(), StoreError> {
    block_on(memory.transact(&[], |_| Ok((vec![Change::put(Table::Base, key, "")], ()))))
}

fn keys(memory: &Memory) -> String {
    let found = block_on(memory.read(&[Read::all(Table::Base)])).expect("reads do not fail");
    found[0].iter().map(|(key, _)| key.as_str()).collect()
}
