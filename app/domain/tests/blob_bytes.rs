//! What is said of a file's parts, and of a file in a record, byte for byte: both outlive a release.

use domain::{
    records::Attachment,
    testing::{id, row},
    wire::{BLOBS, BlobAnswer, MAX_PART},
};
use serde_json::json;

#[test]
fn the_answer_to_a_part_stays_as_it_is() {
    let answer = BlobAnswer { received: 262_144, complete: false };
    let text = r#"{"received":262144,"complete":false}"#;
    assert_eq!(serde_json::to_string(&answer).unwrap(), text);
    assert_eq!(serde_json::from_str::<BlobAnswer>(text).unwrap(), answer);
    assert_eq!((BLOBS, MAX_PART), ("/api/v1/blobs/", 262_144));
}

#[test]
fn a_file_is_one_value_so_that_no_merge_mixes_two() {
    let text = format!(r#"{{"sha256":"{}","name":"shelf.jpg","size":81234,"mime":"image/jpeg"}}"#, "ab".repeat(32));
    let value = serde_json::from_str(&text).unwrap();
    let spec = Attachment::spec();
    let canonical = spec.field("file").unwrap().check(&value).unwrap();
    assert_eq!(canonical.to_string().len(), text.len());
    let row = row(Attachment::KIND, id(1), &[("account", json!(id(2))), ("file", canonical)]);
    let attachment = Attachment(&row);
    let file = attachment.file().unwrap();
    assert_eq!((file.name.as_str(), file.size, file.mime.as_str()), ("shelf.jpg", 81_234, "image/jpeg"));
    assert_eq!((attachment.account(), attachment.thumbnail()), (Some(id(2)), None));
}

#[test]
fn more_than_25_megabytes_or_half_a_hash_is_no_file() {
    let spec = Attachment::spec();
    let check = |sha256: &str, size: u64| {
        spec.field("file").unwrap().check(&json!({ "sha256": sha256, "name": "a", "size": size, "mime": "" })).is_ok()
    };
    let whole = "0f".repeat(32);
    assert!(check(&whole, 25 * 1024 * 1024));
    assert!(!check(&whole, 25 * 1024 * 1024 + 1) && !check(&whole[1..], 1) && !check(&whole.to_uppercase(), 1));
}
