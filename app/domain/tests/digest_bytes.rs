//! What a comparison sends, byte for byte: devices and servers of different ages must understand each other.

use domain::{
    Id,
    digest::{ALL, Tree, answer},
    wire::{DigestAnswer, DigestRequest},
};

#[test]
fn a_question_and_its_answer_stay_as_they_are() {
    let held = Tree::default();
    let request = DigestRequest {
        device: Id::from_u128(5),
        feed_epoch: 1,
        cursor: "c".into(),
        parts: [(ALL.to_owned(), held.digest(ALL))].into(),
        wanted: vec![Id::from_u128(9)],
    };
    let text = concat!(
        r#"{"device":"00000000-0000-0000-0000-000000000005","feed_epoch":1,"cursor":"c","#,
        r#""parts":{"":{"count":0,"xor":"00000000-0000-0000-0000-000000000000"}},"#,
        r#""wanted":["00000000-0000-0000-0000-000000000009"]}"#
    );
    assert_eq!(serde_json::to_string(&request).unwrap(), text);
    assert_eq!(serde_json::from_str::<DigestRequest>(text).unwrap(), request);

    let right = Tree::new([(Id::from_u128(1), 7)]);
    let answer = answer(&request, &right, Vec::new());
    let text = concat!(
        r#"{"behind":false,"differing":{"":{"rows":[["00000000-0000-0000-0000-000000000001",7]]}},"#,
        r#""removed":["00000000-0000-0000-0000-000000000009"]}"#
    );
    assert_eq!(serde_json::to_string(&answer).unwrap(), text);
    assert_eq!(serde_json::from_str::<DigestAnswer>(text).unwrap(), answer);
}
