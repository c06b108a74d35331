use super::*;
use crate::memory::{Fault, Memory};
use domain::{Clock, Id, Value};
use futures::executor::block_on;
use serde_json::json;

const DAY: i64 = domain::time::DAY_MS;

fn local(memory: &Memory) -> Local<Memory> {
    block_on(Local::open(memory.clone(), Id::nil(), Id::nil(), Id::from_u128(1))).unwrap()
}

fn file(sha256: &str, size: u64) -> Value {
    json!({ "sha256": sha256, "name": "a.jpg", "size": size, "mime": "image/jpeg" })
}

fn writes(files: &[(&str, &str, u64)]) -> Vec<Write> {
    let write = |(field, sha256, size): &(&str, &str, u64)| Write {
        kind: "attachment".into(),
        id: Id::from_u128(3),
        act: Act::Set { field: (*field).into(), value: file(sha256, *size), clock: Clock::ZERO },
    };
    files.iter().map(write).collect()
}

/// Keeps these bytes and mentions them in op `n`.
fn attach(local: &Local<Memory>, n: u128, files: &[(&str, &str, u64)]) {
    for (_, sha256, size) in files {
        block_on(local.keep_file(sha256, &vec![7; *size as usize], 5)).unwrap();
    }
    block_on(local.act(Id::from_u128(n), writes(files), 6)).unwrap();
}

fn next(local: &Local<Memory>, all: bool) -> Option<String> {
    block_on(local.next_file(&BTreeSet::new(), all)).unwrap().map(|(sha256, _)| sha256)
}

fn state(local: &Local<Memory>, sha256: &str) -> FileState {
    block_on(local.files()).unwrap().state(sha256)
}

fn has_bytes(memory: &Memory, sha256: &str) -> bool {
    block_on(memory.bytes(sha256)).unwrap().is_some()
}

/// Every op has its outcome.
fn acknowledge(memory: &Memory) {
    let reads = [Read::get(Table::Meta, KEY)];
    let decide = |found: &[Found]| {
        let mut meta = meta_of(&found[0])?;
        (meta.acked_n, meta.last_success_at) = (meta.n, Some(10));
        Ok((vec![meta.write()], ()))
    };
    block_on(memory.transact(&reads, decide)).unwrap();
}

/// The device heard from the server at this time.
fn answered(memory: &Memory, at: i64) {
    let decide = |found: &[Found]| {
        let mut meta = meta_of(&found[0])?;
        meta.last_success_at = Some(at);
        Ok((vec![meta.write()], ()))
    };
    block_on(memory.transact(&[Read::get(Table::Meta, KEY)], decide)).unwrap();
}

#[test]
fn thumbnails_are_sent_first_and_nothing_before_its_op() {
    let memory = Memory::new();
    let local = local(&memory);
    attach(&local, 10, &[("file", "picture", 900), ("thumbnail", "small", 9)]);
    assert_eq!((next(&local, false), next(&local, true)), (None, Some("small".into())));
    acknowledge(&memory);
    assert_eq!(next(&local, false).as_deref(), Some("small"));
    assert_eq!(block_on(local.files()).unwrap().waiting(), 1, "a picture and its thumbnail are one file");
    assert!(block_on(local.settle_file("small", Settled::Sent, 8)).unwrap());
    assert_eq!(next(&local, false).as_deref(), Some("picture"));
    attach(&local, 11, &[("file", "later", 1)]);
    assert_eq!(next(&local, false).as_deref(), Some("picture"), "its op has no outcome yet");
    let skipped = [String::from("picture")].into();
    assert_eq!(block_on(local.next_file(&skipped, false)).unwrap(), None);
    assert!(block_on(local.settle_file("picture", Settled::Sent, 9)).unwrap());
    assert_eq!((next(&local, false), state(&local, "picture")), (None, FileState::Sent));
}

#[test]
fn an_op_that_is_not_saved_queues_nothing_and_the_bytes_stay() {
    let memory = Memory::new();
    let local = local(&memory);
    block_on(local.keep_file("aa", &vec![1], 5)).unwrap();
    for fault in [Fault::Abort, Fault::Quota] {
        memory.fail_next(fault);
        assert!(block_on(local.act(Id::from_u128(9), writes(&[("file", "aa", 1)]), 6)).is_err());
        assert_eq!(state(&local, "aa"), FileState::Here);
    }
    memory.fail_next(Fault::AnswerLost);
    assert_eq!(block_on(local.act(Id::from_u128(9), writes(&[("file", "aa", 1)]), 6)), Err(StoreError::Lost));
    // Repeated, as after a lost connection, it is one op and one file.
    block_on(local.act(Id::from_u128(9), writes(&[("file", "aa", 1)]), 6)).unwrap();
    assert_eq!((state(&local, "aa"), block_on(local.outbox()).unwrap().len()), (FileState::Waiting, 1));
    for fault in [Fault::Abort, Fault::Quota] {
        memory.fail_next(fault);
        assert!(block_on(local.keep_file("bb", &vec![2], 5)).is_err());
        assert_eq!((state(&local, "bb"), has_bytes(&memory, "bb")), (FileState::Elsewhere, false));
    }
}

#[test]
fn what_was_given_up_or_sent_is_sent_again_when_something_mentions_it_again() {
    let memory = Memory::new();
    let local = local(&memory);
    for (n, settled, known) in [(10, Settled::Unreferenced, FileState::Refused), (20, Settled::Sent, FileState::Sent)] {
        attach(&local, n, &[("file", "aa", 1)]);
        block_on(memory.transact(&[], |_| Ok((vec![Change::Clear { table: Table::Outbox }], ())))).unwrap();
        assert!(block_on(local.settle_file("aa", settled, 8)).unwrap());
        assert_eq!(state(&local, "aa"), known);
        // From here, and chosen anew.
        block_on(local.act(Id::from_u128(n + 1), writes(&[("file", "aa", 1)]), 9)).unwrap();
        assert_eq!(state(&local, "aa"), FileState::Waiting);
        assert!(block_on(local.settle_file("aa", Settled::Sent, 8)).unwrap());
        attach(&local, n + 2, &[("file", "aa", 1)]);
        assert_eq!(state(&local, "aa"), FileState::Waiting);
    }
    block_on(local.act(Id::from_u128(30), writes(&[("file", "elsewhere", 1)]), 9)).unwrap();
    assert_eq!(state(&local, "elsewhere"), FileState::Elsewhere, "there is nothing to send");
}

#[test]
fn what_is_half_typed_keeps_its_photos_however_long_it_takes() {
    let memory = Memory::new();
    let first = local(&memory);
    block_on(first.keep_file("aa", &vec![1], 5)).unwrap();
    block_on(first.keep_draft("log", Some(json!({ "photos": [{ "file": file("aa", 1) }] }).to_string()))).unwrap();
    answered(&memory, 90 * DAY);
    let again = local(&memory);
    assert_eq!((state(&again, "aa"), has_bytes(&memory, "aa")), (FileState::Here, true));
    block_on(again.keep_draft("log", None)).unwrap();
    assert_eq!((state(&local(&memory), "aa"), has_bytes(&memory, "aa")), (FileState::Elsewhere, false), "it was left out");
}

#[test]
fn what_no_record_mentions_waits_while_an_op_that_was_not_taken_does() {
    let memory = Memory::new();
    let local = local(&memory);
    attach(&local, 10, &[("file", "aa", 1)]);
    assert!(!block_on(local.settle_file("aa", Settled::Unreferenced, 8)).unwrap());
    assert_eq!(state(&local, "aa"), FileState::Waiting);
    // The op is in the base, and its record deleted.
    block_on(memory.transact(&[], |_| Ok((vec![Change::Clear { table: Table::Outbox }], ())))).unwrap();
    assert!(block_on(local.settle_file("aa", Settled::Unreferenced, 8)).unwrap());
    assert_eq!((state(&local, "aa"), block_on(local.files()).unwrap().waiting()), (FileState::Refused, 0));
    assert!(has_bytes(&memory, "aa"));
}

#[test]
fn bytes_go_a_month_after_the_server_had_them_and_never_before() {
    let memory = Memory::new();
    let first = local(&memory);
    attach(&first, 10, &[("file", "sent", 1), ("file", "waiting", 2)]);
    block_on(first.keep_file("half typed", &vec![1], 5)).unwrap();
    assert!(block_on(first.settle_file("sent", Settled::Sent, 8)).unwrap());
    for (age, is_here) in [(29, true), (31, false)] {
        answered(&memory, age * DAY);
        let again = local(&memory);
        assert_eq!(has_bytes(&memory, "sent"), is_here, "{age} days");
        assert_eq!(state(&again, "half typed") == FileState::Here, is_here);
        assert_eq!((state(&again, "waiting"), has_bytes(&memory, "waiting")), (FileState::Waiting, true));
    }
}

#[test]
fn a_restored_server_gets_what_its_backup_may_lack() {
    let memory = Memory::new();
    let local = local(&memory);
    attach(&local, 10, &[("file", "aa", 1)]);
    assert!(block_on(local.settle_file("aa", Settled::Sent, 8)).unwrap());
    block_on(local.fork(Id::from_u128(1), Id::from_u128(2), None)).unwrap();
    assert_eq!(state(&local, "aa"), FileState::Sent, "the same server has it");
    block_on(local.fork(Id::from_u128(2), Id::from_u128(3), Some(7))).unwrap();
    assert_eq!(state(&local, "aa"), FileState::Waiting);
}
