//! What devices and servers of different age send each other about questions. These bytes are fixed: add fields with
//! defaults, and a new case here; never change one.

use domain::{Lang, query::Query, wire::WorkbookRequest};
use serde_json::json;

#[test]
fn a_request_for_a_workbook() {
    let request = WorkbookRequest { query: json!(Query::of("account").sort("name")), title: "客户".into(), lang: Lang::ZhCn };
    let text = r#"{"lang":"zh-CN","query":{"from":"account","sort":[{"by":{"field":"name"}}],"v":1},"title":"客户"}"#;
    assert_eq!(json!(request).to_string(), text);
    assert_eq!(serde_json::from_str::<WorkbookRequest>(text).unwrap(), request);
}
