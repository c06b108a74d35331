//! The bytes in which rows come to a device: as JSON, and as the page in which it stores them.

use domain::{
    json,
    row::packed,
    testing::{account, id},
    wire::{Rows, SyncAnswer, SyncRequest},
};

#[test]
fn rows_and_a_page_of_them() {
    let row = account(id(1), "Acme", id(8));
    let answer = |rows: Rows| SyncAnswer { rows, cursor: "c".into(), ..SyncAnswer::default() };
    let pinned = |answer: SyncAnswer, rows: &str| {
        let text = format!(r#"{{"rows":{rows},"cursor":"c","more":false,"server_time":0,"feed_epoch":0,"floor":0}}"#);
        assert_eq!(serde_json::to_string(&answer).unwrap(), text);
        assert_eq!(json::parse(&text), Some(answer));
    };
    let plain = concat!(
        r#"[{"id":"00000000-0000-0000-0000-000000000001","kind":"account","seq":0,"#,
        r#""created":{"first":"000000000000-0000-00000000000000000000000000000000","#,
        r#""by":"00000000-0000-0000-0000-000000000000","last":"000000000000-0000-00000000000000000000000000000000"},"#,
        r#""cells":{"name":{"v":"Acme","c":"000000000000-0000-00000000000000000000000000000000","#,
        r#""a":"00000000-0000-0000-0000-000000000000","s":0},"#,
        r#""owner":{"v":"00000000-0000-0000-0000-000000000008","c":"000000000000-0000-00000000000000000000000000000000","#,
        r#""a":"00000000-0000-0000-0000-000000000000","s":0}}}]"#
    );
    pinned(answer(vec![row.clone()].into()), plain);
    let page = concat!(
        r#""37a9be764[[\"account\",\"name\",\"owner\"],[\"00000000-0000-0000-0000-000000000000\"]]\n"#,
        r#"3762527f00000000000000000000000000000001\t0\t0\t0.0.0,0\t\t\t0.0.0,0,0;"#,
        r#"\t1 \"Acme\"\t2 \"00000000-0000-0000-0000-000000000008\"""#
    );
    pinned(answer(Rows::for_device(vec![row], Some(packed::VERSION), true)), page);
}

#[test]
fn a_request_of_a_device_that_reads_pages() {
    let request = SyncRequest { device: id(5), schema: 5, pages: Some('3'), ..SyncRequest::default() };
    let text = concat!(
        r#"{"device":"00000000-0000-0000-0000-000000000005","feed_epoch":0,"schema":5,"settled_n":0,"pending":0,"#,
        r#""device_time":0,"app":"","pages":"3"}"#
    );
    assert_eq!(serde_json::to_string(&request).unwrap(), text);
    assert_eq!(serde_json::from_str::<SyncRequest>(text).unwrap(), request);
}
