//! The bytes of files (sync.md, item 19): in parts, after their ops, once, wherever the device is killed.

use super::phone::{ACCOUNT, NOW, Phone, REP, company};
use domain::{
    Id,
    hub::memory::MemoryHub,
    records::Attachment,
    testing::id,
    wire::{BLOBS, BlobAnswer, MAX_PART, Refused},
};
use futures::executor::block_on;
use serde_json::json;
use std::{cell::RefCell, collections::BTreeMap};
use store::{Draft, FileState};
use sync::{FileStep, Sender, hand_in_files, transport::Reply};

/// The server's part of it.
#[derive(Default)]
struct Blobs {
    received: BTreeMap<String, Vec<u8>>,
    /// In the order of their completion.
    complete: Vec<String>,
    /// Bytes that were stored, and requests.
    stored: usize,
    requests: usize,
    /// Answers instead of doing anything.
    refuses: Option<Reply>,
    /// A longer part does not arrive.
    carries: Option<usize>,
    /// Every fifth answer is lost after the part was stored.
    loses_answers: bool,
}

fn status(code: u16, name: &str, retry_after_s: Option<u32>) -> Reply {
    let refused = Refused { code: name.into(), message: String::new(), field: None, device: None, feed_epoch: None };
    Reply::Status { code, body: serde_json::to_string(&refused).unwrap(), retry_after_s }
}

impl Blobs {
    fn put(&mut self, path: &str, part: &[u8]) -> Reply {
        self.requests += 1;
        if let Some(refusal) = &self.refuses {
            return refusal.clone();
        }
        if self.carries.is_some_and(|most| part.len() > most) {
            return Reply::Unreachable;
        }
        let (name, query) = path.strip_prefix(BLOBS).unwrap().split_once("?from=").unwrap();
        let (from, size) = query.split_once("&size=").unwrap();
        let (from, size): (usize, usize) = (from.parse().unwrap(), size.parse().unwrap());
        assert!(part.len() as u64 <= MAX_PART);
        let received = self.received.entry(name.to_owned()).or_default();
        if from == received.len() {
            received.extend_from_slice(part);
            self.stored += part.len();
        }
        let complete = received.len() == size;
        if complete && !self.complete.contains(&name.to_owned()) {
            self.complete.push(name.to_owned());
        }
        let answer = BlobAnswer { received: received.len() as u64, complete };
        match self.loses_answers && self.requests % 5 == 1 {
            true => Reply::Unreachable,
            false => Reply::Ok(serde_json::to_string(&answer).unwrap()),
        }
    }
}

/// The address of the photo.
fn photo() -> String {
    "ff".repeat(32)
}

fn bytes(size: usize) -> Vec<u8> {
    (0..=250).cycle().take(size).collect()
}

/// The rep adds a photo with its thumbnail to his account, as a record of its own; the op is not sent yet.
fn add_photo(rep: &mut Phone, record: Id, size: usize) {
    let file = |sha256: &str, size: usize| {
        block_on(rep.local.keep_file(sha256, &bytes(size), NOW)).unwrap();
        json!({ "sha256": sha256, "name": "a.jpg", "size": size, "mime": "image/jpeg" })
    };
    let (photo, thumbnail) = (file(&photo(), size), file(&"00".repeat(32), 10));
    let kind = Attachment::KIND;
    let draft = Draft::new().create(kind, record).put(kind, record, "account", json!(id(ACCOUNT)));
    rep.save(&draft.put(kind, record, "file", photo).put(kind, record, "thumbnail", thumbnail));
}

fn step(rep: &Phone, sender: &mut Sender<Vec<u8>>, blobs: &RefCell<Blobs>) -> FileStep {
    let put = async |path: String, part: Vec<u8>| blobs.borrow_mut().put(&path, &part);
    block_on(sender.step(&rep.local, put, rep.time, u32::MAX)).unwrap()
}

fn waiting(rep: &Phone) -> u64 {
    block_on(rep.local.files()).unwrap().waiting()
}

/// A rep whose photo of so many bytes is acknowledged and not sent.
fn with_photo(size: usize) -> (MemoryHub, Phone) {
    let (mut hub, mut rep) = (company(), Phone::of(REP));
    rep.sync(&mut hub);
    add_photo(&mut rep, id(70), size);
    rep.sync(&mut hub);
    (hub, rep)
}

#[test]
fn nothing_is_sent_before_its_op_and_thumbnails_come_first() {
    let (mut hub, mut rep) = (company(), Phone::of(REP));
    rep.sync(&mut hub);
    add_photo(&mut rep, id(70), 1_000);
    let (blobs, mut sender) = (RefCell::default(), Sender::new(false));
    assert_eq!(step(&rep, &mut sender, &blobs), FileStep::Idle);
    assert_eq!(blobs.borrow().requests, 0);
    rep.sync(&mut hub);
    assert!(hub.rows.contains_key(&id(70)));
    assert_eq!((step(&rep, &mut sender, &blobs), step(&rep, &mut sender, &blobs)), (FileStep::Settled, FileStep::Settled));
    assert_eq!((step(&rep, &mut sender, &blobs), waiting(&rep)), (FileStep::Idle, 0));
    let sizes: Vec<usize> = blobs.borrow().complete.iter().map(|name| blobs.borrow().received[name].len()).collect();
    assert_eq!((sizes, blobs.borrow().requests), (vec![10, 1_000], 2));
}

#[test]
fn killed_between_every_two_steps_the_bytes_arrive_once() {
    let size = 3 * MAX_PART as usize + 5;
    let (mut hub, mut rep) = (company(), Phone::of(REP));
    rep.sync(&mut hub);
    add_photo(&mut rep, id(70), size);
    let blobs = RefCell::new(Blobs { loses_answers: true, ..Blobs::default() });
    for _ in 0..100 {
        rep.restart();
        // A tab that dies after each part, and answers that are lost: all it knows is what is on the disk.
        step(&rep, &mut Sender::new(false), &blobs);
        rep.restart();
        rep.exchange(&mut hub);
        let mut sender = Sender::new(false);
        step(&rep, &mut sender, &blobs);
        step(&rep, &mut sender, &blobs);
        rep.time += 60_000;
    }
    let blobs = blobs.into_inner();
    assert_eq!((waiting(&rep), blobs.complete.len()), (0, 2));
    assert_eq!(blobs.stored, size + 10, "no byte was stored twice");
    assert_eq!((blobs.complete[1].clone(), &blobs.received[&photo()]), (photo(), &bytes(size)));
}

#[test]
fn it_goes_on_where_the_server_says_whatever_was_sent_before() {
    let size = 2 * MAX_PART as usize;
    let (_, rep) = with_photo(size);
    let blobs = RefCell::new(Blobs::default());
    let mut sender = Sender::new(false);
    assert_eq!(step(&rep, &mut sender, &blobs), FileStep::Settled, "the thumbnail");
    assert_eq!(
        step(&rep, &mut sender, &blobs),
        FileStep::Part { sha256: photo(), received: 0, size: size as u64 },
        "it asks first"
    );
    // Another tab that took itself for the leader has sent the first part meanwhile.
    blobs.borrow_mut().put(&format!("{BLOBS}{}?from=0&size={size}", photo()), &bytes(size)[..MAX_PART as usize]);
    assert!(matches!(step(&rep, &mut sender, &blobs), FileStep::Part { received, .. } if received == MAX_PART));
    assert_eq!(step(&rep, &mut sender, &blobs), FileStep::Settled);
    assert_eq!(blobs.borrow().received[&photo()], bytes(size));
}

#[test]
fn a_server_that_is_away_or_asks_to_wait_is_not_asked_again_at_once() {
    let (_, mut rep) = with_photo(1_000);
    let blobs = RefCell::new(Blobs::default());
    let mut sender = Sender::new(false);
    for (refusal, waits) in [
        (Reply::Unreachable, 1_000),
        (status(503, "busy", Some(20)), 20_000),
        (status(401, "unauthenticated", None), 4_000),
        (Reply::Ok("a captive portal".into()), 8_000),
    ] {
        blobs.borrow_mut().refuses = Some(refusal);
        assert_eq!(step(&rep, &mut sender, &blobs), FileStep::Idle);
        let requests = blobs.borrow().requests;
        rep.time += waits - 1;
        assert_eq!(step(&rep, &mut sender, &blobs), FileStep::Idle);
        assert_eq!(blobs.borrow().requests, requests, "{waits} are not over");
        rep.time += 1;
    }
    blobs.borrow_mut().refuses = None;
    assert_eq!(step(&rep, &mut sender, &blobs), FileStep::Settled);
    blobs.borrow_mut().refuses = Some(Reply::Unreachable);
    step(&rep, &mut sender, &blobs);
    (blobs.borrow_mut().refuses, rep.time) = (None, rep.time - 3_600_000 * 24);
    assert_eq!(step(&rep, &mut sender, &blobs), FileStep::Settled, "a clock set back lengthens no wait");
    assert_eq!(waiting(&rep), 0);
}

#[test]
fn a_server_that_goes_nowhere_is_not_asked_without_a_pause() {
    let (_, rep) = with_photo(1_000);
    let blobs = RefCell::new(Blobs { refuses: Some(Reply::Ok(r#"{"received":0,"complete":false}"#.into())), ..Blobs::default() });
    let mut sender = Sender::new(false);
    assert!(matches!(step(&rep, &mut sender, &blobs), FileStep::Part { received: 0, .. }));
    assert_eq!((step(&rep, &mut sender, &blobs), blobs.borrow().requests), (FileStep::Idle, 1));
    // It has all of it, and says that it has not.
    blobs.borrow_mut().refuses = Some(Reply::Ok(r#"{"received":1000,"complete":false}"#.into()));
    sender.hopeful();
    for _ in 0..10 {
        step(&rep, &mut sender, &blobs);
    }
    assert!(blobs.borrow().requests <= 3, "{}", blobs.borrow().requests);
}

#[test]
fn what_arrives_damaged_holds_nothing_up_and_waits_for_another_try() {
    let (_, rep) = with_photo(1_000);
    let blobs = RefCell::new(Blobs { refuses: Some(status(422, "hash_mismatch", None)), ..Blobs::default() });
    let mut sender = Sender::new(false);
    assert_eq!(step(&rep, &mut sender, &blobs), FileStep::Settled);
    blobs.borrow_mut().refuses = None;
    assert_eq!(step(&rep, &mut sender, &blobs), FileStep::Settled);
    assert_eq!((step(&rep, &mut sender, &blobs), blobs.borrow().complete.len()), (FileStep::Idle, 1));
    assert_eq!(waiting(&rep), 1, "it is here and not there: nothing says otherwise");
    sender.hopeful();
    assert_eq!(step(&rep, &mut sender, &blobs), FileStep::Settled);
    assert_eq!((waiting(&rep), blobs.borrow().complete.len()), (0, 2));
}

#[test]
fn what_no_record_mentions_any_more_is_given_up_and_holds_nothing_up() {
    let (mut hub, mut rep) = with_photo(1_000);
    let blobs = RefCell::new(Blobs { refuses: Some(status(404, "unreferenced", None)), ..Blobs::default() });
    let mut sender = Sender::new(false);
    rep.sync(&mut hub);
    assert_eq!((step(&rep, &mut sender, &blobs), step(&rep, &mut sender, &blobs)), (FileStep::Settled, FileStep::Settled));
    assert_eq!((step(&rep, &mut sender, &blobs), waiting(&rep)), (FileStep::Idle, 0));
    blobs.borrow_mut().refuses = None;
    add_photo(&mut rep, id(71), 1_000);
    assert_eq!(waiting(&rep), 1, "added again it is sent again");
    rep.sync(&mut hub);
    assert_eq!((step(&rep, &mut sender, &blobs), step(&rep, &mut sender, &blobs)), (FileStep::Settled, FileStep::Settled));
    assert_eq!((waiting(&rep), blobs.borrow().complete.len()), (0, 2));
}

#[test]
fn a_line_that_does_not_carry_a_part_gets_smaller_ones() {
    let size = MAX_PART as usize;
    let (_, mut rep) = with_photo(size);
    let blobs = RefCell::new(Blobs { carries: Some(MAX_PART as usize / 4), ..Blobs::default() });
    let mut sender = Sender::new(false);
    for _ in 0..100 {
        step(&rep, &mut sender, &blobs);
        rep.time += 60_000;
    }
    assert_eq!(waiting(&rep), 0);
    assert!(blobs.borrow().received[&photo()] == bytes(size));
}

#[test]
fn a_revoked_device_hands_in_what_only_its_unsent_ops_mention() {
    let mut rep = Phone::of(REP);
    add_photo(&mut rep, id(70), MAX_PART as usize + 1);
    let blobs = RefCell::new(Blobs::default());
    let put = async |path: String, part: Vec<u8>| blobs.borrow_mut().put(&path, &part);
    blobs.borrow_mut().refuses = Some(Reply::Unreachable);
    assert!(!block_on(hand_in_files(&rep.local, NOW, &put)).unwrap(), "and may not be wiped");
    blobs.borrow_mut().refuses = None;
    assert!(block_on(hand_in_files(&rep.local, NOW, &put)).unwrap());
    assert_eq!((blobs.borrow().complete.len(), waiting(&rep)), (2, 0));
    assert!(blobs.borrow().complete.iter().all(|name| block_on(rep.local.files()).unwrap().state(name) == FileState::Sent));
}
